package permissions_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tickt/application/identity"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// helper is an account of scope own that may do everything with accounts, roles, permissions and menus, and nothing else.
const helper = "helper"

// newReachDesk returns a desk with a helper, and with an empty role.
func newReachDesk(t *testing.T) (d *desk.Desk, empty domain.ID) {
	t.Helper()
	d = desk.New(t)
	d.AddAccount(helper, desk.InRole(d.AddRole("helpers", access.ScopeOwn)))
	d.Permit("helpers", access.MayEverything, access.AccountsMenu, access.AccountRolesMenu, access.RolesMenu,
		access.RolePermissionsMenu, access.AccountPermissionsMenu, access.MenusMenu)
	return d, d.AddRole("empty", access.ScopeOwn)
}

// outOfReach fails the test unless err says that something is out of the actor's reach.
func outOfReach(t *testing.T, err error) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Forbidden || e.Code() != domain.ReasonOutsideYourRights || e.Message == "" {
		t.Errorf("got %v, want %s", err, domain.ReasonOutsideYourRights)
	}
}

// reachAccount is an account that the helper tries to change. The helper could have made its assignment.
type reachAccount struct{ id, assignment domain.ID }

func addReachAccount(d *desk.Desk, name string, change ...func(*account.Account)) reachAccount {
	d.T.Helper()
	id := d.AddAccount(name, change...).ID
	return reachAccount{id, mustAssign(d, id, access.MayEverything, access.RolesMenu).ID}
}

// accountMove is a way to change or delete an account.
type accountMove func(by access.Actor, of reachAccount) error

// accountMoves returns every such way, by what happens to the account. Some of them give it an empty role.
func accountMoves(d *desk.Desk, empty domain.ID) map[string]accountMove {
	d.T.Helper()
	ctx, toEmpty, another := d.T.Context(), domain.Some(string(empty)), d.AddAccount("another").ID
	moves := map[string]accountMove{
		"it is replaced": func(by access.Actor, of reachAccount) error {
			a := d.Account(of.id)
			same := account.Patch{
				Username: domain.Some(a.Username), Email: domain.Some(a.Email), Phone: domain.Some(a.Phone),
				RoleID: domain.Some(string(a.RoleID)),
			}
			return desk.Err(d.Accounts.Replace(ctx, by, of.id, same, nil))
		},
		"it is toggled": func(by access.Actor, of reachAccount) error {
			return desk.Err(d.Accounts.Toggle(ctx, by, of.id, identity.HandOver{}, nil))
		},
		"it is deleted": func(by access.Actor, of reachAccount) error { return d.Accounts.Delete(ctx, by, of.id, nil) },
		"the mapping takes its role": func(by access.Actor, of reachAccount) error {
			return d.AccountRoles.Delete(ctx, by, of.id, nil)
		},
		"the mapping gives it a role": func(by access.Actor, of reachAccount) error {
			return desk.Err(d.AccountRoles.Update(ctx, by, of.id, account.RolePatch{RoleID: toEmpty}, nil))
		},
		"several accounts get a role": func(by access.Actor, of reachAccount) error {
			both := account.RoleAssignment{Users: []string{string(another), string(of.id)}, RoleID: string(empty)}
			return desk.Err(d.AccountRoles.Assign(ctx, by, both, nil))
		},
		"it is assigned what the actor holds": func(by access.Actor, of reachAccount) error {
			c := assignmentPatch(d, of.id, access.MayView, access.AccountsMenu)
			return desk.Err(d.Permissions.AssignToAccount(ctx, by, c, nil))
		},
		"it is refused something": func(by access.Actor, of reachAccount) error {
			c := assignmentPatch(d, of.id, access.MayNothing, access.MenusMenu)
			return desk.Err(d.Permissions.AssignToAccount(ctx, by, c, nil))
		},
		"its assignment is narrowed": func(by access.Actor, of reachAccount) error {
			c := access.AssignmentPatch{Actions: actionsPatch(access.MayView)}
			return desk.Err(d.Permissions.UpdateForAccount(ctx, by, of.assignment, c, nil))
		},
		"its assignment is removed": func(by access.Actor, of reachAccount) error {
			return d.Permissions.RemoveFromAccount(ctx, by, of.assignment, nil)
		},
	}
	for what, change := range map[string]func(c *account.Patch, unique string){
		"its role is taken":     func(c *account.Patch, _ string) { c.RoleID = domain.Null[string]() },
		"it is given a role":    func(c *account.Patch, _ string) { c.RoleID = toEmpty },
		"its password changes":  func(c *account.Patch, _ string) { c.Password = domain.Some("seven brown otters") },
		"its user name changes": func(c *account.Patch, unique string) { c.Username = domain.Some("new." + unique) },
		"its e-mail changes":    func(c *account.Patch, unique string) { c.Email = domain.Some(unique + "@desk.test") },
		"its phone changes":     func(c *account.Patch, unique string) { c.Phone = domain.Some("+" + unique) },
		"its address changes":   func(c *account.Patch, _ string) { c.Address = domain.Some("Elsewhere") },
		"nothing of it changes": func(*account.Patch, string) {},
	} {
		moves[what] = func(by access.Actor, of reachAccount) error {
			var c account.Patch
			change(&c, string(of.id))
			if by.ID == of.id {
				c.Current = domain.Some(strings.TrimPrefix(d.Account(of.id).PasswordHash, "plain:"))
			}
			return desk.Err(d.Accounts.Update(ctx, by, of.id, c, nil))
		}
	}
	return moves
}

