package application_test

import (
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

func TestARoleIsMadeChangedAndDeleted(t *testing.T) {
	o, ok := newOffice(t), must[ports.RoleView](t)
	made := ok(o.Roles.Create(t.Context(), o.ann, access.RoleChange{Name: domain.To("Night Shift"), TicketScope: domain.To("all")}, nil))
	if made.Name != "night shift" || made.TicketScope != access.ScopeAll || made.IsPredefined {
		t.Errorf("made %+v", made)
	}
	changed := ok(o.Roles.Change(t.Context(), o.ann, made.ID, access.RoleChange{Name: domain.To("Day Shift")}, nil))
	if changed.Name != "day shift" || changed.TicketScope != access.ScopeAll {
		t.Errorf("changed to %+v", changed)
	}
	replaced := ok(o.Roles.Replace(t.Context(), o.ann, made.ID, access.RoleChange{Name: domain.To("Late Shift")}, nil))
	if replaced.TicketScope != access.ScopeOwn {
		t.Errorf("replaced by %+v", replaced)
	}
	if got := ok(o.Roles.Get(t.Context(), o.ann, made.ID)); got != replaced {
		t.Errorf("kept %+v, want %+v", got, replaced)
	}
	if err := o.Roles.Delete(t.Context(), o.ann, made.ID, nil); err != nil {
		t.Fatal(err)
	}
	_, err := o.Roles.Get(t.Context(), o.ann, made.ID)
	fails(t, err, domain.NotFound, "Data not found.")
}

func TestRolesAreListedNewestFirstWithTheirAccounts(t *testing.T) {
	o := newOffice(t)
	list := must[usecase.List[ports.RoleView]](t)(o.Roles.List(t.Context(), o.ann, ports.Page{Number: 1, Size: 1}))
	if list.Count != 2 || len(list.Items) != 1 || list.Items[0].Name != "agents" || list.Items[0].AccountCount != 1 {
		t.Errorf("the first page is %+v", list)
	}
}

func TestARoleNameIsTakenWhateverItsCase(t *testing.T) {
	o := newOffice(t)
	_, err := o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To(" AGENTS ")}, nil)
	fails(t, err, domain.Invalid, "name: Role with name 'agents' already exists.")
	made := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("crew")}, nil))
	_, err = o.Roles.Change(t.Context(), o.root, made.ID, access.RoleChange{Name: domain.To("Agents")}, nil)
	fails(t, err, domain.Invalid, "name: Role with name 'agents' already exists.")
}

func TestPredefinedRolesAndRolesInUseAreConflicts(t *testing.T) {
	o := newOffice(t)
	const predefined = "You cannot modify or delete predefined roles."
	_, err := o.Roles.Change(t.Context(), o.root, o.admins.ID, access.RoleChange{Name: domain.To("x")}, nil)
	fails(t, err, domain.Conflict, predefined)
	_, err = o.Roles.Replace(t.Context(), o.root, o.admins.ID, access.RoleChange{}, nil)
	fails(t, err, domain.Conflict, predefined)
	fails(t, o.Roles.Delete(t.Context(), o.root, o.admins.ID, nil), domain.Conflict, predefined)
	fails(t, o.Roles.Delete(t.Context(), o.root, o.agents.ID, nil), domain.Conflict, "Role is in use by accounts.")
}

func TestAnUnknownRoleIsNotFound(t *testing.T) {
	o := newOffice(t)
	_, err := o.Roles.Change(t.Context(), o.root, o.id(), access.RoleChange{}, nil)
	fails(t, err, domain.NotFound, "")
	fails(t, o.Roles.Delete(t.Context(), o.root, o.id(), nil), domain.NotFound, "")
}

func TestARoleIsNotWidenedByWhoSeesLess(t *testing.T) {
	o := newOffice(t)
	o.permit(o.agents.ID, everything, access.RolesMenu)
	bob := o.actor(o.bobID)
	_, err := o.Roles.Create(t.Context(), bob, access.RoleChange{Name: domain.To("spies"), TicketScope: domain.To("all")}, nil)
	fails(t, err, domain.Forbidden, "wider than your own")
	spies := must[ports.RoleView](t)(o.Roles.Create(t.Context(), bob, access.RoleChange{Name: domain.To("spies")}, nil))
	_, err = o.Roles.Change(t.Context(), bob, spies.ID, access.RoleChange{TicketScope: domain.To("all")}, nil)
	fails(t, err, domain.Forbidden, "wider than your own")
	_, err = o.Roles.Change(t.Context(), bob, o.agents.ID, access.RoleChange{TicketScope: domain.To("all")}, nil)
	fails(t, err, domain.Forbidden, "your own role")
	if got := must[ports.RoleView](t)(o.Roles.Get(t.Context(), bob, spies.ID)); got.TicketScope != access.ScopeOwn {
		t.Errorf("the refused change was kept: %+v", got)
	}
}

func TestARoleIsNotWidenedOverActionsThatTheActorLacks(t *testing.T) {
	o := newOffice(t)
	o.permit(o.agents.ID, everything, access.TicketsMenu)
	o.permit(o.admins.ID, everything, access.RolesMenu)
	_, err := o.Roles.Change(t.Context(), o.actor(o.annID), o.agents.ID, access.RoleChange{TicketScope: domain.To("all")}, nil)
	fails(t, err, domain.Forbidden, "do not hold yourself")
}
