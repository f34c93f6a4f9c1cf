package access

import (
	"strings"

	"tickt/domain"
)

// Nobody hands out more than they hold. The functions here are that rule: for every way to hand something
// out one method of the Actor, that answers nil or a Forbidden that says what is in the way. They ask
// whether an actor who holds the permission for the operation as such may do it with these values.
//
// What counts is what is handed out, which is what somebody may do afterwards and might not before:
//
//   - Actions on a menu: the actor must hold them on that menu. Taking away and refusing hand out nothing.
//   - An account's assignment replaces what its role says, so changing one from refusing to granting hands
//     out the difference, and lifting one hands out what the role says beyond it. A new one hands out all
//     of its actions, those of the role too, because it stays when the role loses them.
//   - Actions on menus of tickets go as far as the receiver's scope: where that is ScopeAll, the actor's
//     own must be. Widening a scope, of a role or of an account that changes roles, hands out anew whatever
//     may be done on those menus.
//   - A role hands out all that it permits, whatever the receiver held before.
//   - Menus guard resources by their URL, so moving such a URL would turn a permission on one thing into
//     a permission on another.
//
// Superusers hold everything and may do all of it, to themselves too. Everybody else leaves superusers,
// their own account and their own role alone.

// Holder is an account as the receiver or the loser of permissions.
type Holder struct {
	ID        domain.ID
	RoleID    domain.ID // "" without a role
	Superuser bool
}

// MayTouch refuses to change a superuser's account, its permissions included.
func (a Actor) MayTouch(h Holder) error {
	if h.Superuser && !a.Superuser {
		return domain.Fail(domain.Forbidden, "You may not change a superuser's account.")
	}
	return nil
}

// MayAssign refuses to change what an account may do on a menu by an assignment of its own. role is the
// account's role, the zero Role where it has none. before and after are the actions of
//
//   - a new assignment: MayNothing, and its own;
//   - a changed one: its own before and after;
//   - a lifted one: its own, and those that the role permits on the menu.
func (a Actor) MayAssign(h Holder, role Role, menu Menu, before, after Actions) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if h.ID == a.ID && !a.Superuser {
		return domain.Fail(domain.Forbidden, "You may not change your own menu assignments.")
	}
	return a.give(role.TicketScope, []Menu{menu}, map[domain.ID]Actions{menu.ID: after &^ before})
}

// MayPermit refuses to change what a role permits on menus from before to after. all are the menus that
// there are.
func (a Actor) MayPermit(role Role, all []Menu, before, after []RolePermission) error {
	if role.ID == a.RoleID && !a.Superuser {
		return domain.Fail(domain.Forbidden, "You may not change the permissions of your own role.")
	}
	given := actionsOf(after)
	for _, p := range before {
		given[p.MenuID] &^= p.Actions
	}
	return a.give(role.TicketScope, all, given)
}

// MayScope refuses to change a role's ticket scope; before is the zero Role where it is new. permitted is
// what the role permits, on the menus of all. Accounts that hold the role may hold anything on tickets by
// assignments of their own; so who widens a role that accounts hold must hold everything there.
func (a Actor) MayScope(before, after Role, accounts int, all []Menu, permitted []RolePermission) error {
	if before.TicketScope == after.TicketScope || a.Superuser {
		return nil
	}
	if before.ID != "" && before.ID == a.RoleID {
		return domain.Fail(domain.Forbidden, "You may not change the ticket scope of your own role.")
	}
	if after.TicketScope != ScopeAll {
		return nil
	}
	if !a.SeesAll() {
		return errWiderScope
	}
	if accounts > 0 {
		return a.MayWidenAnybody(all)
	}
	given := actionsOf(permitted)
	for _, m := range all {
		if !m.scoped() {
			delete(given, m.ID)
		}
	}
	return a.give(ScopeAll, all, given)
}

