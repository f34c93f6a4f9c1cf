package access

import (
	"strings"

	"tickt/domain"
)

// No actor grants more than it holds. The methods in this file enforce this rule, one for each way of granting something.
// Each returns nil, or a Forbidden error that says what the actor may not do. They assume that the actor holds the
// permission for the operation itself, and check whether it may do it with these values.
//
// An operation grants what an account may do afterwards and could not do before:
//
//   - Actions on a menu: the actor must hold them on that menu. Taking away or refusing actions grants nothing.
//   - An assignment replaces what the role permits. Changing one from refusing to granting grants the difference; removing
//     one grants what the role permits beyond it. A new assignment grants all of its actions, even those that the role
//     permits too, because it remains when the role loses them.
//   - Actions on the menus of tickets extend as far as the scope of the receiver. If that is ScopeAll, the scope of the
//     actor must be too. Widening a scope, of a role or of an account that changes roles, grants once more all actions on
//     those menus.
//   - A role grants everything that it permits, whatever the receiver held before.
//   - Menus guard resources by their URL. Moving such a URL to another menu would turn permissions on one resource into
//     permissions on another.
//
// Superusers hold everything and may do all of this, also to themselves. Other actors may not change superusers, their own
// account or their own role.

// Holder is an account whose permissions are changed.
type Holder struct {
	ID        domain.ID
	RoleID    domain.ID // "" without a role
	Superuser bool
}

// MayTouch refuses to change the account of a superuser, including its permissions.
func (a Actor) MayTouch(h Holder) error {
	if h.Superuser && !a.Superuser {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change a superuser's account.")
	}
	return nil
}

// MayAssign refuses to create, change or remove an assignment of an account on a menu if that grants more than the actor
// holds. role is the role of the account, or the zero Role if it has none. before and after are
//
//   - for a new assignment: MayNothing, and its actions;
//   - for a changed one: its actions before and after;
//   - for a removed one: its actions, and those that the role permits on the menu.
func (a Actor) MayAssign(h Holder, role Role, menu Menu, before, after Actions) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if h.ID == a.ID && !a.Superuser {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change your own menu assignments.")
	}
	return a.give(role.TicketScope, []Menu{menu}, map[domain.ID]Actions{menu.ID: after &^ before})
}

// MayPermit refuses to change the permissions of a role from before to after if that grants more than the actor holds. all
// are all menus.
func (a Actor) MayPermit(role Role, all []Menu, before, after []RolePermission) error {
	if role.ID == a.RoleID && !a.Superuser {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change the permissions of your own role.")
	}
	given := actionsOf(after)
	for _, p := range before {
		given[p.MenuID] &^= p.Actions
	}
	return a.give(role.TicketScope, all, given)
}

// MayScope refuses to change the ticket scope of a role if that grants more than the actor holds. before is the zero Role
// if the role is new; accounts is how many accounts have the role, permitted what it permits, and all are all menus. The
// accounts of the role may hold any action on tickets by their own assignments, so an actor that widens a role with
// accounts must hold every action on the menus of tickets.
func (a Actor) MayScope(before, after Role, accounts int, all []Menu, permitted []RolePermission) error {
	if before.TicketScope == after.TicketScope || a.Superuser {
		return nil
	}
	if before.ID != "" && before.ID == a.RoleID {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change the ticket scope of your own role.")
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

// MayGiveRole refuses to give an account a role if that grants more than the actor holds. permitted is what the role
// permits, and all are all menus. An account that has the role already is granted nothing. A new account has no ID.
// MayWiden checks the other grants of the account.
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

// MayWiden refuses to give an account a role of wider scope if its own assignments would then let it do more on tickets
// than the actor. scope and held are the scope and grants of the account before. Grants from its former role count too,
// because Grants do not tell the two apart.
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

// MayWidenAnybody is MayWiden for accounts that may hold any action: the actor must hold all of them.
func (a Actor) MayWidenAnybody(all []Menu) error {
	given := map[domain.ID]Actions{}
	for _, m := range all {
		if m.scoped() {
			given[m.ID] = MayEverything
		}
	}
	return a.give(ScopeAll, all, given)
}

// MayTakeRole refuses to take its role from a superuser, or from the actor itself.
func (a Actor) MayTakeRole(h Holder) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if h.ID == a.ID && !a.Superuser {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change your own role.")
	}
	return nil
}

// MayEmpower refuses to set the password of an account or to activate it if the account may do more than the actor, who
// could then act as that account. held are the effective grants of the account.
func (a Actor) MayEmpower(h Holder, scope Scope, held Grants) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if a.Superuser || h.ID == a.ID {
		return nil
	}
	if scope == ScopeAll && !a.SeesAll() {
		return errHoldsMore
	}
	for _, g := range held {
		if !a.Grants.OnMenu(g.MenuID).Has(g.Actions) {
			return errHoldsMore
		}
	}
	return nil
}

var errHoldsMore = domain.FailFor(domain.ReasonOutsideYourRights, "You may not set the password of an account, or activate one, that may do more than you.")

// MayMove refuses to give an existing menu a URL that guards a resource, or to take such a URL from it. If the menu is to
// be deleted, after is the zero Menu.
func (a Actor) MayMove(before, after Menu) error {
	if a.Superuser || before.URL == after.URL || !before.guards() && !after.guards() {
		return nil
	}
	return domain.FailFor(domain.ReasonOutsideYourRights, "You may not move a URL that guards a resource.")
}

var errWiderScope = domain.FailFor(domain.ReasonOutsideYourRights, "You may not grant a ticket scope that is wider than your own.")

// give refuses to grant actions on menus, by menu id in given, that the actor does not hold there. scope is that of the
// receiver, and all are all menus. It removes entries from given.
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
	for id, actions := range given { // what is left is on menus that do not exist, on which no actor holds anything
		if actions != MayNothing {
			lacking = append(lacking, string(id))
		}
	}
	if lacking != nil {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not grant permissions that you do not hold yourself, on: "+strings.Join(lacking, ", ")+".")
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
