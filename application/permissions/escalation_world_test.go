package permissions_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/adapters/memory"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// world is a desk on a memory store with roles, accounts and permissions that are drawn.
type world struct {
	*desk.Desk
	now   permissionSnapshot
	start permissionSnapshot
	acted map[domain.ID]bool // the accounts that have changed something
	taken map[domain.ID]bool // the accounts that others have changed
}

// The menus of a world: those of every resource by which permissions are granted, and some more. guarding holds those
// that guard a resource.
var (
	guarding = []string{
		access.AccountsMenu, access.AccountRolesMenu, access.RolesMenu, access.RolePermissionsMenu, access.AccountPermissionsMenu,
		access.MenusMenu, access.TicketsMenu, access.NotificationsMenu, access.StatusesMenu,
	}
	menuURLs = append(slices.Clone(guarding), "/reports/")
)

// levels are the actions that may be permitted, by name. "nothing" is a permission that refuses; "-", which is not
// listed, is no permission at all.
var levels = map[string]access.Actions{
	"nothing": access.MayNothing, "view": access.MayView, "view+create": access.MayView | access.MayCreate,
	"view+update": access.MayView | access.MayUpdate, "update+delete": access.MayUpdate | access.MayDelete, "all": access.MayEverything,
}

var (
	roleLevels = drawLevels(
		[]string{"-", "all", "all", "all", "all", "view", "view+create", "view+update", "update+delete"},
		[]string{"-", "view", "view+create", "all"},
	)
	weakRoleLevels = drawLevels([]string{"-", "-", "-", "-", "view", "view+create"}, []string{"-", "-", "-", "view"})
	accountLevels  = drawLevels(
		[]string{"-", "-", "-", "-", "-", "all", "all", "nothing", "view", "view+update"},
		[]string{"-", "all", "view", "view+update"},
	)
	anyLevel = rapid.SampledFrom([]string{"view", "all", "nothing", "view+create", "view+update", "update+delete"})
	anyScope = rapid.SampledFrom([]string{"own", "all"})
)

// drawLevels draws a level for each of menuURLs: from scoped if a ticket scope applies to it, otherwise from others.
func drawLevels(others, scoped []string) *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		return mapSlice(menuURLs, func(url string) string {
			if isScoped(url) {
				return rapid.SampledFrom(scoped).Draw(t, url)
			}
			return rapid.SampledFrom(others).Draw(t, url)
		})
	})
}

func isScoped(url string) bool { return url == access.TicketsMenu || url == access.NotificationsMenu }

// drawWorld creates three roles, five accounts that are not superusers, and two that are. The last two roles permit little,
// so that their accounts are often within reach; the third has scope all.
func drawWorld(t testing.TB, rt *rapid.T) *world {
	w := &world{acted: map[domain.ID]bool{}, taken: map[domain.ID]bool{}}
	w.Desk = desk.Over(desk.Example(t, rt), memory.New(), func(d *application.Deps) { d.NewID = w.newID })
	var menus []access.Menu
	for _, url := range menuURLs {
		menus = append(menus, w.AddMenu(url))
	}
	roles := []domain.ID{""}
	for i := range 3 {
		name, level, scope := fmt.Sprintf("r%d", i+1), roleLevels, anyScope
		if i > 0 {
			level = weakRoleLevels
		}
		if i == 2 {
			scope = rapid.Just("all")
		}
		id := w.AddRole(name, access.Scope(scope.Draw(rt, "scope of "+name)))
		roles = append(roles, id)
		w.permitAll(id, level.Draw(rt, name+" permits"), menus)
	}
	for i := range 7 {
		w.drawAccount(rt, i, roles, menus)
	}
	w.now = w.snapshot()
	w.start = w.now
	return w
}

// permitAll sets the level of a role on each of the menus.
func (w *world) permitAll(role domain.ID, permits []string, menus []access.Menu) {
	var set []access.RolePermission
	for i, level := range permits {
		if level != "-" {
			set = append(set, access.NewRolePermission(w.newID(), role, menus[i].ID, levels[level], w.Now()))
		}
	}
	w.Update(func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Replace(ctx, role, set) })
}

// drawAccount creates the i-th account: u1 to u5, of which u1 is active, or the superusers s1 and s2, of which s1 is
// active.
func (w *world) drawAccount(rt *rapid.T, i int, roles []domain.ID, menus []access.Menu) {
	name, superuser := fmt.Sprintf("u%d", i+1), false
	if i >= 5 {
		name, superuser = fmt.Sprintf("s%d", i-4), true
	}
	role := rapid.IntRange(0, len(roles)-1).Draw(rt, "role of "+name)
	active := i == 0 || i == 5 || rapid.SampledFrom([]bool{true, true, true, false}).Draw(rt, name+" is active")
	a := w.AddAccount(name, func(a *account.Account) { a.RoleID, a.IsActive, a.IsSuperuser = roles[role], active, superuser })
	if !rapid.Bool().Draw(rt, name+" has assignments") {
		return
	}
	assigned := accountLevels.Draw(rt, name+" is assigned")
	w.Update(func(ctx context.Context, tx ports.Tx) error {
		for i, level := range assigned {
			if level == "-" {
				continue
			}
			p := access.AccountPermission{
				ID: w.newID(), AccountID: a.ID, MenuID: menus[i].ID, Actions: levels[level],
				AssignedBy: a.ID, AssignedAt: w.Now(), CreatedAt: w.Now(), UpdatedAt: w.Now(),
			}
			if err := tx.AccountPermissions.Add(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// newID also advances the clock, so that no change has the time of another.
func (w *world) newID() domain.ID {
	w.Wait(time.Second)
	return w.NewID()
}

// serial returns a number that no name contains yet.
func (w *world) serial() int { return int(w.Now().Sub(desk.Noon) / time.Second) }

// actor returns an account as its next request would be authenticated, without its password.
func (w *world) actor(id domain.ID) (a access.Actor) {
	s := account.NewSession(w.newID(), id, w.newID(), w.Now())
	w.Update(func(ctx context.Context, tx ports.Tx) (err error) {
		if err = tx.Sessions.Add(ctx, s); err == nil {
			a, err = tx.Sessions.Actor(ctx, s.ID, w.Now())
		}
		return err
	})
	a.Via = access.ViaAPI
	return a
}
