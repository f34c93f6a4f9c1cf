package permissions_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// permissionSnapshot holds everything that decides what accounts may do, as stored at one time.
type permissionSnapshot struct {
	accounts    []account.Account
	roles       []access.Role
	menus       []access.Menu
	permissions []ports.RolePermissionView
	assignments []ports.AccountPermissionView
}

func (w *world) snapshot() (p permissionSnapshot) {
	whole := ports.Page{Number: 1, Size: 1_000}
	w.Update(func(ctx context.Context, tx ports.Tx) error {
		accounts, _, err := tx.Accounts.List(ctx, ports.AccountFilter{}, whole)
		if err != nil {
			return err
		}
		roles, _, err := tx.Roles.List(ctx, whole)
		if err != nil {
			return err
		}
		var ids []domain.ID
		for _, a := range accounts {
			p.accounts = append(p.accounts, a.Account)
		}
		for _, r := range roles {
			p.roles, ids = append(p.roles, r.Role), append(ids, r.ID)
		}
		if p.menus, err = tx.Menus.All(ctx); err != nil {
			return err
		}
		if p.permissions, err = tx.RolePermissions.Of(ctx, ids); err != nil {
			return err
		}
		p.assignments, _, err = tx.AccountPermissions.List(ctx, whole)
		return err
	})
	slices.SortFunc(p.accounts, func(a, b account.Account) int { return cmp.Compare(a.ID, b.ID) })
	return p
}

func (p permissionSnapshot) account(id domain.ID) (a account.Account, ok bool) {
	return find(p.accounts, func(a account.Account) bool { return a.ID == id })
}

func (p permissionSnapshot) scope(role domain.ID) access.Scope {
	if r, ok := find(p.roles, func(r access.Role) bool { return r.ID == role }); ok {
		return r.TicketScope
	}
	return access.ScopeOwn
}

// powers are descriptions of what an account may do. They do not change when menus move.
type powers map[string]bool

// powers computes what an account may do from the contract alone: an assignment decides for its menu, otherwise the
// role; the role's scope decides how far permissions on tickets extend.
func (p permissionSnapshot) powers(a account.Account) powers {
	out := powers{}
	scope := p.scope(a.RoleID)
	if scope == access.ScopeAll {
		out["see every ticket"] = true
	}
	for _, m := range p.menus {
		for _, verb := range verbs(p.actionsOn(a, m.ID)) {
			out[verb+menuLabel(m)] = true
			if scope == access.ScopeAll && isScoped(m.URL) {
				out[verb+"every one of "+m.URL] = true
			}
		}
	}
	return out
}

// holdings are descriptions of what an account holds by its role and by its own assignments, no matter which of the two
// decides.
func (p permissionSnapshot) holdings(a account.Account) powers {
	out := p.permitted(a.RoleID)
	for _, x := range p.assignments {
		if x.AccountID == a.ID {
			p.add(out, x.MenuID, x.Actions)
		}
	}
	return out
}

// permitted are descriptions of what a role permits, and of its scope.
func (p permissionSnapshot) permitted(role domain.ID) powers {
	out := powers{}
	if p.scope(role) == access.ScopeAll {
		out["see every ticket"] = true
	}
	for _, x := range p.permissions {
		if x.RoleID == role {
			p.add(out, x.MenuID, x.Actions)
		}
	}
	return out
}

func (p permissionSnapshot) add(to powers, menu domain.ID, actions access.Actions) {
	m, _ := find(p.menus, func(m access.Menu) bool { return m.ID == menu })
	for _, verb := range verbs(actions) {
		to[verb+menuLabel(m)] = true
	}
}

// verbs returns the verbs of the actions in a set.
func verbs(actions access.Actions) (all []string) {
	for action, verb := range map[access.Actions]string{
		access.MayView: "view ", access.MayCreate: "create ", access.MayUpdate: "update ", access.MayDelete: "delete ",
	} {
		if actions.Has(action) {
			all = append(all, verb)
		}
	}
	return all
}

// of returns an account with its assignments, for comparing.
func (p permissionSnapshot) of(id domain.ID) (account.Account, []access.AccountPermission) {
	a, _ := p.account(id)
	theirs := filter(p.assignments, func(x ports.AccountPermissionView) bool { return x.AccountID == id })
	return a, mapSlice(theirs, func(x ports.AccountPermissionView) access.AccountPermission { return x.AccountPermission })
}

// ofRole returns a role with its permissions, for comparing.
func (p permissionSnapshot) ofRole(id domain.ID) (access.Role, []access.RolePermission) {
	r, _ := find(p.roles, func(r access.Role) bool { return r.ID == id })
	theirs := filter(p.permissions, func(x ports.RolePermissionView) bool { return x.RoleID == id })
	return r, mapSlice(theirs, func(x ports.RolePermissionView) access.RolePermission { return x.RolePermission })
}

func (p permissionSnapshot) actionsOn(a account.Account, menu domain.ID) access.Actions {
	own := func(x ports.AccountPermissionView) bool { return x.AccountID == a.ID && x.MenuID == menu }
	if x, ok := find(p.assignments, own); ok {
		return x.Actions
	}
	x, _ := find(p.permissions, func(x ports.RolePermissionView) bool { return x.RoleID == a.RoleID && x.MenuID == menu })
	return x.Actions
}

// menuLabel returns the URL of a menu that guards a resource; otherwise a label made of its id.
func menuLabel(m access.Menu) string {
	if slices.Contains(guarding, m.URL) {
		return m.URL
	}
	return "menu " + strings.TrimLeft(string(m.ID), "0")
}

func find[T any](all []T, is func(T) bool) (x T, ok bool) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	return x, false
}

// powersOf is powers, but returns nil for an account that does not exist.
func (p permissionSnapshot) powersOf(a account.Account) powers {
	if a.ID == "" {
		return nil
	}
	return p.powers(a)
}

// difference lists what is in has and in none of the others.
func difference(has powers, others ...powers) string {
	var extra []string
	for x := range has {
		if !slices.ContainsFunc(others, func(o powers) bool { return o[x] }) {
			extra = append(extra, x)
		}
	}
	slices.Sort(extra)
	return strings.Join(extra, ", ")
}

func filter[T any](all []T, is func(T) bool) (out []T) {
	for _, x := range all {
		if is(x) {
			out = append(out, x)
		}
	}
	return out
}

func mapSlice[T, U any](all []T, to func(T) U) (out []U) {
	for _, x := range all {
		out = append(out, to(x))
	}
	return out
}
