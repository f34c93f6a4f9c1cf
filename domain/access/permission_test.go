package access_test

import (
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

func draft(menu domain.ID, c ...access.ActionsPatch) access.PermissionDraft {
	d := access.PermissionDraft{MenuID: string(menu)}
	for _, x := range c {
		d.Actions = x
	}
	return d
}

func TestActionsPatchDefaultsToView(t *testing.T) {
	for name, c := range map[string]struct {
		old    access.Actions
		change access.ActionsPatch
		want   access.Actions
	}{
		"no flags":               {access.MayDelete, access.ActionsPatch{}, access.MayDelete},
		"replaced, no flags":     {access.MayDelete, access.ActionsPatch{}.Replacement(), view},
		"null means the default": {access.MayDelete, access.ActionsPatch{View: domain.Null[bool](), Delete: domain.Null[bool]()}, view},
		"switched on": {
			view, access.ActionsPatch{Create: domain.Some(true), Update: domain.Some(true), Delete: domain.Some(true)}, everything,
		},
		"switched off":            {everything, access.ActionsPatch{View: domain.Some(false)}, everything &^ view},
		"replaced without a view": {everything, access.ActionsPatch{View: domain.Some(false)}.Replacement(), nothing},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.change.On(c.old); got != c.want {
				t.Errorf("got %04b, want %04b", got, c.want)
			}
		})
	}
}

func TestPermissionSetRules(t *testing.T) {
	off := access.ActionsPatch{View: domain.Some(false)}
	theRole := role(otherRole, access.ScopeOwn)
	for name, c := range map[string]struct {
		set  access.PermissionSet
		role *access.Role
		want string
	}{
		"two menus":       {access.PermissionSet{RoleID: "r", Menus: []access.PermissionDraft{draft(ticketsID), draft(rolesID)}}, &theRole, ""},
		"no role":         {access.PermissionSet{Menus: []access.PermissionDraft{draft(ticketsID)}}, nil, "Role cannot be blank."},
		"an unknown role": {access.PermissionSet{RoleID: "r", Menus: []access.PermissionDraft{draft(ticketsID)}}, nil, "Select a valid role."},
		"no menus":        {access.PermissionSet{RoleID: "r"}, &theRole, "Menu Details cannot be blank."},
		"a menu twice": {
			access.PermissionSet{RoleID: "r", Menus: []access.PermissionDraft{draft(ticketsID), draft(" " + ticketsID)}},
			&theRole,
			"Duplicate menu entries are not allowed.",
		},
		"a blank menu": {
			access.PermissionSet{RoleID: "r", Menus: []access.PermissionDraft{draft(ticketsID), draft(" ")}},
			&theRole,
			"Menu ID cannot be blank for item 2.",
		},
		"no flag": {
			access.PermissionSet{RoleID: "r", Menus: []access.PermissionDraft{draft(ticketsID, off)}},
			&theRole,
			"At least one permission must be enabled for item 1.",
		},
		"unknown menus": {
			access.PermissionSet{RoleID: "r", Menus: []access.PermissionDraft{draft("x"), draft(ticketsID), draft(other)}},
			&theRole,
			"Invalid menu IDs: x, " + string(other),
		},
		"a very long id": {
			access.PermissionSet{RoleID: "r", Menus: []access.PermissionDraft{draft(domain.ID(strings.Repeat("é", 9999)))}},
			&theRole,
			"Invalid menu IDs: " + strings.Repeat("é", 64) + "…",
		},
		"several problems": {
			access.PermissionSet{Menus: []access.PermissionDraft{draft("", off)}},
			nil,
			"Role cannot be blank.\nMenu ID cannot be blank for item 1.\nAt least one permission must be enabled for item 1.",
		},
		"an empty set": {access.PermissionSet{}, nil, "Role cannot be blank.\nMenu Details cannot be blank."},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			next := func() domain.ID { n++; return id(n) }
			got, err := c.set.Permissions(c.role, menus, next, now)
			if text := messages(t, err); text != c.want {
				t.Fatalf("got %q, want %q", text, c.want)
			}
			if err == nil && (len(got) != 2 || got[1] != access.NewRolePermission(id(2), otherRole, rolesID, view, now)) {
				t.Errorf("got %+v", got)
			}
			if err != nil && got != nil {
				t.Errorf("got %+v with an error", got)
			}
		})
	}
}

func TestRolePermissionNeedsAtLeastOneFlag(t *testing.T) {
	p := access.NewRolePermission(id(1), otherRole, ticketsID, view, now)
	before, later := p, now.Add(time.Hour)
	if got := messages(t, p.Apply(access.ActionsPatch{View: domain.Some(false)}, later)); got != "At least one permission must be enabled." ||
		p != before {
		t.Errorf("got %q; the permission is %+v", got, p)
	}
	if err := p.Apply(access.ActionsPatch{View: domain.Some(false), Delete: domain.Some(true)}, later); err != nil ||
		p.Actions != access.MayDelete || !p.UpdatedAt.Equal(later) {
		t.Errorf("became %+v, %v", p, err)
	}
}

func TestAssignmentRules(t *testing.T) {
	account := &access.Holder{ID: other}
	named := access.AssignmentPatch{AccountID: domain.Some("a"), MenuID: domain.Some("m")}
	for name, c := range map[string]struct {
		change  access.AssignmentPatch
		account *access.Holder
		menu    *access.Menu
		want    string
	}{
		"both":            {named, account, &tickets, ""},
		"neither":         {access.AssignmentPatch{}, nil, nil, "Account cannot be blank\nMenu can not be blank."},
		"unknown account": {named, nil, &tickets, "Select a valid account to assign menu"},
		"unknown menu":    {named, account, nil, "Select a valid menu for account"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := access.NewAccountPermission(id(1), c.change, c.account, c.menu, self, now)
			if text := messages(t, err); text != c.want {
				t.Errorf("got %q, want %q", text, c.want)
			}
			want := access.AccountPermission{
				ID: id(1), AccountID: other, MenuID: ticketsID, Actions: view, AssignedBy: self, AssignedAt: now, CreatedAt: now, UpdatedAt: now,
			}
			if err == nil && got != want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestAssignmentApplyKeepsAccountAndMenu(t *testing.T) {
	p := access.AccountPermission{ID: id(1), AccountID: other, MenuID: ticketsID, Actions: view}
	same := access.AssignmentPatch{
		AccountID: domain.Some(string(other)), MenuID: domain.Some(" " + string(ticketsID)),
		Actions: access.ActionsPatch{View: domain.Some(false)},
	}
	if err := p.Apply(same, now); err != nil || p.Actions != nothing || !p.UpdatedAt.Equal(now) {
		t.Errorf("became %+v, %v", p, err)
	}
	before := p
	err := p.Apply(access.AssignmentPatch{AccountID: domain.Some(string(self)), MenuID: domain.Some(string(rolesID))}, now)
	if got := messages(t, err); got != "The account of an assignment cannot be changed.\nThe menu of an assignment cannot be changed." ||
		p != before {
		t.Errorf("got %q; the assignment is %+v", got, p)
	}
	if err := p.Apply(access.AssignmentPatch{}.Replacement(), now); err != nil || p.Actions != view {
		t.Errorf("replaced: %+v, %v", p, err)
	}
}
