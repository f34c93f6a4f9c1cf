package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

// mailed is a bell whose use cases mail.
func mailed(t *testing.T) (*notifyDesk, *desk.Mailbox) {
	t.Helper()
	b, p := newNotifyDesk(t), &desk.Mailbox{}
	b.App = b.With(func(d *application.Deps) { d.Mailer = p })
	return b, p
}

// unmailed turns mail off.
func unmailed(d *application.Deps) { d.Mailer = nil }

// ring changes the status and returns the log by which the customer is told.
func (b *notifyDesk) ring() notification.View {
	b.T.Helper()
	desk.Check(b.T, b.Change(desk.Agent, toStatus("PENDING")(b)))
	return b.logs()[0]
}

func (b *notifyDesk) log(id domain.ID) notification.View {
	b.T.Helper()
	return desk.Must(b.NotificationLogs.Get(b.T.Context(), b.Actor(desk.Root), id))(b.T)
}

// work does the jobs that wait, each once, and returns what failed.
func (b *notifyDesk) work() (failed []error) {
	b.T.Helper()
	stores.Work(b.T, b.Store, func(ctx context.Context, j ports.Job) error {
		if j.Kind != ports.MailJob {
			return fmt.Errorf("a job of the kind %s", j.Kind)
		}
		if err := b.NotificationLogs.Deliver(ctx, j.ID, false); err != nil {
			failed = append(failed, err)
		}
		return nil
	})
	return failed
}

// wantState checks how far the delivery of a log is.
func (b *notifyDesk) wantState(id domain.ID, state notification.DeliveryState, attempts int, reason string) {
	b.T.Helper()
	l := b.log(id)
	if l.Delivery != state || l.Attempts != attempts || !strings.Contains(l.LastError, reason) || (l.LastError == "") != (reason == "") {
		b.T.Errorf("%s after %d attempts: %q, want %s after %d: %q", l.Delivery, l.Attempts, l.LastError, state, attempts, reason)
	}
	if sent := state == notification.DeliverySent; l.IsSent != sent || l.SentAt.IsZero() == sent {
		b.T.Errorf("%s, sent %v at %v", state, l.IsSent, l.SentAt)
	}
}

func TestWithoutMailALogIsDeliveredAtOnce(t *testing.T) {
	b := newNotifyDesk(t)
	b.wantState(b.ring().ID, notification.DeliverySent, 0, "")
	if jobs := stores.Waiting(t, b.Store); len(jobs) != 0 {
		t.Errorf("there are jobs %v", jobs)
	}
}

func TestALogIsDeliveredWhenTheMailServerHasAcceptedIt(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
	p.Sending = func() { b.wantState(l.ID, notification.DeliveryQueued, 0, "") }
	b.Wait(time.Minute)
	if failed := b.work(); failed != nil {
		t.Error(failed)
	}
	b.wantState(l.ID, notification.DeliverySent, 1, "")
	if got := b.log(l.ID); !got.SentAt.Equal(b.Now()) {
		t.Errorf("sent at %v", got.SentAt)
	}
	if len(p.Sent) != 1 {
		t.Fatalf("mailed %+v", p.Sent)
	}
	if m := p.Sent[0]; m.To != b.Account(b.ID(desk.Customer)).Email || m.Log.ID != l.ID || m.Ticket.StatusName != "Pending" ||
		m.Ticket.ID != b.TicketID {
		t.Errorf("mailed %+v", m)
	}
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
	if len(p.Sent) != 1 {
		t.Error("what was sent is sent again")
	}
}

func TestAChangeThatIsNotMadeMailsNobody(t *testing.T) {
	b, p := mailed(t)
	w := &watched{fault: errors.New("out of paper")}
	app := b.With(desk.Tap(w.tap), func(d *application.Deps) { d.Mailer = p })
	if _, err := app.Tickets.Update(t.Context(), b.Actor(desk.Agent), b.TicketID, toStatus("PENDING")(b), nil); err == nil {
		t.Error("the change was made")
	}
	if b.work(); len(p.Sent) != 0 || b.rings() != "" {
		t.Errorf("mailed %+v", p.Sent)
	}
}

