package notify

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// Inbox are the use cases of what an account itself was told. They need no permission but an account.
type Inbox struct{ usecase.Base }

// List gives at most size of the actor's logs, the newest first, from before a place, or from the last one where it is
// nil; those that were read, that were not, or, where isRead is nil, all. next is where the list goes on, nil at its
// end.
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

// Unread counts the actor's logs that it has not read.
func (s *Inbox) Unread(ctx context.Context, actor access.Actor) (int, error) {
	if err := actor.RequireAccount(); err != nil {
		return 0, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.Inbox.Unread(ctx, readerOf(actor)) })
}

// Read marks one of the actor's logs as read; one that was read stays as it is.
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

// ReadAll marks all of the actor's logs as read and gives how many were not.
func (s *Inbox) ReadAll(ctx context.Context, actor access.Actor) (int, error) {
	if err := actor.RequireAccount(); err != nil {
		return 0, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (int, error) {
		return tx.Inbox.ReadAll(ctx, readerOf(actor), s.Clock())
	})
}

// readerOf is the actor as who reads its inbox.
func readerOf(actor access.Actor) ports.Reader {
	return ports.Reader{ID: actor.ID, Username: actor.Username, SeesAll: actor.SeesAll()}
}
