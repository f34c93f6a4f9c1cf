package ports

import (
	"context"

	"tickt/domain"
	"tickt/domain/sla"
)

// Ledgers are the ledgers of the clocks of tickets.
type Ledgers interface {
	// Of returns the entries of the tickets, in their order, in one round trip. A ticket without entries is left out. A
	// promise whose policy was removed is marked as such (PolicyGone).
	Of(ctx context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error)
	// Add adds entries in one round trip; there may be none. The store refuses to change or remove an entry, and to add a
	// second one by which the same clock is activated, warned of or breached, or its breach voided.
	Add(ctx context.Context, entries []sla.Entry) error
	// SaveClockStates stores the current states of clocks, new and known ones, in one round trip; there may be none. No
	// two may have the same ticket, metric and cycle. The Update fails with ErrGone if a policy by which a clock is open was
	// removed.
	SaveClockStates(ctx context.Context, all []sla.ClockState) error
}
