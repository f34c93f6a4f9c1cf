package permissions_test

import (
	"fmt"
	"slices"
	"strings"

	"tickt/application/identity"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// move lets an actor try something that is drawn, and returns a description of it.
type move func(*rapid.T, access.Actor) (what string, err error)

// moves returns all ways in which permissions are granted or taken, by name.
func (w *world) moves() map[string]move {
	return map[string]move{
		"create an account": w.createAccount, "change an account": w.changeAccount,
		"toggle an account": w.toggleAccount, "delete an account": w.deleteAccount, "unlock an account": w.unlockAccount,
		"give a role to several accounts": w.giveRole, "change the role of an account": w.changeRoleOf, "take a role away": w.takeRole,
		"create a role": w.createRole, "change a role": w.changeRole, "delete a role": w.deleteRole,
		"permit a role": w.permit, "change a permission": w.changePermission, "remove a permission": w.removePermission,
		"assign to an account": w.assign, "change an assignment": w.changeAssignment, "remove an assignment": w.removeAssignment,
		"create a menu": w.createMenu, "change a menu": w.changeMenu, "delete a menu": w.deleteMenu,
	}
}

func (w *world) createAccount(t *rapid.T, by access.Actor) (string, error) {
	name := fmt.Sprintf("n%d", w.serial())
	c := account.Patch{
		Username: domain.Some(name), Email: domain.Some(name + "@x.test"), Phone: domain.Some("+" + name),
		Password: domain.Some("open sesame " + name),
	}
	what := "create " + name + w.drawChange(t, &c)
	_, err := w.Accounts.Create(t.Context(), by, c, nil)
	return what, err
}

func (w *world) changeAccount(t *rapid.T, by access.Actor) (string, error) {
	a := w.anyAccount(t)
	c := account.Patch{}
	what := "change " + a.Username + w.drawFields(t, &c) + w.drawChange(t, &c)
	if !rapid.Bool().Draw(t, "replace") {
		_, err := w.Accounts.Update(t.Context(), by, a.ID, c, nil)
		return what, err
	}
	for field, value := range map[*domain.Optional[string]]string{&c.Username: a.Username, &c.Email: a.Email, &c.Phone: a.Phone} {
		if !field.Set {
			*field = domain.Some(value)
		}
	}
	_, err := w.Accounts.Replace(t.Context(), by, a.ID, c, nil)
	return what + ", as a whole", err
}

// drawFields draws new values of fields that concern no permissions, and returns a description of them.
func (w *world) drawFields(t *rapid.T, c *account.Patch) (what string) {
	n := w.serial()
	for _, f := range []struct {
		name  string
		field *domain.Optional[string]
		value string
	}{
		{"password", &c.Password, fmt.Sprintf("open sesame %d", n)},
		{"username", &c.Username, fmt.Sprintf("n%d", n)},
		{"email", &c.Email, fmt.Sprintf("n%d@x.test", n)},
		{"phone", &c.Phone, fmt.Sprintf("+n%d", n)},
		{"address", &c.Address, fmt.Sprintf("house %d", n)},
	} {
		if rapid.IntRange(0, 3).Draw(t, f.name) == 3 {
			*f.field, what = domain.Some(f.value), what+", new "+f.name
		}
	}
	return what
}

// drawChange draws changes of an account that concern permissions, and returns a description of them.
func (w *world) drawChange(t *rapid.T, c *account.Patch) string {
	what := ""
	switch role, kind := w.anyRole(t), rapid.SampledFrom([]string{"leave", "give", "clear"}).Draw(t, "role"); kind {
	case "give":
		c.RoleID, what = domain.Some(string(role.ID)), " in "+role.Name
	case "clear":
		c.RoleID, what = domain.Null[string](), " in no role"
	}
	switch rapid.SampledFrom([]string{"neither", "neither", "neither", "neither", "staff", "superuser"}).Draw(t, "claim") {
	case "staff":
		c.IsStaff, what = domain.Some(true), what+", staff"
	case "superuser":
		c.IsSuperuser, what = domain.Some(true), what+", superuser"
	}
	return what
}

func (w *world) toggleAccount(t *rapid.T, by access.Actor) (string, error) {
	a := w.anyAccount(t)
	_, err := w.Accounts.Toggle(t.Context(), by, a.ID, identity.HandOver{}, nil)
	return "toggle " + a.Username, err
}

func (w *world) deleteAccount(t *rapid.T, by access.Actor) (string, error) {
	a := w.anyAccount(t)
	return "delete " + a.Username, w.Accounts.Delete(t.Context(), by, a.ID, nil)
}

func (w *world) unlockAccount(t *rapid.T, by access.Actor) (string, error) {
	a := w.anyAccount(t)
	err := w.Accounts.Unlock(t.Context(), by, a.ID)
	if err == nil {
		w.checkUnlocked(t, by, a)
	}
	return "unlock " + a.Username, err
}

func (w *world) giveRole(t *rapid.T, by access.Actor) (string, error) {
	role := w.anyRole(t)
	var users, names []string
	for _, a := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(w.now.accounts)-1), 1, 2, rapid.ID[int]).Draw(t, "users") {
		users, names = append(users, string(w.now.accounts[a].ID)), append(names, w.now.accounts[a].Username)
	}
	_, err := w.AccountRoles.Assign(t.Context(), by, account.RoleAssignment{Users: users, RoleID: string(role.ID)}, nil)
	return "put " + strings.Join(names, ", ") + " into " + role.Name, err
}

