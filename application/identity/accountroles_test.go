package identity_test

import (
	"context"
	"testing"
	"time"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// roleOf returns the role that an account holds.
func roleOf(d *desk.Desk, id domain.ID) domain.ID {
	d.T.Helper()
	return d.Account(id).RoleID
}

func into(role domain.ID, users ...domain.ID) account.RoleAssignment {
	r := account.RoleAssignment{RoleID: string(role)}
	for _, id := range users {
		r.Users = append(r.Users, string(id))
	}
	return r
}

func roleTo(role domain.ID) account.RolePatch {
	return account.RolePatch{RoleID: domain.Some(string(role))}
}

func TestAccountsAreAssignedToARoleTogether(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	newID, tempID, temps := d.AddAccount("new").ID, d.ID(desk.Temp), d.Role(desk.Temps)
	d.Wait(24 * time.Hour)
	n := desk.Must(d.AccountRoles.Assign(t.Context(), clerk, into(temps, newID, tempID, newID), nil))(t)
	if n != 2 || roleOf(d, newID) != temps || roleOf(d, tempID) != temps {
		t.Errorf("updated %d; the new one is in %q, the temp in %q", n, roleOf(d, newID), roleOf(d, tempID))
	}
	joined := desk.Must(d.AccountRoles.Get(t.Context(), clerk, newID))(t)
	temp := desk.Must(d.AccountRoles.Get(t.Context(), clerk, tempID))(t)
	if joined.Role != desk.Temps || !joined.UpdatedAt.Equal(d.Now()) || temp.UpdatedAt.Equal(d.Now()) {
		t.Errorf("who joined is %+v; who was there is %+v", joined, temp)
	}
	list := desk.Must(d.AccountRoles.List(t.Context(), clerk, ports.Page{Number: 1, Size: 1}))(t)
	if list.Count != 9 || len(list.Items) != 1 || list.Items[0] != joined {
		t.Errorf("the first page is %+v", list)
	}
}

func TestABadAssignmentToARoleChangesNobody(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	nobodyID := d.ID(desk.Nobody)
	d.Permit(desk.Temps, access.MayView, access.TicketsMenu)
	crew := d.AddRole("crew", access.ScopeOwn)
	strong := d.AddRole("strong", access.ScopeOwn)
	d.Permit("strong", access.MayView, access.StatusesMenu)
	gone := d.AddAccount("gone", desk.Inactive).ID
	const noRole = "roleId: Role ID cannot be blank."
	for name, c := range map[string]struct {
		asked account.RoleAssignment
		kind  domain.Kind
		says  string
	}{
		"nothing":            {account.RoleAssignment{}, domain.Invalid, "userList: User list cannot be blank.\n" + noRole},
		"no role":            {into("", nobodyID), domain.Invalid, noRole},
		"an unknown role":    {into(d.NewID(), nobodyID), domain.Invalid, "roleId: Selected role does not exist."},
		"one is unknown":     {into(crew, nobodyID, "none", d.ID(desk.Temp)), domain.Invalid, "userList: Invalid or inactive users: none"},
		"one is deactivated": {into(crew, nobodyID, gone), domain.Invalid, "userList: Invalid or inactive users: " + string(gone)},
		"a superuser":        {into(crew, nobodyID, d.ID(desk.Root)), domain.Forbidden, "superuser's account"},
		"oneself":            {into(crew, nobodyID, d.ID(desk.Clerk)), domain.Forbidden, "You may not change your own role."},
		"more than is held":  {into(strong, nobodyID), domain.Forbidden, "do not hold yourself"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.AccountRoles.Assign(t.Context(), clerk, c.asked, nil)
			desk.Fails(t, err, c.kind, c.says)
			if got := roleOf(d, nobodyID); got != "" {
				t.Errorf("nobody is in %q", got)
			}
		})
	}
}

func TestOneAccountsRoleIsChangedAndTaken(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	crew := d.AddRole("crew", access.ScopeOwn)
	if got := desk.Must(d.AccountRoles.Update(t.Context(), clerk, tempID, roleTo(crew), nil))(t); got.RoleID != crew || got.Role != "crew" {
		t.Errorf("changed to %+v", got)
	}
	if got := desk.Must(d.AccountRoles.Update(t.Context(), clerk, tempID, account.RolePatch{}, nil))(t); got.RoleID != crew {
		t.Errorf("a change of nothing made it %+v", got)
	}
	if got := desk.Must(d.AccountRoles.Replace(t.Context(), clerk, tempID, roleTo(d.Role(desk.Temps)), nil))(t); got.Role != desk.Temps {
		t.Errorf("replaced by %+v", got)
	}
	_, err := d.AccountRoles.Replace(t.Context(), clerk, tempID, account.RolePatch{}, nil)
	desk.Fails(t, err, domain.Invalid, "roleId: Role ID cannot be blank.")
	_, err = d.AccountRoles.Update(t.Context(), clerk, tempID, roleTo("x"), nil)
	desk.Fails(t, err, domain.Invalid, "roleId: Selected role does not exist.")
	desk.Check(t, d.AccountRoles.Delete(t.Context(), clerk, tempID, nil))
	if got := roleOf(d, tempID); got != "" {
		t.Errorf("temp is still in %q", got)
	}
}

func TestAnAccountWithoutARoleIsNotFoundAmongThoseThatHoldOne(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	for _, id := range []domain.ID{d.ID(desk.Nobody), d.NewID()} {
		_, got := d.AccountRoles.Get(t.Context(), clerk, id)
		_, changed := d.AccountRoles.Update(t.Context(), clerk, id, roleTo(d.Role(desk.Temps)), nil)
		_, replaced := d.AccountRoles.Replace(t.Context(), clerk, id, roleTo(d.Role(desk.Temps)), nil)
		for _, err := range []error{got, changed, replaced, d.AccountRoles.Delete(t.Context(), clerk, id, nil)} {
			desk.Says(t, err, domain.NotFound, "Data not found.")
		}
	}
}

