package notify_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// newMailDesk returns a desk that sends mail.
func newMailDesk(t *testing.T) (*notifyDesk, *desk.Mailbox) {
	t.Helper()
	b, p := newNotifyDesk(t), &desk.Mailbox{}
	b.App = b.With(func(d *application.Deps) { d.Mailer = p })
	return b, p
}

// mailOff turns mail off.
func mailOff(d *application.Deps) { d.Mailer = nil }

// notifyCustomer changes the status and returns the log that notifies the customer.
func (b *notifyDesk) notifyCustomer() notification.View {
	b.T.Helper()
	desk.Check(b.T, b.Change(desk.Agent, toStatus("PENDING")(b)))
	return b.logs()[0]
}

func (b *notifyDesk) log(id domain.ID) notification.View {
	b.T.Helper()
	return desk.Must(b.NotificationLogs.Get(b.T.Context(), b.Actor(desk.Root), id))(b.T)
}

// runJobs runs each waiting job once and returns the errors.
func (b *notifyDesk) runJobs() (failed []error) {
	b.T.Helper()
	stores.Work(b.T, b.Store, func(ctx context.Context, j ports.Job) error {
		if j.Kind != ports.MailJob {
			return fmt.Errorf("unexpected job of kind %s", j.Kind)
		}
		if err := b.NotificationLogs.Deliver(ctx, j.ID, false); err != nil {
			failed = append(failed, err)
		}
		return nil
	})
	return failed
}

// wantState checks the delivery of a log.
func (b *notifyDesk) wantState(id domain.ID, state notification.DeliveryState, attempts int, reason string) {
	b.T.Helper()
	l := b.log(id)
	if l.Delivery != state || l.Attempts != attempts || !strings.Contains(l.LastError, reason) || (l.LastError == "") != (reason == "") {
		b.T.Errorf("%s after %d attempts, error %q; want %s after %d, error %q", l.Delivery, l.Attempts, l.LastError, state, attempts, reason)
	}
	if sent := state == notification.DeliverySent; l.IsSent != sent || l.SentAt.IsZero() == sent {
		b.T.Errorf("%s, sent %v at %v", state, l.IsSent, l.SentAt)
	}
}

func TestLogIsSentAtOnceIfMailIsOff(t *testing.T) {
	b := newNotifyDesk(t)
	b.wantState(b.notifyCustomer().ID, notification.DeliverySent, 0, "")
	if jobs := stores.Waiting(t, b.Store); len(jobs) != 0 {
		t.Errorf("jobs %v, want none", jobs)
	}
}

func TestLogIsSentOnceTheMailServerAcceptedIt(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
	p.Sending = func() { b.wantState(l.ID, notification.DeliveryQueued, 0, "") }
	b.Wait(time.Minute)
	if failed := b.runJobs(); failed != nil {
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
		t.Error("the mail was sent twice")
	}
}

func TestFailedChangeSendsNoMail(t *testing.T) {
	b, p := newMailDesk(t)
	w := &storeSpy{fault: errors.New("cannot add logs")}
	app := b.With(desk.Tap(w.tap), func(d *application.Deps) { d.Mailer = p })
	if _, err := app.Tickets.Update(t.Context(), b.Actor(desk.Agent), b.TicketID, toStatus("PENDING")(b), nil); err == nil {
		t.Error("the change was made")
	}
	if b.runJobs(); len(p.Sent) != 0 || b.newlyNotified() != "" {
		t.Errorf("mailed %+v", p.Sent)
	}
}

func TestTemporaryFailureIsTriedTenTimes(t *testing.T) {
	b, p := newMailDesk(t)
	p.Fault = errors.New("451 try\nlater")
	l := b.notifyCustomer()
	for n := 1; n < notification.MaxAttempts; n++ {
		if err := b.NotificationLogs.Deliver(t.Context(), l.ID, false); !errors.Is(err, p.Fault) {
			t.Fatalf("attempt %d: %v", n, err)
		}
		b.wantState(l.ID, notification.DeliveryFailed, n, "451 try later")
	}
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
	b.wantState(l.ID, notification.DeliveryDead, notification.MaxAttempts, "451 try later")
	p.Fault = nil
	if failed := b.runJobs(); failed != nil || len(p.Sent) != 0 {
		t.Errorf("a dead mail was sent: %v", failed)
	}
}

func TestLastAttemptOfAJobAddsANewJob(t *testing.T) {
	b, p := newMailDesk(t)
	b.runJobs()
	p.Sent, p.Fault = nil, errors.New("busy")
	l := b.notifyCustomer()
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, true))
	b.wantState(l.ID, notification.DeliveryFailed, 1, "busy")
	jobs := stores.Waiting(t, b.Store)
	if want := (ports.Job{Kind: ports.MailJob, ID: l.ID}); !slices.Equal(jobs, []ports.Job{want, want}) {
		t.Errorf("jobs %v", jobs)
	}
	p.Fault = nil
	if failed := b.runJobs(); failed != nil || len(p.Sent) != 1 {
		t.Errorf("sent %d, %v", len(p.Sent), failed)
	}
}