func TestNobodyChangesAnAccountThatHoldsMore(t *testing.T) {
	d, empty := newReachDesk(t)
	moves := accountMoves(d, empty)
	strong, wide := d.AddRole("strong", access.ScopeOwn), d.AddRole("wide", access.ScopeAll)
	d.Permit("strong", access.MayView, access.StatusesMenu)
	annex := d.AddMenu("/annex/")
	off := access.MenuPatch{IsActive: domain.Some(false)}
	desk.Must(d.Menus.Update(t.Context(), d.Actor(desk.Root), annex.ID, off, nil))(t)
	refused := addReachAccount(d, "refused", desk.InRole(strong))
	d.Assign("refused", access.StatusesMenu, access.MayNothing)
	assigned := addReachAccount(d, "assigned", desk.InRole(empty))
	d.Assign("assigned", access.StatusesMenu, access.MayView)
	annexed := addReachAccount(d, "annexed", desk.InRole(empty))
	d.Assign("annexed", annex.URL, access.MayView)
	by := d.Actor(helper)
	for what, of := range map[string]reachAccount{
		"a role permits more":                        addReachAccount(d, "permitted", desk.InRole(strong)),
		"a role permits more, and it is inactive":    addReachAccount(d, "gone", desk.InRole(strong), desk.Inactive),
		"a role permits more, which is refused":      refused,
		"an assignment permits more":                 assigned,
		"an assignment on an inactive menu does":     annexed,
		"its scope is wider":                         addReachAccount(d, "wide", desk.InRole(wide)),
		"it is a superuser":                          addReachAccount(d, "boss", desk.InRole(empty), desk.Superuser),
		"it is a superuser and permitted everything": addReachAccount(d, "root2", desk.InRole(d.Role("admin")), desk.Superuser),
	} {
		for move, try := range moves {
			t.Run(what+"/"+move, func(t *testing.T) {
				before, rows := d.Account(of.id), assignmentsOf(d, of.id)
				outOfReach(t, try(by, of))
				if after := d.Account(of.id); after != before || !slices.Equal(assignmentsOf(d, of.id), rows) {
					t.Errorf("changed to %+v with %+v", after, assignmentsOf(d, of.id))
				}
			})
		}
	}
	if got := d.Account(d.ID("another")).RoleID; got != "" {
		t.Errorf("one of several accounts got the role %q", got)
	}
	for move, try := range moves { // the helper reaches who holds no more, and a superuser reaches everybody
		weak := addReachAccount(d, "weak: "+move, desk.InRole(d.Role("helpers")))
		strong := addReachAccount(d, "strong: "+move, desk.InRole(wide))
		if err := errors.Join(try(by, weak), try(d.Actor(desk.Root), strong)); err != nil {
			t.Errorf("%s: %v", move, err)
		}
	}
}

// assignmentsOf returns the assignments of an account.
func assignmentsOf(d *desk.Desk, id domain.ID) []ports.AccountPermissionView {
	d.T.Helper()
	all := desk.Must(d.Permissions.ListForAccounts(d.T.Context(), d.Actor(desk.Root), ports.Page{Number: 1, Size: 1000}))(d.T)
	return filter(all.Items, func(x ports.AccountPermissionView) bool { return x.AccountID == id })
}

