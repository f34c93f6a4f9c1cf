package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
)

// Comments are what people said on tickets. Whether the ticket may be seen is asked before; notes says whether internal
// ones are found.
type Comments interface {
	Add(ctx context.Context, c ticket.Comment) error
	Get(ctx context.Context, of, id domain.ID, notes bool) (ticket.CommentView, error)
	Lock(ctx context.Context, of, id domain.ID, notes bool) (ticket.CommentView, error)
	Save(ctx context.Context, c ticket.Comment) error
	Remove(ctx context.Context, id domain.ID) error
	// List gives at most size comments of a ticket, the oldest first, from behind after; from the first where it is nil.
	List(ctx context.Context, of domain.ID, notes bool, after *TimelinePosition, size int) ([]ticket.CommentView, error)
}

// History is what happened to tickets. It is only ever added to: the store refuses to change or remove an entry,
// whoever asks.
type History interface {
	// Add keeps entries in one round trip; none is fine. Entries of one call and moment stay in their order.
	Add(ctx context.Context, entries []ticket.Entry) error
	// LoseMenu keeps an entry for every ticket that names a menu which is about to be removed, and no more can; the
	// ids of the entries are made by the store.
	LoseMenu(ctx context.Context, menu domain.ID, name string, by ticket.Cause) error
	// StatusChanges gives, of those of the tickets that have changed their status, how, the oldest first; in one round trip.
	StatusChanges(ctx context.Context, tickets []domain.ID) (map[domain.ID][]ticket.StatusChange, error)
	// List gives at most size entries of a ticket, the newest first, from before a place; from the last where it is nil.
	// notes says whether entries about internal notes are found.
	List(ctx context.Context, of domain.ID, notes bool, before *TimelinePosition, size int) ([]ticket.EntryView, error)
}

// Inbox are the notification logs of one recipient, read by it alone. Logs of tickets that were deleted, or that the
// recipient's reach no longer covers, are not found.
type Inbox interface {
	// List gives at most size logs, the newest first, from before a place; from the last where it is nil.
	List(ctx context.Context, reader Reader, isRead *bool, before *TimelinePosition, size int) ([]notification.View, error)
	// Unread counts the logs that were not read.
	Unread(ctx context.Context, reader Reader) (int, error)
	// Lock locks one log of the recipient; NotificationLogs.Save writes it back.
	Lock(ctx context.Context, reader Reader, id domain.ID) (notification.View, error)
	// ReadAll marks every log of the recipient as read, in one round trip, and gives how many that changed.
	ReadAll(ctx context.Context, reader Reader, now time.Time) (int, error)
	// Readers gives, of the accounts named, those that are active and may view tickets, with how far they see; in one
	// round trip.
	Readers(ctx context.Context, ids []domain.ID) ([]notification.Reader, error)
	// Holders gives the active accounts that hold the role of a name, in one round trip.
	Holders(ctx context.Context, role string) ([]domain.ID, error)
}

// Reader is who reads an inbox.
type Reader = notification.Reader
