package notify_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// refuseCustomer has the mail server refuse a new mail to the customer, and returns its log.
func (b *notifyDesk) refuseCustomer(p *desk.Mailbox, n int, fault error) notification.View {
	b.T.Helper()
	p.Fault = fault
	b.Wait(time.Second)
	desk.Check(b.T, b.Change(desk.Agent, ticket.Patch{Title: domain.Some(fmt.Sprint("Title ", n))}))
	l := b.logs()[0]
	b.runJobs()
	return l
}

// customer returns the account of the customer.
func (b *notifyDesk) customer() account.Account { return b.Account(b.ID(desk.Customer)) }

var noSuchMailbox = &ports.MailRefused{Reason: "550 5.1.1 no such user", Address: true}

func TestMailToARefusedAddressIsSuspended(t *testing.T) {
	b, p := newMailDesk(t)
	var told []domain.ID
	b.App = b.With(func(d *application.Deps) {
		d.Mailer, d.MailSuspended = p, func(a domain.ID) { told = append(told, a) }
	})
	b.runJobs()
	first := b.refuseCustomer(p, 1, noSuchMailbox)
	b.wantState(first.ID, notification.DeliveryDead, 1, "no such user")
	for range 3 { // repeats of one mail count once
		desk.Must(b.NotificationLogs.Resend(t.Context(), b.Actor(desk.Root), first.ID))(t)
		b.runJobs()
	}
	b.refuseCustomer(p, 2, noSuchMailbox)
	if b.customer().MailSuspended() || told != nil {
		t.Fatal("suspended after two mails")
	}
	b.refuseCustomer(p, 3, noSuchMailbox)
	if at := b.customer().MailSuspendedAt; !at.Equal(b.Now()) || !slices.Equal(told, []domain.ID{b.ID(desk.Customer)}) {
		t.Fatalf("suspended at %v, told %v", at, told)
	}

	p.Sent = nil
	dropped := b.refuseCustomer(p, 4, nil)
	b.wantState(dropped.ID, notification.DeliveryDead, 0, "is suspended")
	if len(p.Sent) != 0 || len(b.inbox(desk.Customer, nil)) < 4 {
		t.Errorf("mailed %d, inbox %d", len(p.Sent), len(b.inbox(desk.Customer, nil)))
	}

	desk.Must(b.Accounts.Update(t.Context(), b.Actor(desk.Root), b.ID(desk.Customer), account.Patch{ResumeMail: true}, nil))(t)
	desk.Must(b.NotificationLogs.Resend(t.Context(), b.Actor(desk.Root), dropped.ID))(t)
	b.runJobs()
	b.wantState(dropped.ID, notification.DeliverySent, 1, "")
	b.refuseCustomer(p, 5, noSuchMailbox)
	if b.customer().MailSuspended() {
		t.Error("one refusal suspends mail again")
	}
}

func TestOnlyRefusalsOfTheAddressCount(t *testing.T) {
	for name, fault := range map[string]error{
		"a policy, a size or a full mailbox": &ports.MailRefused{Reason: "554 5.7.1 policy"},
		"a temporary failure":                fmt.Errorf("450 greylisted"),
	} {
		t.Run(name, func(t *testing.T) {
			b, p := newMailDesk(t)
			b.runJobs()
			for n := range 5 {
				b.refuseCustomer(p, n, fault)
			}
			if a := b.customer(); a.MailSuspended() || a.MailRefusals != "" {
				t.Errorf("%+v", a)
			}
		})
	}
}

func TestAnotherAddressEndsTheSuspension(t *testing.T) {
	b, p := newMailDesk(t)
	b.runJobs()
	for n := range 3 {
		b.refuseCustomer(p, n, noSuchMailbox)
	}
	change := account.Patch{Email: domain.Some("another@example.org")}
	v := desk.Must(b.Accounts.Update(t.Context(), b.Actor(desk.Root), b.ID(desk.Customer), change, nil))(t)
	if v.MailSuspended() || b.customer().MailSuspended() {
		t.Error("it is still suspended")
	}
}
