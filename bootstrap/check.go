package bootstrap

import (
	"context"
	"fmt"

	"tickt/adapters/bunstore"
	"tickt/application"
	"tickt/application/checking"
	"tickt/application/deriving"
	"tickt/domain/audit"
	"tickt/ports"
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
	var app *application.App
	return c.withParts(ctx, s, nil, func() error {
		totals, found, err := c.inspect(ctx, store)
		if err != nil {
			return err
		}
		if err := c.notice(ctx, app.Deriver); err != nil {
			return err
		}
		if found > 0 {
			return findingsError(found)
		}
		c.printf("Nothing is wrong with %s.", listed([]string{
			counted(totals.Tickets, "ticket"), counted(totals.Events, "ledger event"), counted(totals.Entries, "history entry"),
		}))
		return nil
	}, &store, &app)
}

// notice prints what an operator should know and what is no damage: rows from which columns are still to be derived, and names that
// do not have their key.
func (c Console) notice(ctx context.Context, d *deriving.Deriver) error {
	left, err := d.Left(ctx)
	if err != nil {
		return err
	}
	for _, l := range left {
		if n := l.Marked + l.Ahead; n > 0 {
			c.printf("Notice: %s: %s still to be derived, which tickt serve and tickt work do.", l.Kind, counted(n, "row"))
		}
	}
	return d.NameConflicts(ctx, func(x ports.NameConflict) {
		c.printf("%s", oneLine(fmt.Sprintf("Notice: %s: %s (%q) has the same name as %s, which is older and has the key.",
			x.Kind, x.ID, x.Name, dash(string(x.Holder)))))
	})
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
