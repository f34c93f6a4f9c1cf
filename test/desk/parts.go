package desk

import (
	"context"

	"tickt/application"
	"tickt/ports"
)

// Tap lets change alter the ports of every transaction on the desk's store, so that they fail, count or wait.
func Tap(change func(*ports.Tx)) func(*application.Deps) {
	return func(d *application.Deps) { d.Store = tapped{d.Store, change} }
}

type tapped struct {
	ports.Store
	change func(*ports.Tx)
}

func (s tapped) View(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.View(ctx, s.altered(fn))
}

func (s tapped) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, s.altered(fn))
}

func (s tapped) altered(fn func(ports.Tx) error) func(ports.Tx) error {
	return func(tx ports.Tx) error {
		s.change(&tx)
		return fn(tx)
	}
}

// Mailing lets a desk mail what it tells, to a Mailbox that nobody reads.
func Mailing(d *application.Deps) { d.Mailer = &Mailbox{} }

// Mailbox is a mail server that keeps what it accepts. It is not for several goroutines at once.
type Mailbox struct {
	Sent    []ports.Mail
	Fault   error  // what it fails with; nil if it accepts
	Sending func() // if set, called in the middle of every attempt
}

// Send is ports.Mailer.Send.
func (b *Mailbox) Send(_ context.Context, m ports.Mail) error {
	if b.Sending != nil {
		b.Sending()
	}
	if b.Fault != nil {
		return b.Fault
	}
	b.Sent = append(b.Sent, m)
	return nil
}
