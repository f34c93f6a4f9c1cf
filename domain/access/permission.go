package access

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
)

// ActionsPatch is what a client says of the four flags of a permission. View is on by default, the
// others off; null means the default.
type ActionsPatch struct {
	View   domain.Optional[bool]
	Create domain.Optional[bool]
	Update domain.Optional[bool]
	Delete domain.Optional[bool]
	Unread domain.Problems // with flags that could not be read at all, to be reported with the others
}

// Replacement is what PUT means: everything that was left out returns to its default.
func (c ActionsPatch) Replacement() ActionsPatch {
	return ActionsPatch{
		View: c.View.OrNull(), Create: c.Create.OrNull(), Update: c.Update.OrNull(), Delete: c.Delete.OrNull(),
		Unread: c.Unread,
	}
}

// On gives the actions that the change makes of old ones.
func (c ActionsPatch) On(old Actions) Actions {
	set := func(flag domain.Optional[bool], action Actions, byDefault bool) {
		switch {
		case !flag.Set:
		case flag.Value || flag.Null && byDefault:
			old |= action
		default:
			old &^= action
		}
	}
	set(c.View, MayView, true)
	set(c.Create, MayCreate, false)
	set(c.Update, MayUpdate, false)
	set(c.Delete, MayDelete, false)
	return old
}

// NewRolePermission lets the accounts of a role do something on a menu.
func NewRolePermission(id, role, menu domain.ID, actions Actions, now time.Time) RolePermission {
	return RolePermission{ID: id, RoleID: role, MenuID: menu, Actions: actions, CreatedAt: now, UpdatedAt: now}
}

// Apply changes the flags; at least one must stay. On an error the permission is as it was.
func (x *RolePermission) Apply(c ActionsPatch, now time.Time) error {
	p := slices.Clone(c.Unread)
	actions := c.On(x.Actions)
	if actions == MayNothing && len(p) == 0 {
		p.Add("isView", domain.CodeNoPermission)
	}
	if err := p.Err(); err != nil {
		return err
	}
	x.Actions, x.UpdatedAt = actions, now
	return nil
}

// PermissionSet is what a client wants a role to hold: everything it does not name is taken away.
// Ids are held as they came; one that is no ID names nothing.
type PermissionSet struct {
	RoleID string
	Menus  []PermissionDraft
	Unread domain.Problems // with fields that could not be read at all, to be reported with the others
}

// PermissionDraft is one menu of a PermissionSet.
type PermissionDraft struct {
	MenuID  string
	Actions ActionsPatch
}

// Permissions turns the set into permissions of the role that RoleID led to, nil where it led to none.
// all are the menus that there are; next makes the ids. The error lists every problem.
func (s PermissionSet) Permissions(role *Role, all []Menu, next func() domain.ID, now time.Time) ([]RolePermission, error) {
	p := slices.Clone(s.Unread)
	switch {
	case p.Has("roleId"):
	case strings.TrimSpace(s.RoleID) == "":
		p.Add("roleId", domain.CodeBlank, domain.Params{"label": domain.TermRole})
	case role == nil:
		p.Add("roleId", domain.CodeRoleToPermit)
	}
	if len(s.Menus) == 0 && !p.Has("menuDetails") {
		p.Add("menuDetails", domain.CodeBlank, domain.Params{"label": domain.TermMenuDetails})
	}
	menus := s.resolve(&p, all)
	out := make([]RolePermission, 0, len(menus))
	for i, d := range s.Menus {
		actions := d.Actions.Replacement().On(MayNothing)
		if item := fmt.Sprintf("menuDetails[%d]", i); actions == MayNothing && !within(s.Unread, item) {
			p.Add(item, domain.CodeNoPermissionInItem, domain.Params{"item": i + 1})
		}
		if role != nil {
			out = append(out, NewRolePermission(next(), role.ID, menus[i], actions, now))
		}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// resolve gives the menu of each item, "" where it names none.
func (s PermissionSet) resolve(p *domain.Problems, all []Menu) []domain.ID {
	known := make(map[domain.ID]bool, len(all))
	for _, m := range all {
		known[m.ID] = true
	}
	var unknown []string
	seen := map[string]bool{}
	twice := false
	menus := make([]domain.ID, len(s.Menus))
	for i, d := range s.Menus {
		name := strings.TrimSpace(d.MenuID)
		id, _ := domain.ParseID(name)
		field := fmt.Sprintf("menuDetails[%d].menuId", i)
		switch {
		case p.Has(field):
		case name == "":
			p.Add(field, domain.CodeBlankInItem, domain.Params{"label": domain.TermMenuID, "item": i + 1})
		case seen[name]:
			twice = true
		case !known[id]:
			unknown = append(unknown, domain.Truncate(name))
		}
		seen[name] = true
		menus[i] = id
	}
	if twice {
		p.Add("menuDetails", domain.CodeMenuTwice)
	}
	if unknown != nil {
		p.Add("menuDetails", domain.CodeUnknownMenus, domain.Params{"menus": unknown})
	}
	return menus
}

// within says whether there is a problem anywhere in an item.
func within(p domain.Problems, item string) bool {
	return slices.ContainsFunc(p, func(x domain.Problem) bool { return strings.HasPrefix(x.Field, item+".") })
}

// PermittedOn gives the actions that permissions hold on a menu.
func PermittedOn(permissions []RolePermission, menu domain.ID) (actions Actions) {
	for _, p := range permissions {
		if p.MenuID == menu {
			actions |= p.Actions
		}
	}
	return actions
}
