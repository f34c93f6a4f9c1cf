package contract

import (
	"context"
	"slices"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

// imports tests the promises of ports.Imports.
func imports(t *testing.T, d suite) {
	g := d.addFixtures(t)
	role, child, parent, other := someRole(), someMenu(), someMenu(), someAccount()
	child.ParentID, child.Depth = parent.ID, 1
	other.RoleID = role.ID
	state, grade := someStatus(), somePriority()
	x := g.ticket()
	x.StatusID, x.PriorityID, x.CreatedBy, x.MenuID = state.ID, grade.ID, other.ID, child.ID
	x.CustomerSatisfaction, x.DueDate, x.Title = 3, noon, "Ça brûle 'fort' \\ vite"
	deleted := g.ticket()
	deleted.DeletedAt, deleted.CreatedBy = noon, ""
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		if err := tx.Imports.Add(ctx, ports.ImportBatch{}); err != nil {
			return err
		}
		return tx.Imports.Add(ctx, ports.ImportBatch{
			Roles: []access.Role{role}, Menus: []access.Menu{child, parent}, Statuses: []ticket.Status{state}, Priorities: []ticket.Priority{grade},
			RolePermissions: []access.RolePermission{{
				ID: newID(), RoleID: role.ID, MenuID: child.ID, Actions: access.MayView, CreatedAt: noon,
				UpdatedAt: noon,
			}},
			Accounts: []account.Account{other, bareAccount()},
			AccountPermissions: []access.AccountPermission{{
				ID: newID(), AccountID: other.ID, MenuID: parent.ID, AssignedAt: noon, CreatedAt: noon,
				UpdatedAt: noon,
			}},
			Tickets: []ticket.View{
				{Ticket: x, Names: ticket.Names{StatusWeight: state.Weight, PriorityWeight: grade.Weight, CreatedByName: other.Username}},
				{Ticket: deleted, Names: ticket.Names{StatusWeight: g.status.Weight, PriorityWeight: g.priority.Weight}},
			},
		})
	})

	t.Run("imported entities are like any other", func(t *testing.T) {
		got := read(t, d, func(ctx context.Context, tx ports.Tx) (ticket.View, error) {
			return tx.Tickets.Get(ctx, x.ID, everything)
		})
		same(t, got, ticket.View{Ticket: x, Names: ticket.Names{
			MenuName: child.Name, StatusName: state.Name, StatusType: state.StatusType, StatusWeight: state.Weight,
			PriorityName: grade.Name, PriorityWeight: grade.Weight, CreatedByName: other.Username,
		}})
		same(t, read(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) { return tx.Accounts.Get(ctx, other.ID) }), other)
		found := read(t, d, func(ctx context.Context, tx ports.Tx) (ports.TicketPage, error) {
			return tx.Tickets.List(ctx, everything, ticket.Query{
				Order: ticket.ByCreator, Now: noon, Size: 5, Number: 1,
				Filter: ticket.Filter{Search: searchFor("brûle fort"), CreatedBy: []domain.ID{other.ID}},
			})
		})
		if found.Count != 1 || found.Tickets[0].ID != x.ID {
			t.Errorf("a search finds %d tickets, want 1", found.Count)
		}
		people := read(t, d, func(ctx context.Context, tx ports.Tx) (int, error) {
			_, n, err := tx.Accounts.List(ctx, ports.AccountFilter{Search: accountSearch(other.Username)}, ports.Page{Number: 1, Size: 5})
			return n, err
		})
		if people != 1 {
			t.Errorf("a search finds %d accounts, want 1", people)
		}
		held := read(t, d, func(ctx context.Context, tx ports.Tx) (access.Grants, error) {
			all, err := tx.Accounts.Holdings(ctx, []domain.ID{other.ID})
			return access.Effective(all[other.ID].Own, all[other.ID].Role), err
		})
		if held.OnMenu(child.ID) != access.MayView || len(held) != 2 {
			t.Errorf("its account has the grants %v", held)
		}
	})
	t.Run("Present returns the values that a column has", func(t *testing.T) {
		for column, has := range map[ports.ImportKey]string{
			ports.RoleID: string(role.ID), ports.MenuID: string(parent.ID), ports.StatusID: string(state.ID), ports.PriorityID: string(grade.ID),
			ports.AccountID: string(other.ID), ports.AccountUsername: other.UsernameKey, ports.AccountEmail: other.EmailKey,
			ports.AccountPhone: other.Phone,
			ports.TicketID:     string(deleted.ID), ports.TicketNumber: deleted.Number, ports.TicketStatus: string(g.status.ID),
			ports.TicketPriority: string(grade.ID),
		} {
			got := read(t, d, func(ctx context.Context, tx ports.Tx) ([]string, error) {
				return tx.Imports.Present(ctx, column, []string{"nobody's 'value'", has, has})
			})
			if !slices.Equal(got, []string{has}) {
				t.Errorf("%s: %q, want %q", column, got, has)
			}
		}
		for _, column := range []ports.ImportKey{ports.RolePermissionID, ports.AccountPermissionID, ports.NotificationLogID} {
			got := read(t, d, func(ctx context.Context, tx ports.Tx) ([]string, error) {
				return tx.Imports.Present(ctx, column, []string{"none"})
			})
			if len(got) != 0 {
				t.Errorf("%s: %q", column, got)
			}
		}
	})
	t.Run("Usernames returns the names of accounts", func(t *testing.T) {
		got := read(t, d, func(ctx context.Context, tx ports.Tx) (map[domain.ID]string, error) {
			return tx.Imports.Usernames(ctx, []domain.ID{other.ID, newID()})
		})
		same(t, got, map[domain.ID]string{other.ID: other.Username})
	})
	t.Run("a taken value is refused", func(t *testing.T) {
		double := someAccount()
		double.Email, double.EmailKey = other.Email, other.EmailKey
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.Imports.Add(ctx, ports.ImportBatch{Accounts: []account.Account{someAccount(), double}})
		}), "email")
	})
	t.Run("numbers continue after the highest imported one", func(t *testing.T) {
		for _, last := range []int{12, 41, 7} {
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				return tx.Imports.Numbered(ctx, map[string]int{"19990101": last, "19990102": last})
			})
		}
		for _, want := range []int{42, 43} {
			if n, err := d.store.NextNumber(t.Context(), "19990102"); n != want || err != nil {
				t.Errorf("the next number is %d, want %d (%v)", n, want, err)
			}
		}
	})
}
