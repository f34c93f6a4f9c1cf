package access

import (
	"slices"
	"strings"

	"tickt/domain"
)

// No actor grants more than it holds, and no actor changes who or what holds more. The methods in this file enforce both
// rules. Each returns nil, or a Forbidden error that says what the actor may not do. They assume that the actor holds the
// permission for the operation itself, and check whether it may do it with these values.
//
// Reach: an account that holds an action or a scope which the actor does not hold is out of its reach. The actor may change
// nothing of it, and may not delete it. What the account is permitted by its role and by its own assignments counts, also
// where an assignment refuses what the role permits, because the assignment may be removed later. In the same way, a role
// is out of reach if it permits an action, or has a scope, that the actor does not hold. The actor may not even take
// something from it: an account that is weaker afterwards could be taken over afterwards. For the same reason, nothing can
// be taken from a role while an account that has it is out of reach.
//
// Granting: within its reach, the actor may give only what it holds itself.
//
//   - Actions on a menu, to an account or a role: the actor must hold them on that menu.
//   - A role: the actor must hold everything that it permits, and its scope.
//   - A wider scope, for a role that accounts have: they may hold any action on tickets by their own assignments, so the
//     actor must hold every action on the menus of tickets.
//   - Menus guard resources by their URL. Moving such a URL to another menu would turn permissions on one resource into
//     permissions on another.
//
// Superusers hold everything and may do all of this, also to themselves. Other actors may not change superusers, their own
// role or their own assignments. Everything else of its own account is within the reach of an actor.

// Holder is an account that an actor wants to change. A new account has no ID and holds nothing.
type Holder struct {
	ID        domain.ID
	RoleID    domain.ID // "" without a role
	Superuser bool
	Holding
}

// Holding is what an account holds: by its own assignments, by its role, and its ticket scope.
type Holding struct {
	Own   Grants
	Role  Grants
	Scope Scope
}

// MayTouch refuses to change an account that is out of the actor's reach.
func (a Actor) MayTouch(h Holder) error {
	switch {
	case a.Superuser:
		return nil
	case h.Superuser:
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change a superuser's account.")
	case h.ID != a.ID && !a.holds(h.Scope, slices.Concat(h.Own, h.Role)):
		return domain.FailFor(domain.ReasonOutsideYourRights,
			"You may not change an account that holds permissions or a ticket scope that you do not hold yourself.")
	}
	return nil
}

// MayTouchRole refuses to change or delete a role that is out of the actor's reach. permitted is what the role permits.
func (a Actor) MayTouchRole(role Role, permitted []RolePermission) error {
	grants := make(Grants, len(permitted))
	for i, p := range permitted {
		grants[i] = Grant{MenuID: p.MenuID, Actions: p.Actions}
	}
	if a.Superuser || a.holds(role.TicketScope, grants) {
		return nil
	}
	return domain.FailFor(domain.ReasonOutsideYourRights,
		"You may not change a role that has permissions or a ticket scope that you do not hold yourself.")
}

// holds reports whether the actor, which is not a superuser, holds a scope and every action of grants.
func (a Actor) holds(scope Scope, grants Grants) bool {
	return (scope != ScopeAll || a.SeesAll()) &&
		!slices.ContainsFunc(grants, func(g Grant) bool { return !a.Grants.OnMenu(g.MenuID).Has(g.Actions) })
}

// MayAssign refuses to create, change or remove an assignment of an account on a menu. actions are those of the assignment
// afterwards; MayNothing if it is removed.
func (a Actor) MayAssign(h Holder, menu Menu, actions Actions) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if h.ID == a.ID && !a.Superuser {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change your own menu assignments.")
	}
	return a.give([]Menu{menu}, map[domain.ID]Actions{menu.ID: actions})
}

// MayRepermit refuses to change the permissions of a role, which are permitted, whatever becomes of them.
func (a Actor) MayRepermit(role Role, permitted []RolePermission) error {
	if role.ID == a.RoleID && !a.Superuser {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change the permissions of your own role.")
	}
	return a.MayTouchRole(role, permitted)
}