func TestAccountChangesItselfAlthoughItsRolePermitsMore(t *testing.T) {
	d, empty := newReachDesk(t)
	d.Assign(helper, access.MenusMenu, access.MayNothing)
	by := d.Actor(helper)
	moves, self := accountMoves(d, empty), reachAccount{by.ID, assignmentsOf(d, by.ID)[0].ID}
	for _, move := range []string{
		"its password changes", "its user name changes", "its e-mail changes", "its phone changes", "its address changes",
		"nothing of it changes", "it is replaced",
	} {
		if err := moves[move](by, self); err != nil {
			t.Errorf("%s: %v", move, err)
		}
	}
	for _, move := range []string{
		"its role is taken", "it is given a role", "the mapping takes its role", "the mapping gives it a role",
		"several accounts get a role", "it is assigned what the actor holds", "it is refused something",
		"its assignment is narrowed", "its assignment is removed",
	} {
		t.Run(move, func(t *testing.T) { outOfReach(t, moves[move](by, self)) })
	}
	for _, move := range []string{"it is toggled", "it is deleted"} {
		desk.Fails(t, moves[move](by, self), domain.Conflict, "your own account")
	}
}

// roleMoves returns every way to change or delete a role without accounts, by what happens to it. The role has the
// permission with an id, which the helper could have given to it.
func roleMoves(d *desk.Desk) map[string]func(by access.Actor, role, permission domain.ID) error {
	ctx := d.T.Context()
	type ids = domain.ID
	update := func(by access.Actor, role ids, c access.RolePatch) error {
		return desk.Err(d.Roles.Update(ctx, by, role, c, nil))
	}
	return map[string]func(by access.Actor, role, permission ids) error{
		"it is renamed": func(by access.Actor, role, _ ids) error {
			return update(by, role, access.RolePatch{Name: domain.Some(string(role))})
		},
		"it gets the scope own": func(by access.Actor, role, _ ids) error {
			return update(by, role, access.RolePatch{TicketScope: domain.Some("own")})
		},
		"nothing of it changes": func(by access.Actor, role, _ ids) error { return update(by, role, access.RolePatch{}) },
		"it is replaced": func(by access.Actor, role, _ ids) error {
			return desk.Err(d.Roles.Replace(ctx, by, role, access.RolePatch{Name: domain.Some(string(role))}, nil))
		},
		"it is deleted": func(by access.Actor, role, _ ids) error { return d.Roles.Delete(ctx, by, role, nil) },
		"its permissions are replaced": func(by access.Actor, role, _ ids) error {
			return desk.Err(d.Permissions.AssignToRole(ctx, by, permissionSet(d, role, access.MayView, access.MenusMenu), nil))
		},
		"its permission is narrowed": func(by access.Actor, _, permission ids) error {
			return desk.Err(d.Permissions.UpdateForRole(ctx, by, permission, access.ActionsPatch{Delete: domain.Some(false)}, nil))
		},
		"its permission is replaced": func(by access.Actor, _, permission ids) error {
			return desk.Err(d.Permissions.ReplaceForRole(ctx, by, permission, access.ActionsPatch{}, nil))
		},
		"its permission is removed": func(by access.Actor, _, permission ids) error {
			return d.Permissions.RemoveFromRole(ctx, by, permission, nil)
		},
	}
}

func TestNobodyChangesARoleThatHoldsMore(t *testing.T) {
	d, _ := newReachDesk(t)
	moves, by := roleMoves(d), d.Actor(helper)
	add := func(name string, scope access.Scope, urls ...string) (role, permission domain.ID) {
		role = d.AddRole(name, scope)
		d.Permit(name, access.MayEverything, append(urls, access.AccountsMenu)...)
		_, all := stored(d, role)
		i := slices.IndexFunc(all, func(p access.RolePermission) bool { return p.MenuID == d.Menu(access.AccountsMenu).ID })
		return role, all[i].ID
	}
	for what, c := range map[string]struct {
		scope access.Scope
		urls  []string
	}{
		"it permits more":    {access.ScopeOwn, []string{access.StatusesMenu}},
		"its scope is wider": {access.ScopeAll, nil},
	} {
		role, permission := add(what, c.scope, c.urls...)
		for move, try := range moves {
			t.Run(what+"/"+move, func(t *testing.T) {
				before, permitted := stored(d, role)
				outOfReach(t, try(by, role, permission))
				if after, now := stored(d, role); after != before || !sameRows(permitted, now) {
					t.Errorf("changed to %+v with %+v", after, now)
				}
			})
		}
	}
	for move, try := range moves {
		weak, weakPermission := add("weak: "+move, access.ScopeOwn)
		strong, strongPermission := add("strong: "+move, access.ScopeAll, access.StatusesMenu)
		if err := errors.Join(try(by, weak, weakPermission), try(d.Actor(desk.Root), strong, strongPermission)); err != nil {
			t.Errorf("%s: %v", move, err)
		}
	}
}

