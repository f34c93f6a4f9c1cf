package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/sla"
)

// Ledgers are what was promised for tickets, and what became of it.
type Ledgers interface {
	// Of gives the entries of those of the tickets that have any, in their order, in one round trip.
	Of(ctx context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error)
	// Add adds entries in one round trip; none is fine. An entry is never changed nor removed, whoever asks, and no clock
	// is activated, warned of or breached twice.
	Add(ctx context.Context, entries []sla.Entry) error
	// SaveClockStates keeps where clocks stand now, new ones and known ones, in one round trip. No two are of one ticket, metric
	// and cycle; none is fine.
	SaveClockStates(ctx context.Context, all []sla.ClockState) error
}