func TestRefusedMailIsDead(t *testing.T) {
	b, p := newMailDesk(t)
	p.Fault = &ports.MailRefused{Reason: "550 no such user"}
	l := b.notifyCustomer()
	if failed := b.runJobs(); failed != nil {
		t.Error(failed)
	}
	b.wantState(l.ID, notification.DeliveryDead, 1, "550 no such user")
}

func TestInterruptedMailIsNoAttempt(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	ctx, cancel := context.WithCancel(t.Context())
	p.Sending, p.Fault = cancel, context.Canceled
	if err := b.NotificationLogs.Deliver(ctx, l.ID, false); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	b.wantState(l.ID, notification.DeliveryQueued, 0, "")
}

func TestMailAcceptedDuringCancellationIsSent(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	ctx, cancel := context.WithCancel(t.Context())
	p.Sending = cancel
	desk.Check(t, b.NotificationLogs.Deliver(ctx, l.ID, false))
	b.wantState(l.ID, notification.DeliverySent, 1, "")
}

// failSaves makes the next n saves of a log fail as Unavailable. saves counts all of them.
func (b *notifyDesk) failSaves(p *desk.Mailbox, n int) (saves *int) {
	saves = new(int)
	b.App = b.With(desk.Tap(func(tx *ports.Tx) {
		tx.NotificationLogs = failingLogs{NotificationLogs: tx.NotificationLogs, failures: n, saves: saves}
	}), func(d *application.Deps) { d.Mailer = p })
	return saves
}

type failingLogs struct {
	ports.NotificationLogs
	failures int
	saves    *int
}

func (s failingLogs) Save(ctx context.Context, l notification.Log) error {
	if *s.saves++; *s.saves <= s.failures {
		return domain.Fail(domain.Unavailable, "Busy.")
	}
	return s.NotificationLogs.Save(ctx, l)
}

// expiringContext is the context of a job whose deadline passes when over is set.
type expiringContext struct {
	context.Context
	over bool
}

func (c *expiringContext) Err() error {
	if c.over {
		return context.DeadlineExceeded
	}
	return c.Context.Err()
}

func TestAcceptedMailIsSentDespiteAnUnavailableStore(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	saves := b.failSaves(p, 3)
	ctx := &expiringContext{Context: t.Context()}
	p.Sending = func() { ctx.over = true }
	desk.Check(t, b.NotificationLogs.Deliver(ctx, l.ID, false))
	b.wantState(l.ID, notification.DeliverySent, 1, "")
	if *saves != 4 || len(p.Sent) != 1 {
		t.Errorf("%d saves, %d mails", *saves, len(p.Sent))
	}
}

func TestUnavailableStoreDoesNotHoldUpACancelledJob(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	saves := b.failSaves(p, 3)
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

func TestConcurrentDeliveriesAgreeThatTheMailWasSent(t *testing.T) {
	for name, fault := range map[string]error{
		"both accepted":         nil,
		"the other failed":      errors.New("busy"),
		"the other was refused": &ports.MailRefused{Reason: "no"},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := newMailDesk(t)
			l := b.notifyCustomer()
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

// TestMailIsNotSentToThoseWhoMayNoLongerSeeTheTicket changes the recipient, or what it may see, before the mail is
// sent.
func TestMailIsNotSentToThoseWhoMayNoLongerSeeTheTicket(t *testing.T) {
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
			b, p := newMailDesk(t)
			b.TicketID = b.Open(desk.Admin, ticket.Patch{CreatedFor: b.MemberTo(desk.Customer), AssignedTo: b.MemberTo(desk.Agent)}).ID
			b.newlyNotified()
			l := b.notifyCustomer()
			c.do(b)
			desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
			b.wantState(l.ID, notification.DeliveryDead, 0, c.reason)
			if len(p.Sent) != 0 {
				t.Errorf("mailed %+v", p.Sent)
			}
		})
	}
}

func TestInternalNoteIsNotMailedAfterLosingScopeAll(t *testing.T) {
	b, p := newMailDesk(t)
	desk.Check(t, b.comment(desk.Admin, ticket.Internal))
	l := b.logs()[0]
	b.setRole(desk.Agent, "customer")
	if failed := b.runJobs(); failed != nil || len(p.Sent) != 0 {
		t.Errorf("mailed %+v, %v", p.Sent, failed)
	}
	b.wantState(l.ID, notification.DeliveryDead, 0, "The recipient can no longer see the ticket.")
}