func (w *world) changeRoleOf(t *rapid.T, by access.Actor) (string, error) {
	a, role := w.anyAccount(t), w.anyRole(t)
	_, err := w.AccountRoles.Update(t.Context(), by, a.ID, account.RolePatch{RoleID: domain.Some(string(role.ID))}, nil)
	return "move " + a.Username + " into " + role.Name, err
}

func (w *world) takeRole(t *rapid.T, by access.Actor) (string, error) {
	a := w.anyAccount(t)
	return "take the role of " + a.Username, w.AccountRoles.Delete(t.Context(), by, a.ID, nil)
}

func (w *world) createRole(t *rapid.T, by access.Actor) (string, error) {
	name, scope := fmt.Sprintf("r%d", w.serial()), anyScope.Draw(t, "scope")
	_, err := w.Roles.Create(t.Context(), by, access.RolePatch{Name: domain.Some(name), TicketScope: domain.Some(scope)}, nil)
	return "create " + name + " of scope " + scope, err
}

func (w *world) changeRole(t *rapid.T, by access.Actor) (string, error) {
	r, c, what := w.anyRole(t), access.RolePatch{}, "change "
	if rapid.Bool().Draw(t, "rename") {
		c.Name, what = domain.Some(fmt.Sprintf("r%d", w.serial())), "rename "
	}
	if scope := rapid.SampledFrom([]string{"", "own", "all"}).Draw(t, "scope"); scope != "" {
		c.TicketScope, what = domain.Some(scope), what+"and give the scope "+scope+" to "
	}
	_, err := w.Roles.Update(t.Context(), by, r.ID, c, nil)
	return what + r.Name, err
}

func (w *world) deleteRole(t *rapid.T, by access.Actor) (string, error) {
	r := w.anyRole(t)
	return "delete " + r.Name, w.Roles.Delete(t.Context(), by, r.ID, nil)
}

func (w *world) permit(t *rapid.T, by access.Actor) (string, error) {
	r := w.anyRole(t)
	set := access.PermissionSet{RoleID: string(r.ID)}
	what := "permit " + r.Name
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(w.now.menus)-1), 1, 2, rapid.ID[int]).Draw(t, "menus") {
		m, level := w.now.menus[i], anyLevel.Draw(t, "level")
		set.Menus = append(set.Menus, access.PermissionDraft{MenuID: string(m.ID), Actions: actionsPatch(levels[level])})
		what += " " + level + " on " + menuLabel(m)
	}
	_, err := w.Permissions.AssignToRole(t.Context(), by, set, nil)
	return what, err
}

func (w *world) changePermission(t *rapid.T, by access.Actor) (string, error) {
	p, level := w.anyPermission(t), anyLevel.Draw(t, "level")
	_, err := w.Permissions.UpdateForRole(t.Context(), by, p.ID, actionsPatch(levels[level]), nil)
	return "let " + p.Role + " do " + level + " on " + p.Menu, err
}

func (w *world) removePermission(t *rapid.T, by access.Actor) (string, error) {
	p := w.anyPermission(t)
	return "take " + p.Menu + " from " + p.Role, w.Permissions.RemoveFromRole(t.Context(), by, p.ID, nil)
}

