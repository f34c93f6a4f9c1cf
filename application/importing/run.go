package importing

import (
	"context"
	"errors"

	"tickt/domain"
	"tickt/ports"
)

var errNotSeeded = domain.Fail(domain.Conflict, "The database is not seeded: run tickt seed first.")

// errDryRun rolls back an import that must store nothing.
var errDryRun = errors.New("dry run")

// Run imports everything from the original that the store does not have: all of it or, if it fails or is a dry run,
// nothing. What exists stays unchanged, except predefined roles, statuses and priorities that are not in use: those of the
// original may replace them or become the default. An import can be repeated. The report is also returned with an error.
func (s *Imports) Run(ctx context.Context, i Import) (Report, error) {
	var report Report
	err := s.Store.Update(ctx, func(tx ports.Tx) error {
		report = Report{} // the store may run this again
		version, err := tx.Setup.Lock(ctx)
		if err != nil {
			return err
		}
		if version == 0 {
			return errNotSeeded
		}
		if err := newImportRun(s, tx, i, &report).run(ctx); err != nil {
			return err
		}
		if i.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return report, err
}

// run imports the tables; those that others refer to come first.
func (t *importRun) run(ctx context.Context) error {
	for _, table := range []func(context.Context) error{
		t.importRoles, t.importMenus, t.importRolePermissions, t.importStatuses, t.importPriorities,
		t.importAccounts, t.importAccountPermissions, t.importTickets, t.importNotificationLogs,
	} {
		if err := table(ctx); err != nil {
			return err
		}
	}
	if len(t.numbers) == 0 {
		return nil
	}
	return t.tx.Imports.Numbered(ctx, t.numbers)
}
