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

// world is a desk on a store in memory whose roles, accounts and permissions are drawn.
type world struct {
	*desk.Desk
	now   permissionSnapshot
	start permissionSnapshot
	acted map[domain.ID]bool // who has changed something
}

// The menus of a world: those of everything by which permissions are handed out, and some more. guarding are those
// that guard a resource.
var (
	guarding = []string{
		access.AccountsMenu, access.AccountRolesMenu, access.RolesMenu, access.RolePermissionsMenu, access.AccountPermissionsMenu,
		access.MenusMenu, access.TicketsMenu, access.NotificationsMenu, access.StatusesMenu,
	}
	menuURLs = append(slices.Clone(guarding), "/reports/")
)

// What may be permitted, by name; "-" is no permission at all, "nothing" is one that refuses.
var levels = map[string]access.Actions{
	"nothing": access.MayNothing, "view": access.MayView, "view+create": access.MayView | access.MayCreate,
	"view+update": access.MayView | access.MayUpdate, "update+delete": access.MayUpdate | access.MayDelete, "all": access.MayEverything,
}

var (
	ofRoles = held(
		[]string{"-", "all", "all", "all", "all", "view", "view+create", "view+update", "update+delete"},
		[]string{"-", "view", "view+create", "all"},
	)
	ofWeakRole = held([]string{"-", "-", "-", "-", "view", "view+create"}, []string{"-", "-", "-", "view"})
	ofAccounts = held(
		[]string{"-", "-", "-", "-", "-", "all", "all", "nothing", "view", "view+update"},
		[]string{"-", "all", "view", "view+update"},
	)
	anyLevel = rapid.SampledFrom([]string{"view", "all", "nothing", "view+create", "view+update", "update+delete"})
	anyScope = rapid.SampledFrom([]string{"own", "all"})
)

// held draws a level for each of menuURLs: from scoped where a ticket scope matters, else from the others.
func held(others, scoped []string) *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		return mapped(menuURLs, func(url string) string {
			if isScoped(url) {
				return rapid.SampledFrom(scoped).Draw(t, url)
			}
			return rapid.SampledFrom(others).Draw(t, url)
		})
	})
}

func isScoped(url string) bool { return url == access.TicketsMenu || url == access.NotificationsMenu }

// drawWorld makes three roles, of which the last permits little but of every ticket, five accounts that are no
// superusers, and two that are.
func drawWorld(t testing.TB, rt *rapid.T) *world {
	w := &world{acted: map[domain.ID]bool{}}
	w.Desk = desk.Over(desk.Example(t, rt), memory.New(), func(d *application.Deps) { d.NewID = w.newID })
	var menus []access.Menu
	for _, url := range menuURLs {
		menus = append(menus, w.AddMenu(url))
	}
	roles := []domain.ID{""}
	for i := range 3 {
		name, level, scope := fmt.Sprintf("r%d", i+1), ofRoles, anyScope
		if i == 2 {
			level, scope = ofWeakRole, rapid.Just("all")
		}
		id := w.AddRole(name, access.Scope(scope.Draw(rt, "scope of "+name)))
		roles = append(roles, id)
		w.permitAll(id, level.Draw(rt, name+" permits"), menus)
	}
	for i := range 7 {
		w.drawAccount(rt, i, roles, menus)
	}
	w.now = w.look()
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

// drawAccount makes the i-th account: the first five are u1 to u5 (u1 is active); the others are superusers,
// and s1 is active.
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
	assigned := ofAccounts.Draw(rt, name+" is assigned")
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

// newID also moves the clock on, so that no change looks as if it had not been made.
func (w *world) newID() domain.ID {
	w.Wait(time.Second)
	return w.NewID()
}

// serial is a number that nothing is called by yet.
func (w *world) serial() int { return int(w.Now().Sub(desk.Noon) / time.Second) }

// actor is an account as its next request would see it, whatever its password is.
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
