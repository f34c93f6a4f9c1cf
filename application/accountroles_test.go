package application_test

import (
	"context"
	"testing"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// roleOf gives the role that an account holds.
func (o *office) roleOf(id domain.ID) (role domain.ID) {
	o.t.Helper()
	o.update(func(tx ports.Tx) error {
		a, err := tx.Accounts.Get(o.t.Context(), id)
		role = a.RoleID
		return err
	})
	return role
}

func into(role domain.ID, users ...domain.ID) account.RoleAssignment {
	r := account.RoleAssignment{RoleID: string(role)}
	for _, id := range users {
		r.Users = append(r.Users, string(id))
	}
	return r
}

func roleTo(role domain.ID) account.RoleChange {
	return account.RoleChange{RoleID: domain.To(string(role))}
}

func TestAccountsAreAssignedToARoleTogether(t *testing.T) {
	o := newOffice(t)
	o.now = o.now.AddDate(0, 0, 1)
	n := must[int](t)(o.AccountRoles.Assign(t.Context(), o.ann, into(o.agents.ID, o.eveID, o.bobID, o.eveID), nil))
	if n != 2 || o.roleOf(o.eveID) != o.agents.ID || o.roleOf(o.bobID) != o.agents.ID {
		t.Errorf("updated %d; eve is in %q, bob in %q", n, o.roleOf(o.eveID), o.roleOf(o.bobID))
	}
	eve := must[ports.AccountView](t)(o.AccountRoles.Get(t.Context(), o.ann, o.eveID))
	bob := must[ports.AccountView](t)(o.AccountRoles.Get(t.Context(), o.ann, o.bobID))
	if eve.Role != "agents" || !eve.UpdatedAt.Equal(o.now) || bob.UpdatedAt.Equal(o.now) {
		t.Errorf("eve, who joined, is %+v; bob, who was there, is %+v", eve, bob)
	}
	list := must[usecase.List[ports.AccountView]](t)(o.AccountRoles.List(t.Context(), o.ann, ports.Page{Number: 1, Size: 1}))
	if list.Count != 3 || len(list.Items) != 1 || list.Items[0] != eve {
		t.Errorf("the first page is %+v", list)
	}
}

func TestABadAssignmentToARoleChangesNobody(t *testing.T) {
	o := newOffice(t)
	o.permit(o.agents.ID, access.MayView, access.TicketsMenu)
	crew := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("crew")}, nil)).ID
	strong := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("strong")}, nil)).ID
	o.permit(strong, access.MayView, access.StatusesMenu)
	gone := o.account("gone", "", false)
	o.update(func(tx ports.Tx) error {
		a, err := tx.Accounts.Lock(t.Context(), gone)
		check(t, err)
		a.Toggle(o.now)
		return tx.Accounts.Save(t.Context(), a)
	})
	for name, c := range map[string]struct {
		asked account.RoleAssignment
		kind  domain.Kind
		says  string
	}{
		"nothing":            {account.RoleAssignment{}, domain.Invalid, "userList: User list cannot be blank.\nroleId: Role ID cannot be blank."},
		"no role":            {into("", o.eveID), domain.Invalid, "roleId: Role ID cannot be blank."},
		"an unknown role":    {into(o.id(), o.eveID), domain.Invalid, "roleId: Selected role does not exist."},
		"one is unknown":     {into(crew, o.eveID, "bob", o.bobID), domain.Invalid, "userList: Invalid or inactive users: bob"},
		"one is deactivated": {into(crew, o.eveID, gone), domain.Invalid, "userList: Invalid or inactive users: " + string(gone)},
		"a superuser":        {into(crew, o.eveID, o.root.ID), domain.Forbidden, "superuser's account"},
		"oneself":            {into(crew, o.eveID, o.annID), domain.Forbidden, "You may not change your own role."},
		"more than is held":  {into(strong, o.eveID), domain.Forbidden, "do not hold yourself"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.AccountRoles.Assign(t.Context(), o.ann, c.asked, nil)
			fails(t, err, c.kind, c.says)
			if got := o.roleOf(o.eveID); got != "" {
				t.Errorf("eve is in %q", got)
			}
		})
	}
}

