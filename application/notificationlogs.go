package application

import (
	"context"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// NotificationLogs are the use cases of what people were told. Logs of tickets that an actor's scope does not reach
// do not exist for it.
type NotificationLogs struct{ Deps }

// List gives a page of the logs, newest first.
func (s *NotificationLogs) List(ctx context.Context, actor access.Actor, f notification.Filter, page ports.Page) (List[notification.View], error) {
	if err := may(actor, access.NotificationsMenu, access.MayView); err != nil {
		return List[notification.View]{}, err
	}
	return view(ctx, s.Store, func(tx ports.Tx) (List[notification.View], error) {
		items, n, err := tx.NotificationLogs.List(ctx, actor.Reach(), f, page)
		return List[notification.View]{items, n}, err
	})
}

// Get gives one log.
func (s *NotificationLogs) Get(ctx context.Context, actor access.Actor, id domain.ID) (notification.View, error) {
	if err := may(actor, access.NotificationsMenu, access.MayView); err != nil {
		return notification.View{}, err
	}
	return view(ctx, s.Store, func(tx ports.Tx) (notification.View, error) {
		return tx.NotificationLogs.Get(ctx, id, actor.Reach())
	})
}
