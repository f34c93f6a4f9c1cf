package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
)

// NotificationLogs are the notification logs of all recipients. A log is not found if its ticket is deleted or outside
// the reach.
type NotificationLogs interface {
	Add(ctx context.Context, logs ...notification.Log) error
	Get(ctx context.Context, id domain.ID, reach access.Reach) (notification.View, error)
	Lock(ctx context.Context, id domain.ID, reach access.Reach) (notification.View, error)
	// LockToDeliver locks a log, also of a deleted ticket.
	LockToDeliver(ctx context.Context, id domain.ID) (notification.Log, error)
	Save(ctx context.Context, l notification.Log) error
	// MustWait reports whether an earlier log about the same ticket to the same recipient as the log id is queued for the first time
	// and was not attempted yet. It is false if there is no such log, or its ticket is deleted.
	MustWait(ctx context.Context, id domain.ID) (bool, error)
	// List returns the logs, the newest first, and how many match in total.
	List(ctx context.Context, reach access.Reach, f notification.Filter, page Page) ([]notification.View, int, error)
}

// Inbox is the notification logs of one recipient, which reads them itself. A log is not found if its ticket is deleted
// or no longer in the recipient's reach.
type Inbox interface {
	// List returns at most size logs that come before a position, the newest first; from the last one if before is nil.
	List(ctx context.Context, reader Reader, isRead *bool, before *TimelinePosition, size int) ([]notification.View, error)
	// Unread returns the number of unread logs.
	Unread(ctx context.Context, reader Reader) (int, error)
	// Lock locks one log of the recipient; NotificationLogs.Save writes it back.
	Lock(ctx context.Context, reader Reader, id domain.ID) (notification.View, error)
	// ReadAll marks every log of the recipient as read, in one round trip, and returns how many it changed.
	ReadAll(ctx context.Context, reader Reader, now time.Time) (int, error)
	// Readers returns those of the accounts that are active and may view tickets, with what they may see, in one round
	// trip.
	Readers(ctx context.Context, ids []domain.ID) ([]notification.Reader, error)
	// Receivers returns those of the accounts of roles that receive unassigned tickets, and of the superusers, that are active
	// and may view tickets, in one round trip.
	Receivers(ctx context.Context) ([]notification.Reader, error)
}

// Reader is the account that reads an inbox, with what it may see.
type Reader = notification.Reader