func TestOneAccountsRoleIsChangedAndTaken(t *testing.T) {
	o, ok := newOffice(t), must[ports.AccountView](t)
	crew := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("crew")}, nil)).ID
	if got := ok(o.AccountRoles.Change(t.Context(), o.ann, o.bobID, roleTo(crew), nil)); got.RoleID != crew || got.Role != "crew" {
		t.Errorf("changed to %+v", got)
	}
	if got := ok(o.AccountRoles.Change(t.Context(), o.ann, o.bobID, account.RoleChange{}, nil)); got.RoleID != crew {
		t.Errorf("a change of nothing made it %+v", got)
	}
	if got := ok(o.AccountRoles.Replace(t.Context(), o.ann, o.bobID, roleTo(o.agents.ID), nil)); got.Role != "agents" {
		t.Errorf("replaced by %+v", got)
	}
	_, err := o.AccountRoles.Replace(t.Context(), o.ann, o.bobID, account.RoleChange{}, nil)
	fails(t, err, domain.Invalid, "roleId: Role ID cannot be blank.")
	_, err = o.AccountRoles.Change(t.Context(), o.ann, o.bobID, roleTo("x"), nil)
	fails(t, err, domain.Invalid, "roleId: Selected role does not exist.")
	check(t, o.AccountRoles.Delete(t.Context(), o.ann, o.bobID, nil))
	if got := o.roleOf(o.bobID); got != "" {
		t.Errorf("bob is still in %q", got)
	}
}

func TestAnAccountWithoutARoleIsNotFoundAmongThoseThatHoldOne(t *testing.T) {
	o := newOffice(t)
	for _, id := range []domain.ID{o.eveID, o.id()} {
		_, got := o.AccountRoles.Get(t.Context(), o.ann, id)
		_, changed := o.AccountRoles.Change(t.Context(), o.ann, id, roleTo(o.agents.ID), nil)
		_, replaced := o.AccountRoles.Replace(t.Context(), o.ann, id, roleTo(o.agents.ID), nil)
		for _, err := range []error{got, changed, replaced, o.AccountRoles.Delete(t.Context(), o.ann, id, nil)} {
			says(t, err, domain.NotFound, "Data not found.")
		}
	}
}

func TestNobodysRoleIsChangedByWhoMayNot(t *testing.T) {
	o := newOffice(t)
	strong := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("strong")}, nil)).ID
	o.permit(strong, access.MayView, access.StatusesMenu)
	boss := o.account("boss", o.agents.ID, true)
	for name, c := range map[string]struct {
		id   domain.ID
		to   domain.ID
		says string
	}{
		"more than is held":              {o.bobID, strong, "do not hold yourself"},
		"one's own":                      {o.annID, o.agents.ID, "You may not change your own role."},
		"a superuser's":                  {boss, o.admins.ID, "superuser's account"},
		"a superuser's, to the same one": {boss, o.agents.ID, "superuser's account"},
	} {
		t.Run(name, func(t *testing.T) {
			before := o.roleOf(c.id)
			_, err := o.AccountRoles.Change(t.Context(), o.ann, c.id, roleTo(c.to), nil)
			fails(t, err, domain.Forbidden, c.says)
			if got := o.roleOf(c.id); got != before {
				t.Errorf("it is now %q", got)
			}
		})
	}
	fails(t, o.AccountRoles.Delete(t.Context(), o.ann, o.annID, nil), domain.Forbidden, "You may not change your own role.")
	fails(t, o.AccountRoles.Delete(t.Context(), o.ann, boss, nil), domain.Forbidden, "superuser's account")

	o.permit(o.agents.ID, access.MayView, access.AccountRolesMenu)
	bob := o.actor(o.bobID)
	_, assigned := o.AccountRoles.Assign(t.Context(), bob, account.RoleAssignment{}, nil)
	_, changed := o.AccountRoles.Change(t.Context(), bob, o.id(), account.RoleChange{}, nil)
	_, replaced := o.AccountRoles.Replace(t.Context(), bob, o.id(), account.RoleChange{}, nil)
	for _, err := range []error{assigned, changed, replaced, o.AccountRoles.Delete(t.Context(), bob, o.id(), nil)} {
		says(t, err, domain.Forbidden, domain.ErrForbidden.Message)
	}
}

