package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// savings is a store that counts what is saved in it.
type savings struct {
	ports.Store
	n atomic.Int64
}

func (s *savings) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Accounts = savedAccounts{tx.Accounts, s}
		tx.Roles = savedRoles{tx.Roles, s}
		tx.Menus = savedMenus{tx.Menus, s}
		tx.RolePermissions = savedRolePermissions{tx.RolePermissions, s}
		tx.AccountPermissions = savedAccountPermissions{tx.AccountPermissions, s}
		tx.Statuses = savedCatalog[ticket.Status]{tx.Statuses, s}
		tx.Priorities = savedCatalog[ticket.Priority]{tx.Priorities, s}
		tx.Tickets = savedTickets{tx.Tickets, s}
		tx.Comments = savedComments{tx.Comments, s}
		tx.Calendars = savedCalendars{tx.Calendars, s}
		tx.Policies = savedPolicies{tx.Policies, s}
		return fn(tx)
	})
}

type savedAccounts struct {
	ports.Accounts
	s *savings
}

func (p savedAccounts) Save(ctx context.Context, x account.Account) error {
	p.s.n.Add(1)
	return p.Accounts.Save(ctx, x)
}

type savedRoles struct {
	ports.Roles
	s *savings
}

func (p savedRoles) Save(ctx context.Context, x access.Role) error {
	p.s.n.Add(1)
	return p.Roles.Save(ctx, x)
}

type savedMenus struct {
	ports.Menus
	s *savings
}

func (p savedMenus) Save(ctx context.Context, x access.Menu) error {
	p.s.n.Add(1)
	return p.Menus.Save(ctx, x)
}

type savedRolePermissions struct {
	ports.RolePermissions
	s *savings
}

func (p savedRolePermissions) Save(ctx context.Context, x access.RolePermission) error {
	p.s.n.Add(1)
	return p.RolePermissions.Save(ctx, x)
}

func (p savedRolePermissions) Replace(ctx context.Context, role domain.ID, all []access.RolePermission) error {
	p.s.n.Add(1)
	return p.RolePermissions.Replace(ctx, role, all)
}

type savedAccountPermissions struct {
	ports.AccountPermissions
	s *savings
}

func (p savedAccountPermissions) Save(ctx context.Context, x access.AccountPermission) error {
	p.s.n.Add(1)
	return p.AccountPermissions.Save(ctx, x)
}

type savedCatalog[T any] struct {
	ports.Catalog[T]
	s *savings
}

func (p savedCatalog[T]) Save(ctx context.Context, x T) error {
	p.s.n.Add(1)
	return p.Catalog.Save(ctx, x)
}

type savedTickets struct {
	ports.Tickets
	s *savings
}

func (p savedTickets) Save(ctx context.Context, x ticket.Ticket) error {
	p.s.n.Add(1)
	return p.Tickets.Save(ctx, x)
}

type savedComments struct {
	ports.Comments
	s *savings
}

func (p savedComments) Save(ctx context.Context, x ticket.Comment) error {
	p.s.n.Add(1)
	return p.Comments.Save(ctx, x)
}

type savedCalendars struct {
	ports.Calendars
	s *savings
}

func (p savedCalendars) Save(ctx context.Context, x sla.Calendar) error {
	p.s.n.Add(1)
	return p.Calendars.Save(ctx, x)
}

type savedPolicies struct {
	ports.Policies
	s *savings
}

func (p savedPolicies) Save(ctx context.Context, x sla.Policy) error {
	p.s.n.Add(1)
	return p.Policies.Save(ctx, x)
}

// Whatever a client sends back as it read it, and an empty PATCH: nothing is written, so that no colleague gets 412.
func TestChangeThatChangesNothingWritesNothing(t *testing.T) {
	var written savings
	s := newClients(t, func(d *application.Deps) {
		written.Store = d.Store
		d.Store = &written
	})
	tried := createAll(s)
	tried["/api/me/"] = `{"address":"Pokhara"}`
	for path, change := range tried {
		s.Wait(time.Minute)
		first := s.ask(desk.Root, "GET", path, "").must(http.StatusOK, "Ok")
		for _, r := range []struct{ method, body string }{{"PATCH", "{}"}, {"PATCH", string(first.Data)}, {"PUT", string(first.Data)}} {
			if contractOf(t).route(httptest.NewRequest(r.method, path, nil)) == nil {
				continue // a comment cannot be replaced
			}
			before := written.n.Load()
			answer := s.ask(desk.Root, r.method, path, r.body)
			if answer.status != http.StatusOK || string(answer.Data) != string(first.Data) || answer.header.Get("ETag") != first.header.Get("ETag") {
				t.Errorf("%s %s: %d %s, which was %s", r.method, path, answer.status, answer.body, first.Data)
			}
			if n := written.n.Load() - before; n != 0 {
				t.Errorf("%s %s: %d entities were saved", r.method, path, n)
			}
		}
		before := written.n.Load()
		if r := s.ask(desk.Root, "PATCH", path, change); r.status != http.StatusOK || written.n.Load() == before {
			t.Errorf("%s: the test does not notice a change: %d %s", path, r.status, r.body)
		}
	}
}

// What a role may do keeps its ids and times where a set of permissions says the same.
func TestPermissionsThatAreSetAgainStay(t *testing.T) {
	s := newClients(t)
	const path = "/api/role/menu/permission/mapping/"
	crew := s.ask(desk.Root, "POST", "/api/roles/", `{"name":"crew"}`).object()["referenceId"]
	set := func(items string) map[string]any {
		s.Wait(time.Minute)
		r := s.ask(desk.Root, "POST", path, fmt.Sprintf(`{"roleId":%q,"menuDetails":[%s]}`, crew, items))
		if r.status != http.StatusOK {
			t.Fatalf("%d %s", r.status, r.body)
		}
		out := map[string]any{}
		for _, of := range s.ask(desk.Root, "GET", fmt.Sprintf("%s?roleId=%s", path, crew), "").object()["results"].([]any) {
			for _, x := range of.(map[string]any)["menuDetails"].([]any) {
				out[x.(map[string]any)["menuId"].(string)] = x
			}
		}
		return out
	}
	tickets, roles := string(s.Menu("/tickets/").ID), string(s.Menu("/roles/").ID)
	item := func(menu string, edit bool) string {
		return fmt.Sprintf(`{"menuId":%q,"isView":true,"isUpdate":%v}`, menu, edit)
	}
	first := set(item(tickets, true) + "," + item(roles, false))
	if again := set(item(roles, false) + "," + item(tickets, true)); len(first) != 2 || !reflect.DeepEqual(again, first) {
		t.Errorf("the same set again: %v, which was %v", again, first)
	}
	changed := set(item(tickets, false) + "," + item(roles, false))
	if !reflect.DeepEqual(changed[roles], first[roles]) || reflect.DeepEqual(changed[tickets], first[tickets]) {
		t.Errorf("one permission was changed: %v, which was %v", changed, first)
	}
	if fewer := set(item(roles, false)); len(fewer) != 1 || !reflect.DeepEqual(fewer[roles], first[roles]) {
		t.Errorf("one permission was removed: %v, which was %v", fewer, first)
	}
}
