package application_test

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
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
	"tickt/test/stores"
)

// post is a mail server that remembers what it accepted.
type post struct {
	fault error
	sent  []ports.Mail
	meet  func() // called in the middle of sending, where it is set
}

func (p *post) Send(_ context.Context, m ports.Mail) error {
	if p.meet != nil {
		p.meet()
	}
	if p.fault != nil {
		return p.fault
	}
	p.sent = append(p.sent, m)
	return nil
}

// mailed is a bell whose use cases mail.
func mailed(t *testing.T) (*bell, *post) {
	b, p := newBell(t), &post{}
	d := b.Deps()
	d.Mailer = p
	b.App = application.New(d)
	return b, p
}

// ring changes the status and gives the log by which the customer is told.
func (b *bell) ring() notification.View {
	b.t.Helper()
	check(b.t, b.change(fixture.Agent, toStatus("PENDING")(b)))
	return b.logs()[0]
}

func (b *bell) log(id domain.ID) notification.View {
	b.t.Helper()
	return must[notification.View](b.t)(b.NotificationLogs.Get(b.t.Context(), b.Actor(fixture.Root), id))
}

// work does the jobs that wait, each once, and gives those that failed.
func (b *bell) work() (failed []error) {
	b.t.Helper()
	stores.Work(b.t, b.Store, func(ctx context.Context, j ports.Job) error {
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

func (b *bell) wantState(id domain.ID, state notification.DeliveryState, attempts int, reason string) {
	b.t.Helper()
	l := b.log(id)
	if l.Delivery != state || l.Attempts != attempts || !strings.Contains(l.LastError, reason) || (l.LastError == "") != (reason == "") {
		b.t.Errorf("%s after %d attempts: %q, want %s after %d: %q", l.Delivery, l.Attempts, l.LastError, state, attempts, reason)
	}
	if sent := state == notification.DeliverySent; l.IsSent != sent || l.SentAt.IsZero() == sent {
		b.t.Errorf("%s, sent %v at %v", state, l.IsSent, l.SentAt)
	}
}

func TestWithoutMailALogIsDeliveredAtOnce(t *testing.T) {
	b := newBell(t)
	b.wantState(b.ring().ID, notification.DeliverySent, 0, "")
	if jobs := stores.Waiting(t, b.Store); len(jobs) != 0 {
		t.Errorf("there are jobs %v", jobs)
	}
}

func TestALogIsDeliveredWhenTheMailServerHasAcceptedIt(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
	p.meet = func() { b.wantState(l.ID, notification.DeliveryQueued, 0, "") }
	b.Wait(time.Minute)
	if failed := b.work(); failed != nil {
		t.Error(failed)
	}
	b.wantState(l.ID, notification.DeliverySent, 1, "")
	if got := b.log(l.ID); !got.SentAt.Equal(b.Now()) {
		t.Errorf("sent at %v", got.SentAt)
	}
	if len(p.sent) != 1 || p.sent[0].To != b.account(fixture.Customer).Email || p.sent[0].Log.ID != l.ID || p.sent[0].Ticket.StatusName != "Pending" || p.sent[0].Ticket.ID != b.id {
		t.Errorf("mailed %+v", p.sent)
	}
	check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
	if len(p.sent) != 1 {
		t.Error("what was sent is sent again")
	}
}

func (b *bell) account(name string) account.Account {
	b.t.Helper()
	return must[ports.AccountView](b.t)(b.Accounts.Get(b.t.Context(), b.Actor(fixture.Root), b.ID(name))).Account
}

func TestAChangeThatIsNotMadeMailsNobody(t *testing.T) {
	b, p := mailed(t)
	s := &watched{Store: b.Store, fault: errors.New("out of paper")}
	d := b.Deps()
	d.Store = s
	if _, err := application.New(d).Tickets.Change(t.Context(), b.Actor(fixture.Agent), b.id, toStatus("PENDING")(b), nil); err == nil {
		t.Error("the change was made")
	}
	if b.work(); len(p.sent) != 0 || b.rings() != "" {
		t.Errorf("mailed %+v", p.sent)
	}
}

func TestAMailThatFailsForNowIsTriedTenTimes(t *testing.T) {
	b, p := mailed(t)
	p.fault = errors.New("451 try\nlater")
	l := b.ring()
	for n := 1; n < notification.MaxAttempts; n++ {
		if err := b.NotificationLogs.Deliver(t.Context(), l.ID, false); !errors.Is(err, p.fault) {
			t.Fatalf("attempt %d: %v", n, err)
		}
		b.wantState(l.ID, notification.DeliveryFailed, n, "451 try later")
	}
	check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
	b.wantState(l.ID, notification.DeliveryDead, notification.MaxAttempts, "451 try later")
	p.fault = nil
	if failed := b.work(); failed != nil || len(p.sent) != 0 {
		t.Errorf("what is given up is sent all the same: %v", failed)
	}
}

func TestAMailGoesOnWithANewJobWhereTheOldOneIsTriedNoMore(t *testing.T) {
	b, p := mailed(t)
	b.work()
	p.sent, p.fault = nil, errors.New("busy")
	l := b.ring()
	check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
	b.wantState(l.ID, notification.DeliveryFailed, 1, "busy")
	jobs := stores.Waiting(t, b.Store)
	if want := (ports.Job{Kind: ports.MailJob, ID: l.ID}); !slices.Equal(jobs, []ports.Job{want, want}) {
		t.Errorf("jobs %v", jobs)
	}
	p.fault = nil
	if failed := b.work(); failed != nil || len(p.sent) != 1 {
		t.Errorf("sent %d, %v", len(p.sent), failed)
	}
}

func TestAMailThatIsRefusedIsGivenUp(t *testing.T) {
	b, p := mailed(t)
	p.fault = &ports.MailRefused{Reason: "550 no such user"}
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
	p.meet, p.fault = cancel, context.Canceled
	if err := b.NotificationLogs.Deliver(ctx, l.ID, false); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
}

func TestAMailThatWasAcceptedAtTheLastMomentIsNoted(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	ctx, cancel := context.WithCancel(t.Context())
	p.meet = cancel
	check(t, b.NotificationLogs.Deliver(ctx, l.ID, false))
	b.wantState(l.ID, notification.DeliverySent, 1, "")
}

func TestTwoWhoMailTheSameLogAgreeThatItWasSent(t *testing.T) {
	for name, fault := range map[string]error{"both sent it": nil, "the other one failed": errors.New("busy"), "the other one was refused": &ports.MailRefused{Reason: "no"}} {
		t.Run(name, func(t *testing.T) {
			b, p := mailed(t)
			l := b.ring()
			p.meet = func() {
				p.meet = nil
				check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
				p.fault = fault
			}
			check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
			b.wantState(l.ID, notification.DeliverySent, 1, "")
			for _, m := range p.sent {
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
		do     func(*bell)
		reason string
	}{
		"deactivated": {func(b *bell) { b.edit(fixture.Customer, func(a *account.Account) { a.IsActive = false }) }, "The recipient is deactivated."},
		"without a role that may view tickets": {func(b *bell) {
			b.edit(fixture.Customer, func(a *account.Account) { a.RoleID = "" })
		}, gone},
		"no longer the requester": {func(b *bell) {
			check(b.t, b.change(fixture.Admin, ticket.Change{CreatedFor: b.named(fixture.Agent)}))
		}, gone},
		"without a mailbox": {func(b *bell) {
			b.edit(fixture.Customer, func(a *account.Account) { a.Email = "x@import.invalid" })
		}, "The recipient has no e-mail address."},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := mailed(t)
			l := b.ring()
			c.do(b)
			check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
			b.wantState(l.ID, notification.DeliveryDead, 0, c.reason)
			if len(p.sent) != 0 {
				t.Errorf("mailed %+v", p.sent)
			}
		})
	}
}

func TestANoteIsNotMailedToWhoseReachHasShrunk(t *testing.T) {
	b, p := mailed(t)
	check(t, b.say(fixture.Admin, ticket.Internal))
	l := b.logs()[0]
	b.move(fixture.Agent, "customer")
	if failed := b.work(); failed != nil || len(p.sent) != 0 {
		t.Errorf("mailed %+v, %v", p.sent, failed)
	}
	b.wantState(l.ID, notification.DeliveryDead, 0, "The recipient can no longer see the ticket.")
}

func TestOfADeletedTicketNobodyIsMailed(t *testing.T) {
	b, p := mailed(t)
	b.ring()
	check(t, b.Tickets.Delete(t.Context(), b.Actor(fixture.Admin), b.id, nil))
	if failed := b.work(); failed != nil || len(p.sent) != 0 {
		t.Errorf("mailed %+v, %v", p.sent, failed)
	}
	check(t, b.NotificationLogs.Deliver(t.Context(), "unknown", false))
}

func TestWhatWaitsWhenMailIsTurnedOffIsGivenUp(t *testing.T) {
	b, _ := mailed(t)
	l := b.ring()
	d := b.Deps()
	d.Mailer = nil
	b.App = application.New(d)
	check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
	b.wantState(l.ID, notification.DeliveryDead, 0, "Mail is off")
}

func TestALogThatCouldNotBeMailedIsSentAgain(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	p.fault = &ports.MailRefused{Reason: "550 no such user"}
	b.work()
	p.fault = nil
	v := must[notification.View](t)(b.NotificationLogs.Resend(t.Context(), b.Actor(fixture.Admin), l.ID))
	if v.Delivery != notification.DeliveryQueued || v.Attempts != 0 || v.LastError != "" || v.TicketNumber == "" {
		t.Errorf("answered %+v", v)
	}
	if _, err := b.NotificationLogs.Resend(t.Context(), b.Actor(fixture.Admin), l.ID); domain.KindOf(err) != domain.Conflict {
		t.Errorf("once more: %v", err)
	}
	if failed := b.work(); failed != nil || len(p.sent) != 1 {
		t.Errorf("sent %d, %v", len(p.sent), failed)
	}
	b.wantState(l.ID, notification.DeliverySent, 1, "")
}

// TestAnOutageWithResendsCountsTheNewestDeliveryAlone sends a log again and again while the mail server is away, with the
// jobs of all deliveries at once.
func TestAnOutageWithResendsCountsTheNewestDeliveryAlone(t *testing.T) {
	b, p := mailed(t)
	p.fault = errors.New("away")
	l := b.ring()
	tried := 0
	p.meet = func() { tried++ }
	var past []domain.ID // deliveries that would be tried again
	overtaken := func() {
		for _, id := range past {
			check(t, b.NotificationLogs.Deliver(t.Context(), id, false))
		}
	}
	for n := 1; n <= 12; n++ {
		current := b.log(l.ID).DeliveryID()
		overtaken()
		if failed := b.work(); len(failed) != 1 || tried != n {
			t.Fatalf("tried %d times by round %d: %v", tried, n, failed)
		}
		overtaken()
		b.wantState(l.ID, notification.DeliveryFailed, 1, "away")
		past = append(past, current)
		v := must[notification.View](t)(b.NotificationLogs.Resend(t.Context(), b.Actor(fixture.Admin), l.ID))
		if v.Resends != n || v.Delivery != notification.DeliveryQueued || v.Attempts != 0 {
			t.Fatalf("round %d: answered %+v", n, v)
		}
	}
	p.fault = nil
	overtaken()
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
	if failed := b.work(); failed != nil {
		t.Error(failed)
	}
	overtaken()
	b.wantState(l.ID, notification.DeliverySent, 1, "")
	if len(p.sent) != 1 {
		t.Errorf("sent %d", len(p.sent))
	}
}

// TestADeliveryThatWasOvertakenCountsNoMore sends a log again in the middle of an attempt to mail it.
func TestADeliveryThatWasOvertakenCountsNoMore(t *testing.T) {
	for name, c := range map[string]struct {
		fault    error
		state    notification.DeliveryState
		attempts int
	}{
		"accepted all the same": {nil, notification.DeliverySent, 1},
		"failed":                {errors.New("busy"), notification.DeliveryQueued, 0},
		"refused":               {&ports.MailRefused{Reason: "no"}, notification.DeliveryQueued, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := mailed(t)
			l := b.ring()
			p.fault = errors.New("away")
			b.work()
			before := len(stores.Waiting(t, b.Store))
			p.meet = func() {
				p.meet, p.fault = nil, c.fault
				must[notification.View](t)(b.NotificationLogs.Resend(t.Context(), b.Actor(fixture.Admin), l.ID))
			}
			check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
			b.wantState(l.ID, c.state, c.attempts, "")
			if after := len(stores.Waiting(t, b.Store)); after != before+1 {
				t.Errorf("%d jobs wait, %d before", after, before)
			}
			p.fault = nil
			if failed := b.work(); failed != nil || len(p.sent) != 1 {
				t.Errorf("sent %d, %v", len(p.sent), failed)
			}
			b.wantState(l.ID, notification.DeliverySent, 1, "")
		})
	}
}

func TestOfTwoWhoSendALogAgainAtOnceOneIsTold(t *testing.T) {
	b, p := mailed(t)
	p.fault = errors.New("away")
	l := b.ring()
	b.work()
	p.fault = nil
	refused := make(chan error, 2)
	admin := b.Actor(fixture.Admin)
	for range 2 {
		go func() {
			_, err := b.NotificationLogs.Resend(t.Context(), admin, l.ID)
			refused <- err
		}()
	}
	one, other := <-refused, <-refused
	if (one == nil) == (other == nil) || domain.KindOf(errors.Join(one, other)) != domain.Conflict {
		t.Errorf("answered %v and %v", one, other)
	}
	if failed := b.work(); failed != nil || len(p.sent) != 1 {
		t.Errorf("sent %d, %v", len(p.sent), failed)
	}
}

func TestWhoMayNotIsNotHelpedToSendAgain(t *testing.T) {
	b, p := mailed(t)
	l := b.ring()
	p.fault = &ports.MailRefused{Reason: "no"}
	b.work()
	b.Assign(fixture.Visitor, access.NotificationsMenu, access.MayEverything)
	off := b.Deps()
	off.Mailer = nil
	for name, c := range map[string]struct {
		app   *application.App
		actor access.Actor
		id    domain.ID
		kind  domain.Kind
	}{
		"may not update":       {b.App, b.Actor(fixture.Agent), l.ID, domain.Forbidden},
		"of another's ticket":  {b.App, b.Actor(fixture.Visitor), l.ID, domain.NotFound},
		"unknown":              {b.App, b.Actor(fixture.Root), "unknown", domain.NotFound},
		"mail is off":          {application.New(off), b.Actor(fixture.Root), l.ID, domain.Conflict},
		"mail is off, unknown": {application.New(off), b.Actor(fixture.Root), "unknown", domain.NotFound},
	} {
		if _, err := c.app.NotificationLogs.Resend(t.Context(), c.actor, c.id); domain.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.wantState(l.ID, notification.DeliveryDead, 1, "no")
}