func TestNoMailAboutADeletedTicket(t *testing.T) {
	b, p := newMailDesk(t)
	l := b.notifyCustomer()
	desk.Check(t, b.Tickets.Delete(t.Context(), b.Actor(desk.Admin), b.TicketID, nil))
	if failed := b.runJobs(); failed != nil || len(p.Sent) != 0 {
		t.Errorf("mailed %+v, %v", p.Sent, failed)
	}
	if got := b.stored(l.ID); got.Delivery != notification.DeliveryDead || got.LastError != "The ticket was deleted." || got.Attempts != 0 {
		t.Errorf("%s after %d attempts, error %q", got.Delivery, got.Attempts, got.LastError)
	}
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), "unknown", false))
}

func TestMailIsSentIfTheTicketIsDeletedMeanwhile(t *testing.T) {
	b, p := newMailDesk(t)
	b.runJobs()
	l := b.notifyCustomer()
	p.Sending = func() { desk.Check(t, b.Tickets.Delete(t.Context(), b.Actor(desk.Admin), b.TicketID, nil)) }
	if failed := b.runJobs(); failed != nil {
		t.Error(failed)
	}
	if got := b.stored(l.ID); got.Delivery != notification.DeliverySent || got.Attempts != 1 {
		t.Errorf("%s after %d attempts", got.Delivery, got.Attempts)
	}
}

// stored returns a log, also of a deleted ticket.
func (b *notifyDesk) stored(id domain.ID) (l notification.Log) {
	b.T.Helper()
	desk.Check(b.T, b.Store.Update(b.T.Context(), func(tx ports.Tx) (err error) {
		l, err = tx.NotificationLogs.LockToDeliver(b.T.Context(), id)
		return err
	}))
	return l
}

func TestTurningMailOffDropsQueuedMail(t *testing.T) {
	b, _ := newMailDesk(t)
	l := b.notifyCustomer()
	b.App = b.With(mailOff)
	desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
	b.wantState(l.ID, notification.DeliveryDead, 0, "Mail is off")
}

// TestNewsReachTheInboxIfMailAloneDoesNotWork lets a customer choose mail only.
func TestNewsReachTheInboxIfMailAloneDoesNotWork(t *testing.T) {
	for name, tc := range map[string]struct {
		off, refused bool
		want         int // unread logs in the inbox
	}{
		"mailed": {}, "refused for good": {refused: true, want: 1}, "mail turned off since": {off: true, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := newMailDesk(t)
			customer := b.Actor(desk.Customer)
			_, err := b.Me.Update(t.Context(), customer, account.OwnPatch{
				Notify: map[notification.Type]domain.Optional[string]{notification.StatusChanged: domain.Some("mail")},
			}, nil, account.Client{})
			desk.Check(t, err)
			l := b.notifyCustomer()
			if n := desk.Must(b.Inbox.Unread(t.Context(), customer))(t); n != 0 {
				t.Errorf("%d unread before the mail, want none", n)
			}
			if tc.refused {
				p.Fault = &ports.MailRefused{Reason: "550 5.1.1 no such user", Address: true}
			}
			if tc.off {
				b.App = b.With(mailOff)
			}
			desk.Check(t, b.NotificationLogs.Deliver(t.Context(), l.ID, false))
			if n := desk.Must(b.Inbox.Unread(t.Context(), customer))(t); n != tc.want {
				t.Errorf("%d unread, want %d", n, tc.want)
			}
			all, _, err := b.Inbox.List(t.Context(), customer, nil, nil, 10)
			if desk.Check(t, err); len(all) != tc.want {
				t.Errorf("%d in the inbox, want %d", len(all), tc.want)
			}
		})
	}
}

