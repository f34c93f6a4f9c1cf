package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

func getRole(t *testing.T, d suite, id domain.ID) (ports.RoleView, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (ports.RoleView, error) { return tx.Roles.Get(ctx, id) })
}

func roles(t *testing.T, d suite) {
	t.Run("roles are listed by page, the newest first, with the number of accounts", func(t *testing.T) { listedRoles(t, d) })
	t.Run("a role is read as it was added or saved", func(t *testing.T) {
		r, other := someRole(), someRole()
		other.ID, other.TicketScope, other.IsPredefined = r.ID, access.ScopeOwn, false
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, r) })
		got, err := getRole(t, d, r.ID)
		must(t, err)
		same(t, got, ports.RoleView{Role: r})
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			locked, err := tx.Roles.Lock(ctx, r.ID)
			same(t, locked, r)
			return errors.Join(err, tx.Roles.Save(ctx, other))
		})
		got, err = getRole(t, d, r.ID)
		must(t, err)
		same(t, got, ports.RoleView{Role: other})
	})
	t.Run("an unknown role is not found", func(t *testing.T) {
		_, err := getRole(t, d, newID())
		wantMissing(t, err)
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Roles.Lock(ctx, newID())
			return err
		}))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Save(ctx, someRole()) }))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Remove(ctx, newID()) }))
	})
	t.Run("the name of another role is taken", func(t *testing.T) {
		a, b, c := someRole(), someRole(), someRole()
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Roles.Add(ctx, a), tx.Roles.Add(ctx, b))
		})
		b.Name, c.Name = a.Name, a.Name
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Save(ctx, b) }), "name")
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, c) }), "name")
	})
	t.Run("accounts are counted while they are added and removed concurrently", func(t *testing.T) { comingAndGoing(t, d) })
	t.Run("a role is not removed while accounts have it; otherwise with its permissions", func(t *testing.T) { removedRole(t, d) })
}

func listedRoles(t *testing.T, d suite) {
	list := func(p ports.Page, count int) []ports.RoleView {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.RoleView, error) {
			views, n, err := tx.Roles.List(ctx, p)
			if n != count {
				t.Errorf("%d roles in all, want %d", n, count)
			}
			return views, err
		})
	}
	same(t, list(ports.Page{Number: 1, Size: 10}, 0), []ports.RoleView{})
	oldest, older, newest := someRole(), someRole(), someRole()
	oldest.CreatedAt, older.CreatedAt, newest.CreatedAt = noon, noon.Add(time.Microsecond), noon.Add(time.Microsecond) // ordered by id
	a, b := someAccount(), bareAccount()
	a.RoleID, b.RoleID = older.ID, older.ID
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Roles.Add(ctx, older), tx.Roles.Add(ctx, newest), tx.Roles.Add(ctx, oldest), tx.Accounts.Add(ctx, a),
			tx.Accounts.Add(ctx, b))
	})
	same(t, list(ports.Page{Number: 1, Size: 2}, 3), []ports.RoleView{{Role: newest}, {Role: older, AccountCount: 2}})
	same(t, list(ports.Page{Number: 2, Size: 2}, 3), []ports.RoleView{{Role: oldest}})
	same(t, list(ports.Page{Number: 3, Size: 2}, 3), []ports.RoleView{})
}

func removedRole(t *testing.T, d suite) {
	role, menu, holder := someRole(), someMenu(), someAccount()
	holder.RoleID = role.ID
	granted := permission(role.ID, menu.ID)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Roles.Add(ctx, role), tx.Menus.Add(ctx, menu), tx.Accounts.Add(ctx, holder),
			tx.RolePermissions.Replace(ctx, role.ID, []access.RolePermission{granted}))
	})
	remove := func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Remove(ctx, role.ID) }
	wantInUse(t, d.try(t, remove))
	holder.RoleID = ""
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, holder) })
	d.update(t, remove)
	_, err := getRole(t, d, role.ID)
	wantMissing(t, err)
	_, err = attempt(t, d, func(ctx context.Context, tx ports.Tx) (ports.RolePermissionView, error) {
		return tx.RolePermissions.Get(ctx, granted.ID)
	})
	wantMissing(t, err)
}

func permission(role, menu domain.ID) access.RolePermission {
	return access.RolePermission{
		ID: newID(), RoleID: role, MenuID: menu, Actions: access.MayView | access.MayUpdate,
		CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

// comingAndGoing repeatedly raises the number of a role's accounts from zero and lowers it again, concurrently.
func comingAndGoing(t *testing.T, d suite) {
	const n = 8
	role := someRole()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, role) })
	wantNoErrors(t, concurrently(n, func(int) error {
		var errs []error
		for i := range 7 { // the last one stays
			a := someAccount()
			a.RoleID, a.IsActive = role.ID, i%2 == 0
			errs = append(errs, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) }))
			if i < 6 {
				errs = append(errs, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, a.ID) }))
			}
		}
		return errors.Join(errs...)
	}))
	got, err := getRole(t, d, role.ID)
	if must(t, err); got.AccountCount != n {
		t.Errorf("%d accounts have the role, want %d", got.AccountCount, n)
	}
}
