package importing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/application/importing"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// memoryTable is a table of an original in memory.
type memoryTable[R any] struct {
	name string
	rows []ports.OriginalRow[R]
	more int // rows that Count adds to those that exist
}

func (k memoryTable[R]) Table() string                      { return k.name }
func (k memoryTable[R]) Count(context.Context) (int, error) { return len(k.rows) + k.more, nil }

func (k memoryTable[R]) After(_ context.Context, key int64, limit int) (out []ports.OriginalRow[R], _ error) {
	for _, r := range k.rows {
		if r.Key > key && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, nil
}

// tableOf returns a table of records. Their ids consist of a digit and a counter.
func tableOf[R any](name, digit string, records ...R) memoryTable[R] {
	k := memoryTable[R]{name: name}
	for i, r := range records {
		k.rows = append(k.rows, ports.OriginalRow[R]{Key: int64(i), ID: originalID(digit, i), Record: r})
	}
	return k
}

func originalID(digit string, i int) string {
	return strings.Repeat(digit, 30) + string([]byte{"0123456789abcdef"[i/16], "0123456789abcdef"[i%16]})
}

// smallOriginal returns an original with an account that is assigned a ticket and was notified of it.
func smallOriginal() ports.Original {
	then := desk.Noon.Add(-time.Hour)
	return ports.Original{
		Roles: tableOf("roles", "1",
			access.RoleRecord{Name: "Agent", IsActive: true, CreatedAt: then},
			access.RoleRecord{Name: "Keepers", IsActive: true, TicketActions: access.MayDelete},
		),
		Menus:           tableOf[access.MenuRecord]("menus", "2"),
		RolePermissions: tableOf[access.RolePermissionRecord]("role_menu_permission", "3"),
		Statuses: tableOf("ticket_status", "4", ticket.StatusRecord{
			Name: "Fresh", Code: "fresh", StatusType: "open", IsDefault: true, IsActive: true,
		}),
		Priorities: tableOf("ticket_priorities", "5", ticket.PriorityRecord{
			Name: "Some", Code: "SOME", Color: "#000000", SLAHours: 2, IsActive: true,
		}),
		Accounts: tableOf("accounts", "6", account.Record{
			Username: "import.ed", Email: "import.ed@example.org", Phone: "9841555001", Role: originalID("1", 1), IsActive: true,
		}),
		AccountPermissions: tableOf[access.AccountPermissionRecord]("user_menu_assignments", "7"),
		Tickets: tableOf("tickets_ticket", "8", ticket.Record{
			Number: "TKT-20260301-0007", Title: "Old", Description: "Old",
			Status: originalID("4", 0), Priority: originalID("5", 0), AssignedTo: originalID("6", 0),
			SLADueDate: then.Add(2 * time.Hour), IsActive: true, CreatedAt: then,
		}),
		NotificationLogs: tableOf("notification_log", "9", notification.Record{
			Type: "ticket_created", Recipient: originalID("6", 0), Ticket: originalID("8", 0), Title: "t", IsActive: true,
		}),
	}
}

func TestImportReportsItsProgress(t *testing.T) {
	d := desk.New(t)
	var finished []string
	report, err := d.Imports.Run(t.Context(), importing.Import{From: smallOriginal(), Progress: func(table string, done, total int) {
		if done == total && !slices.Contains(finished, table) {
			finished = append(finished, table)
		}
	}})
	if err != nil || !report.Agrees() || report.Written() != 6 {
		t.Fatalf("%v: %+v", err, report)
	}
	if len(finished) != 9 || finished[0] != "roles" || finished[8] != "notification_log" {
		t.Errorf("finished tables %v", finished)
	}
	opened := d.Open("agent", ticket.Patch{Title: domain.Some("New"), Description: domain.Some("New")})
	if opened.Number != "TKT-20260301-0008" || opened.StatusName != "Fresh" {
		t.Errorf("the next ticket is %+v", opened)
	}
}

func TestImportLeavesADefault(t *testing.T) {
	entry := func(code string, isDefault bool) ticket.PriorityRecord {
		return ticket.PriorityRecord{Name: code, Code: code, Color: "#000000", IsDefault: isDefault, IsActive: true}
	}
	for name, c := range map[string]struct {
		original []ticket.PriorityRecord
		want     string // the code of the default; it is MEDIUM before
	}{
		"nothing":                      {nil, "MEDIUM"},
		"another without a default":    {[]ticket.PriorityRecord{entry("LOW", false)}, "MEDIUM"},
		"the default's, which is none": {[]ticket.PriorityRecord{entry("MEDIUM", false), entry("LOW", false)}, "MEDIUM"},
		"a default after it":           {[]ticket.PriorityRecord{entry("MEDIUM", false), entry("LOW", true)}, "LOW"},
		"a default before it":          {[]ticket.PriorityRecord{entry("LOW", true), entry("MEDIUM", false)}, "LOW"},
		"two defaults":                 {[]ticket.PriorityRecord{entry("LOW", true), entry("MEDIUM", true)}, "LOW"},
	} {
		t.Run(name, func(t *testing.T) {
			d, o := desk.New(t), smallOriginal()
			o.Priorities = tableOf("ticket_priorities", "5", c.original...)
			o.Tickets, o.NotificationLogs = tableOf[ticket.Record]("tickets_ticket", "8"), tableOf[notification.Record]("notification_log", "9")
			for range 2 { // a second import changes nothing
				if report, err := d.Imports.Run(t.Context(), importing.Import{From: o}); err != nil || !report.Agrees() {
					t.Fatalf("%v: %+v", err, report)
				}
				for _, code := range []string{"CRITICAL", "HIGH", "MEDIUM", "LOW"} {
					if got := d.Priority(code).IsDefault; got != (code == c.want) {
						t.Errorf("%s is the default: %v", code, got)
					}
				}
			}
		})
	}
}

func TestBadLinksOfMenusBecomeNoLinks(t *testing.T) {
	d, o := desk.New(t), smallOriginal()
	o.Menus = tableOf("menus", "2",
		access.MenuRecord{Name: "Good", URL: "/good/", CreateURL: "https://example.org/new", IsActive: true},
		access.MenuRecord{Name: "Bad", URL: "javascript:alert(1)", CreateURL: "//example.org", ListURL: "bad/list/", IsActive: true},
		access.MenuRecord{Name: "Below", URL: "/\x00/example.org", Parent: originalID("2", 1), IsActive: true},
	)
	report, err := d.Imports.Run(t.Context(), importing.Import{From: o})
	if err != nil || !report.Agrees() {
		t.Fatalf("%v: %+v", err, report)
	}
	all := map[domain.ID]access.Menu{}
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		menus, err := tx.Menus.All(ctx)
		for _, m := range menus {
			all[m.ID] = m
		}
		return err
	})
	for i, want := range [][3]string{{"/good/", "https://example.org/new", ""}, {"#", "#", "#"}, {"#", "", ""}} {
		if m := all[domain.ID(originalID("2", i))]; [3]string{m.URL, m.CreateURL, m.ListURL} != want {
			t.Errorf("menu %s has the links %q, %q, %q; want %q", m.Name, m.URL, m.CreateURL, m.ListURL, want)
		}
	}
	told := fmt.Sprintf("%+v", report.Tables[1])
	for _, words := range []string{
		"menu_url: neither a path", "create_url: neither a path", "list_url: neither a path", "javascript:alert(1)", "bad/list/",
	} {
		if !strings.Contains(told, words) {
			t.Errorf("the report does not say %q: %s", words, told)
		}
	}
}