func (w *world) assign(t *rapid.T, by access.Actor) (string, error) {
	a, m, level := w.anyAccount(t), w.anyMenu(t), anyLevel.Draw(t, "level")
	c := access.AssignmentPatch{AccountID: domain.Some(string(a.ID)), MenuID: domain.Some(string(m.ID)), Actions: actionsPatch(levels[level])}
	_, err := w.Permissions.AssignToAccount(t.Context(), by, c, nil)
	return "assign to " + a.Username + " " + level + " on " + menuLabel(m), err
}

func (w *world) changeAssignment(t *rapid.T, by access.Actor) (string, error) {
	x, level := w.anyAssignment(t), anyLevel.Draw(t, "level")
	_, err := w.Permissions.UpdateForAccount(t.Context(), by, x.ID, access.AssignmentPatch{Actions: actionsPatch(levels[level])}, nil)
	return "change what " + x.Account + " is assigned on " + x.Menu + " to " + level, err
}

func (w *world) removeAssignment(t *rapid.T, by access.Actor) (string, error) {
	x := w.anyAssignment(t)
	return "remove what " + x.Account + " is assigned on " + x.Menu, w.Permissions.RemoveFromAccount(t.Context(), by, x.ID, nil)
}

func (w *world) createMenu(t *rapid.T, by access.Actor) (string, error) {
	url := w.drawURL(t)
	_, err := w.Menus.Create(t.Context(), by, access.MenuPatch{Name: domain.Some(fmt.Sprintf("m%d", w.serial())), URL: domain.Some(url)}, nil)
	return "create a menu at " + url, err
}

func (w *world) changeMenu(t *rapid.T, by access.Actor) (string, error) {
	m := w.anyMenu(t)
	if rapid.Bool().Draw(t, "turn on or off") {
		_, err := w.Menus.Update(t.Context(), by, m.ID, access.MenuPatch{IsActive: domain.Some(!m.IsActive)}, nil)
		return "turn on or off " + menuLabel(m), err
	}
	url := w.drawURL(t)
	_, err := w.Menus.Update(t.Context(), by, m.ID, access.MenuPatch{URL: domain.Some(url)}, nil)
	return "move " + menuLabel(m) + " to " + url, err
}

func (w *world) deleteMenu(t *rapid.T, by access.Actor) (string, error) {
	m := drawOne(t, "menu", filter(w.now.menus, w.unused), menuLabel)
	return "delete " + menuLabel(m), w.Menus.Delete(t.Context(), by, m.ID, nil)
}

// drawURL draws a URL, most often one that guards a resource and that no menu has.
func (w *world) drawURL(t *rapid.T) string {
	free := filter(guarding, func(url string) bool {
		return !slices.ContainsFunc(w.now.menus, func(m access.Menu) bool { return m.URL == url })
	})
	return rapid.SampledFrom(append(free, fmt.Sprintf("/plain%d/", w.serial()), "/reports/", access.TicketsMenu)).Draw(t, "url")
}

func (w *world) unused(m access.Menu) bool {
	return !slices.ContainsFunc(w.now.permissions, func(p ports.RolePermissionView) bool { return p.MenuID == m.ID }) &&
		!slices.ContainsFunc(w.now.assignments, func(x ports.AccountPermissionView) bool { return x.MenuID == m.ID })
}

func (w *world) anyAccount(t *rapid.T) account.Account {
	return drawOne(t, "account", w.now.accounts, func(a account.Account) string { return a.Username })
}

func (w *world) anyRole(t *rapid.T) access.Role {
	return drawOne(t, "role", w.now.roles, func(r access.Role) string { return r.Name })
}

func (w *world) anyMenu(t *rapid.T) access.Menu { return drawOne(t, "menu", w.now.menus, menuLabel) }

func (w *world) anyPermission(t *rapid.T) ports.RolePermissionView {
	return drawOne(t, "permission", w.now.permissions, func(p ports.RolePermissionView) string { return p.Role + " on " + p.Menu })
}

func (w *world) anyAssignment(t *rapid.T) ports.AccountPermissionView {
	return drawOne(t, "assignment", w.now.assignments, func(x ports.AccountPermissionView) string { return x.Account + " on " + x.Menu })
}

// drawOne draws one element of all by its name; the zero value, which no use case knows, if there is none.
func drawOne[T any](t *rapid.T, label string, all []T, name func(T) string) (x T) {
	if len(all) > 0 {
		drawn := rapid.SampledFrom(mapSlice(all, name)).Draw(t, label)
		x, _ = find(all, func(x T) bool { return name(x) == drawn })
	}
	return x
}
