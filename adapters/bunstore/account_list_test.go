package bunstore

import (
	"fmt"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/search"
	"tickt/ports"
)

// BenchmarkAccountList shows that the cost of a page of accounts with its total does not depend on the number of
// accounts.
func BenchmarkAccountList(b *testing.B) {
	yes, no := true, false
	phone, _ := search.Parse("9840000999")
	role := access.Role{ID: bulkID(1), Name: "agent", TicketScope: access.ScopeOwn, CreatedAt: noon, UpdatedAt: noon}
	for _, d := range databases[:2] {
		for _, n := range []int{1000, 100_000} {
			s := d.open(b)
			addAccounts(b, s, role, n)
			for _, f := range []struct {
				name   string
				filter ports.AccountFilter
			}{
				{"active", ports.AccountFilter{Active: &yes}},
				{"inactive", ports.AccountFilter{Active: &no}},
				{"all", ports.AccountFilter{}},
				{"active of a role", ports.AccountFilter{Active: &yes, Role: role.ID}},
				{"one found by phone number", ports.AccountFilter{Search: &phone, PhonePrefix: "9840000999"}},
			} {
				b.Run(fmt.Sprintf("%s, %s of %d", d.name, f.name, n), func(b *testing.B) {
					for b.Loop() {
						firstPage(b, s, f.filter)
					}
				})
			}
			b.Run(fmt.Sprintf("%s, roles with the accounts of %d", d.name, n), func(b *testing.B) {
				for b.Loop() {
					if err := s.View(b.Context(), func(tx ports.Tx) error {
						_, _, err := tx.Roles.List(b.Context(), ports.Page{Number: 1, Size: 10})
						return err
					}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func firstPage(b *testing.B, s *Store, f ports.AccountFilter) {
	b.Helper()
	err := s.View(b.Context(), func(tx ports.Tx) error {
		views, n, err := tx.Accounts.List(b.Context(), f, ports.Page{Number: 1, Size: 10})
		if err == nil && (len(views) == 0 || n < len(views)) {
			b.Fatalf("%d of %d accounts", len(views), n)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// addAccounts adds n accounts, of which one in ten is inactive and half have the role.
func addAccounts(b *testing.B, s *Store, role access.Role, n int) {
	b.Helper()
	if err := s.Update(b.Context(), func(tx ports.Tx) error { return tx.Roles.Add(b.Context(), role) }); err != nil {
		b.Fatal(err)
	}
	all := func(yield func(account.Account, error) bool) {
		for i := range n {
			a := bulkAccount(i)
			a.IsActive, a.CreatedAt = i%10 != 0, noon.Add(time.Duration(i)*time.Second)
			a.RoleID = [...]domain.ID{role.ID, ""}[i%2]
			if !yield(a, nil) {
				return
			}
		}
	}
	if err := s.BulkAccounts(b.Context(), all, nil); err != nil {
		b.Fatal(err)
	}
	if err := s.Analyze(b.Context()); err != nil {
		b.Fatal(err)
	}
}