// An actor that holds everything that a role permits cannot weaken an account through it that holds more: a second actor,
// which holds the rest, could take over the account then.
func TestRoleOfAnAccountOutOfReachIsNotWeakened(t *testing.T) {
	d, _ := newReachDesk(t)
	ctx, by := d.T.Context(), d.Actor(helper)
	d.AddAccount("wide.helper", desk.InRole(d.AddRole("wide helpers", access.ScopeAll)))
	d.Permit("wide helpers", access.MayEverything, access.RolesMenu)
	for what, change := range map[string][]func(*account.Account){
		"an account holds more":                  nil,
		"an account that is inactive holds more": {desk.Inactive},
	} {
		role := d.AddRole(what, access.ScopeOwn)
		d.Permit(what, access.MayEverything, access.RolesMenu, access.AccountsMenu)
		holder := "holder: " + what
		d.AddAccount(holder, append(change, desk.InRole(role))...)
		d.Assign(holder, access.StatusesMenu, access.MayView)
		_, permitted := stored(d, role)
		for move, try := range map[string]func() error{
			"a permission is removed": func() error { return d.Permissions.RemoveFromRole(ctx, by, permitted[0].ID, nil) },
			"a permission is narrowed": func() error {
				return desk.Err(d.Permissions.UpdateForRole(ctx, by, permitted[0].ID, access.ActionsPatch{Delete: domain.Some(false)}, nil))
			},
			"a permission is replaced": func() error {
				return desk.Err(d.Permissions.ReplaceForRole(ctx, by, permitted[0].ID, access.ActionsPatch{}, nil))
			},
			"the set is replaced": func() error {
				return desk.Err(d.Permissions.AssignToRole(ctx, by, permissionSet(d, role, access.MayEverything, access.RolesMenu), nil))
			},
		} {
			t.Run(what+"/"+move, func(t *testing.T) {
				outOfReach(t, try())
				if _, now := stored(d, role); !sameRows(permitted, now) {
					t.Errorf("changed to %+v", now)
				}
			})
		}
		same := permissionSet(d, role, access.MayEverything, access.RolesMenu, access.AccountsMenu)
		desk.Must(d.Permissions.AssignToRole(ctx, by, same, nil))(t) // takes nothing away
		_, permitted = stored(d, role)
		desk.Check(t, d.Permissions.RemoveFromRole(ctx, d.Actor(desk.Root), permitted[0].ID, nil))
	}
	weak := d.AddRole("weak", access.ScopeOwn)
	d.Permit("weak", access.MayEverything, access.RolesMenu)
	d.AddAccount("weak holder", desk.InRole(weak))
	d.AddAccount("weak superuser", desk.InRole(weak), desk.Superuser)
	d.Assign("weak superuser", access.StatusesMenu, access.MayView) // superusers lose nothing with their role
	_, permitted := stored(d, weak)
	desk.Check(t, d.Permissions.RemoveFromRole(ctx, by, permitted[0].ID, nil))
	wide := d.AddRole("wide", access.ScopeAll)
	d.AddAccount("wide holder", desk.InRole(wide))
	d.Assign("wide holder", access.TicketsMenu, access.MayView)
	narrow := access.RolePatch{TicketScope: domain.Some("own")}
	outOfReach(t, desk.Err(d.Roles.Update(ctx, d.Actor("wide.helper"), wide, narrow, nil)))
	outOfReach(t, desk.Err(d.Roles.Replace(ctx, d.Actor("wide.helper"), wide, access.RolePatch{Name: domain.Some("wide")}, nil)))
	if r, _ := stored(d, wide); r.TicketScope != access.ScopeAll {
		t.Error("the scope was narrowed")
	}
	desk.Must(d.Roles.Update(ctx, d.Actor("wide.helper"), wide, access.RolePatch{Name: domain.Some("wider")}, nil))(t)
}

// stale is the condition of a client that saw another version.
func stale[V any](V) bool { return false }

