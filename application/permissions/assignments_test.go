package permissions_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// assignmentPatch returns an assignment of actions on the menu with a URL to an account.
func assignmentPatch(d *desk.Desk, to domain.ID, actions access.Actions, url string) access.AssignmentPatch {
	d.T.Helper()
	return access.AssignmentPatch{AccountID: domain.Some(string(to)), MenuID: d.MenuTo(url), Actions: actionsPatch(actions)}
}

// mustAssign creates an assignment as a superuser.
func mustAssign(d *desk.Desk, to domain.ID, actions access.Actions, url string) ports.AccountPermissionView {
	d.T.Helper()
	return desk.Must(d.Permissions.AssignToAccount(d.T.Context(), d.Actor(desk.Root), assignmentPatch(d, to, actions, url), nil))(d.T)
}

func TestAssignmentReplacesTheRolesPermissionUntilRemoved(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	d.Permit(desk.Temps, access.MayEverything, access.TicketsMenu)
	view := assignmentPatch(d, tempID, access.MayView, access.TicketsMenu)
	made := desk.Must(d.Permissions.AssignToAccount(t.Context(), clerk, view, nil))(t)
	if made.Account != desk.Temp || made.Menu != "Tickets" || made.Assigner != desk.Clerk || made.AssignedBy != d.ID(desk.Clerk) ||
		!made.AssignedAt.Equal(d.Now()) {
		t.Errorf("created %+v", made)
	}
	if got := actionsOf(d, desk.Temp, access.TicketsMenu); got != access.MayView {
		t.Errorf("temp holds %04b", got)
	}
	refusal := access.AssignmentPatch{Actions: actionsPatch(access.MayNothing)}
	changed := desk.Must(d.Permissions.UpdateForAccount(t.Context(), clerk, made.ID, refusal, nil))(t)
	if changed.Actions != access.MayNothing || actionsOf(d, desk.Temp, access.TicketsMenu) != access.MayNothing {
		t.Errorf("changed to %+v", changed)
	}
	replaced := desk.Must(d.Permissions.ReplaceForAccount(t.Context(), clerk, made.ID, access.AssignmentPatch{}, nil))(t)
	if got := desk.Must(d.Permissions.GetForAccount(t.Context(), clerk, made.ID))(t); got != replaced || got.Actions != access.MayView {
		t.Errorf("stored %+v, want %+v", got, replaced)
	}
	desk.Check(t, d.Permissions.RemoveFromAccount(t.Context(), clerk, made.ID, nil))
	if got := actionsOf(d, desk.Temp, access.TicketsMenu); got != access.MayEverything {
		t.Errorf("after the removal temp holds %04b", got)
	}
}

func TestAssignmentsAreListedNewestFirst(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	mustAssign(d, d.ID(desk.Temp), access.MayView, access.TicketsMenu)
	last := mustAssign(d, d.ID(desk.Nobody), access.MayView, access.TicketsMenu)
	list := desk.Must(d.Permissions.ListForAccounts(t.Context(), clerk, ports.Page{Number: 1, Size: 1}))(t)
	if list.Count != 3 || len(list.Items) != 1 || list.Items[0] != last {
		t.Errorf("the first page is %+v", list)
	}
}

func TestInvalidAssignmentIsRefused(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	mustAssign(d, d.ID(desk.Temp), access.MayView, access.TicketsMenu)
	unknown := assignmentPatch(d, d.NewID(), access.MayView, access.TicketsMenu)
	unknown.MenuID = domain.Some("x")
	for name, c := range map[string]struct {
		asked access.AssignmentPatch
		kind  domain.Kind
		says  string
	}{
		"nothing": {
			access.AssignmentPatch{}, domain.Invalid, "accountId: Account cannot be blank\nmenuId: Menu can not be blank.",
		},
		"unknown account and menu": {
			unknown, domain.Invalid, "accountId: Select a valid account to assign menu\nmenuId: Select a valid menu for account",
		},
		"a second one": {
			assignmentPatch(d, d.ID(desk.Temp), access.MayView, access.TicketsMenu), domain.Invalid,
			"menuId: The account has an assignment on this menu already.",
		},
		"more than held": {assignmentPatch(d, d.ID(desk.Nobody), access.MayView, access.StatusesMenu), domain.Forbidden, "do not hold yourself"},
		"to itself":      {assignmentPatch(d, d.ID(desk.Clerk), access.MayView, access.RolesMenu), domain.Forbidden, "your own menu assignments"},
		"to a superuser": {assignmentPatch(d, d.ID(desk.Root), access.MayView, access.RolesMenu), domain.Forbidden, "superuser"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Permissions.AssignToAccount(t.Context(), clerk, c.asked, nil)
			desk.Fails(t, err, c.kind, c.says)
		})
	}
}

