package ports

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/audit"
)

// Inspection reads a whole database to check it. It changes nothing, and may be used while others write: what one call
// compares comes from one snapshot.
type Inspection interface {
	// Tickets returns the records of at most limit tickets, deleted ones included, with an id greater than after, in the
	// order of their ids.
	Tickets(ctx context.Context, after domain.ID, limit int) ([]audit.Records, error)
	// CountTickets returns how many tickets there are, deleted ones included.
	CountTickets(ctx context.Context) (int, error)
	// LedgersSince returns when the database got ledgers.
	LedgersSince(ctx context.Context) (time.Time, error)
	// LastNumbers returns the last assigned ticket number of each day (YYYYMMDD).
	LastNumbers(ctx context.Context) (map[string]int, error)
	// Structure calls found for each row that breaks a rule which the database keeps: damaged pages and indexes, references
	// to rows that do not exist, links of menus that could run a script, and copies and counts that differ from what they are
	// derived from.
	Structure(ctx context.Context, found func(audit.Finding)) error
}