func TestNobodysRoleIsChangedByWhoMayNot(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	temps := d.Role(desk.Temps)
	strong := d.AddRole("strong", access.ScopeOwn)
	d.Permit("strong", access.MayView, access.StatusesMenu)
	boss := d.AddAccount("boss", desk.Superuser, desk.InRole(temps)).ID
	for name, c := range map[string]struct {
		id   domain.ID
		to   domain.ID
		says string
	}{
		"more than is held":              {d.ID(desk.Temp), strong, "do not hold yourself"},
		"one's own":                      {d.ID(desk.Clerk), temps, "You may not change your own role."},
		"a superuser's":                  {boss, d.Role(desk.Clerks), "superuser's account"},
		"a superuser's, to the same one": {boss, temps, "superuser's account"},
	} {
		t.Run(name, func(t *testing.T) {
			before := roleOf(d, c.id)
			_, err := d.AccountRoles.Update(t.Context(), clerk, c.id, roleTo(c.to), nil)
			desk.Fails(t, err, domain.Forbidden, c.says)
			if got := roleOf(d, c.id); got != before {
				t.Errorf("it is now %q", got)
			}
		})
	}
	desk.Fails(t, d.AccountRoles.Delete(t.Context(), clerk, d.ID(desk.Clerk), nil), domain.Forbidden, "You may not change your own role.")
	desk.Fails(t, d.AccountRoles.Delete(t.Context(), clerk, boss, nil), domain.Forbidden, "superuser's account")

	d.Permit(desk.Temps, access.MayView, access.AccountRolesMenu)
	temp := d.Actor(desk.Temp)
	_, assigned := d.AccountRoles.Assign(t.Context(), temp, account.RoleAssignment{}, nil)
	_, changed := d.AccountRoles.Update(t.Context(), temp, d.NewID(), account.RolePatch{}, nil)
	_, replaced := d.AccountRoles.Replace(t.Context(), temp, d.NewID(), account.RolePatch{}, nil)
	for _, err := range []error{assigned, changed, replaced, d.AccountRoles.Delete(t.Context(), temp, d.NewID(), nil)} {
		desk.Says(t, err, domain.Forbidden, domain.ErrForbidden.Message)
	}
}

func TestARoleThatTheClientDidNotSeeIsNotChanged(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	never := func(ports.AccountView) bool { return false }
	_, changed := d.AccountRoles.Update(t.Context(), clerk, tempID, roleTo(d.Role(desk.Temps)), never)
	_, replaced := d.AccountRoles.Replace(t.Context(), clerk, tempID, roleTo(d.Role(desk.Temps)), never)
	for _, err := range []error{changed, replaced, d.AccountRoles.Delete(t.Context(), clerk, tempID, never)} {
		desk.Kind(t, err, domain.Stale)
	}
	desk.Check(t, d.AccountRoles.Delete(t.Context(), clerk, tempID, func(v ports.AccountView) bool { return v.Role == desk.Temps }))
}

// counted counts how often accounts are locked, asked what they hold, and given roles.
type counted struct{ locks, asked, gifts int }

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

func (r countedRoles) Lock(ctx context.Context, ids []domain.ID) ([]account.Account, error) {
	r.of.locks++
	return r.AccountRoles.Lock(ctx, ids)
}

func (r countedRoles) Give(ctx context.Context, ids []domain.ID, role domain.ID, now time.Time) error {
	r.of.gifts++
	return r.AccountRoles.Give(ctx, ids, role, now)
}

// counting returns the use cases of a desk by which counts are taken.
func counting(d *desk.Desk) (*identity.AccountRoles, *counted) {
	c := &counted{}
	return d.With(desk.Tap(func(tx *ports.Tx) {
		tx.Accounts, tx.AccountRoles = countedAccounts{nil, tx.Accounts.Grants, c}, countedRoles{tx.AccountRoles, c}
	})).AccountRoles, c
}

func TestAnAssignmentTakesOneLockAndOneGiftHoweverManyItNames(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	roles, count := counting(d)
	three := into(d.Role(desk.Temps), d.ID(desk.Nobody), d.AddAccount("x").ID, d.AddAccount("y").ID)
	desk.Must(roles.Assign(t.Context(), clerk, three, nil))(t)
	if count.locks != 1 || count.gifts != 1 {
		t.Errorf("%d locks, %d gifts", count.locks, count.gifts)
	}
}

func TestWhatManyAccountsHoldIsAskedAtOnceBeforeTheirScopeIsWidened(t *testing.T) {
	d := desk.New(t)
	wide := d.AddRole("wide", access.ScopeAll)
	d.Permit(desk.Clerks, access.MayEverything, access.AccountRolesMenu) // and nothing on tickets
	clerk, x, y := d.Actor(desk.Clerk), d.AddAccount("x").ID, d.AddAccount("y").ID
	roles, count := counting(d)
	desk.Must(roles.Assign(t.Context(), clerk, into(wide, d.ID(desk.Nobody), x), nil))(t)
	if count.asked != 1 {
		t.Errorf("asked %d times", count.asked)
	}
	d.Assign("y", access.TicketsMenu, access.MayUpdate)
	_, err := roles.Assign(t.Context(), clerk, into(wide, d.ID(desk.Temp), y), nil)
	desk.Fails(t, err, domain.Forbidden, "do not hold yourself")
	if roleOf(d, d.ID(desk.Temp)) != d.Role(desk.Temps) || roleOf(d, y) != "" {
		t.Error("somebody's scope was widened")
	}
}
