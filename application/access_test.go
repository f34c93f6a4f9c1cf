package application_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tickt/application"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/stores"
)

// office is an application on an empty store, with the menus that guard access, two roles and four accounts:
// root, a superuser; ann, an administrator who is none; bob, an agent; eve, who has no role.
type office struct {
	*application.App
	t     *testing.T
	store ports.Store
	now   time.Time
	last  int

	menus          map[string]access.Menu // by URL
	admins, agents access.Role
	root, ann      access.Actor
	annID          domain.ID
	bobID, eveID   domain.ID
}

const everything = access.MayEverything

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, store: stores.New(t), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), menus: map[string]access.Menu{}}
	o.App = application.New(application.Deps{Store: o.store, Clock: func() time.Time { return o.now }, NewID: o.id, Zone: time.UTC})
	o.admins = access.PredefinedRole(o.id(), "admin", access.ScopeAll, o.now)
	o.agents, _ = access.NewRole(o.id(), access.RoleChange{Name: domain.To("agents"), TicketScope: domain.To("own")}, o.now)
	o.update(func(tx ports.Tx) error {
		return errors.Join(tx.Roles.Add(t.Context(), o.admins), tx.Roles.Add(t.Context(), o.agents))
	})
	for _, url := range []string{
		access.AccountsMenu, access.RolesMenu, access.MenusMenu, access.AccountRolesMenu, access.RolePermissionsMenu,
		access.AccountPermissionsMenu, access.TicketsMenu, access.StatusesMenu,
	} {
		o.menus[url] = o.addMenu(url)
	}
	var all []access.RolePermission
	for _, m := range o.menus {
		if m.URL != access.StatusesMenu {
			all = append(all, access.NewRolePermission(o.id(), o.admins.ID, m.ID, everything, o.now))
		}
	}
	o.update(func(tx ports.Tx) error { return tx.RolePermissions.Replace(t.Context(), o.admins.ID, all) })
	o.annID = o.account("ann", o.admins.ID, false)
	o.bobID = o.account("bob", o.agents.ID, false)
	o.eveID = o.account("eve", "", false)
	o.root, o.ann = o.actor(o.account("root", "", true)), o.actor(o.annID)
	return o
}

func (o *office) id() domain.ID {
	o.last++
	return domain.ID(fmt.Sprintf("%032x", o.last))
}

func (o *office) update(fn func(ports.Tx) error) {
	o.t.Helper()
	if err := o.store.Update(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) addMenu(url string) access.Menu {
	o.t.Helper()
	m, err := access.NewMenu(o.id(), access.MenuChange{Name: domain.To("Menu " + url), URL: domain.To(url)}, nil, o.now)
	if err != nil {
		o.t.Fatal(err)
	}
	o.update(func(tx ports.Tx) error { return tx.Menus.Add(o.t.Context(), m) })
	return m
}

func (o *office) account(name string, role domain.ID, superuser bool) domain.ID {
	o.t.Helper()
	a := account.Account{
		ID: o.id(), Username: name, UsernameKey: name, Email: name + "@x.test", EmailKey: name + "@x.test", Phone: "+97798" + name,
		RoleID: role, IsActive: true, IsSuperuser: superuser, CreatedAt: o.now, UpdatedAt: o.now,
	}
	o.update(func(tx ports.Tx) error { return tx.Accounts.Add(o.t.Context(), a) })
	return a.ID
}

// actor is an account as its next request would see it.
func (o *office) actor(id domain.ID) (a access.Actor) {
	o.t.Helper()
	s := account.NewSession(o.id(), id, o.id(), o.now)
	o.update(func(tx ports.Tx) (err error) {
		if err = tx.Sessions.Add(o.t.Context(), s); err == nil {
			a, err = tx.Sessions.Actor(o.t.Context(), s.ID, o.now)
		}
		return err
	})
	return a
}

// holds gives what an account may do on the menu with a URL.
func (o *office) holds(id domain.ID, url string) access.Actions {
	o.t.Helper()
	return o.actor(id).Grants.On(url)
}

// permit makes a role permit actions on the menus with the URLs, and nothing else.
func (o *office) permit(role domain.ID, actions access.Actions, urls ...string) {
	o.t.Helper()
	var set []access.RolePermission
	for _, url := range urls {
		set = append(set, access.NewRolePermission(o.id(), role, o.menus[url].ID, actions, o.now))
	}
	o.update(func(tx ports.Tx) error { return tx.RolePermissions.Replace(o.t.Context(), role, set) })
}

func (o *office) permissionsOf(role domain.ID) (out []ports.RolePermissionView) {
	o.t.Helper()
	o.update(func(tx ports.Tx) (err error) {
		out, err = tx.RolePermissions.Of(o.t.Context(), []domain.ID{role})
		return err
	})
	return out
}

// fails checks that err is of a kind and says something, in its sentence or in one of its problems.
func fails(t testing.TB, err error, kind domain.Kind, says string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Errorf("answered %v, want %v: %s", err, kind, says)
		return
	}
	said := e.Message
	for _, p := range e.Problems {
		said += "\n" + p.Field + ": " + p.Message
	}
	if !strings.Contains(said, says) {
		t.Errorf("said %q, want %q", said, says)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

// The ways to one thing of an area: V is the thing as it is shown, C what changes it.
type (
	getting[V any]     = func(context.Context, access.Actor, domain.ID) (V, error)
	changing[V, C any] = func(context.Context, access.Actor, domain.ID, C, usecase.Match[V]) (V, error)
	removing[V any]    = func(context.Context, access.Actor, domain.ID, usecase.Match[V]) error
)

// conditioned checks that every edit of the thing with an id asks its condition about what get gives, fails as Stale
// and changes nothing where it does not hold, and goes on where it does.
func conditioned[V, C any](t *testing.T, actor access.Actor, id domain.ID, get getting[V], remove removing[V], c C, changes ...changing[V, C]) {
	t.Helper()
	edits := []func(usecase.Match[V]) error{}
	for _, change := range changes {
		edits = append(edits, func(m usecase.Match[V]) error {
			_, err := change(t.Context(), actor, id, c, m)
			return err
		})
	}
	edits = append(edits, func(m usecase.Match[V]) error { return remove(t.Context(), actor, id, m) })
	before := must[V](t)(get(t.Context(), actor, id))
	for i, edit := range edits {
		var asked V
		err := edit(func(v V) bool { asked = v; return false })
		fails(t, err, domain.Stale, "The data was changed by somebody else meanwhile. Read it again.")
		if !reflect.DeepEqual(asked, before) {
			t.Errorf("edit %d asked about %+v, want %+v", i, asked, before)
		}
		if after := must[V](t)(get(t.Context(), actor, id)); !reflect.DeepEqual(after, before) {
			t.Errorf("edit %d made %+v all the same", i, after)
		}
	}
	for i, edit := range edits {
		if err := edit(func(V) bool { return true }); err != nil {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	_, err := get(t.Context(), actor, id)
	fails(t, err, domain.NotFound, "")
}

// replays checks that a request was answered with what was kept.
func replays(t *testing.T, err error, body string) {
	t.Helper()
	var before *usecase.Replayed
	if !errors.As(err, &before) {
		t.Fatalf("answered %v, want what was kept", err)
	}
	if r := before.Reply; r.Code != 201 || r.Location != "/there/" || string(r.Body) != body {
		t.Errorf("kept %+v", r)
	}
}
