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
		for action, what := range map[access.Actions]string{
			access.MayView: "view ", access.MayCreate: "create ", access.MayUpdate: "update ", access.MayDelete: "delete ",
		} {
			if !p.actionsOn(a, m.ID).Has(action) {
				continue
			}
			out[what+menuLabel(m)] = true
			if scope == access.ScopeAll && isScoped(m.URL) {
				out[what+"every one of "+m.URL] = true
			}
		}
	}
	return out
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
