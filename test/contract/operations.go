package contract

import (
	"context"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

var persistedOperations = persisted[sla.Operation]{
	given: func(r *referents, _ int) Fields { return Fields{"AccountID": r.account().ID} },
	fixed: []string{"ID"},
	adds: []addition[sla.Operation]{
		{method: "Operations.Add", add: each(func(c call, x sla.Operation) error { return c.Operations.Add(c, x) })},
	},
	changes: []change[sla.Operation]{
		{method: "Operations.Save", change: each(func(c call, x sla.Operation) error { return c.Operations.Save(c, x) })},
	},
	reads: []reading[sla.Operation]{
		{"Operations.Get", func(c call, x sla.Operation) (sla.Operation, error) { return c.Operations.Get(c, x.ID) }},
		{"Operations.Lock", func(c call, x sla.Operation) (sla.Operation, error) { return c.Operations.Lock(c, x.ID) }},
	},
}

func operations(t *testing.T, d suite) {
	owner := someAccount()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, owner) })
	add := func(changed time.Time) sla.Operation {
		x := sla.Operation{ID: newID(), AccountID: owner.ID, PolicyID: newID(), State: sla.OperationRunning, CreatedAt: noon, UpdatedAt: changed}
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Operations.Add(ctx, x) })
		return x
	}
	get := func(id domain.ID) error {
		_, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (sla.Operation, error) { return tx.Operations.Get(ctx, id) })
		return err
	}
	t.Run("an unknown operation is not found", func(t *testing.T) {
		wantMissing(t, get(newID()))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.Operations.Save(ctx, sla.Operation{ID: newID()})
		}))
	})
	t.Run("old operations are purged, in parts", func(t *testing.T) {
		gone, kept := []sla.Operation{add(noon.Add(-time.Hour)), add(noon.Add(-time.Microsecond))}, add(noon)
		for _, want := range []int{1, 1, 0} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				n, err := tx.Operations.Purge(ctx, noon, 1)
				same(t, n, want)
				return err
			})
		}
		for _, x := range gone {
			wantMissing(t, get(x.ID))
		}
		must(t, get(kept.ID))
	})
	t.Run("operations are removed with their account", func(t *testing.T) {
		x := add(noon)
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, owner.ID) })
		wantMissing(t, get(x.ID))
	})
}
