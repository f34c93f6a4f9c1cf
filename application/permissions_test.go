package application_test

import (
	"testing"

	"tickt/application/permissions"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// flags are changes that set all four flags to what actions holds.
func flags(actions access.Actions) access.ActionsChange {
	return access.ActionsChange{
		View: domain.To(actions.Has(access.MayView)), Create: domain.To(actions.Has(access.MayCreate)),
		Update: domain.To(actions.Has(access.MayUpdate)), Delete: domain.To(actions.Has(access.MayDelete)),
	}
}

func (o *office) set(role domain.ID, actions access.Actions, urls ...string) access.PermissionSet {
	s := access.PermissionSet{RoleID: string(role)}
	for _, url := range urls {
		s.Menus = append(s.Menus, access.PermissionDraft{MenuID: string(o.menus[url].ID), Actions: flags(actions)})
	}
	return s
}

func TestASetOfPermissionsReplacesTheOneBefore(t *testing.T) {
	o := newOffice(t)
	for _, urls := range [][]string{{access.TicketsMenu, access.RolesMenu}, {access.AccountsMenu}} {
		n := must[int](t)(o.Permissions.AssignToRole(t.Context(), o.ann, o.set(o.agents.ID, everything, urls...), nil))
		if n != len(urls) || len(o.permissionsOf(o.agents.ID)) != n {
			t.Errorf("made %d, kept %d, want %d", n, len(o.permissionsOf(o.agents.ID)), len(urls))
		}
	}
	if got := o.holds(o.bobID, access.AccountsMenu); got != everything {
		t.Errorf("bob holds %04b on accounts", got)
	}
	if got := o.holds(o.bobID, access.TicketsMenu); got != access.MayNothing {
		t.Errorf("bob still holds %04b on tickets", got)
	}
}

func TestABadSetOfPermissionsChangesNothing(t *testing.T) {
	o := newOffice(t)
	o.permit(o.agents.ID, access.MayView, access.TicketsMenu)
	twice := o.set(o.agents.ID, everything, access.RolesMenu, access.RolesMenu)
	for name, c := range map[string]struct {
		set  access.PermissionSet
		kind domain.Kind
		says string
	}{
		"an unknown role":   {o.set(o.id(), everything, access.RolesMenu), domain.Invalid, "roleId: Select a valid role."},
		"an unreadable one": {o.set("nobody", everything, access.RolesMenu), domain.Invalid, "roleId: Select a valid role."},
		"no role":           {o.set("", everything, access.RolesMenu), domain.Invalid, "roleId: Role cannot be blank."},
		"a menu twice":      {twice, domain.Invalid, "Duplicate menu entries are not allowed."},
		"an unknown menu":   {o.set(o.agents.ID, everything, "/nowhere/"), domain.Invalid, "Menu ID cannot be blank for item 1."},
		"no action":         {o.set(o.agents.ID, access.MayNothing, access.RolesMenu), domain.Invalid, "At least one permission must be enabled for item 1."},
		"more than held":    {o.set(o.agents.ID, access.MayView, access.RolesMenu, access.StatusesMenu), domain.Forbidden, "do not hold yourself, on: Menu /ticket-status/."},
		"the own role":      {o.set(o.admins.ID, access.MayView, access.RolesMenu), domain.Forbidden, "your own role"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.Permissions.AssignToRole(t.Context(), o.ann, c.set, nil)
			fails(t, err, c.kind, c.says)
		})
	}
	if got := o.permissionsOf(o.agents.ID); len(got) != 1 || got[0].Actions != access.MayView {
		t.Errorf("kept %+v", got)
	}
}

func TestOnePermissionOfARoleIsChangedAndRemoved(t *testing.T) {
	o, ok := newOffice(t), must[ports.RolePermissionView](t)
	o.permit(o.agents.ID, everything, access.TicketsMenu)
	id := o.permissionsOf(o.agents.ID)[0].ID
	changed := ok(o.Permissions.ChangeOfRole(t.Context(), o.ann, id, access.ActionsChange{Delete: domain.To(false)}, nil))
	if changed.Actions != everything&^access.MayDelete || changed.Role != "agents" || changed.Menu != "Menu /tickets/" {
		t.Errorf("changed to %+v", changed)
	}
	replaced := ok(o.Permissions.ReplaceOfRole(t.Context(), o.ann, id, access.ActionsChange{}, nil))
	if replaced.Actions != access.MayView {
		t.Errorf("replaced by %+v", replaced)
	}
	if got := ok(o.Permissions.OfRole(t.Context(), o.ann, id)); got != replaced {
		t.Errorf("kept %+v, want %+v", got, replaced)
	}
	_, err := o.Permissions.ChangeOfRole(t.Context(), o.ann, id, access.ActionsChange{View: domain.To(false)}, nil)
	fails(t, err, domain.Invalid, "At least one permission must be enabled.")
	if err := o.Permissions.RemoveFromRole(t.Context(), o.ann, id, nil); err != nil {
		t.Fatal(err)
	}
	_, err = o.Permissions.OfRole(t.Context(), o.ann, id)
	fails(t, err, domain.NotFound, "")
}

func TestOnePermissionIsNotRaisedBeyondWhatTheActorHolds(t *testing.T) {
	o := newOffice(t)
	o.permit(o.agents.ID, access.MayView, access.StatusesMenu)
	id := o.permissionsOf(o.agents.ID)[0].ID
	_, err := o.Permissions.ChangeOfRole(t.Context(), o.ann, id, access.ActionsChange{Create: domain.To(true)}, nil)
	fails(t, err, domain.Forbidden, "do not hold yourself")
	own := o.permissionsOf(o.admins.ID)[0].ID
	_, err = o.Permissions.ChangeOfRole(t.Context(), o.ann, own, access.ActionsChange{Delete: domain.To(false)}, nil)
	fails(t, err, domain.Forbidden, "your own role")
	fails(t, o.Permissions.RemoveFromRole(t.Context(), o.ann, own, nil), domain.Forbidden, "your own role")
	if err := o.Permissions.RemoveFromRole(t.Context(), o.ann, id, nil); err != nil {
		t.Errorf("taking away was refused: %v", err)
	}
}

func TestPermissionsAreListedByRole(t *testing.T) {
	o, ok := newOffice(t), must[usecase.List[permissions.RolePermissions]](t)
	o.permit(o.agents.ID, access.MayView, access.TicketsMenu, access.RolesMenu)
	empty := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("empty")}, nil))
	page := ports.Page{Number: 1, Size: 2}
	list := ok(o.Permissions.OfRoles(t.Context(), o.ann, "", page))
	if list.Count != 3 || len(list.Items) != 2 || list.Items[0].Role.ID != empty.ID || list.Items[0].Menus == nil || len(list.Items[1].Menus) != 2 {
		t.Errorf("the first page is %+v", list)
	}
	for name, c := range map[string]struct {
		role         domain.ID
		page         ports.Page
		count, items int
	}{
		"one role":                {o.agents.ID, page, 1, 1},
		"beyond the one role":     {o.agents.ID, ports.Page{Number: 2, Size: 2}, 1, 0},
		"a role that there isn't": {o.id(), page, 0, 0},
	} {
		if list := ok(o.Permissions.OfRoles(t.Context(), o.ann, c.role, c.page)); list.Count != c.count || len(list.Items) != c.items {
			t.Errorf("%s: %+v", name, list)
		}
	}
}
