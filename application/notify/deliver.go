package notify

import (
	"context"
	"errors"
	"fmt"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// Deliver mails a log in one of its deliveries, unless that delivery was completed or given up, or a newer one exists;
// an attempt for an outdated delivery is not counted. If an error is returned, Deliver should be called again later.
// last reports that the caller would not do so; if the mail could not be sent, Deliver then adds a new job instead of
// failing, as long as the log has attempts left. A sent mail is recorded after the mail server has accepted it: after a
// crash in between, the recipient gets the same message, with the same Message-ID, a second time.
func (s *NotificationLogs) Deliver(ctx context.Context, delivery domain.ID, last bool) error {
	mail, reason, err := s.readMail(ctx, delivery)
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return s.Withdraw(ctx, delivery, "The ticket was deleted.")
	case err != nil:
		return err
	case !mail.Log.Awaits(delivery):
		return nil
	case reason != "":
		return s.Withdraw(ctx, delivery, reason)
	}
	failure := s.Mailer.Send(ctx, mail)
	var refused *ports.MailRefused
	switch {
	case failure == nil:
		return s.storeSent(ctx, delivery)
	case ctx.Err() != nil: // interrupted; not counted as an attempt
		return failure
	case errors.As(failure, &refused):
		return s.storeRefusal(ctx, delivery, mail.To, refused)
	default:
		return s.storeFailure(ctx, delivery, failure, last)
	}
}

// MustWait reports whether a delivery must wait for an earlier mail about the same ticket to the same recipient, until that was
// attempted once. It does not wait if it was sent again: that is out of order anyway. It has no actor: jobs call it.
func (s *NotificationLogs) MustWait(ctx context.Context, delivery domain.ID) (bool, error) {
	if notification.LogOf(delivery) != delivery {
		return false, nil
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (bool, error) { return tx.NotificationLogs.MustWait(ctx, delivery) })
}

// Withdraw ends a delivery that was not completed, for a reason: nothing will be mailed. It has no actor: jobs call it, and an
// operator runs it by a command.
func (s *NotificationLogs) Withdraw(ctx context.Context, delivery domain.ID, reason string) error {
	return s.updateLog(ctx, delivery, func(_ ports.Tx, l *notification.Log) (bool, error) {
		return l.Awaits(delivery) && l.Drop(reason, s.Clock()), nil
	})
}

// storeSent stores that the mail server accepted a mail, which completes every delivery of the log. While the store is
// unavailable, it tries again until the job is cancelled; the end of the job's time does not stop it.
func (s *NotificationLogs) storeSent(ctx context.Context, delivery domain.ID) error {
	return usecase.StoreSent(ctx, func() error {
		return s.updateLog(ctx, delivery, func(_ ports.Tx, l *notification.Log) (bool, error) { return l.Sent(s.Clock()), nil })
	})
}

// storeRefusal stores that a mail to an address was refused for good, and counts that against the address if it is the reason.
func (s *NotificationLogs) storeRefusal(ctx context.Context, delivery domain.ID, to string, refused *ports.MailRefused) error {
	var suspended domain.ID
	err := s.updateLog(ctx, delivery, func(tx ports.Tx, l *notification.Log) (bool, error) {
		suspended = ""
		if !l.Awaits(delivery) || !l.Refused(refused.Reason, s.Clock()) {
			return false, nil
		}
		if !refused.Address {
			return true, nil
		}
		now, err := usecase.RefuseMail(ctx, tx, l.RecipientID, l.ID, to, s.Clock())
		if now {
			suspended = l.RecipientID
		}
		return true, err
	})
	if err == nil && suspended != "" && s.Suspended != nil {
		s.Suspended(suspended)
	}
	return err
}

// storeFailure stores a failure that may be temporary. If an attempt is left, it makes sure that the log is tried
// again: it returns an error, or adds a new job if last is set.
func (s *NotificationLogs) storeFailure(ctx context.Context, delivery domain.ID, failure error, last bool) error {
	var again bool
	err := s.updateLog(ctx, delivery, func(tx ports.Tx, l *notification.Log) (bool, error) {
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

// readMail reads what is to be mailed. reason tells why it must not be mailed after all; "" if it may be.
func (s *NotificationLogs) readMail(ctx context.Context, delivery domain.ID) (m ports.Mail, reason string, err error) {
	err = s.Store.View(ctx, func(tx ports.Tx) error {
		if m.Log, err = tx.NotificationLogs.Get(ctx, notification.LogOf(delivery), access.EveryTicket); err != nil || !m.Log.Awaits(delivery) {
			return err
		}
		if m.Ticket, err = tx.Tickets.Get(ctx, m.Log.TicketID, access.EveryTicket); err != nil {
			return err
		}
		if m.FirstTitle, err = tx.History.FirstTitle(ctx, m.Log.TicketID); err != nil {
			return err
		}
		to, err := tx.Accounts.Get(ctx, m.Log.RecipientID)
		if err != nil {
			return err
		}
		m.To, m.Language, m.TimeZone = to.Email, string(to.Language), to.TimeZone
		readers, err := tx.Inbox.Readers(ctx, []domain.ID{to.ID})
		switch {
		case err != nil:
			return err
		case s.Mailer == nil: // mail was on when the log was added
			reason = errMailIsOff.Message
		case !to.IsActive:
			reason = "The recipient is deactivated."
		case len(readers) == 0 || !readers[0].MayRead(m.Log.Log, m.Ticket.Ticket):
			reason = "The recipient can no longer see the ticket."
		case !to.HasMailbox():
			reason = "The recipient has no e-mail address."
		case to.MailSuspended():
			reason = "Mail to the recipient's address is suspended: the mail server refused it several times."
		}
		if reason == "" {
			m.Comment, reason, err = commentFor(ctx, tx, m.Log, readers[0].SeesAll)
		}
		return err
	})
	return m, reason, err
}

// commentFor returns the present text of the comment that a log tells of, for a reader who sees internal notes or not. If there is no
// such comment any more, and the log tells of nothing else, reason says so.
func commentFor(ctx context.Context, tx ports.Tx, l notification.View, notes bool) (text, reason string, err error) {
	id := l.News.CommentID()
	if id == "" {
		return "", "", nil
	}
	c, err := usecase.Known(tx.Comments.Get(ctx, l.TicketID, id, notes))
	switch {
	case err != nil:
		return "", "", err
	case c != nil:
		return c.Body, "", nil
	case l.News.OnlyComment():
		return "", "The comment was taken back before it was mailed.", nil
	default:
		return "", "", nil
	}
}

// updateLog changes and stores a log, whatever delivery it awaits, even if its ticket was deleted or the time of the job is over.
// change may do more in the same transaction. An unknown log is no error: there is nothing to mail.
func (s *NotificationLogs) updateLog(
	ctx context.Context, delivery domain.ID, change func(ports.Tx, *notification.Log) (changed bool, err error),
) error {
	ctx, cancel := usecase.StoreContext(ctx)
	defer cancel()
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		l, err := usecase.Known(tx.NotificationLogs.LockToDeliver(ctx, notification.LogOf(delivery)))
		if err != nil || l == nil {
			return err
		}
		if changed, err := change(tx, l); err != nil || !changed {
			return err
		}
		return tx.NotificationLogs.Save(ctx, *l)
	})
}