func TestAMailThatFailsForNowIsTriedTenTimes(t *testing.T) {
	b, p := mailed(t)
	p.Fault = errors.New("451 try\nlater")
	l := b.ring()
	for n := 1; n < notification.MaxAttempts; n++ {
		if err := b.NotificationLogs.Deliver(t.Context(), l.ID, false); !errors.Is(err, p.Fault) {
			t.Fatalf("attempt %d: %v", n, err)
		}
		b.wantState(l.ID, notification.DeliveryFailed, n, "451 try later")
	}
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
	b.wantState(l.ID, notification.DeliveryDead, notification.MaxAttempts, "451 try later")
	p.Fault = nil
	if failed := b.work(); failed != nil || len(p.Sent) != 0 {
		t.Errorf("what is given up is sent all the same: %v", failed)
	}
}

func TestAMailGoesOnWithANewJobWhereTheOldOneIsTriedNoMore(t *testing.T) {
	b, p := mailed(t)
	b.work()
	p.Sent, p.Fault = nil, errors.New("busy")
	l := b.ring()
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
	b.wantState(l.ID, notification.DeliveryFailed, 1, "busy")
	jobs := stores.Waiting(t, b.Store)
	if want := (ports.Job{Kind: ports.MailJob, ID: l.ID}); !slices.Equal(jobs, []ports.Job{want, want}) {
		t.Errorf("jobs %v", jobs)
	}
	p.Fault = nil
	if failed := b.work(); failed != nil || len(p.Sent) != 1 {
		t.Errorf("sent %d, %v", len(p.Sent), failed)
	}
}

func TestAMailThatIsRefusedIsGivenUp(t *testing.T) {
	b, p := mailed(t)
	p.Fault = &ports.MailRefused{Reason: "550 no such user"}
	l := b.ring()
	if failed := b.work(); failed != nil {
		t.Error(failed)
	}
	b.wantState(l.ID, notification.DeliveryDead, 1, "550 no such user")
}

func TestAMailThatIsCutShortIsNoAttempt(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	ctx, cancel := context.WithCancel(t.Context())
	p.Sending, p.Fault = cancel, context.Canceled
	if err := b.NotificationLogs.Deliver(ctx, l.ID, false); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
}

func TestAMailThatWasAcceptedAtTheLastMomentIsNoted(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	ctx, cancel := context.WithCancel(t.Context())
	p.Sending = cancel
	desk.Check(t, b.NotificationLogs.Deliver(ctx, l.ID, false))
	b.wantState(l.ID, notification.DeliverySent, 1, "")
}

// busy makes the next n saves of a log fail, as a store does that is unavailable for a while.
func (b *notifyDesk) busy(p *desk.Mailbox, n int) (saves *int) {
	saves = new(int)
	b.App = b.With(desk.Tap(func(tx *ports.Tx) {
		tx.NotificationLogs = busyLogs{NotificationLogs: tx.NotificationLogs, busy: n, saves: saves}
	}), func(d *application.Deps) { d.Mailer = p })
	return saves
}

type busyLogs struct {
	ports.NotificationLogs
	busy  int
	saves *int
}

func (s busyLogs) Save(ctx context.Context, l notification.Log) error {
	if *s.saves++; *s.saves <= s.busy {
		return domain.Fail(domain.Unavailable, "Busy.")
	}
	return s.NotificationLogs.Save(ctx, l)
}

// limited is the context of a job whose time is over as soon as over is set.
type limited struct {
	context.Context
	over bool
}

func (c *limited) Err() error {
	if c.over {
		return context.DeadlineExceeded
	}
	return c.Context.Err()
}

func TestAMailThatWasAcceptedIsNotedHoweverLongTheStoreIsBusy(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	saves := b.busy(p, 3)
	ctx := &limited{Context: t.Context()}
	p.Sending = func() { ctx.over = true }
	desk.Check(t, b.NotificationLogs.Deliver(ctx, l.ID, false))
	b.wantState(l.ID, notification.DeliverySent, 1, "")
	if *saves != 4 || len(p.Sent) != 1 {
		t.Errorf("%d saves, %d mails", *saves, len(p.Sent))
	}
}

