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

func assignmentTo(role domain.ID, users ...domain.ID) account.RoleAssignment {
	r := account.RoleAssignment{RoleID: string(role)}
	for _, id := range users {
		r.Users = append(r.Users, string(id))
	}
	return r
}

func rolePatch(role domain.ID) account.RolePatch {
	return account.RolePatch{RoleID: domain.Some(string(role))}
}

func TestRoleIsAssignedToSeveralAccounts(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	newID, tempID, temps := d.AddAccount("new").ID, d.ID(desk.Temp), d.Role(desk.Temps)
	d.Wait(24 * time.Hour)
	n := desk.Must(d.AccountRoles.Assign(t.Context(), clerk, assignmentTo(temps, newID, tempID, newID), nil))(t)
	if n != 2 || roleOf(d, newID) != temps || roleOf(d, tempID) != temps {
		t.Errorf("assigned %d; the new account holds %q, temp %q", n, roleOf(d, newID), roleOf(d, tempID))
	}
	joined := desk.Must(d.AccountRoles.Get(t.Context(), clerk, newID))(t)
	temp := desk.Must(d.AccountRoles.Get(t.Context(), clerk, tempID))(t)
	if joined.Role != desk.Temps || !joined.UpdatedAt.Equal(d.Now()) || temp.UpdatedAt.Equal(d.Now()) {
		t.Errorf("the new account is %+v; temp is %+v", joined, temp)
	}
	list := desk.Must(d.AccountRoles.List(t.Context(), clerk, ports.Page{Number: 1, Size: 1}))(t)
	if list.Count != 9 || len(list.Items) != 1 || list.Items[0] != joined {
		t.Errorf("the first page is %+v", list)
	}
}

func TestInvalidRoleAssignmentChangesNoAccount(t *testing.T) {
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
		"nothing":         {account.RoleAssignment{}, domain.Invalid, "userList: User list cannot be blank.\n" + noRole},
		"no role":         {assignmentTo("", nobodyID), domain.Invalid, noRole},
		"an unknown role": {assignmentTo(d.NewID(), nobodyID), domain.Invalid, "roleId: Selected role does not exist."},
		"an unknown account": {
			assignmentTo(crew, nobodyID, "none", d.ID(desk.Temp)), domain.Invalid, "userList: Invalid or inactive users: none",
		},
		"a deactivated account": {assignmentTo(crew, nobodyID, gone), domain.Invalid, "userList: Invalid or inactive users: " + string(gone)},
		"a superuser":           {assignmentTo(crew, nobodyID, d.ID(desk.Root)), domain.Forbidden, "superuser's account"},
		"the actor itself":      {assignmentTo(crew, nobodyID, d.ID(desk.Clerk)), domain.Forbidden, "You may not change your own role."},
		"more than is held":     {assignmentTo(strong, nobodyID), domain.Forbidden, "do not hold yourself"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.AccountRoles.Assign(t.Context(), clerk, c.asked, nil)
			desk.Fails(t, err, c.kind, c.says)
			if got := roleOf(d, nobodyID); got != "" {
				t.Errorf("the account without a role now holds %q", got)
			}
		})
	}
}

func TestRoleOfOneAccountIsChangedAndRemoved(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	crew := d.AddRole("crew", access.ScopeOwn)
	if got := desk.Must(d.AccountRoles.Update(t.Context(), clerk, tempID, rolePatch(crew), nil))(t); got.RoleID != crew || got.Role != "crew" {
		t.Errorf("changed to %+v", got)
	}
	if got := desk.Must(d.AccountRoles.Update(t.Context(), clerk, tempID, account.RolePatch{}, nil))(t); got.RoleID != crew {
		t.Errorf("an empty change made it %+v", got)
	}
	if got := desk.Must(d.AccountRoles.Replace(t.Context(), clerk, tempID, rolePatch(d.Role(desk.Temps)), nil))(t); got.Role != desk.Temps {
		t.Errorf("replaced by %+v", got)
	}
	_, err := d.AccountRoles.Replace(t.Context(), clerk, tempID, account.RolePatch{}, nil)
	desk.Fails(t, err, domain.Invalid, "roleId: Role ID cannot be blank.")
	_, err = d.AccountRoles.Update(t.Context(), clerk, tempID, rolePatch("x"), nil)
	desk.Fails(t, err, domain.Invalid, "roleId: Selected role does not exist.")
	desk.Check(t, d.AccountRoles.Delete(t.Context(), clerk, tempID, nil))
	if got := roleOf(d, tempID); got != "" {
		t.Errorf("temp still holds %q", got)
	}
}

