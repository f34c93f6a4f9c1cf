package bunstore

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/adapters/lookalike"
	"tickt/application/deriving"
	"tickt/application/usecase"
	"tickt/domain/search"
	"tickt/ports"
)

// TestAccountsOfEarlierReleasesAreIndexedAgain checks that what an earlier release writes into the column search is derived again, by
// its mark and by the walk, and that nothing is left to do then.
func TestAccountsOfEarlierReleasesAreIndexedAgain(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		a, b := bulkAccount(1), bulkAccount(2)
		err := s.Update(ctx, func(tx ports.Tx) error { return errors.Join(tx.Accounts.Add(ctx, a), tx.Accounts.Add(ctx, b)) })
		if err != nil {
			t.Fatal(err)
		}
		old := `'élan 1 example org 9779840000001'`
		if s.engine.postgres {
			old = `array_to_tsvector(string_to_array(` + old + `, ' '))`
		}
		s.run(t, `DELETE FROM derived_due`)
		s.run(t, `UPDATE accounts SET search = `+old+` WHERE id = '`+string(a.ID)+`'`)
		d := deriving.New(usecase.Base{Store: s, Clock: time.Now}, lookalike.Names{}, nil)
		marked := func() int {
			left, err := d.Left(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return left[slices.IndexFunc(left, func(l ports.DerivedLeft) bool { return l.Kind == ports.SearchedAccounts })].Marked
		}
		if n := marked(); n != 1 {
			t.Errorf("%d accounts are marked, want 1", n)
		}
		for n := 1; n > 0; {
			if n, err = d.Derive(ctx); err != nil {
				t.Fatal(err)
			}
		}
		for typed, want := range map[string]int{"elan": 2, `"elan 1"`: 1, "Élan": 2, "9840000001": 1} {
			wanted, _ := search.Parse(typed)
			if err := s.View(ctx, func(tx ports.Tx) error {
				_, n, err := tx.Accounts.List(ctx, ports.AccountFilter{Search: &wanted}, ports.Page{Number: 1, Size: 10})
				if n != want {
					t.Errorf("%q finds %d accounts, want %d", typed, n, want)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		}
		if n := marked(); n != 0 {
			t.Errorf("%d accounts are marked afterwards", n)
		}
	})
}

// run runs a statement as another program would.
func (s *Store) run(t *testing.T, text string) {
	t.Helper()
	if _, err := s.engine.writes.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}
