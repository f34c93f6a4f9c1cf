package permissions_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
	"tickt/test/desk"
)

func TestRoleIsCreatedChangedAndDeleted(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	night := access.RolePatch{Name: domain.Some("Night Shift"), TicketScope: domain.Some("all")}
	made := desk.Must(d.Roles.Create(t.Context(), clerk, night, nil))(t)
	if made.Name != "night shift" || made.TicketScope != access.ScopeAll || made.IsPredefined {
		t.Errorf("created %+v", made)
	}
	changed := desk.Must(d.Roles.Update(t.Context(), clerk, made.ID, access.RolePatch{Name: domain.Some("Day Shift")}, nil))(t)
	if changed.Name != "day shift" || changed.TicketScope != access.ScopeAll {
		t.Errorf("changed to %+v", changed)
	}
	replaced := desk.Must(d.Roles.Replace(t.Context(), clerk, made.ID, access.RolePatch{Name: domain.Some("Late Shift")}, nil))(t)
	if replaced.TicketScope != access.ScopeOwn {
		t.Errorf("replaced to %+v", replaced)
	}
	if got := desk.Must(d.Roles.Get(t.Context(), clerk, made.ID))(t); got != replaced {
		t.Errorf("stored %+v, want %+v", got, replaced)
	}
	desk.Check(t, d.Roles.Delete(t.Context(), clerk, made.ID, nil))
	_, err := d.Roles.Get(t.Context(), clerk, made.ID)
	desk.Fails(t, err, domain.NotFound, "Data not found.")
}

func TestRolesAreListedNewestFirstWithTheirAccountCounts(t *testing.T) {
	d := desk.New(t)
	clerk := d.Actor(desk.Clerk)
	list := desk.Must(d.Roles.List(t.Context(), clerk, ports.Page{Number: 1, Size: 1}))(t)
	if list.Count != 6 || len(list.Items) != 1 || list.Items[0].Name != desk.Temps || list.Items[0].AccountCount != 1 {
		t.Errorf("the first page is %+v", list)
	}
}

func TestRoleNamesAreUniqueRegardlessOfCase(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	_, err := d.Roles.Create(t.Context(), root, access.RolePatch{Name: domain.Some(" TEMPS ")}, nil)
	desk.Fails(t, err, domain.Invalid, "name: Role with name 'temps' already exists.")
	made := desk.Must(d.Roles.Create(t.Context(), root, access.RolePatch{Name: domain.Some("crew")}, nil))(t)
	_, err = d.Roles.Update(t.Context(), root, made.ID, access.RolePatch{Name: domain.Some("Temps")}, nil)
	desk.Fails(t, err, domain.Invalid, "name: Role with name 'temps' already exists.")
}

func TestPredefinedRolesAndRolesInUseCannotBeDeleted(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	admins := d.Role(access.AdminRole)
	const predefined = "You cannot modify or delete predefined roles."
	_, err := d.Roles.Update(t.Context(), root, admins, access.RolePatch{Name: domain.Some("x")}, nil)
	desk.Fails(t, err, domain.Conflict, predefined)
	_, err = d.Roles.Replace(t.Context(), root, admins, access.RolePatch{}, nil)
	desk.Fails(t, err, domain.Conflict, predefined)
	desk.Fails(t, d.Roles.Delete(t.Context(), root, admins, nil), domain.Conflict, predefined)
	desk.Fails(t, d.Roles.Delete(t.Context(), root, d.Role(desk.Temps), nil), domain.Conflict, "Role is in use by accounts.")
}

func TestUnknownRoleIsNotFound(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	_, err := d.Roles.Update(t.Context(), root, d.NewID(), access.RolePatch{}, nil)
	desk.Fails(t, err, domain.NotFound, "")
	desk.Fails(t, d.Roles.Delete(t.Context(), root, d.NewID(), nil), domain.NotFound, "")
}

func TestRoleIsNotWidenedByAnActorOfScopeOwn(t *testing.T) {
	d := desk.New(t)
	d.Permit(desk.Temps, access.MayEverything, access.RolesMenu)
	temp := d.Actor(desk.Temp)
	_, err := d.Roles.Create(t.Context(), temp, access.RolePatch{Name: domain.Some("spies"), TicketScope: domain.Some("all")}, nil)
	desk.Fails(t, err, domain.Forbidden, "wider than your own")
	spies := desk.Must(d.Roles.Create(t.Context(), temp, access.RolePatch{Name: domain.Some("spies")}, nil))(t)
	_, err = d.Roles.Update(t.Context(), temp, spies.ID, access.RolePatch{TicketScope: domain.Some("all")}, nil)
	desk.Fails(t, err, domain.Forbidden, "wider than your own")
	_, err = d.Roles.Update(t.Context(), temp, d.Role(desk.Temps), access.RolePatch{TicketScope: domain.Some("all")}, nil)
	desk.Fails(t, err, domain.Forbidden, "your own role")
	if got := desk.Must(d.Roles.Get(t.Context(), temp, spies.ID))(t); got.TicketScope != access.ScopeOwn {
		t.Errorf("the refused change was stored: %+v", got)
	}
}

func TestRoleIsNotWidenedBeyondTheActionsOfTheActor(t *testing.T) {
	d := desk.New(t)
	d.Permit(desk.Temps, access.MayEverything, access.TicketsMenu)
	d.Permit(desk.Clerks, access.MayEverything, access.RolesMenu)
	_, err := d.Roles.Update(t.Context(), d.Actor(desk.Clerk), d.Role(desk.Temps), access.RolePatch{TicketScope: domain.Some("all")}, nil)
	desk.Fails(t, err, domain.Forbidden, "do not hold yourself")
}
