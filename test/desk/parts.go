package desk

import (
	"context"

	"tickt/application"
	"tickt/ports"
)

// Tap lets change replace the ports of every transaction on the desk's store, for example by ones that fail or count.
func Tap(change func(*ports.Tx)) func(*application.Deps) {
	return func(d *application.Deps) { d.Store = tappedStore{d.Store, change} }
}

type tappedStore struct {
	ports.Store
	change func(*ports.Tx)
}

func (s tappedStore) View(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.View(ctx, s.changed(fn))
}

func (s tappedStore) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, s.changed(fn))
}

func (s tappedStore) changed(fn func(ports.Tx) error) func(ports.Tx) error {
	return func(tx ports.Tx) error {
		s.change(&tx)
		return fn(tx)
	}
}

// Mailing lets a desk mail notifications, to a Mailbox that the test does not read.
func Mailing(d *application.Deps) { d.Mailer = &Mailbox{} }

// Mailbox is a ports.Mailer that stores the mails it accepts. It must not be used by several goroutines at once.
type Mailbox struct {
	Sent    []ports.Mail
	Account []ports.AccountMail
	Fault   error  // the error of Send; nil if it accepts the mail
	Sending func() // if set, called at the start of Send
}

// Send is ports.Mailer.Send.
func (b *Mailbox) Send(_ context.Context, m ports.Mail) error {
	return b.accept(func() { b.Sent = append(b.Sent, m) })
}

// SendAccountMail is ports.Mailer.SendAccountMail.
func (b *Mailbox) SendAccountMail(_ context.Context, m ports.AccountMail) error {
	return b.accept(func() { b.Account = append(b.Account, m) })
}

func (b *Mailbox) accept(store func()) error {
	if b.Sending != nil {
		b.Sending()
	}
	if b.Fault == nil {
		store()
	}
	return b.Fault
}