// TestMailWaitsForEarlierOnesOfItsTicket notifies two people of two changes of a ticket, and one of another ticket.
func TestMailWaitsForEarlierOnesOfItsTicket(t *testing.T) {
	for name, ended := range map[string]func(*notifyDesk, *desk.Mailbox, domain.ID){
		"sent": func(b *notifyDesk, _ *desk.Mailbox, id domain.ID) {
			desk.Check(b.T, b.NotificationLogs.Deliver(b.T.Context(), id, false))
		},
		"failed": func(b *notifyDesk, p *desk.Mailbox, id domain.ID) {
			p.Fault = errors.New("busy")
			if err := b.NotificationLogs.Deliver(b.T.Context(), id, false); !errors.Is(err, p.Fault) {
				b.T.Error(err)
			}
		},
		"refused": func(b *notifyDesk, p *desk.Mailbox, id domain.ID) {
			p.Fault = &ports.MailRefused{Reason: "no"}
			desk.Check(b.T, b.NotificationLogs.Deliver(b.T.Context(), id, false))
		},
		"dropped": func(b *notifyDesk, _ *desk.Mailbox, id domain.ID) {
			desk.Check(b.T, b.NotificationLogs.Withdraw(b.T.Context(), id, "no"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := newMailDesk(t)
			b.runJobs()
			first := b.notifyCustomer()
			b.Wait(time.Second)
			desk.Check(t, b.Change(desk.Agent, toStatus("RESOLVED")(b)))
			second := b.logs()[0]
			waits := func(id domain.ID) bool { return desk.Must(b.NotificationLogs.MustWait(t.Context(), id))(t) }
			if first.RecipientID != second.RecipientID || waits(first.ID) || !waits(second.ID) {
				t.Fatalf("the first waits: %v, the second: %v", waits(first.ID), waits(second.ID))
			}
			if waits(second.ID + ".1") {
				t.Error("a mail that is sent again waits")
			}
			if ended(b, p, first.ID); waits(second.ID) {
				t.Error("the second still waits")
			}
		})
	}
}

// TestMailsKeepTheirSubjectWhenTheTitleChanges reads the title of the subject after two changes of it.
func TestMailsKeepTheirSubjectWhenTheTitleChanges(t *testing.T) {
	b, p := newMailDesk(t)
	b.runJobs()
	p.Sent = nil
	opened := b.Ticket().Title
	for i, want := range []string{"", opened, opened} {
		if i == 0 {
			b.notifyCustomer()
		} else {
			b.Wait(time.Second)
			desk.Check(t, b.Change(desk.Agent, ticket.Patch{Title: domain.Some(fmt.Sprint("Another ", i))}))
		}
		b.runJobs()
		if got := p.Sent[len(p.Sent)-1]; got.FirstTitle != want || i > 0 && got.Ticket.Title == opened {
			t.Errorf("%d: the first title is %q, want %q", i, got.FirstTitle, want)
		}
	}
}

// TestMailHasTheTextOfTheComment changes a comment before its mails to the requester and the assignee are sent.
func TestMailHasTheTextOfTheComment(t *testing.T) {
	const takenBack = "The comment was taken back before it was mailed."
	edit := func(p ticket.CommentPatch) func(*notifyDesk, domain.ID) {
		return func(b *notifyDesk, id domain.ID) {
			desk.Must(b.Comments.Edit(b.T.Context(), b.Actor(desk.Admin), b.TicketID, id, p, nil))(b.T)
		}
	}
	for name, c := range map[string]struct {
		visibility ticket.Visibility
		status     []string
		then       func(b *notifyDesk, comment domain.ID)
		want       map[string]string // the text by recipient, or "!" and the reason
	}{
		"as it was written": {ticket.Public, nil, nil, map[string]string{desk.Customer: "secret words", desk.Agent: "secret words"}},
		"an internal note":  {ticket.Internal, nil, nil, map[string]string{desk.Agent: "secret words"}},
		"edited": {
			ticket.Public, nil, edit(ticket.CommentPatch{Body: domain.Some("other words")}),
			map[string]string{desk.Customer: "other words", desk.Agent: "other words"},
		},
		"made internal": {
			ticket.Public, nil, edit(ticket.CommentPatch{Visibility: domain.Some(string(ticket.Internal))}),
			map[string]string{desk.Customer: "!" + takenBack, desk.Agent: "secret words"},
		},
		"deleted": {ticket.Public, nil, func(b *notifyDesk, id domain.ID) {
			desk.Check(b.T, b.Comments.Delete(b.T.Context(), b.Actor(desk.Admin), b.TicketID, id, nil))
		}, map[string]string{desk.Customer: "!" + takenBack, desk.Agent: "!" + takenBack}},
		"deleted, with a change of status": {ticket.Public, []string{"PENDING"}, func(b *notifyDesk, id domain.ID) {
			desk.Check(b.T, b.Comments.Delete(b.T.Context(), b.Actor(desk.Admin), b.TicketID, id, nil))
		}, map[string]string{desk.Customer: "", desk.Agent: ""}},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := newMailDesk(t)
			b.runJobs()
			p.Sent, b.seen = nil, nil
			known := len(b.logs())
			written := desk.Must(b.writeComment(nil, desk.Admin, c.visibility, c.status...))(t)
			if c.then != nil {
				c.then(b, written.ID)
			}
			b.runJobs()
			got := map[string]string{}
			for _, l := range b.logs()[:len(b.logs())-known] {
				if l.Delivery == notification.DeliveryDead {
					got[l.Recipient] = "!" + l.LastError
				}
			}
			for _, m := range p.Sent {
				got[m.Log.Recipient] = m.Comment
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("mailed %q, want %q", got, c.want)
			}
		})
	}
}
