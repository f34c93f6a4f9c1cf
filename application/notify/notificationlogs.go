package notify

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// NotificationLogs are the use cases of notification logs. For an actor, there are no logs of tickets outside of its
// reach.
type NotificationLogs struct {
	usecase.Base
	Mailer ports.Mailer // nil if mail is off
	// Suspended is called when mail to an account was suspended. It may be nil.
	Suspended func(account domain.ID)
}

// List returns a page of the logs, newest first.
func (s *NotificationLogs) List(
	ctx context.Context, actor access.Actor, f notification.Filter, page ports.Page,
) (usecase.List[notification.View], error) {
	if err := usecase.May(actor, access.NotificationsMenu, access.MayView); err != nil {
		return usecase.List[notification.View]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[notification.View], error) {
		return usecase.Listed(tx.NotificationLogs.List(ctx, actor.Reach(), f, page))
	})
}

// Get returns one log.
func (s *NotificationLogs) Get(ctx context.Context, actor access.Actor, id domain.ID) (notification.View, error) {
	if err := usecase.May(actor, access.NotificationsMenu, access.MayView); err != nil {
		return notification.View{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (notification.View, error) {
		return tx.NotificationLogs.Get(ctx, id, actor.Reach())
	})
}

var errMailIsOff = domain.Fail(domain.Conflict, "Mail is off: the service has no mail server to send the notification with.")

// Resend starts a new delivery of a log that could not be mailed, with a job of its own. Jobs of older deliveries then
// do nothing.
func (s *NotificationLogs) Resend(ctx context.Context, actor access.Actor, id domain.ID) (notification.View, error) {
	if err := usecase.May(actor, access.NotificationsMenu, access.MayUpdate); err != nil {
		return notification.View{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (notification.View, error) {
		v, err := tx.NotificationLogs.Lock(ctx, id, actor.Reach())
		if err != nil {
			return v, err
		}
		if s.Mailer == nil {
			return v, errMailIsOff
		}
		if err := v.Resend(s.Clock()); err != nil {
			return v, err
		}
		if err := tx.NotificationLogs.Save(ctx, v.Log); err != nil {
			return v, err
		}
		return v, tx.Jobs.Add(ctx, ports.Job{Kind: ports.MailJob, ID: v.DeliveryID()})
	})
}