// MayPermit refuses to give a role, for which MayRepermit allows it, more permissions than the actor holds. after are the
// permissions that the role is given, and all are all menus.
func (a Actor) MayPermit(all []Menu, after []RolePermission) error {
	return a.give(all, actionsOf(after))
}

// MayWeaken refuses to take a permission or a scope from a role of accounts that are out of the actor's reach. own is what
// they hold by their own assignments; what they hold by the role is within reach if the role is.
func (a Actor) MayWeaken(own Grants) error {
	if a.Superuser || a.holds(ScopeOwn, own) {
		return nil
	}
	return domain.FailFor(domain.ReasonOutsideYourRights,
		"You may not take anything from a role of accounts that hold permissions which you do not hold yourself.")
}

// Weakens reports whether a role whose permissions change from before to after permits less on a menu.
func Weakens(before, after []RolePermission) bool {
	left := actionsOf(after)
	for menu, actions := range actionsOf(before) {
		if !left[menu].Has(actions) {
			return true
		}
	}
	return false
}

// MayScope refuses to change the ticket scope of a role if that grants more than the actor holds. before is the zero Role
// if the role is new; otherwise the role is within the actor's reach. accounts is how many accounts have the role, and all
// are all menus.
func (a Actor) MayScope(before, after Role, accounts int, all []Menu) error {
	switch {
	case before.TicketScope == after.TicketScope || a.Superuser:
		return nil
	case before.ID != "" && before.ID == a.RoleID:
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change the ticket scope of your own role.")
	case after.TicketScope != ScopeAll:
		return nil
	case !a.SeesAll():
		return errWiderScope
	case accounts == 0:
		return nil
	}
	given := map[domain.ID]Actions{}
	for _, m := range all {
		if m.scoped() {
			given[m.ID] = MayEverything
		}
	}
	return a.give(all, given)
}

// MayGiveRole refuses to give an account a role if that grants more than the actor holds. permitted is what the role
// permits, and all are all menus. An account that has the role already is granted nothing.
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
	return a.give(all, actionsOf(permitted))
}

// MayTakeRole refuses to take its role from an account that is out of reach, or from the actor itself.
func (a Actor) MayTakeRole(h Holder) error {
	if err := a.MayTouch(h); err != nil {
		return err
	}
	if h.ID == a.ID && !a.Superuser {
		return domain.FailFor(domain.ReasonOutsideYourRights, "You may not change your own role.")
	}
	return nil
}

// MayMove refuses to give an existing menu a URL that guards a resource, or to take such a URL from it. If the menu is to
// be deleted, after is the zero Menu.
func (a Actor) MayMove(before, after Menu) error {
	if a.Superuser || before.URL == after.URL || !before.guards() && !after.guards() {
		return nil
	}
	return domain.FailFor(domain.ReasonOutsideYourRights, "You may not move a URL that guards a resource.")
}

var errWiderScope = domain.FailFor(domain.ReasonOutsideYourRights,
	"You may not grant a ticket scope that is wider than your own.")

// give refuses to grant actions on menus, by menu id in given, that the actor does not hold there. all are all menus. It
// removes entries from given.
func (a Actor) give(all []Menu, given map[domain.ID]Actions) error {
	if a.Superuser {
		return nil
	}
	var lacking []string
	for _, m := range all {
		if !a.Grants.OnMenu(m.ID).Has(given[m.ID]) {
			lacking = append(lacking, m.Name)
		}
		delete(given, m.ID)
	}
	for id, actions := range given { // what is left is on menus that do not exist, on which no actor holds anything
		if actions != MayNothing {
			lacking = append(lacking, string(id))
		}
	}
	if lacking != nil {
		return domain.FailFor(domain.ReasonOutsideYourRights,
			"You may not grant permissions that you do not hold yourself, on: "+strings.Join(lacking, ", ")+".")
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