func TestABusyStoreDoesNotHoldUpAJobThatIsCancelled(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	saves := b.busy(p, 3)
	ctx, cancel := context.WithCancel(t.Context())
	p.Sending = cancel
	if err := b.NotificationLogs.Deliver(ctx, l.ID, false); domain.KindOf(err) != domain.Unavailable {
		t.Error(err)
	}
	if *saves != 1 {
		t.Errorf("%d saves", *saves)
	}
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
}

func TestTwoWhoMailTheSameLogAgreeThatItWasSent(t *testing.T) {
	for name, fault := range map[string]error{
		"both sent it":              nil,
		"the other one failed":      errors.New("busy"),
		"the other one was refused": &ports.MailRefused{Reason: "no"},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := mailed(t)
			l := b.ring()
			p.Sending = func() {
				p.Sending = nil
				desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
				p.Fault = fault
			}
			desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
			b.wantState(l.ID, notification.DeliverySent, 1, "")
			for _, m := range p.Sent {
				if m.Log.ID != l.ID {
					t.Errorf("sent %+v", m)
				}
			}
		})
	}
}

// TestNobodyIsMailedWhatTheyMayNoLongerKnow changes, before the mail is sent, who its recipient is or what it may see.
func TestNobodyIsMailedWhatTheyMayNoLongerKnow(t *testing.T) {
	const gone = "The recipient can no longer see the ticket."
	for name, c := range map[string]struct {
		do     func(*notifyDesk)
		reason string
	}{
		"deactivated": {func(b *notifyDesk) { b.Deactivate(desk.Customer) }, "The recipient is deactivated."},
		"without a role that may view tickets": {func(b *notifyDesk) {
			b.Edit(b.ID(desk.Customer), desk.InRole(""))
		}, gone},
		"no longer the requester": {func(b *notifyDesk) {
			desk.Check(b.T, b.Change(desk.Admin, ticket.Patch{CreatedFor: b.MemberTo(desk.Agent)}))
		}, gone},
		"without a mailbox": {func(b *notifyDesk) {
			b.Edit(b.ID(desk.Customer), func(a *account.Account) { a.Email = "x@import.invalid" })
		}, "The recipient has no e-mail address."},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := mailed(t)
			l := b.ring()
			c.do(b)
			desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
			b.wantState(l.ID, notification.DeliveryDead, 0, c.reason)
			if len(p.Sent) != 0 {
				t.Errorf("mailed %+v", p.Sent)
			}
		})
	}
}

func TestANoteIsNotMailedToWhoseReachHasShrunk(t *testing.T) {
	b, p := mailed(t)
	desk.Check(t, b.say(desk.Admin, ticket.Internal))
	l := b.logs()[0]
	b.move(desk.Agent, "customer")
	if failed := b.work(); failed != nil || len(p.Sent) != 0 {
		t.Errorf("mailed %+v, %v", p.Sent, failed)
	}
	b.wantState(l.ID, notification.DeliveryDead, 0, "The recipient can no longer see the ticket.")
}

func TestOfADeletedTicketNobodyIsMailed(t *testing.T) {
	b, p := mailed(t)
	b.ring()
	desk.Check(t, b.Tickets.Delete(t.Context(), b.Actor(desk.Admin), b.TicketID, nil))
	if failed := b.work(); failed != nil || len(p.Sent) != 0 {
		t.Errorf("mailed %+v, %v", p.Sent, failed)
	}
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), "unknown", false))
}

func TestWhatWaitsWhenMailIsTurnedOffIsGivenUp(t *testing.T) {
	b, _ := mailed(t)
	l := b.ring()
	b.App = b.With(unmailed)
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
	b.wantState(l.ID, notification.DeliveryDead, 0, "Mail is off")
}
