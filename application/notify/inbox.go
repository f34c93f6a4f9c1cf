package notify

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// Inbox are the use cases of an account's own notifications. They require an account, but no permission.
type Inbox struct{ usecase.Base }

// List returns at most size of the actor's logs, newest first, that are older than before; nil starts at the newest.
// isRead selects the read or the unread ones; nil selects all. next is the position where the list continues, nil at
// its end.
func (s *Inbox) List(
	ctx context.Context, actor access.Actor, isRead *bool, before *ports.TimelinePosition, size int,
) (logs []notification.View, next *ports.TimelinePosition, err error) {
	if err := actor.RequireAccount(); err != nil {
		return nil, nil, err
	}
	logs, err = usecase.View(ctx, s.Store, func(tx ports.Tx) ([]notification.View, error) {
		return tx.Inbox.List(ctx, readerOf(actor), isRead, before, size+1)
	})
	if err != nil || len(logs) <= size {
		return logs, nil, err
	}
	last := logs[size-1]
	return logs[:size], &ports.TimelinePosition{At: last.CreatedAt, ID: last.ID}, nil
}

// Unread returns the number of the actor's unread logs.
func (s *Inbox) Unread(ctx context.Context, actor access.Actor) (int, error) {
	if err := actor.RequireAccount(); err != nil {
		return 0, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.Inbox.Unread(ctx, readerOf(actor)) })
}

// Read marks one of the actor's logs as read; a log that is already read stays unchanged.
func (s *Inbox) Read(ctx context.Context, actor access.Actor, id domain.ID) (notification.View, error) {
	if err := actor.RequireAccount(); err != nil {
		return notification.View{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (notification.View, error) {
		v, err := tx.Inbox.Lock(ctx, readerOf(actor), id)
		if err != nil || !v.Read(s.Clock()) {
			return v, err
		}
		return v, tx.NotificationLogs.Save(ctx, v.Log)
	})
}

// ReadAll marks all of the actor's logs as read and returns how many were unread.
func (s *Inbox) ReadAll(ctx context.Context, actor access.Actor) (int, error) {
	if err := actor.RequireAccount(); err != nil {
		return 0, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (int, error) {
		return tx.Inbox.ReadAll(ctx, readerOf(actor), s.Clock())
	})
}

// readerOf returns the actor as the reader of its inbox. All logs are about tickets, so that an actor that may no longer
// view tickets is a reader without any.
func readerOf(actor access.Actor) ports.Reader {
	if !actor.Grants.ViewTickets(actor.Superuser) {
		return ports.Reader{}
	}
	return ports.Reader{ID: actor.ID, Username: actor.Username, SeesAll: actor.SeesAll()}
}
