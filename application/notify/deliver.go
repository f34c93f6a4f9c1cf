package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// How the result of an attempt is stored although the time of its job may be over: within noteWithin. That a mail was
// accepted is worth more, because the recipient gets it again otherwise: while the store is unavailable, that is tried
// again after each noteAgain, for noteSentFor at most: a job that runs for longer is taken for stuck and run again.
const (
	noteWithin  = 5 * time.Second
	noteAgain   = 250 * time.Millisecond
	noteSentFor = time.Minute
)

// Deliver mails a log as one of its deliveries, unless that was done or given up, or the log was sent anew since: then
// another delivery does it, and this one counts no attempt. It fails where it is to be called again, after a while; last
// says that it would not be: then a new job goes on. What the mail server has accepted is noted after it has: whoever
// dies in between lets the recipient get the same message, with the same Message-ID, twice.
func (s *NotificationLogs) Deliver(ctx context.Context, delivery domain.ID, last bool) error {
	mail, reason, err := s.mail(ctx, delivery)
	switch {
	case err != nil:
		return unlessGone(err)
	case !mail.Log.Awaits(delivery):
		return nil
	case reason != "":
		return s.note(ctx, delivery, func(l *notification.Log) bool { return l.Drop(reason, s.Clock()) })
	}
	failure := s.Mailer.Send(ctx, mail)
	var refused *ports.MailRefused
	switch {
	case failure == nil:
		return s.noteSent(ctx, delivery)
	case ctx.Err() != nil: // cut short, which is no attempt
		return failure
	case errors.As(failure, &refused):
		return s.note(ctx, delivery, func(l *notification.Log) bool { return l.Refused(refused.Reason, s.Clock()) })
	default:
		return s.miss(ctx, delivery, failure, last)
	}
}

// noteSent stores that the mail server accepted a mail, which holds for every delivery of the log. A store that is
// unavailable is asked again until the job is cancelled; a job whose time is over goes on.
func (s *NotificationLogs) noteSent(ctx context.Context, delivery domain.ID) error {
	budget, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteSentFor)
	defer cancel()
	for {
		err := s.noteAnd(ctx, delivery, func(_ ports.Tx, l *notification.Log) (bool, error) { return l.Sent(s.Clock()), nil })
		if err == nil || domain.KindOf(err) != domain.Unavailable || budget.Err() != nil {
			return err
		}
		time.Sleep(noteAgain)
		if errors.Is(ctx.Err(), context.Canceled) {
			return err
		}
	}
}

// miss notes a failure that may pass, and sees to it that the log is tried again, as often as there is an attempt left.
func (s *NotificationLogs) miss(ctx context.Context, delivery domain.ID, failure error, last bool) error {
	var again bool
	err := s.noteAnd(ctx, delivery, func(tx ports.Tx, l *notification.Log) (bool, error) {
		changed := l.Awaits(delivery) && l.Failed(failure.Error(), s.Clock())
		again = l.Awaits(delivery)
		if !again || !last {
			return changed, nil
		}
		return changed, tx.Jobs.Add(ctx, ports.Job{Kind: ports.MailJob, ID: delivery})
	})
	if err != nil || !again || last {
		return err
	}
	return fmt.Errorf("a mail was not sent: %w", failure)
}

// mail reads what is to be mailed; reason says why it is not after all, "" where it is.
func (s *NotificationLogs) mail(ctx context.Context, delivery domain.ID) (m ports.Mail, reason string, err error) {
	err = s.Store.View(ctx, func(tx ports.Tx) error {
		if m.Log, err = tx.NotificationLogs.Get(ctx, notification.LogOf(delivery), access.EveryTicket); err != nil || !m.Log.Awaits(delivery) {
			return err
		}
		if m.Ticket, err = tx.Tickets.Get(ctx, m.Log.TicketID, access.EveryTicket); err != nil {
			return err
		}
		to, err := tx.Accounts.Get(ctx, m.Log.RecipientID)
		if err != nil {
			return err
		}
		m.To = to.Email
		readers, err := tx.Inbox.Readers(ctx, []domain.ID{to.ID})
		switch {
		case err != nil:
			return err
		case s.Mailer == nil: // it was on when the log was made
			reason = errMailIsOff.Message
		case !to.IsActive:
			reason = "The recipient is deactivated."
		case len(readers) == 0 || !readers[0].MayRead(m.Log.Log, m.Ticket.Ticket):
			reason = "The recipient can no longer see the ticket."
		case !to.HasMailbox():
			reason = "The recipient has no e-mail address."
		}
		return nil
	})
	return m, reason, err
}

// note keeps what became of a log, unless it awaits another delivery by now.
func (s *NotificationLogs) note(ctx context.Context, delivery domain.ID, what func(*notification.Log) (changed bool)) error {
	return s.noteAnd(ctx, delivery, func(_ ports.Tx, l *notification.Log) (bool, error) { return l.Awaits(delivery) && what(l), nil })
}

// noteAnd keeps what became of a log of any delivery, together with something else, and works even where the time of the job is over.
func (s *NotificationLogs) noteAnd(
	ctx context.Context, delivery domain.ID, what func(ports.Tx, *notification.Log) (changed bool, err error),
) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteWithin)
	defer cancel()
	return unlessGone(s.Store.Update(ctx, func(tx ports.Tx) error {
		v, err := tx.NotificationLogs.Lock(ctx, notification.LogOf(delivery), access.EveryTicket)
		if err != nil {
			return err
		}
		if changed, err := what(tx, &v.Log); err != nil || !changed {
			return err
		}
		return tx.NotificationLogs.Save(ctx, v.Log)
	}))
}

// unlessGone is err, or nil where what should be mailed is gone: of a ticket that was deleted nobody is told any more.
func unlessGone(err error) error {
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	return err
}
