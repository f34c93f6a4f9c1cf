package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/sla"
)

// Policies are unique by folded name ("name") and by position ("position"). Priorities, menus and calendars that a
// policy refers to cannot be removed.
type Policies interface {
	Add(ctx context.Context, x sla.Policy) error
	Get(ctx context.Context, id domain.ID) (sla.Policy, error)
	Lock(ctx context.Context, id domain.ID) (sla.Policy, error)
	Save(ctx context.Context, x sla.Policy) error
	// Remove fails with ErrInUse if a clock is open by the policy.
	Remove(ctx context.Context, id domain.ID) error
	// OpenClocks returns how many clocks of tickets that were not deleted are open by the policy. Others, and clocks that a
	// previous release left without their policy, no longer stand in the way of Remove or do so afterwards; it is called in
	// an Update that removes the policy if there are none.
	OpenClocks(ctx context.Context, id domain.ID) (int, error)
	// Taken returns which of "name" and "position" belong to a policy other than except.
	Taken(ctx context.Context, nameKey string, position int, except domain.ID) ([]string, error)
	// List returns the policies by position, and how many there are in total.
	List(ctx context.Context, page Page) ([]sla.Policy, int, error)
	// LockPositions returns the highest position that is taken, 0 if there is none, and makes every other LockPositions
	// wait until this Update ends.
	LockPositions(ctx context.Context) (last int, err error)
	// Known returns those of the priorities, menus and calendars that exist, each by id, in one round trip.
	Known(ctx context.Context, priorities, menus, calendars []domain.ID) (sla.Known, error)
	// Active returns the active policies by position, in one round trip. The CalendarID of their targets is the id of the
	// calendar's current version, which is what a clock keeps.
	Active(ctx context.Context) ([]sla.Policy, error)
}
