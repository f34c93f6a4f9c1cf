package ports

import (
	"context"

	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// Dashboard is what the dashboard shows besides lists of tickets. Deleted tickets and their clocks do not count. The
// numbers are exact at any time, whether or not Compact has run.
type Dashboard interface {
	// Counts counts the tickets in a reach, in one round trip. It includes every status and priority, also those without
	// tickets.
	Counts(ctx context.Context, reach access.Reach) (ticket.Counts, error)
	// Levels counts the clocks of the tickets in a reach, in one round trip. It includes every metric. Today and Since of
	// the period must be the start of a sla.Quarter.
	Levels(ctx context.Context, reach access.Reach, p sla.Period) (sla.Levels, error)
	// Compact merges recent changes into the totals, so that reading stays fast; it makes no writer wait. It does nothing
	// if another Update is compacting already.
	Compact(ctx context.Context) error
}
