package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/ticket"
)

// History is what happened to tickets. It is append-only: the store refuses to change or remove an entry.
type History interface {
	// Add stores entries in one round trip; there may be none. Entries of one call and one time keep their order.
	Add(ctx context.Context, entries []ticket.Entry) error
	// LoseMenu adds an entry to every ticket that refers to a menu that is about to be removed; no ticket can refer to
	// the menu afterwards. The store makes the ids of the entries.
	LoseMenu(ctx context.Context, menu domain.ID, name string, by ticket.Cause) error
	// StatusChanges returns the status changes of the tickets, the oldest first, in one round trip. A ticket without any
	// is left out.
	StatusChanges(ctx context.Context, tickets []domain.ID) (map[domain.ID][]ticket.StatusChange, error)
	// FirstTitle returns the title that a ticket was opened with; "" if it has not changed since.
	FirstTitle(ctx context.Context, ticketID domain.ID) (string, error)
	// List returns at most size entries of a ticket that come before a position, the newest first; from the last one if
	// before is nil. notes states whether entries about internal notes are found.
	List(ctx context.Context, ticketID domain.ID, notes bool, before *TimelinePosition, size int) ([]ticket.EntryView, error)
}