func TestARoleThatTheClientDidNotSeeIsNotChanged(t *testing.T) {
	o := newOffice(t)
	never := func(ports.AccountView) bool { return false }
	_, changed := o.AccountRoles.Change(t.Context(), o.ann, o.bobID, roleTo(o.agents.ID), never)
	_, replaced := o.AccountRoles.Replace(t.Context(), o.ann, o.bobID, roleTo(o.agents.ID), never)
	for _, err := range []error{changed, replaced, o.AccountRoles.Delete(t.Context(), o.ann, o.bobID, never)} {
		kind(t, err, domain.Stale)
	}
	check(t, o.AccountRoles.Delete(t.Context(), o.ann, o.bobID, func(v ports.AccountView) bool { return v.Role == "agents" }))
}

// counted counts how often accounts are locked, asked what they hold, and given roles.
type counted struct {
	ports.Store
	locks, asked, gifts int
}

// countedAccounts say what accounts hold; anything else, which would be asked one by one, panics.
type countedAccounts struct {
	ports.Accounts
	grants func(context.Context, []domain.ID) (map[domain.ID]ports.Holding, error)
	of     *counted
}

func (a countedAccounts) Grants(ctx context.Context, ids []domain.ID) (map[domain.ID]ports.Holding, error) {
	a.of.asked++
	return a.grants(ctx, ids)
}

type countedRoles struct {
	ports.AccountRoles
	of *counted
}

func (c *counted) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return c.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Accounts, tx.AccountRoles = countedAccounts{nil, tx.Accounts.Grants, c}, countedRoles{tx.AccountRoles, c}
		return fn(tx)
	})
}

func (r countedRoles) Lock(ctx context.Context, ids []domain.ID) ([]account.Account, error) {
	r.of.locks++
	return r.AccountRoles.Lock(ctx, ids)
}

func (r countedRoles) Give(ctx context.Context, ids []domain.ID, role domain.ID, now time.Time) error {
	r.of.gifts++
	return r.AccountRoles.Give(ctx, ids, role, now)
}

func TestAnAssignmentTakesOneLockAndOneGiftHoweverManyItNames(t *testing.T) {
	o := newOffice(t)
	store := &counted{Store: o.store}
	o.AccountRoles.Store = store
	must[int](t)(o.AccountRoles.Assign(t.Context(), o.ann, into(o.agents.ID, o.eveID, o.account("x", "", false), o.account("y", "", false)), nil))
	if store.locks != 1 || store.gifts != 1 {
		t.Errorf("%d locks, %d gifts", store.locks, store.gifts)
	}
}

func TestWhatManyAccountsHoldIsAskedAtOnceBeforeTheirScopeIsWidened(t *testing.T) {
	o := newOffice(t)
	wide := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("wide"), TicketScope: domain.To("all")}, nil)).ID
	o.permit(o.admins.ID, everything, access.AccountRolesMenu) // and nothing on tickets
	ann, x, y := o.actor(o.annID), o.account("x", "", false), o.account("y", "", false)
	store := &counted{Store: o.store}
	o.AccountRoles.Store = store
	must[int](t)(o.AccountRoles.Assign(t.Context(), ann, into(wide, o.eveID, x), nil))
	if store.asked != 1 {
		t.Errorf("asked %d times", store.asked)
	}
	own := access.AccountPermission{ID: o.id(), AccountID: y, MenuID: o.menus[access.TicketsMenu].ID, Actions: access.MayUpdate, AssignedAt: o.now, CreatedAt: o.now, UpdatedAt: o.now}
	o.update(func(tx ports.Tx) error { return tx.AccountPermissions.Add(t.Context(), own) })
	_, err := o.AccountRoles.Assign(t.Context(), ann, into(wide, o.bobID, y), nil)
	fails(t, err, domain.Forbidden, "do not hold yourself")
	if o.roleOf(o.bobID) != o.agents.ID || o.roleOf(y) != "" {
		t.Error("somebody's scope was widened")
	}
}
