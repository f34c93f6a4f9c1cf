package access_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/access"
)

// unread returns problems of fields that could not be read.
func unread(fields ...string) (p domain.Problems) {
	for _, f := range fields {
		p.Add(f, domain.Code(f+"?"))
	}
	return p
}

func TestUnreadFieldsAreReportedOnceWithOtherProblems(t *testing.T) {
	theRole := role(otherRole, access.ScopeOwn)
	next := func() domain.ID { return id(1) }
	off := access.ActionsPatch{View: domain.Some(false)}
	for name, c := range map[string]struct {
		do   func() error
		want string
	}{
		"a new role": {func() error {
			_, err := access.NewRole(id(1), access.RolePatch{TicketScope: domain.Some("x"), Unread: unread("name")}, now)
			return err
		}, "name?\nInvalid ticket scope. Please choose one of: all, own."},
		"a replaced role": {func() error {
			r := theRole
			return r.Apply(access.RolePatch{Unread: unread("ticketScope")}.Replacement(), now)
		}, "ticketScope?\nRole name can not be blank."},
		"a new menu": {func() error {
			_, err := access.NewMenu(id(9), access.MenuPatch{DisplayOrder: domain.Some(-1), Unread: unread("menuName", "menuUrl")}, nil, now)
			return err
		}, "menuName?\nmenuUrl?\nDisplay order must be non-negative"},
		"a replaced menu": {func() error {
			m := chain(1)[0]
			_, err := m.Apply(access.MenuPatch{URL: domain.Some("/x/"), Unread: unread("visibility")}.Replacement(), chain(1), now)
			return err
		}, "visibility?\nMenu name cannot be blank."},
		"a new assignment": {func() error {
			_, err := access.NewAccountPermission(id(1), access.AssignmentPatch{Unread: unread("accountId", "isView")}, nil, nil, self, now)
			return err
		}, "accountId?\nisView?\nMenu can not be blank."},
		"a new assignment with an unread menu": {func() error {
			_, err := access.NewAccountPermission(id(1), access.AssignmentPatch{Unread: unread("menuId")}, nil, nil, self, now)
			return err
		}, "menuId?\nAccount cannot be blank"},
		"a replaced assignment": {func() error {
			x := access.AccountPermission{AccountID: other}
			return x.Apply(access.AssignmentPatch{AccountID: domain.Some("x"), Unread: unread("isView")}.Replacement(), now)
		}, "isView?\nThe account of an assignment cannot be changed."},
		"a replaced permission": {func() error {
			x := access.NewRolePermission(id(1), otherRole, ticketsID, view, now)
			return x.Apply(access.ActionsPatch{View: domain.Some(false), Unread: unread("isCreate")}.Replacement(), now)
		}, "isCreate?"},
		"a permission set": {func() error {
			set := access.PermissionSet{Unread: unread("roleId", "menuDetails")}
			_, err := set.Permissions(nil, menus, next, now)
			return err
		}, "roleId?\nmenuDetails?"},
		"items of a permission set": {func() error {
			set := access.PermissionSet{
				RoleID: "r", Menus: []access.PermissionDraft{draft("", off), draft(ticketsID, off), draft("", off)},
				Unread: unread("menuDetails[0].menuId", "menuDetails[1].isCreate"),
			}
			_, err := set.Permissions(&theRole, menus, next, now)
			return err
		}, "menuDetails[0].menuId?\nmenuDetails[1].isCreate?\n" +
			"Menu ID cannot be blank for item 3.\nAt least one permission must be enabled for item 3."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := messages(t, c.do()); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