// MayGiveRole refuses to put an account into a role, which permits permitted on the menus of all. An account
// that is in the role already is given nothing; a new account has no ID. What the account holds besides is
// weighed by MayWiden.
func (a Actor) MayGiveRole(h Holder, role Role, all []Menu, permitted []RolePermission) error {
	if h.RoleID == role.ID {
		return a.MayTouch(h)
	}
	if err := a.MayTakeRole(h); err != nil {
		return err
	}
	if role.TicketScope == ScopeAll && !a.SeesAll() {
		return errWiderScope
	}
	return a.give(role.TicketScope, all, actionsOf(permitted))
}

// MayWiden refuses to put an account into a role under whose scope it could do more to tickets, by
// assignments of its own, than the actor. scope and held are what the account has before; what it held by
// another role counts too, since nobody can tell the two apart.
func (a Actor) MayWiden(scope Scope, held Grants, role Role, all []Menu) error {
	if scope == ScopeAll || role.TicketScope != ScopeAll {
		return nil
	}
	given := map[domain.ID]Actions{}
	for _, g := range held {
		if (Menu{URL: g.URL}).scoped() {
			given[g.MenuID] = g.Actions
		}
	}
	return a.give(ScopeAll, all, given)
}

// MayWidenAnybody is MayWiden for accounts that may hold anything.
func (a Actor) MayWidenAnybody(all []Menu) error {
	given := map[domain.ID]Actions{}
	for _, m := range all {
		if m.scoped() {
			given[m.ID] = MayEverything
		}
	}
	return a.give(ScopeAll, all, given)
}

// MayTakeRole refuses to take an account out of its role.
func (a Actor) MayTakeRole(h Holder) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if h.ID == a.ID && !a.Superuser {
		return domain.Fail(domain.Forbidden, "You may not change your own role.")
	}
	return nil
}

// MayEmpower refuses to let somebody in as an account: by setting its password, or by activating it. Whoever may do
// that could act as the account, so the actor must hold all that the account holds effectively, and its scope.
func (a Actor) MayEmpower(h Holder, scope Scope, held Grants) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if a.Superuser || h.ID == a.ID {
		return nil
	}
	if scope == ScopeAll && !a.SeesAll() {
		return errStronger
	}
	for _, g := range held {
		if !a.Grants.OnMenu(g.MenuID).Has(g.Actions) {
			return errStronger
		}
	}
	return nil
}

var errStronger = domain.Fail(domain.Forbidden, "You may not set the password of an account, or activate one, that may do more than you.")

// MayMove refuses to give an existing menu a URL that guards a resource, and to take one away, which removing the menu
// does too: after is then the zero Menu.
func (a Actor) MayMove(before, after Menu) error {
	if a.Superuser || before.URL == after.URL || !before.guards() && !after.guards() {
		return nil
	}
	return domain.Fail(domain.Forbidden, "You may not move a URL that guards a resource.")
}

var errWiderScope = domain.Fail(domain.Forbidden, "You may not grant a ticket scope that is wider than your own.")

// give refuses to hand out, to somebody of a scope, actions on menus that the actor does not hold there.
func (a Actor) give(scope Scope, all []Menu, given map[domain.ID]Actions) error {
	if a.Superuser {
		return nil
	}
	var lacking []string
	for _, m := range all {
		actions := given[m.ID]
		if !a.Grants.OnMenu(m.ID).Has(actions) {
			lacking = append(lacking, m.Name)
		}
		if actions != MayNothing && m.scoped() && scope == ScopeAll && !a.SeesAll() {
			return errWiderScope
		}
		delete(given, m.ID)
	}
	for id, actions := range given { // what is left is on menus that do not exist: nobody holds anything there
		if actions != MayNothing {
			lacking = append(lacking, string(id))
		}
	}
	if lacking != nil {
		return domain.Fail(domain.Forbidden, "You may not grant permissions that you do not hold yourself, on: "+strings.Join(lacking, ", ")+".")
	}
	return nil
}

func actionsOf(permissions []RolePermission) map[domain.ID]Actions {
	held := make(map[domain.ID]Actions, len(permissions))
	for _, p := range permissions {
		held[p.MenuID] |= p.Actions
	}
	return held
}
