package permissions_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
	"tickt/test/desk"
)

// actionsPatch returns a patch that sets all four flags as in actions.
func actionsPatch(actions access.Actions) access.ActionsPatch {
	return access.ActionsPatch{
		View: domain.Some(actions.Has(access.MayView)), Create: domain.Some(actions.Has(access.MayCreate)),
		Update: domain.Some(actions.Has(access.MayUpdate)), Delete: domain.Some(actions.Has(access.MayDelete)),
	}
}

// actionsOf returns what a member may do on the menu with a URL.
func actionsOf(d *desk.Desk, name, url string) access.Actions {
	d.T.Helper()
	return d.Actor(name).Grants.On(url)
}

// permissionSet permits a role the actions on the menus with the URLs.
func permissionSet(d *desk.Desk, role domain.ID, actions access.Actions, urls ...string) access.PermissionSet {
	s := access.PermissionSet{RoleID: string(role)}
	for _, url := range urls {
		s.Menus = append(s.Menus, access.PermissionDraft{MenuID: string(d.Menu(url).ID), Actions: actionsPatch(actions)})
	}
	return s
}

func TestPermissionSetReplacesTheFormerOne(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	for _, urls := range [][]string{{access.TicketsMenu, access.RolesMenu}, {access.AccountsMenu}} {
		set := permissionSet(d, d.Role(desk.Temps), access.MayEverything, urls...)
		n := desk.Must(d.Permissions.AssignToRole(t.Context(), clerk, set, nil))(t)
		if n != len(urls) || len(d.Permitted(desk.Temps)) != n {
			t.Errorf("returned %d, stored %d, want %d", n, len(d.Permitted(desk.Temps)), len(urls))
		}
	}
	if got := actionsOf(d, desk.Temp, access.AccountsMenu); got != access.MayEverything {
		t.Errorf("temp holds %04b on accounts", got)
	}
	if got := actionsOf(d, desk.Temp, access.TicketsMenu); got != access.MayNothing {
		t.Errorf("temp still holds %04b on tickets", got)
	}
}

func TestInvalidPermissionSetChangesNothing(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	temps := d.Role(desk.Temps)
	d.Permit(desk.Temps, access.MayView, access.TicketsMenu)
	twice := permissionSet(d, temps, access.MayEverything, access.RolesMenu, access.RolesMenu)
	nowhere := permissionSet(d, temps, access.MayEverything, access.RolesMenu)
	nowhere.Menus[0].MenuID = ""
	for name, c := range map[string]struct {
		set  access.PermissionSet
		kind domain.Kind
		says string
	}{
		"an unknown role":  {permissionSet(d, d.NewID(), access.MayEverything, access.RolesMenu), domain.Invalid, "roleId: Select a valid role."},
		"a malformed role": {permissionSet(d, "nobody", access.MayEverything, access.RolesMenu), domain.Invalid, "roleId: Select a valid role."},
		"no role":          {permissionSet(d, "", access.MayEverything, access.RolesMenu), domain.Invalid, "roleId: Role cannot be blank."},
		"a menu twice":     {twice, domain.Invalid, "Duplicate menu entries are not allowed."},
		"an unknown menu":  {nowhere, domain.Invalid, "Menu ID cannot be blank for item 1."},
		"no action": {
			permissionSet(d, temps, access.MayNothing, access.RolesMenu), domain.Invalid,
			"At least one permission must be enabled for item 1.",
		},
		"more than held": {
			permissionSet(d, temps, access.MayView, access.RolesMenu, access.StatusesMenu), domain.Forbidden,
			"do not hold yourself, on: Ticket Status.",
		},
		"the actor's own role": {permissionSet(d, d.Role(desk.Clerks), access.MayView, access.RolesMenu), domain.Forbidden, "your own role"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Permissions.AssignToRole(t.Context(), clerk, c.set, nil)
			desk.Fails(t, err, c.kind, c.says)
		})
	}
	if got := d.Permitted(desk.Temps); len(got) != 1 || got[0].Actions != access.MayView {
		t.Errorf("stored %+v", got)
	}
}

func TestPermissionOfARoleIsChangedAndRemoved(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	d.Permit(desk.Temps, access.MayEverything, access.TicketsMenu)
	id := d.Permitted(desk.Temps)[0].ID
	changed := desk.Must(d.Permissions.UpdateForRole(t.Context(), clerk, id, access.ActionsPatch{Delete: domain.Some(false)}, nil))(t)
	if changed.Actions != access.MayEverything&^access.MayDelete || changed.Role != desk.Temps || changed.Menu != "Tickets" {
		t.Errorf("changed to %+v", changed)
	}
	replaced := desk.Must(d.Permissions.ReplaceForRole(t.Context(), clerk, id, access.ActionsPatch{}, nil))(t)
	if replaced.Actions != access.MayView {
		t.Errorf("replaced to %+v", replaced)
	}
	if got := desk.Must(d.Permissions.GetForRole(t.Context(), clerk, id))(t); got != replaced {
		t.Errorf("stored %+v, want %+v", got, replaced)
	}
	_, err := d.Permissions.UpdateForRole(t.Context(), clerk, id, access.ActionsPatch{View: domain.Some(false)}, nil)
	desk.Fails(t, err, domain.Invalid, "At least one permission must be enabled.")
	desk.Check(t, d.Permissions.RemoveFromRole(t.Context(), clerk, id, nil))
	_, err = d.Permissions.GetForRole(t.Context(), clerk, id)
	desk.Fails(t, err, domain.NotFound, "")
}

func TestPermissionIsNotRaisedBeyondWhatTheActorHolds(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	d.Permit(desk.Temps, access.MayView, access.StatusesMenu)
	id := d.Permitted(desk.Temps)[0].ID
	_, err := d.Permissions.UpdateForRole(t.Context(), clerk, id, access.ActionsPatch{Create: domain.Some(true)}, nil)
	desk.Fails(t, err, domain.Forbidden, "do not hold yourself")
	own := d.Permitted(desk.Clerks)[0].ID
	_, err = d.Permissions.UpdateForRole(t.Context(), clerk, own, access.ActionsPatch{Delete: domain.Some(false)}, nil)
	desk.Fails(t, err, domain.Forbidden, "your own role")
	desk.Fails(t, d.Permissions.RemoveFromRole(t.Context(), clerk, own, nil), domain.Forbidden, "your own role")
}

func TestPermissionsAreListedByRole(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	d.Permit(desk.Temps, access.MayView, access.TicketsMenu, access.RolesMenu)
	empty := d.AddRole("empty", access.ScopeOwn)
	page := ports.Page{Number: 1, Size: 2}
	list := desk.Must(d.Permissions.ListForRoles(t.Context(), clerk, "", page))(t)
	if list.Count != 7 || len(list.Items) != 2 || list.Items[0].Role.ID != empty || list.Items[0].Menus == nil ||
		len(list.Items[1].Menus) != 2 {
		t.Errorf("the first page is %+v", list)
	}
	for name, c := range map[string]struct {
		role         domain.ID
		page         ports.Page
		count, items int
	}{
		"one role":            {d.Role(desk.Temps), page, 1, 1},
		"beyond the one role": {d.Role(desk.Temps), ports.Page{Number: 2, Size: 2}, 1, 0},
		"an unknown role":     {d.NewID(), page, 0, 0},
	} {
		if list := desk.Must(d.Permissions.ListForRoles(t.Context(), clerk, c.role,
			c.page))(t); list.Count != c.count || len(list.Items) != c.items {
			t.Errorf("%s: %+v", name, list)
		}
	}
}
