package application_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"tickt/adapters/memory"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// world is an application on a store in memory whose roles, accounts and permissions are drawn.
type world struct {
	*application.App
	store *memory.Store
	last  int

	now   picture
	start picture
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
	ofRoles    = held([]string{"-", "all", "all", "all", "all", "view", "view+create", "view+update", "update+delete"}, []string{"-", "view", "view+create", "all"})
	ofWeakRole = held([]string{"-", "-", "-", "-", "view", "view+create"}, []string{"-", "-", "-", "view"})
	ofAccounts = held([]string{"-", "-", "-", "-", "-", "all", "all", "nothing", "view", "view+update"}, []string{"-", "all", "view", "view+update"})
	anyLevel   = rapid.SampledFrom([]string{"view", "all", "nothing", "view+create", "view+update", "update+delete"})
	anyScope   = rapid.SampledFrom([]string{"own", "all"})
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

// drawWorld makes three roles, of which the last permits little but of every ticket, five accounts that are no superusers, and two that are.
func drawWorld(t *rapid.T) *world {
	w := &world{store: memory.New(), acted: map[domain.ID]bool{}}
	w.App = application.New(application.Deps{
		Store: w.store, Clock: w.clock, NewID: w.id, Passwords: plain{}, Phones: anyPhone{}, Zone: time.UTC,
	})
	w.update(t, func(ctx context.Context, tx ports.Tx) error {
		var menus []access.Menu
		for _, url := range menuURLs {
			m, err := access.NewMenu(w.id(), access.MenuChange{Name: domain.To(url), URL: domain.To(url)}, nil, w.clock())
			if err = cmp.Or(err, tx.Menus.Add(ctx, m)); err != nil {
				return err
			}
			menus = append(menus, m)
		}
		roles := []domain.ID{""}
		for i := range 3 {
			name, level, scope := fmt.Sprintf("r%d", i+1), ofRoles, anyScope
			if i == 2 {
				level, scope = ofWeakRole, rapid.Just("all")
			}
			id, err := w.addRole(ctx, tx, name, scope.Draw(t, "scope of "+name), level.Draw(t, name+" permits"), menus)
			if err != nil {
				return err
			}
			roles = append(roles, id)
		}
		for i := range 7 {
			if err := w.drawAccount(ctx, t, tx, i, roles, menus); err != nil {
				return err
			}
		}
		return nil
	})
	w.now = w.look(t)
	w.start = w.now
	return w
}

// addRole makes a role with its level on each of the menus.
func (w *world) addRole(ctx context.Context, tx ports.Tx, name, scope string, permits []string, menus []access.Menu) (domain.ID, error) {
	r, err := access.NewRole(w.id(), access.RoleChange{Name: domain.To(name), TicketScope: domain.To(scope)}, w.clock())
	if err = cmp.Or(err, tx.Roles.Add(ctx, r)); err != nil {
		return "", err
	}
	var set []access.RolePermission
	for i, level := range permits {
		if level != "-" {
			set = append(set, access.NewRolePermission(w.id(), r.ID, menus[i].ID, levels[level], w.clock()))
		}
	}
	return r.ID, tx.RolePermissions.Replace(ctx, r.ID, set)
}

// drawAccount makes the i-th account: the first five are u1 to u5, of whom u1 is active; the others are superusers,
// of whom s1 is active.
func (w *world) drawAccount(ctx context.Context, t *rapid.T, tx ports.Tx, i int, roles []domain.ID, menus []access.Menu) error {
	name, superuser := fmt.Sprintf("u%d", i+1), false
	if i >= 5 {
		name, superuser = fmt.Sprintf("s%d", i-4), true
	}
	role := rapid.IntRange(0, len(roles)-1).Draw(t, "role of "+name)
	active := i == 0 || i == 5 || rapid.SampledFrom([]bool{true, true, true, false}).Draw(t, name+" is active")
	a := account.Account{
		ID: w.id(), Username: name, UsernameKey: name, Email: name + "@x.test", EmailKey: name + "@x.test", Phone: "+" + name,
		RoleID: roles[role], IsActive: active, IsSuperuser: superuser, CreatedAt: w.clock(), UpdatedAt: w.clock(),
	}
	if err := tx.Accounts.Add(ctx, a); err != nil {
		return err
	}
	if !rapid.Bool().Draw(t, name+" has assignments") {
		return nil
	}
	for i, level := range ofAccounts.Draw(t, name+" is assigned") {
		if level == "-" {
			continue
		}
		p := access.AccountPermission{ID: w.id(), AccountID: a.ID, MenuID: menus[i].ID, Actions: levels[level], AssignedBy: a.ID, AssignedAt: w.clock(), CreatedAt: w.clock(), UpdatedAt: w.clock()}
		if err := tx.AccountPermissions.Add(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) id() domain.ID {
	w.last++
	return domain.ID(fmt.Sprintf("%032x", w.last))
}

func (w *world) update(t *rapid.T, fn func(context.Context, ports.Tx) error) {
	t.Helper()
	if err := w.store.Update(t.Context(), func(tx ports.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// actor is an account as its next request would see it.
func (w *world) actor(t *rapid.T, id domain.ID) (a access.Actor) {
	s := account.NewSession(w.id(), id, w.id(), w.clock())
	w.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		if err = tx.Sessions.Add(ctx, s); err == nil {
			a, err = tx.Sessions.Actor(ctx, s.ID, w.clock())
		}
		return err
	})
	return a
}

// clock goes on with every id, so that no change looks as if it had not been made.
func (w *world) clock() time.Time {
	return time.Date(2026, 3, 1, 12, 0, w.last, 0, time.UTC)
}

// plain keeps passwords as they are.
type plain struct{}

func (plain) Hash(_ context.Context, password string) (string, error) { return password, nil }

func (plain) Verify(_ context.Context, password, hash string) (ok, rehash bool, err error) {
	return password == hash, false, nil
}

func (plain) Readable(string) bool { return true }

// anyPhone takes every number as it is.
type anyPhone struct{}

func (anyPhone) Normalise(number string) (string, bool) { return number, true }

func (anyPhone) National(e164 string) string { return e164 }
