package ports

import (
	"context"

	"tickt/domain/sla"
)

// Ledgers are what was promised for tickets, and what became of it.
type Ledgers interface {
	// Stand keeps where clocks stand now, new ones and known ones, in one round trip. No two are of one ticket, metric
	// and cycle; none is fine.
	Stand(ctx context.Context, all []sla.Standing) error
}
