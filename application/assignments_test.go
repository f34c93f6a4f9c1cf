package application_test

import (
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

func (o *office) assignment(to domain.ID, actions access.Actions, url string) access.AssignmentChange {
	return access.AssignmentChange{AccountID: domain.To(string(to)), MenuID: domain.To(string(o.menus[url].ID)), Actions: flags(actions)}
}

// assigned makes an assignment in the name of root.
func (o *office) assigned(to domain.ID, actions access.Actions, url string) ports.AccountPermissionView {
	o.t.Helper()
	return must[ports.AccountPermissionView](o.t)(o.Permissions.AssignToAccount(o.t.Context(), o.root, o.assignment(to, actions, url), nil))
}

func TestAnAssignmentDecidesAloneUntilItIsLifted(t *testing.T) {
	o, ok := newOffice(t), must[ports.AccountPermissionView](t)
	o.permit(o.agents.ID, everything, access.TicketsMenu)
	made := ok(o.Permissions.AssignToAccount(t.Context(), o.ann, o.assignment(o.bobID, access.MayView, access.TicketsMenu), nil))
	if made.Account != "bob" || made.Menu != "Menu /tickets/" || made.Assigner != "ann" || made.AssignedBy != o.annID || !made.AssignedAt.Equal(o.now) {
		t.Errorf("made %+v", made)
	}
	if got := o.holds(o.bobID, access.TicketsMenu); got != access.MayView {
		t.Errorf("bob holds %04b", got)
	}
	changed := ok(o.Permissions.ChangeOfAccount(t.Context(), o.ann, made.ID, access.AssignmentChange{Actions: flags(access.MayNothing)}, nil))
	if changed.Actions != access.MayNothing || o.holds(o.bobID, access.TicketsMenu) != access.MayNothing {
		t.Errorf("changed to %+v", changed)
	}
	replaced := ok(o.Permissions.ReplaceOfAccount(t.Context(), o.ann, made.ID, access.AssignmentChange{}, nil))
	if got := ok(o.Permissions.OfAccount(t.Context(), o.ann, made.ID)); got != replaced || got.Actions != access.MayView {
		t.Errorf("kept %+v, want %+v", got, replaced)
	}
	if err := o.Permissions.RemoveFromAccount(t.Context(), o.ann, made.ID, nil); err != nil {
		t.Fatal(err)
	}
	if got := o.holds(o.bobID, access.TicketsMenu); got != everything {
		t.Errorf("afterwards bob holds %04b", got)
	}
}

func TestAssignmentsAreListedNewestFirst(t *testing.T) {
	o := newOffice(t)
	o.assigned(o.bobID, access.MayView, access.TicketsMenu)
	last := o.assigned(o.eveID, access.MayView, access.TicketsMenu)
	list := must[usecase.List[ports.AccountPermissionView]](t)(o.Permissions.OfAccounts(t.Context(), o.ann, ports.Page{Number: 1, Size: 1}))
	if list.Count != 2 || len(list.Items) != 1 || list.Items[0] != last {
		t.Errorf("the first page is %+v", list)
	}
}

func TestABadAssignmentIsRefused(t *testing.T) {
	o := newOffice(t)
	o.assigned(o.bobID, access.MayView, access.TicketsMenu)
	unknown := o.assignment(o.id(), access.MayView, access.TicketsMenu)
	unknown.MenuID = domain.To("x")
	for name, c := range map[string]struct {
		asked access.AssignmentChange
		kind  domain.Kind
		says  string
	}{
		"nothing":          {access.AssignmentChange{}, domain.Invalid, "accountId: Account cannot be blank\nmenuId: Menu can not be blank."},
		"what there isn't": {unknown, domain.Invalid, "accountId: Select a valid account to assign menu\nmenuId: Select a valid menu for account"},
		"a second one":     {o.assignment(o.bobID, access.MayView, access.TicketsMenu), domain.Invalid, "menuId: The account has an assignment on this menu already."},
		"more than held":   {o.assignment(o.eveID, access.MayView, access.StatusesMenu), domain.Forbidden, "do not hold yourself"},
		"to oneself":       {o.assignment(o.annID, access.MayView, access.RolesMenu), domain.Forbidden, "your own menu assignments"},
		"to a superuser":   {o.assignment(o.root.ID, access.MayView, access.RolesMenu), domain.Forbidden, "superuser"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.Permissions.AssignToAccount(t.Context(), o.ann, c.asked, nil)
			fails(t, err, c.kind, c.says)
		})
	}
}

