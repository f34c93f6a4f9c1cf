package bootstrap

import (
	"context"

	"tickt/adapters/bunstore"
	"tickt/application/checking"
	"tickt/domain/audit"
)

type check struct{}

// Run checks the database and prints one line for each finding. It fails if there is one.
func (check) Run(ctx context.Context, c Console) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.requireDatabase(); err != nil {
		return err
	}
	var store *bunstore.Store
	return c.withParts(ctx, s, nil, func() error {
		totals, found, err := c.inspect(ctx, store)
		if err != nil {
			return err
		}
		if found > 0 {
			return findingsError(found)
		}
		c.printf("Nothing is wrong with %s.", listed([]string{
			counted(totals.Tickets, "ticket"), counted(totals.Events, "ledger event"), counted(totals.Entries, "history entry"),
		}))
		return nil
	}, &store)
}

// findingsError is the error of a check that found something.
type findingsError int

func (e findingsError) Error() string { return counted(int(e), "finding") }

// inspect checks a database. It prints one line for each finding, and returns how many there are. Progress is shown on Err.
func (c Console) inspect(ctx context.Context, store *bunstore.Store) (totals audit.Totals, found int, err error) {
	var bar *progress
	reported := 0
	checks := checking.Checks{Inspection: store.Inspection()}
	totals, err = checks.Run(ctx, checking.Report{
		Found: func(f audit.Finding) {
			found++
			c.printf("%s", oneLine(f.String()))
		},
		Progress: func(n, total int) {
			if bar == nil {
				bar = newProgress(c.Err, "tickets", total)
			}
			bar.add(n - reported)
			reported = n
		},
	})
	bar.end()
	return totals, found, err
}
