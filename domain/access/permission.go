package access

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
)

// ActionsPatch is what a client sends of the four flags of a permission. By default, View is true and the others are
// false; null means the default.
type ActionsPatch struct {
	View   domain.Optional[bool]
	Create domain.Optional[bool]
	Update domain.Optional[bool]
	Delete domain.Optional[bool]
	Unread domain.Problems // problems of flags that could not be read; reported with the others
}

// Replacement returns the patch that PUT applies: absent flags return to their defaults.
func (c ActionsPatch) Replacement() ActionsPatch {
	return ActionsPatch{
		View: c.View.OrNull(), Create: c.Create.OrNull(), Update: c.Update.OrNull(), Delete: c.Delete.OrNull(),
		Unread: c.Unread,
	}
}

// On returns old with the flags of the patch applied.
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

// NewRolePermission returns a permission of a role on a menu.
func NewRolePermission(id, role, menu domain.ID, actions Actions, now time.Time) RolePermission {
	return RolePermission{ID: id, RoleID: role, MenuID: menu, Actions: actions, CreatedAt: now, UpdatedAt: now}
}

// Apply changes the flags, of which at least one must remain set. The error is Invalid and lists every problem; the
// permission is then unchanged.
func (x *RolePermission) Apply(c ActionsPatch, now time.Time) error {
	p := slices.Clone(c.Unread)
	actions := c.On(x.Actions)
	if actions == MayNothing && len(p) == 0 {
		p.Add("isView", domain.CodeNoPermission)
	}
	if err := p.Err(); err != nil {
		return err
	}
	if x.Actions != actions {
		x.Actions, x.UpdatedAt = actions, now
	}
	return nil
}

// Kept returns the permissions after a change of those before, where those that are on the same menu with the same actions stay as
// they were. changed reports whether there are others, or fewer.
func Kept(before, after []RolePermission) (all []RolePermission, changed bool) {
	was := make(map[domain.ID]RolePermission, len(before))
	for _, x := range before {
		was[x.MenuID] = x
	}
	all, changed = slices.Clone(after), len(before) != len(after)
	for i, x := range all {
		if had, ok := was[x.MenuID]; ok && had.Actions == x.Actions {
			all[i] = had
		} else {
			changed = true
		}
	}
	return all, changed
}

// PermissionSet is what a client sends as all permissions of a role; a permission that is not in it is removed. Ids are
// held as the client sent them; a text that is not an ID refers to nothing.
type PermissionSet struct {
	RoleID string
	Menus  []PermissionDraft
	Unread domain.Problems // problems of fields that could not be read; reported with the others
}

// PermissionDraft is the permission on one menu in a PermissionSet.
type PermissionDraft struct {
	MenuID  string
	Actions ActionsPatch
}

// Permissions returns the permissions of the set. role is what RoleID refers to, or nil if it does not exist; all are all
// menus, and next returns new ids. The error is Invalid and lists every problem.
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
		if item := fmt.Sprintf("menuDetails[%d]", i); actions == MayNothing && !hasProblemIn(s.Unread, item) {
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

// resolve returns the id of the menu of each item, or "" if it is not an ID. It adds problems for menus that are blank,
// unknown or named twice.
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

// hasProblemIn reports whether a field of an item has a problem.
func hasProblemIn(p domain.Problems, item string) bool {
	return slices.ContainsFunc(p, func(x domain.Problem) bool { return strings.HasPrefix(x.Field, item+".") })
}

// PermittedOn returns the actions that the permissions hold on a menu.
func PermittedOn(permissions []RolePermission, menu domain.ID) (actions Actions) {
	for _, p := range permissions {
		if p.MenuID == menu {
			actions |= p.Actions
		}
	}
	return actions
}
