package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/sla"
)

// Calendars are unique by folded name ("name"). Every store begins with the calendar that is always open
// (sla.AlwaysOpenID). Remove answers ErrInUse while a target of a policy names the calendar.
type Calendars interface {
	// Add keeps the calendar's edition too.
	Add(ctx context.Context, x sla.Calendar) error
	Get(ctx context.Context, id domain.ID) (sla.Calendar, error)
	Lock(ctx context.Context, id domain.ID) (sla.Calendar, error)
	// Save keeps the calendar's edition too, where it is a new one.
	Save(ctx context.Context, x sla.Calendar) error
	// Remove leaves the editions of the calendar where they are.
	Remove(ctx context.Context, id domain.ID) error
	// Taken says whether the folded name belongs to another calendar than except.
	Taken(ctx context.Context, nameKey string, except domain.ID) (bool, error)
	// List gives the calendars by folded name, and how many there are in all.
	List(ctx context.Context, page Page) ([]sla.Calendar, int, error)
	// Versions gives, in one round trip and by id, those that there are of the editions named; none is fine. They never
	// change, and outlive their calendar.
	Versions(ctx context.Context, ids []domain.ID) ([]sla.CalendarVersion, error)
}

// Policies are unique by folded name ("name") and by position ("position"). Priorities, menus and calendars that a
// policy names cannot be removed.
type Policies interface {
	Add(ctx context.Context, x sla.Policy) error
	Get(ctx context.Context, id domain.ID) (sla.Policy, error)
	Lock(ctx context.Context, id domain.ID) (sla.Policy, error)
	Save(ctx context.Context, x sla.Policy) error
	Remove(ctx context.Context, id domain.ID) error
	// Taken lists which of "name" and "position" belong to another policy than except.
	Taken(ctx context.Context, nameKey string, position int, except domain.ID) ([]string, error)
	// List gives the policies by position, and how many there are in all.
	List(ctx context.Context, page Page) ([]sla.Policy, int, error)
	// LockPlaces gives the highest position that is taken, 0 where there is none, and keeps every other LockPlaces
	// waiting until this Update ends.
	LockPlaces(ctx context.Context) (last int, err error)
	// Known gives, in one round trip, what there is of the priorities, menus and calendars named, each by id.
	Known(ctx context.Context, priorities, menus, calendars []domain.ID) (sla.Known, error)
	// Active gives, in one round trip, the active policies by position. The CalendarID of each of their targets is not
	// the calendar's but that of its present edition, which is what a clock goes by.
	Active(ctx context.Context) ([]sla.Policy, error)
}