func TestRoleInUseKeepsItsIDAndItsPermissions(t *testing.T) {
	d := desk.New(t) // its agents may do everything on tickets
	o := smallOriginal()
	o.RolePermissions = tableOf("role_menu_permission", "3", access.RolePermissionRecord{
		Role: originalID("1", 0), Menu: "ba5e5ebc6887410e8352039d02acf744", Actions: access.MayEverything, IsActive: true,
	})
	o.Menus = memoryTable[access.MenuRecord]{
		name: "menus", rows: []ports.OriginalRow[access.MenuRecord]{{ID: "ba5e5ebc6887410e8352039d02acf744"}},
	}
	report, err := d.Imports.Run(t.Context(), importing.Import{From: o})
	if err != nil || !report.Agrees() {
		t.Fatalf("%v: %+v", err, report)
	}
	if roles, permissions := report.Tables[0], report.Tables[2]; roles.There != 1 || permissions.Skipped != 1 {
		t.Errorf("roles: %+v, permissions: %+v", roles, permissions)
	}
}

func TestReportDetectsMissedRows(t *testing.T) {
	d, o := desk.New(t), smallOriginal()
	k := o.Tickets.(memoryTable[ticket.Record])
	k.more = 1
	o.Tickets = k
	report, err := d.Imports.Run(t.Context(), importing.Import{From: o, DryRun: true})
	if err != nil || report.Agrees() {
		t.Errorf("%v: the report does not detect a missed row: %+v", err, report)
	}
}