func TestWeakeningOrRemovingARefusalGrants(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	d.Permit(desk.Temps, access.MayEverything, access.StatusesMenu)
	refusal := mustAssign(d, d.ID(desk.Temp), access.MayNothing, access.StatusesMenu)
	view := access.AssignmentPatch{Actions: access.ActionsPatch{View: domain.Some(true)}}
	_, err := d.Permissions.UpdateForAccount(t.Context(), clerk, refusal.ID, view, nil)
	desk.Fails(t, err, domain.Forbidden, "do not hold yourself")
	desk.Fails(t, d.Permissions.RemoveFromAccount(t.Context(), clerk, refusal.ID, nil), domain.Forbidden, "do not hold yourself")
	if got := actionsOf(d, desk.Temp, access.StatusesMenu); got != access.MayNothing {
		t.Errorf("temp holds %04b after refused changes", got)
	}
	d.Permit(desk.Temps, access.MayView, access.TicketsMenu)
	if err := d.Permissions.RemoveFromAccount(t.Context(), clerk, refusal.ID, nil); err != nil {
		t.Errorf("removing it was refused although the role permits nothing there: %v", err)
	}
}

func TestAssignmentsOfTheActorAndOfSuperusersCannotBeChanged(t *testing.T) {
	d := desk.New(t)
	root, clerk := d.Actor(desk.Root), d.Actor(desk.Clerk)
	own := mustAssign(d, d.ID(desk.Clerk), access.MayNothing, access.StatusesMenu)
	theirs := mustAssign(d, d.ID(desk.Root), access.MayView, access.StatusesMenu)
	desk.Fails(t, d.Permissions.RemoveFromAccount(t.Context(), clerk, own.ID, nil), domain.Forbidden, "your own menu assignments")
	_, err := d.Permissions.ReplaceForAccount(t.Context(), clerk, own.ID, access.AssignmentPatch{}, nil)
	desk.Fails(t, err, domain.Forbidden, "your own menu assignments")
	desk.Fails(t, d.Permissions.RemoveFromAccount(t.Context(), clerk, theirs.ID, nil), domain.Forbidden, "superuser")
	if err := d.Permissions.RemoveFromAccount(t.Context(), root, own.ID, nil); err != nil {
		t.Error(err)
	}
}

func TestAssignmentOnTicketsIsNotWidenedByARole(t *testing.T) {
	d := desk.New(t)
	nobodyID := d.ID(desk.Nobody)
	mustAssign(d, nobodyID, access.MayEverything, access.TicketsMenu)
	mustAssign(d, d.ID(desk.Temp), access.MayEverything, access.TicketsMenu)
	menus := []string{access.AccountsMenu, access.AccountRolesMenu, access.RolesMenu, access.NotificationsMenu}
	d.Permit(desk.Clerks, access.MayEverything, menus...)
	watchers := string(d.AddRole("watchers", access.ScopeAll))
	joining := account.RoleAssignment{Users: []string{string(nobodyID)}, RoleID: watchers}
	clerk, refusal := d.Actor(desk.Clerk), "account that holds"
	_, err := d.AccountRoles.Assign(t.Context(), clerk, joining, nil)
	desk.Fails(t, err, domain.Forbidden, refusal)
	_, err = d.AccountRoles.Update(t.Context(), clerk, d.ID(desk.Temp), account.RolePatch{RoleID: domain.Some(watchers)}, nil)
	desk.Fails(t, err, domain.Forbidden, refusal)
	_, err = d.Accounts.Update(t.Context(), clerk, nobodyID, account.Patch{RoleID: domain.Some(watchers)}, nil)
	desk.Fails(t, err, domain.Forbidden, refusal)
	_, err = d.Roles.Update(t.Context(), clerk, d.Role(desk.Temps), access.RolePatch{TicketScope: domain.Some("all")}, nil)
	desk.Fails(t, err, domain.Forbidden, "do not hold yourself, on: Tickets.")
	d.Permit(desk.Clerks, access.MayEverything, append(menus, access.TicketsMenu)...)
	clerk = d.Actor(desk.Clerk)
	if _, err := d.AccountRoles.Assign(t.Context(), clerk, joining, nil); err != nil {
		t.Error("refused although the clerk holds it:", err)
	}
	if _, err := d.Roles.Update(t.Context(), clerk, d.Role(desk.Temps), access.RolePatch{TicketScope: domain.Some("all")}, nil); err != nil {
		t.Error("refused although the clerk holds it:", err)
	}
}
