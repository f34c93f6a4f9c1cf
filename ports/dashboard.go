package ports

import (
	"context"

	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// Dashboard is what the dashboard shows beside lists of tickets. Deleted tickets, and their clocks, do not count. What it
// gives is exact at every moment, whether or not anything was folded.
type Dashboard interface {
	// Counts counts the tickets that a reach covers, in one round trip. Every status and priority is there, those that no
	// ticket has too.
	Counts(ctx context.Context, reach access.Reach) (ticket.Counts, error)
	// Levels counts the clocks of the tickets that a reach covers, in one round trip. Every metric is there. Today and
	// Since of the period begin a sla.Quarter.
	Levels(ctx context.Context, reach access.Reach, p sla.Period) (sla.Levels, error)
	// Compact brings together what changed since it was last done, so that reading stays quick; nobody who writes waits for
	// it. Where another Update does it already, it does nothing.
	Compact(ctx context.Context) error
}