// What is out of reach is refused before the conditions and the values of a request are judged, which would tell something.
func TestReachIsDecidedFirst(t *testing.T) {
	d, _ := newReachDesk(t)
	ctx, by := d.T.Context(), d.Actor(helper)
	strong := d.AddRole("strong", access.ScopeOwn)
	d.Permit("strong", access.MayView, access.StatusesMenu)
	of := d.AddAccount("member", desk.InRole(strong)).ID
	gone := d.AddAccount("gone", desk.InRole(strong), desk.Inactive).ID
	boss := d.AddAccount("boss", desk.Superuser).ID
	d.Assign("member", access.StatusesMenu, access.MayView)
	row := assignmentsOf(d, of)[0].ID
	_, permitted := stored(d, strong)
	nothing := access.ActionsPatch{View: domain.Some(false)}
	unread := domain.Problems{{Field: "isView", Code: domain.CodeType}}
	assignment := account.RoleAssignment{Users: []string{string(gone)}, RoleID: string(strong)}
	unreadable := access.AssignmentPatch{Actions: access.ActionsPatch{Unread: unread}}
	for what, err := range map[string]error{
		"an account, stale":         desk.Err(d.Accounts.Update(ctx, by, of, account.Patch{}, stale[ports.AccountView])),
		"a deletion, stale":         d.Accounts.Delete(ctx, by, of, stale[ports.AccountView]),
		"a toggle, stale":           desk.Err(d.Accounts.Toggle(ctx, by, of, identity.HandOver{}, stale[ports.AccountView])),
		"its role, stale":           d.AccountRoles.Delete(ctx, by, of, stale[ports.AccountView]),
		"no role, of a superuser":   d.AccountRoles.Delete(ctx, by, boss, nil),
		"an inactive account":       desk.Err(d.AccountRoles.Assign(ctx, by, assignment, nil)),
		"a role, stale":             desk.Err(d.Roles.Update(ctx, by, strong, access.RolePatch{}, stale[ports.RoleView])),
		"a role's deletion, stale":  d.Roles.Delete(ctx, by, strong, stale[ports.RoleView]),
		"a permission, stale":       d.Permissions.RemoveFromRole(ctx, by, permitted[0].ID, stale[ports.RolePermissionView]),
		"a permission, to nothing":  desk.Err(d.Permissions.UpdateForRole(ctx, by, permitted[0].ID, nothing, nil)),
		"a set, empty":              desk.Err(d.Permissions.AssignToRole(ctx, by, access.PermissionSet{RoleID: string(strong)}, nil)),
		"an assignment, stale":      d.Permissions.RemoveFromAccount(ctx, by, row, stale[ports.AccountPermissionView]),
		"an assignment, unreadable": desk.Err(d.Permissions.UpdateForAccount(ctx, by, row, unreadable, nil)),
	} {
		t.Run(what, func(t *testing.T) { outOfReach(t, err) })
	}
}

// stored returns a role with its permissions.
func stored(d *desk.Desk, role domain.ID) (r access.Role, permitted []access.RolePermission) {
	d.T.Helper()
	root := d.Actor(desk.Root)
	r = desk.Must(d.Roles.Get(d.T.Context(), root, role))(d.T).Role
	list := desk.Must(d.Permissions.ListForRoles(d.T.Context(), root, role, ports.Page{Number: 1, Size: 1}))(d.T)
	return r, mapSlice(list.Items[0].Menus, func(p ports.RolePermissionView) access.RolePermission { return p.RolePermission })
}

// An account with view and update on accounts only cannot become an administrator, whatever it changes first.
func TestAdministratorIsNotTakenOverByPatches(t *testing.T) {
	d := desk.New(t)
	d.Permit(desk.Temps, access.MayView|access.MayUpdate, access.AccountsMenu)
	by, admin := d.Actor(desk.Temp), d.ID(desk.Admin)
	before := d.Account(admin)
	for _, c := range []account.Patch{
		{RoleID: domain.Null[string]()},
		{Password: domain.Some("seven brown otters")},
		{RoleID: domain.Some(string(d.Role(desk.Temps)))},
		{Email: domain.Some("elsewhere@desk.test")},
	} {
		outOfReach(t, desk.Err(d.Accounts.Update(t.Context(), by, admin, c, nil)))
	}
	if after := d.Account(admin); after != before {
		t.Errorf("changed to %+v", after)
	}
}

func TestMenusThatPermissionsNeedCannotBeTakenAway(t *testing.T) {
	d, _ := newReachDesk(t)
	by, annex := d.Actor(helper), d.AddMenu("/annex/")
	mustAssign(d, d.ID(desk.Temp), access.MayNothing, annex.URL)
	desk.Fails(t, d.Menus.Delete(t.Context(), by, annex.ID, nil), domain.Conflict, "permissions on it")
	move := access.MenuPatch{URL: domain.Some("/elsewhere/")}
	outOfReach(t, desk.Err(d.Menus.Update(t.Context(), by, d.Menu(access.StatusesMenu).ID, move, nil)))
}
