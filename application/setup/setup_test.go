package setup_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"tickt/application/setup"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// seeds is everything that seeding adds.
type seeds struct {
	Roles       []ports.RoleView
	Menus       []access.Menu
	Permissions []ports.RolePermissionView
	Statuses    []ticket.Status
	Priorities  []ticket.Priority
}

// seedsOf returns what a desk was seeded with.
func seedsOf(d *desk.Desk) (x seeds) {
	d.T.Helper()
	page := ports.Page{Number: 1, Size: 100}
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		var errs [5]error
		x.Roles, _, errs[0] = tx.Roles.List(ctx, page)
		x.Menus, errs[1] = tx.Menus.All(ctx)
		var ids []domain.ID
		for _, r := range x.Roles {
			ids = append(ids, r.ID)
		}
		x.Permissions, errs[2] = tx.RolePermissions.Of(ctx, ids)
		x.Statuses, _, errs[3] = tx.Statuses.List(ctx, page)
		x.Priorities, _, errs[4] = tx.Priorities.List(ctx, page)
		return errors.Join(errs[:]...)
	})
	return x
}

func TestSeedsOfANewDesk(t *testing.T) {
	x := seedsOf(desk.Seeded(t))
	scopes := map[string]access.Scope{}
	for _, r := range x.Roles {
		scopes[r.Name] = r.TicketScope
		if !r.IsPredefined {
			t.Errorf("the role %s is not predefined", r.Name)
		}
	}
	want := map[string]access.Scope{
		"admin": access.ScopeAll, "supervisor": access.ScopeAll, "agent": access.ScopeAll, "customer": access.ScopeOwn,
	}
	if !reflect.DeepEqual(scopes, want) {
		t.Errorf("roles %v, want %v", scopes, want)
	}
	var statuses, priorities []string
	for _, s := range x.Statuses {
		statuses = append(statuses, s.Code+" "+s.Name+" "+string(s.StatusType))
		if s.IsDefault != (s.Code == "OPEN") || s.Weight != s.StatusType.DefaultWeight() {
			t.Errorf("status %+v", s)
		}
	}
	for _, p := range x.Priorities {
		priorities = append(priorities, p.Code+" "+p.Name+" "+p.Color)
		if p.IsDefault != (p.Code == "MEDIUM") {
			t.Errorf("priority %+v", p)
		}
	}
	if want := []string{
		"OPEN Open open", "IN_PROGRESS In Progress in_progress", "PENDING Pending pending",
		"RESOLVED Resolved resolved", "CLOSED Closed closed", "CANCELLED Cancelled cancelled",
	}; !slices.Equal(statuses, want) {
		t.Errorf("statuses %q", statuses)
	}
	if want := []string{
		"CRITICAL Critical #dc3545", "HIGH High #fd7e14", "MEDIUM Medium #ffc107", "LOW Low #28a745",
	}; !slices.Equal(priorities, want) {
		t.Errorf("priorities %q", priorities)
	}
	for i, want := range [][2]int{{40, 4}, {30, 8}, {20, 24}, {10, 72}} {
		if p := x.Priorities[i]; p.Weight != want[0] || p.SLAHours != want[1] {
			t.Errorf("priority %+v", p)
		}
	}
}

func TestSeededMenusHaveTheirPublishedIDs(t *testing.T) {
	text, err := os.ReadFile("testdata/menus.json")
	desk.Check(t, err)
	var published []struct {
		ReferenceID, MenuName, MenuURL, CreateURL, ListURL, ParentReferenceID string
		DisplayOrder                                                          int
	}
	desk.Check(t, json.Unmarshal(text, &published))
	x := seedsOf(desk.Seeded(t))
	if len(published) != 12 || len(x.Menus) != 15 {
		t.Fatalf("%d menus of %d published", len(x.Menus), len(published))
	}
	for _, p := range published {
		m, _ := access.FindMenu(x.Menus, domain.ID(p.ReferenceID))
		if m.Name != p.MenuName || m.URL != p.MenuURL || m.CreateURL != p.CreateURL || m.ListURL != p.ListURL ||
			string(m.ParentID) != p.ParentReferenceID || m.DisplayOrder != p.DisplayOrder {
			t.Errorf("got %+v, want %+v", m, p)
		}
	}
	for _, m := range x.Menus {
		depth := map[bool]int{true: 0, false: 1}[m.ParentID == ""]
		if _, ok := domain.ParseID(string(m.ID)); !ok || !m.Visible || !m.IsActive || m.Depth != depth {
			t.Errorf("menu %+v", m)
		}
	}
}

// seededPermissions are the permissions of the seeded roles other than admin: "role on menu: actions".
var seededPermissions = []string{
	"agent on Tickets: view, create, update",
	"customer on Tickets: view, create, update",
	"supervisor on Accounts: view",
	"supervisor on Calendars: view",
	"supervisor on Notification Log: view",
	"supervisor on SLA Policies: view",
	"supervisor on Ticket Priority: view",
	"supervisor on Ticket Status: view",
	"supervisor on Tickets: view, create, update",
}

// permitted returns the permissions of all roles other than admin, as seededPermissions holds them.
func (x seeds) permitted() []string {
	all := []string{}
	for _, p := range x.Permissions {
		if p.Role != "admin" {
			all = append(all, fmt.Sprintf("%s on %s: %s", p.Role, p.Menu, p.Actions))
		}
	}
	slices.Sort(all)
	return all
}