func TestAccountWithoutARoleIsNotFound(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	for _, id := range []domain.ID{d.ID(desk.Nobody), d.NewID()} {
		_, got := d.AccountRoles.Get(t.Context(), clerk, id)
		_, changed := d.AccountRoles.Update(t.Context(), clerk, id, rolePatch(d.Role(desk.Temps)), nil)
		_, replaced := d.AccountRoles.Replace(t.Context(), clerk, id, rolePatch(d.Role(desk.Temps)), nil)
		for _, err := range []error{got, changed, replaced, d.AccountRoles.Delete(t.Context(), clerk, id, nil)} {
			desk.Says(t, err, domain.NotFound, "Data not found.")
		}
	}
}

func TestForbiddenChangesOfAccountRoles(t *testing.T) {
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
		"the actor's own":                {d.ID(desk.Clerk), temps, "You may not change your own role."},
		"a superuser's":                  {boss, d.Role(desk.Clerks), "superuser's account"},
		"a superuser's, to the same one": {boss, temps, "superuser's account"},
	} {
		t.Run(name, func(t *testing.T) {
			before := roleOf(d, c.id)
			_, err := d.AccountRoles.Update(t.Context(), clerk, c.id, rolePatch(c.to), nil)
			desk.Fails(t, err, domain.Forbidden, c.says)
			if got := roleOf(d, c.id); got != before {
				t.Errorf("the role became %q", got)
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

func TestStaleChangeOfAnAccountRoleIsRefused(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	never := func(ports.AccountView) bool { return false }
	_, changed := d.AccountRoles.Update(t.Context(), clerk, tempID, rolePatch(d.Role(desk.Temps)), never)
	_, replaced := d.AccountRoles.Replace(t.Context(), clerk, tempID, rolePatch(d.Role(desk.Temps)), never)
	for _, err := range []error{changed, replaced, d.AccountRoles.Delete(t.Context(), clerk, tempID, never)} {
		desk.Kind(t, err, domain.Stale)
	}
	desk.Check(t, d.AccountRoles.Delete(t.Context(), clerk, tempID, func(v ports.AccountView) bool { return v.Role == desk.Temps }))
}

// callCounts counts calls that lock accounts, read what they hold, and give roles.
type callCounts struct{ locks, holdings, gives int }

// countedAccounts returns what accounts hold. All other methods, which would be called for one account at a time,
// panic.
type countedAccounts struct {
	ports.Accounts
	holdings func(context.Context, []domain.ID) (map[domain.ID]access.Holding, error)
	counts   *callCounts
}

func (a countedAccounts) Holdings(ctx context.Context, ids []domain.ID) (map[domain.ID]access.Holding, error) {
	a.counts.holdings++
	return a.holdings(ctx, ids)
}

type countedRoles struct {
	ports.AccountRoles
	counts *callCounts
}

func (r countedRoles) Lock(ctx context.Context, ids []domain.ID) ([]account.Account, error) {
	r.counts.locks++
	return r.AccountRoles.Lock(ctx, ids)
}

func (r countedRoles) Give(ctx context.Context, ids []domain.ID, role domain.ID, now time.Time) error {
	r.counts.gives++
	return r.AccountRoles.Give(ctx, ids, role, now)
}

// countCalls returns the use cases of a desk with the counts of their calls.
func countCalls(d *desk.Desk) (*identity.AccountRoles, *callCounts) {
	c := &callCounts{}
	return d.With(desk.Tap(func(tx *ports.Tx) {
		tx.Accounts, tx.AccountRoles = countedAccounts{nil, tx.Accounts.Holdings, c}, countedRoles{tx.AccountRoles, c}
	})).AccountRoles, c
}

func TestAssignmentLocksReadsAndGivesOnceForAllAccounts(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	roles, count := countCalls(d)
	three := assignmentTo(d.Role(desk.Temps), d.ID(desk.Nobody), d.AddAccount("x").ID, d.AddAccount("y").ID)
	desk.Must(roles.Assign(t.Context(), clerk, three, nil))(t)
	if *count != (callCounts{1, 1, 1}) {
		t.Errorf("%+v, want one each", *count)
	}
}

func TestRoleThatWidensAStrongAccountIsGivenToNobody(t *testing.T) {
	d := desk.New(t)
	wide := d.AddRole("wide", access.ScopeAll)
	d.Permit(desk.Clerks, access.MayEverything, access.AccountRolesMenu) // but nothing on tickets
	clerk, y := d.Actor(desk.Clerk), d.AddAccount("y").ID
	d.Assign("y", access.TicketsMenu, access.MayUpdate)
	_, err := d.AccountRoles.Assign(t.Context(), clerk, assignmentTo(wide, d.ID(desk.Temp), y), nil)
	desk.Fails(t, err, domain.Forbidden, "You may not change an account that holds")
	if roleOf(d, d.ID(desk.Temp)) != d.Role(desk.Temps) || roleOf(d, y) != "" {
		t.Error("the scope of an account was widened")
	}
}
