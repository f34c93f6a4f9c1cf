package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/sla"
)

// Calendars are unique by folded name ("name"). Every new store contains the calendar that is always open
// (sla.AlwaysOpenID). Remove fails with ErrInUse if a target of a policy refers to the calendar.
type Calendars interface {
	// Add also stores the calendar's version.
	Add(ctx context.Context, x sla.Calendar) error
	Get(ctx context.Context, id domain.ID) (sla.Calendar, error)
	Lock(ctx context.Context, id domain.ID) (sla.Calendar, error)
	// Save also stores the calendar's version if it is new.
	Save(ctx context.Context, x sla.Calendar) error
	// Remove keeps the versions of the calendar.
	Remove(ctx context.Context, id domain.ID) error
	// Taken reports whether the folded name belongs to a calendar other than except.
	Taken(ctx context.Context, nameKey string, except domain.ID) (bool, error)
	// List returns the calendars by folded name, and how many there are in total.
	List(ctx context.Context, page Page) ([]sla.Calendar, int, error)
	// Versions returns those of the calendar versions that exist, by id, in one round trip; there may be no ids. Versions
	// never change, and outlive their calendar.
	Versions(ctx context.Context, ids []domain.ID) ([]sla.CalendarVersion, error)
}