// takePermissions takes all permissions from the roles with these names.
func takePermissions(d *desk.Desk, roles ...string) {
	d.T.Helper()
	for _, name := range roles {
		id := d.Role(name)
		d.Update(func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Replace(ctx, id, nil) })
	}
}

func TestSeededRolesMayDoTheWorkOfTheirPeople(t *testing.T) {
	x := seedsOf(desk.Seeded(t))
	if got := x.permitted(); !slices.Equal(got, seededPermissions) {
		t.Errorf("got %q, want %q", got, seededPermissions)
	}
	everything := 0
	for _, p := range x.Permissions {
		if p.Role == "admin" && p.Actions == access.MayEverything {
			everything++
		}
	}
	if everything != len(x.Menus) {
		t.Errorf("admin may do everything on %d of %d menus", everything, len(x.Menus))
	}
}

func TestExistingDesksGetNoPermissionsUnlessAsked(t *testing.T) {
	d := desk.Seeded(t)
	takePermissions(d, "supervisor", "agent", "customer")
	agent := access.NewRolePermission(d.NewID(), d.Role("agent"), d.Menu(access.StatusesMenu).ID, access.MayView, d.Now())
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		return tx.RolePermissions.Replace(ctx, agent.RoleID, []access.RolePermission{agent})
	})
	kept := []string{"agent on Ticket Status: view"}
	for name, seed := range map[string]func(context.Context) error{
		"start": d.Setup.EnsureSeeded, "seed": func(ctx context.Context) error { return desk.Err(d.Setup.Seed(ctx)) },
	} {
		desk.Check(t, seed(t.Context()))
		if got := seedsOf(d).permitted(); !slices.Equal(got, kept) {
			t.Errorf("after %s: got %q, want %q", name, got, kept)
		}
	}
	given := desk.Must(d.Setup.SeedRoles(t.Context()))(t)
	want := append(kept, seededPermissions[1:]...) //nolint:gocritic // kept is not used again
	if got := seedsOf(d).permitted(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var said []string
	for _, p := range given.Permitted {
		said = append(said, fmt.Sprintf("%s on %s: %s", p.Role, p.Menu, p.Actions))
	}
	slices.Sort(said)
	if !slices.Equal(said, seededPermissions[1:]) {
		t.Errorf("said %q, want %q", said, seededPermissions[1:])
	}
	if again := desk.Must(d.Setup.SeedRoles(t.Context()))(t); !reflect.DeepEqual(again, setup.Added{}) {
		t.Errorf("the second time it added %v", again)
	}
}

func TestSeedingAgainChangesNothing(t *testing.T) {
	d := desk.Seeded(t)
	before := seedsOf(d)
	d.Wait(365 * 24 * time.Hour)
	desk.Check(t, desk.Err(d.Setup.Seed(t.Context())))
	desk.Check(t, d.Setup.EnsureSeeded(t.Context()))
	if after := seedsOf(d); !reflect.DeepEqual(before, after) {
		t.Errorf("got %+v, want %+v", after, before)
	}
}

func TestSeedingAddsOnlyWhatIsMissing(t *testing.T) {
	d := desk.Seeded(t)
	ctx := t.Context()
	x := seedsOf(d)
	admins := x.Permissions[:0:0]
	for _, p := range x.Permissions {
		if p.Role == "admin" {
			admins = append(admins, p)
		}
	}
	// remove MEDIUM, make LOW the default, rename Calendars, remove a permission of admin and reduce another
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		low, medium, calendars := x.Priorities[3], x.Priorities[2], x.Menus[len(x.Menus)-1]
		low.IsDefault, calendars.Name, calendars.NameKey = true, "Diaries", "diaries"
		var set []access.RolePermission
		for _, p := range admins[1:] {
			set = append(set, p.RolePermission)
		}
		set[0].Actions = access.MayView
		return errors.Join(
			tx.Priorities.Remove(ctx, medium.ID), tx.Priorities.Save(ctx, low), tx.Menus.Save(ctx, calendars),
			tx.RolePermissions.Replace(ctx, set[0].RoleID, set),
		)
	})
	removed := seedsOf(d)
	desk.Check(t, d.Setup.EnsureSeeded(ctx))
	if after := seedsOf(d); !reflect.DeepEqual(removed, after) {
		t.Error("EnsureSeeded brought back what was removed")
	}
	desk.Check(t, desk.Err(d.Setup.Seed(ctx)))
	after := seedsOf(d)
	if len(after.Menus) != 15 || after.Menus[len(after.Menus)-1].Name != "Diaries" {
		t.Errorf("menus %+v", after.Menus)
	}
	for _, p := range after.Priorities {
		if p.IsDefault != (p.Code == "LOW") {
			t.Errorf("%s took the default", p.Code)
		}
	}
	if len(after.Priorities) != 4 || len(after.Permissions) != len(x.Permissions) {
		t.Errorf("%d priorities, %d permissions", len(after.Priorities), len(after.Permissions))
	}
	viewed := 0
	for _, p := range after.Permissions {
		if p.Role == "admin" && p.Actions == access.MayView {
			viewed++
		}
	}
	if viewed != 1 {
		t.Errorf("%d permissions are reduced to viewing, want 1", viewed)
	}
}

func TestConcurrentSeedingsSeedOnce(t *testing.T) {
	d := desk.Seeded(t)
	var done sync.WaitGroup
	for range 5 {
		done.Go(func() {
			if _, err := d.Setup.Seed(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if x := seedsOf(d); len(x.Menus) != 15 || len(x.Roles) != 4 {
		t.Errorf("%d menus, %d roles", len(x.Menus), len(x.Roles))
	}
}