func TestTicketWithATakenNumberIsSkipped(t *testing.T) {
	d, o := desk.New(t), smallOriginal()
	k := o.Tickets.(memoryTable[ticket.Record])
	again := k.rows[0]
	again.Key, again.ID = 1, originalID("8", 1)
	blank := k.rows[0]
	blank.Key, blank.ID, blank.Record.Number = 2, originalID("8", 2), "TKT-20260301-0009\x1b[2J"
	k.rows = append(k.rows, again, blank)
	o.Tickets = k
	report, err := d.Imports.Run(t.Context(), importing.Import{From: o})
	if err != nil || !report.Agrees() {
		t.Fatalf("%v: %+v", err, report)
	}
	got := report.Tables[7]
	if got.Written != 1 || got.Skipped != 2 || strings.ContainsRune(strings.Join(got.Skips[1].Rows, ""), '\x1b') {
		t.Errorf("%+v", got)
	}
}

var errRead = errors.New("the original is gone")

type failingTable struct {
	memoryTable[notification.Record]
}

func (failingTable) Count(context.Context) (int, error) { return 0, errRead }

func TestFailedImportStoresNothing(t *testing.T) {
	d, o := desk.New(t), smallOriginal()
	o.NotificationLogs = failingTable{}
	if _, err := d.Imports.Run(t.Context(), importing.Import{From: o}); !errors.Is(err, errRead) {
		t.Fatalf("want %v, got %v", errRead, err)
	}
	err := d.Store.View(t.Context(), func(tx ports.Tx) error {
		_, err := tx.Accounts.Get(t.Context(), domain.ID(originalID("6", 0)))
		return err
	})
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("the account was stored: %v", err)
	}
}

// An inactive role permits nothing in the original, so its accounts must not gain anything by its name.
func TestInactiveRoleNeverReplacesAPredefinedOne(t *testing.T) {
	d, o := desk.New(t), smallOriginal() // no account of the desk is a supervisor; some are agents
	o.Roles = tableOf("roles", "1",
		access.RoleRecord{Name: "Supervisor", TicketActions: access.MayEverything}, access.RoleRecord{Name: "AGENT"},
	)
	o.Accounts = tableOf("accounts", "6",
		account.Record{Username: "import.ed", Phone: "9841555001", Role: originalID("1", 0), IsActive: true},
		account.Record{Username: "other", Role: originalID("1", 1), IsActive: true},
	)
	o.RolePermissions = tableOf("role_menu_permission", "3", access.RolePermissionRecord{
		Role: originalID("1", 0), Menu: "x", Actions: access.MayEverything,
	})
	before := rolesByName(t, d)
	for range 2 { // the second run finds them in the store
		report, err := d.Imports.Run(t.Context(), importing.Import{From: o})
		if err != nil || !report.Agrees() {
			t.Fatalf("%v: %+v", err, report)
		}
	}
	after := rolesByName(t, d)
	for i, name := range []string{"supervisor", "agent"} {
		id := domain.ID(originalID("1", i))
		if got := after[name]; got.Role != before[name].Role || got.AccountCount != before[name].AccountCount {
			t.Errorf("%s became %+v", name, got)
		}
		got := after[name+" "+string(id)]
		if got.ID != id || got.IsPredefined || got.TicketScope != access.ScopeOwn || got.AccountCount != 1 {
			t.Errorf("the inactive %s became %+v", name, got)
		}
		d.Update(func(ctx context.Context, tx ports.Tx) error {
			permitted, err := tx.RolePermissions.Of(ctx, []domain.ID{id})
			if len(permitted) > 0 {
				t.Errorf("the inactive %s permits %+v", name, permitted)
			}
			return err
		})
	}
}

func rolesByName(t *testing.T, d *desk.Desk) map[string]ports.RoleView {
	t.Helper()
	byName := map[string]ports.RoleView{}
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		all, _, err := tx.Roles.List(ctx, ports.Page{Number: 1, Size: 100})
		for _, r := range all {
			byName[r.Name] = r
		}
		return err
	})
	return byName
}