func TestWeakeningOrLiftingARefusalHandsOut(t *testing.T) {
	o := newOffice(t)
	o.permit(o.agents.ID, everything, access.StatusesMenu)
	refusal := o.assigned(o.bobID, access.MayNothing, access.StatusesMenu)
	_, err := o.Permissions.ChangeOfAccount(t.Context(), o.ann, refusal.ID, access.AssignmentChange{Actions: access.ActionsChange{View: domain.To(true)}}, nil)
	fails(t, err, domain.Forbidden, "do not hold yourself")
	fails(t, o.Permissions.RemoveFromAccount(t.Context(), o.ann, refusal.ID, nil), domain.Forbidden, "do not hold yourself")
	if got := o.holds(o.bobID, access.StatusesMenu); got != access.MayNothing {
		t.Errorf("bob holds %04b in spite of the refusals", got)
	}
	o.permit(o.agents.ID, access.MayView, access.TicketsMenu)
	if err := o.Permissions.RemoveFromAccount(t.Context(), o.ann, refusal.ID, nil); err != nil {
		t.Errorf("lifting it where the role permits nothing was refused: %v", err)
	}
}

func TestNobodyChangesTheirOwnAssignmentsOrASuperusers(t *testing.T) {
	o := newOffice(t)
	own := o.assigned(o.annID, access.MayNothing, access.StatusesMenu)
	theirs := o.assigned(o.root.ID, access.MayView, access.StatusesMenu)
	fails(t, o.Permissions.RemoveFromAccount(t.Context(), o.ann, own.ID, nil), domain.Forbidden, "your own menu assignments")
	_, err := o.Permissions.ReplaceOfAccount(t.Context(), o.ann, own.ID, access.AssignmentChange{}, nil)
	fails(t, err, domain.Forbidden, "your own menu assignments")
	fails(t, o.Permissions.RemoveFromAccount(t.Context(), o.ann, theirs.ID, nil), domain.Forbidden, "superuser")
	if err := o.Permissions.RemoveFromAccount(t.Context(), o.root, own.ID, nil); err != nil {
		t.Error(err)
	}
}

func TestAnAssignmentOnTicketsIsNotWidenedByARole(t *testing.T) {
	o := newOffice(t)
	o.assigned(o.eveID, everything, access.TicketsMenu)
	o.assigned(o.bobID, everything, access.TicketsMenu)
	o.permit(o.admins.ID, everything, access.AccountsMenu, access.AccountRolesMenu, access.RolesMenu)
	watchers := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.root, access.RoleChange{Name: domain.To("watchers"), TicketScope: domain.To("all")}, nil))
	ann, refusal := o.actor(o.annID), "do not hold yourself, on: Menu /tickets/."
	_, err := o.AccountRoles.Assign(t.Context(), ann, account.RoleAssignment{Users: []string{string(o.eveID)}, RoleID: string(watchers.ID)}, nil)
	fails(t, err, domain.Forbidden, refusal)
	_, err = o.AccountRoles.Change(t.Context(), ann, o.bobID, account.RoleChange{RoleID: domain.To(string(watchers.ID))}, nil)
	fails(t, err, domain.Forbidden, refusal)
	_, err = o.Accounts.Change(t.Context(), ann, o.eveID, account.Change{RoleID: domain.To(string(watchers.ID))}, nil)
	fails(t, err, domain.Forbidden, refusal)
	_, err = o.Roles.Change(t.Context(), ann, o.agents.ID, access.RoleChange{TicketScope: domain.To("all")}, nil)
	fails(t, err, domain.Forbidden, refusal)
	o.permit(o.admins.ID, everything, access.AccountRolesMenu, access.RolesMenu, access.TicketsMenu)
	ann = o.actor(o.annID)
	if _, err := o.AccountRoles.Assign(t.Context(), ann, account.RoleAssignment{Users: []string{string(o.eveID)}, RoleID: string(watchers.ID)}, nil); err != nil {
		t.Error("refused though ann holds it:", err)
	}
	if _, err := o.Roles.Change(t.Context(), ann, o.agents.ID, access.RoleChange{TicketScope: domain.To("all")}, nil); err != nil {
		t.Error("refused though ann holds it:", err)
	}
}
