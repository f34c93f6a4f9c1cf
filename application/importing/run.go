package importing

import (
	"context"
	"errors"

	"tickt/domain"
	"tickt/ports"
)

var errNotSeeded = domain.Fail(domain.Conflict, "The database is not seeded: run tickt seed first.")

// errDry ends an import that must store nothing.
var errDry = errors.New("a dry run")

// Run takes everything over that the original kept and the store has not: all of it or, where it fails or is a
// dry run, nothing. What is there already stays as it is, so that it can be run again. The report holds where it failed, too.
func (s *Imports) Run(ctx context.Context, i Import) (Report, error) {
	var report Report
	err := s.Store.Update(ctx, func(tx ports.Tx) error {
		report = Report{} // an Update may be run again
		sown, err := tx.Setup.Lock(ctx)
		if err != nil {
			return err
		}
		if sown == 0 {
			return errNotSeeded
		}
		if err := newTakeover(s, tx, i, &report).run(ctx); err != nil {
			return err
		}
		if i.DryRun {
			return errDry
		}
		return nil
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return report, err
}

// run takes the tables over, those first that others refer to.
func (t *takeover) run(ctx context.Context) error {
	for _, table := range []func(context.Context) error{
		t.takeRoles, t.takeMenus, t.takeRolePermissions, t.takeStatuses, t.takePriorities,
		t.takeAccounts, t.takeAccountPermissions, t.takeTickets, t.takeNotificationLogs,
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
