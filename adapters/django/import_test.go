package django_test

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tickt/adapters/bunstore"
	"tickt/adapters/django"
	"tickt/adapters/lookalike"
	"tickt/adapters/mail"
	"tickt/adapters/memory"
	"tickt/adapters/password"
	"tickt/adapters/phone"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/application/identity"
	"tickt/application/importing"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/search"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/migrated"
	"tickt/test/original"
	"tickt/test/postgres"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// target is the application that imports.
type target struct {
	*application.App
	t     *testing.T
	store ports.Store
}

func clock() time.Time { return noon }

func newID() domain.ID {
	id := uuid.Must(uuid.NewV7())
	return domain.ID(hex.EncodeToString(id[:]))
}

// newTarget returns a seeded application on a store.
func newTarget(t *testing.T, store ports.Store) *target {
	t.Helper()
	phones, err := phone.New("NP")
	if err != nil {
		t.Fatal(err)
	}
	x := &target{t: t, store: store, App: application.New(application.Deps{
		Store: store, Clock: clock, NewID: newID, Passwords: password.New(1), Phones: phones, Addresses: mail.Addresses{},
		LookAlikes: lookalike.Names{}, Zone: time.UTC,
		Tokens: token.New([]byte("a secret of thirty-two bytes or more"), clock),
	})}
	if _, err := x.Setup.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

func openStore(t *testing.T, url string) ports.Store {
	t.Helper()
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func sqliteStore(t *testing.T) ports.Store {
	return openStore(t, migrated.File(t))
}

// onEveryStore runs a test on every kind of store.
func onEveryStore(t *testing.T, test func(*testing.T, *target)) {
	t.Helper()
	for _, d := range []struct {
		name string
		open func(*testing.T) ports.Store
	}{
		{"memory", func(*testing.T) ports.Store { return memory.New() }},
		{"sqlite", sqliteStore},
		{"postgres", func(t *testing.T) ports.Store { return openStore(t, migrated.Postgres(t)) }},
	} {
		t.Run(d.name, func(t *testing.T) { test(t, newTarget(t, d.open(t))) })
	}
}

func (x *target) run(url string, dry bool) (report importing.Report, err error) {
	err = django.Read(x.t.Context(), url, func(o ports.Original) (err error) {
		report, err = x.Imports.Run(x.t.Context(), importing.Import{From: o, DryRun: dry})
		return err
	})
	return report, err
}

func (x *target) mustRun(url string, dry bool) importing.Report {
	x.t.Helper()
	report, err := x.run(url, dry)
	if err != nil {
		x.t.Fatal(err)
	}
	if !report.Agrees() {
		x.t.Errorf("the counts do not agree: %+v", report)
	}
	return report
}

func read[T any](x *target, fn func(context.Context, ports.Tx) (T, error)) (out T) {
	x.t.Helper()
	err := x.store.View(x.t.Context(), func(tx ports.Tx) (err error) {
		out, err = fn(x.t.Context(), tx)
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return out
}

func (x *target) ticket(name string) ticket.View {
	x.t.Helper()
	return read(x, func(ctx context.Context, tx ports.Tx) (ticket.View, error) {
		return tx.Tickets.Get(ctx, original.ID(name), access.Reach{All: true})
	})
}

func (x *target) account(name string) account.Account {
	x.t.Helper()
	return read(x, func(ctx context.Context, tx ports.Tx) (account.Account, error) {
		return tx.Accounts.Get(ctx, original.ID(name))
	})
}

func (x *target) count(column ports.ImportKey, values ...string) int {
	x.t.Helper()
	return len(read(x, func(ctx context.Context, tx ports.Tx) ([]string, error) {
		return tx.Imports.Present(ctx, column, values)
	}))
}

// counts returns, by table, the numbers of rows read, written, already there and skipped.
func counts(r importing.Report) map[string][4]int {
	out := map[string][4]int{}
	for _, t := range r.Tables {
		out[t.Name] = [4]int{t.Read, t.Written, t.There, t.Skipped}
	}
	return out
}

func TestImport(t *testing.T) {
	url := original.Database(t)
	onEveryStore(t, func(t *testing.T, x *target) {
		report := x.mustRun(url, false)
		for table, want := range map[string][4]int{
			"roles": {9, 7, 0, 2}, "menus": {9, 5, 4, 0}, "role_menu_permission": {10, 4, 1, 5}, "ticket_status": {6, 6, 0, 0},
			"ticket_priorities": {2, 2, 0, 0}, "accounts": {9, 8, 0, 1}, "user_menu_assignments": {6, 2, 0, 4},
			"tickets_ticket": {1111, 1108, 0, 3}, "notification_log": {6, 2, 0, 4},
		} {
			if got := counts(report)[table]; got != want {
				t.Errorf("%s: read, written, there, skipped are %v, want %v", table, got, want)
			}
		}
		t.Run("accounts", func(t *testing.T) { checkAccounts(t, x, report) })
		t.Run("roles", func(t *testing.T) { checkRoles(t, x) })
		t.Run("tickets", func(t *testing.T) { checkTickets(t, x) })
		t.Run("catalogs", func(t *testing.T) { checkCatalogs(t, x) })
		t.Run("the second time", func(t *testing.T) { checkSecondImport(t, x, url) })
	})
}

func checkAccounts(t *testing.T, x *target, report importing.Report) {
	anish := x.account("anish")
	if anish.Username != "anish" || anish.EmailKey != "anish@example.org" || anish.Phone != "+9779841000001" || !anish.IsSuperuser ||
		!anish.CreatedAt.Equal(time.Date(2024, 2, 1, 9, 0, 0, 1000, time.UTC)) || anish.RoleID != original.ID("admin") {
		t.Errorf("anish became %+v", anish)
	}
	carla, dev, emma, jose := x.account("carla"), x.account("dev"), x.account("emma"), x.account("jose")
	for who, email := range map[string]string{
		string(carla.ID): carla.Email, string(dev.ID): dev.Email, string(emma.ID): emma.Email, string(jose.ID): jose.Email,
	} {
		if email != who+"@import.invalid" {
			t.Errorf("the e-mail of %s became %s", who, email)
		}
	}
	if carla.PasswordHash != "" || !carla.LastLogin.IsZero() || dev.PasswordHash != "" || dev.Address != "Two lines" {
		t.Errorf("carla became %+v, dev %+v", carla, dev)
	}
	if emma.Phone != "+9779841000001#"+string(emma.ID) || jose.Phone != "12345" || jose.Username != "José_Núñez_" {
		t.Errorf("emma's number became %s, José's %s, his name %s", emma.Phone, jose.Phone, jose.Username)
	}
	if other := x.account("ANISH"); other.Username != "ANISH."+string(other.ID) || other.RoleID != "" || other.Phone != "#"+string(other.ID) {
		t.Errorf("ANISH became %+v", other)
	}
	if nobody := x.account("nobody"); nobody.Username != "account."+string(nobody.ID) || nobody.IsActive {
		t.Errorf("the nameless became %+v", nobody)
	}
	want := []string{"José_Núñez_", "account." + string(original.ID("nobody")), "carla", "dev", "root"}
	got := slices.Sorted(slices.Values(report.WithoutPassword))
	if !slices.Equal(got, want) {
		t.Errorf("without a password are %v, want %v", got, want)
	}
	in, err := x.Sessions.Login(t.Context(), "anish", original.Password, account.Client{Address: "192.0.2.1"})
	if err != nil || in.Account.Username != "anish" {
		t.Errorf("anish signs in: %+v, %v", in, err)
	}
	_, err = x.Sessions.Login(t.Context(), "carla", original.ClearText, account.Client{Address: "192.0.2.1"})
	if domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("carla signs in with a password that was stored in plain text: %v", err)
	}
}

func checkRoles(t *testing.T, x *target) {
	for name, want := range map[string]access.Role{
		"admin":    {Name: "admin", TicketScope: access.ScopeAll, IsPredefined: true},
		"agent":    {Name: "agent", TicketScope: access.ScopeAll, IsPredefined: true},
		"customer": {Name: "customer", TicketScope: access.ScopeOwn, IsPredefined: true},
		"support":  {Name: "support", TicketScope: access.ScopeAll},
		"support2": {Name: "support " + string(original.ID("support2")), TicketScope: access.ScopeOwn},
		"auditor":  {Name: "auditor", TicketScope: access.ScopeOwn},
		"retired":  {Name: "retired", TicketScope: access.ScopeOwn},
	} {
		got := read(x, func(ctx context.Context, tx ports.Tx) (ports.RoleView, error) {
			return tx.Roles.Get(ctx, original.ID(name))
		})
		if got.Name != want.Name || got.TicketScope != want.TicketScope || got.IsPredefined != want.IsPredefined {
			t.Errorf("%s became %+v", name, got)
		}
	}
	held := read(x, func(ctx context.Context, tx ports.Tx) ([]ports.RolePermissionView, error) {
		return tx.RolePermissions.Of(ctx, []domain.ID{original.ID("admin"), original.ID("retired"), original.ID("auditor")})
	})
	on := map[string]access.Actions{}
	for _, p := range held {
		on[p.Role+" on "+p.Menu] = p.Actions
	}
	for what, want := range map[string]access.Actions{
		"admin on Tickets": access.MayEverything, "admin on Roles": access.MayView, "admin on Calendars": access.MayEverything,
		"admin on Accounts": access.MayNothing, "auditor on Tickets": access.MayView | access.MayCreate, "retired on Tickets": access.MayNothing,
	} {
		if on[what] != want {
			t.Errorf("%s: %v, want %v", what, on[what], want)
		}
	}
	if n := x.count(ports.AccountPermissionID, string(original.ID("jose tickets")), string(original.ID("jose refused"))); n != 2 {
		t.Errorf("%d of 2 assignments are there", n)
	}
}

func checkTickets(t *testing.T, x *target) {
	v := x.ticket("whole")
	if v.Number != "TKT-20250101-0042" || v.CreatedBy != original.ID("anish") || v.AssignedTo != original.ID("carla") ||
		v.CreatedFor != original.ID("jose") ||
		v.MenuName != "Tickets" || v.StatusName != "Solved" || v.PriorityName != "High" || v.CustomerSatisfaction != 4 || v.SLABreached {
		t.Errorf("became %+v", v)
	}
	for what, times := range map[string][2]time.Time{
		"created":        {v.CreatedAt, time.Date(2025, 1, 1, 10, 0, 0, 123456000, time.UTC)},
		"updated":        {v.UpdatedAt, time.Date(2025, 1, 3, 10, 0, 0, 0, time.UTC)},
		"first response": {v.FirstResponseAt, time.Date(2025, 1, 1, 11, 0, 0, 0, time.UTC)},
		"deadline":       {v.ResponseDeadline, time.Date(2025, 1, 1, 14, 0, 0, 0, time.UTC)},
		"due":            {v.DueDate, time.Date(2025, 1, 5, 10, 0, 0, 0, time.UTC)},
		"resolved":       {v.ResolvedAt, time.Date(2025, 1, 2, 10, 0, 0, 500000000, time.UTC)},
		"SLA due":        {v.SLADueDate, time.Date(2025, 1, 1, 18, 0, 0, 0, time.UTC)},
	} {
		if !times[0].Equal(times[1]) {
			t.Errorf("%s at %v, want %v", what, times[0], times[1])
		}
	}
	if v := x.ticket("orphan"); v.CreatedBy != "" || v.StatusName != "New" {
		t.Errorf("the orphan became %+v", v)
	}
	if v := x.ticket("lost refs"); v.CreatedBy != "" || v.AssignedTo != "" || v.CreatedFor != "" || v.MenuID != "" ||
		v.Urgency != ticket.UrgencyEscalated {
		t.Errorf("the one of lost references became %+v", v)
	}
	if v := x.ticket("blank"); v.Number != "OLD-77" || v.Title != "OLD-77" || v.Description != "OLD-77" || v.CustomerSatisfaction != 0 {
		t.Errorf("the blank one became %+v", v)
	}
	if v := x.ticket("resolved without answer"); !v.FirstResponseAt.Equal(v.ResolvedAt) || !v.SLABreached || v.CustomerSatisfaction != 0 {
		t.Errorf("the unanswered one became %+v", v)
	}
	if v := x.ticket("breached"); !v.SLABreached || v.Urgency != ticket.UrgencyBreached || v.SLAByHand || !v.UpdatedAt.Equal(v.CreatedAt) {
		t.Errorf("the late one became %+v", v)
	}
	if v := x.ticket("control"); v.Title != "Bell and line" || v.Description != "Tab\tstays, bell not. 'quotes' \\ too" ||
		!v.FirstResponseAt.IsZero() {
		t.Errorf("control characters became %q, %q, %v", v.Title, v.Description, v.FirstResponseAt)
	}
	if n := x.count(ports.TicketNumber, "TKT-20250102-12345"); n != 1 {
		t.Error("the inactive ticket is not on record")
	}
	wanted, _ := search.Parse("printer burns")
	root := read(x, func(ctx context.Context, tx ports.Tx) (ports.TicketPage, error) {
		return tx.Tickets.List(ctx, access.Reach{All: true}, ticket.Query{
			Order: ticket.ByCreated, Now: noon, Size: 5, Number: 1, Filter: ticket.Filter{Search: &wanted},
		})
	})
	if root.Count != 1 || root.Tickets[0].ID != original.ID("whole") {
		t.Errorf("the search finds %d", root.Count)
	}
	if n := x.count(ports.TicketID, string(original.ID("hidden")), string(original.ID("twice")), string(original.ID("no status"))); n != 1 {
		t.Errorf("%d of the hidden, the double and the one without a status are there, want the first", n)
	}
	for day, want := range map[string]int{"20250101": 43, "20250102": 12346, "20250202": 1101, "20250303": 1} {
		if got, err := x.store.NextNumber(t.Context(), day); err != nil || got != want {
			t.Errorf("the next number of %s is %d, want %d (%v)", day, got, want, err)
		}
	}
}

func checkCatalogs(t *testing.T, x *target) {
	all := read(x, func(ctx context.Context, tx ports.Tx) (out []ticket.Status, err error) {
		out, _, err = tx.Statuses.List(ctx, ports.Page{Number: 1, Size: 100})
		return out, err
	})
	byCode := map[string]ticket.Status{}
	for _, s := range all {
		byCode[s.Code] = s
	}
	open := original.ID("open too")
	for code, want := range map[string]ticket.Status{
		"OPEN":        {ID: original.ID("open"), StatusType: ticket.Open, Weight: 1},
		"NEW":         {ID: original.ID("new"), StatusType: ticket.Open, IsDefault: true},
		"RESOLVED":    {ID: original.ID("resolved"), StatusType: ticket.Resolved, Weight: 4},
		"WAIT":        {ID: original.ID("waiting"), StatusType: ticket.Open},
		"CANCELLED":   {ID: original.ID("cancelled"), StatusType: ticket.Cancelled, Weight: 6},
		"IN_PROGRESS": {ID: byCode["IN_PROGRESS"].ID, StatusType: ticket.InProgress, Weight: 2},
		"OPEN-" + strings.ToUpper(string(open[24:])): {ID: open, StatusType: ticket.Open, Weight: 1},
	} {
		got := byCode[code]
		if got.ID != want.ID || got.ID == "" || got.StatusType != want.StatusType || got.Weight != want.Weight ||
			got.IsDefault != want.IsDefault {
			t.Errorf("%s became %+v", code, got)
		}
	}
	slow := read(x, func(ctx context.Context, tx ports.Tx) (ticket.Priority, error) {
		return tx.Priorities.Get(ctx, original.ID("slow"))
	})
	if slow.Color != "#28a745" || slow.Weight != ticket.MaxWeight || slow.SLAHours != 0 || slow.IsDefault {
		t.Errorf("slow became %+v", slow)
	}
	menu := map[domain.ID]access.Menu{}
	for _, m := range read(x, func(ctx context.Context, tx ports.Tx) ([]access.Menu, error) { return tx.Menus.All(ctx) }) {
		menu[m.ID] = m
	}
	if w := menu[original.ID("weekly")]; w.ParentID != original.ID("reports") || w.Depth != 1 || w.DisplayOrder != 0 ||
		menu[original.ID("reports")].Visible {
		t.Errorf("weekly became %+v", w)
	}
	a, b := menu[original.ID("circle a")], menu[original.ID("circle b")]
	if a.ParentID != "" || b.ParentID != a.ID || b.Depth != 1 {
		t.Errorf("the circle became %+v and %+v", a, b)
	}
	if _, ok := menu[original.ID("roles menu")]; ok || menu[original.ID("tickets again")].NameKey == "tickets" {
		t.Error("a menu is there twice")
	}
}

func checkSecondImport(t *testing.T, x *target, url string) {
	v := x.ticket("whole")
	err := x.store.Update(t.Context(), func(tx ports.Tx) error {
		v.Delete(noon)
		return tx.Tickets.Save(t.Context(), v.Ticket)
	})
	if err != nil {
		t.Fatal(err)
	}
	report := x.mustRun(url, false)
	if report.Written() != 0 || len(report.WithoutPassword) != 0 {
		t.Errorf("wrote %d rows: %+v", report.Written(), report)
	}
	if n := x.count(ports.TicketStatus, string(original.ID("resolved"))); n != 1 {
		t.Error("the deleted ticket has gone")
	}
	if got := counts(report)["tickets_ticket"]; got != [4]int{1111, 0, 1108, 3} {
		t.Errorf("tickets: %v", got)
	}
}

func TestDryRunKeepsNothing(t *testing.T) {
	url := original.Database(t)
	onEveryStore(t, func(t *testing.T, x *target) {
		if report := x.mustRun(url, true); report.Written() == 0 {
			t.Error("nothing would be written")
		}
		if n := x.count(ports.AccountID, string(original.ID("anish"))) + x.count(ports.RoleID, string(original.ID("admin"))); n != 0 {
			t.Error("something was kept")
		}
		if n, err := x.store.NextNumber(t.Context(), "20250101"); n != 1 || err != nil {
			t.Errorf("the next number is %d (%v)", n, err)
		}
		if report := x.mustRun(url, false); report.Written() == 0 {
			t.Error("nothing was written afterwards")
		}
	})
}

// failingRows fails when the last rows of a table are read.
type failingRows[R any] struct{ ports.Rows[R] }

var errCut = errors.New("the connection was cut")

func (f failingRows[R]) After(ctx context.Context, key int64, limit int) ([]ports.OriginalRow[R], error) {
	if key > 1500 {
		return nil, errCut
	}
	return f.Rows.After(ctx, key, limit)
}

func TestFailedImportKeepsNothing(t *testing.T) {
	url := original.Database(t)
	onEveryStore(t, func(t *testing.T, x *target) {
		err := django.Read(t.Context(), url, func(o ports.Original) error {
			o.Tickets = failingRows[ticket.Record]{o.Tickets}
			_, err := x.Imports.Run(t.Context(), importing.Import{From: o})
			return err
		})
		if !errors.Is(err, errCut) {
			t.Fatalf("want %v, got %v", errCut, err)
		}
		if n := x.count(ports.AccountID, string(original.ID("anish"))) + x.count(ports.TicketNumber, "TKT-20250101-0042"); n != 0 {
			t.Error("something was kept")
		}
		if report := x.mustRun(url, false); counts(report)["tickets_ticket"][1] != 1108 {
			t.Errorf("the next attempt: %+v", counts(report))
		}
	})
}

func TestImportKeepsWhatIsInUse(t *testing.T) {
	url := original.Database(t)
	onEveryStore(t, func(t *testing.T, x *target) {
		_, err := x.Superusers.Create(t.Context(), identity.Superuser{
			Username: "Root", Email: "ROOT@example.org", Phone: "9841000009", Password: "correct horse battery",
		})
		if err != nil {
			t.Fatal(err)
		}
		var customer, open domain.ID
		err = x.store.Update(t.Context(), func(tx ports.Tx) error {
			roles, _, err := tx.Roles.List(t.Context(), ports.Page{Number: 1, Size: 100})
			if err != nil {
				return err
			}
			customer = roles[slices.IndexFunc(roles, func(r ports.RoleView) bool { return r.Name == "customer" })].ID
			root, err := tx.Accounts.Named(t.Context(), account.Lookup{Key: "root", Folded: "root"})
			if err != nil {
				return err
			}
			root.RoleID = customer
			state, err := tx.Statuses.LockDefault(t.Context())
			if err != nil {
				return err
			}
			open = state.ID
			grade, err := tx.Priorities.LockDefault(t.Context())
			v := ticket.View{Ticket: ticket.Ticket{
				ID: newID(), Number: "TKT-20250102-0006", Title: "Mine", Description: "Mine", StatusID: state.ID, PriorityID: grade.ID,
				CreatedBy:   root.ID,
				UrgencyFrom: noon, UrgencyUntil: ticket.Never, CreatedAt: noon, UpdatedAt: noon,
			}}
			return errors.Join(err, tx.Accounts.Save(t.Context(), root), tx.Tickets.Add(t.Context(), v.Ticket))
		})
		if err != nil {
			t.Fatal(err)
		}
		report := x.mustRun(url, false)
		imported := x.account("root")
		if imported.Username != "root."+string(imported.ID) || !strings.HasSuffix(imported.Email, "@import.invalid") ||
			!strings.Contains(imported.Phone, "#") {
			t.Errorf("the original's root became %+v", imported)
		}
		if imported.RoleID != customer {
			t.Errorf("its role is %s, want the one that is held: %s", imported.RoleID, customer)
		}
		if v := x.ticket("blank"); v.StatusID != open {
			t.Errorf("a status in use was replaced: %+v", v)
		}
		if got := counts(report)["tickets_ticket"]; got != [4]int{1111, 1107, 0, 4} {
			t.Errorf("tickets: %v; a number that is taken must not be given twice", got)
		}
		if again := x.mustRun(url, false); again.Written() != 0 {
			t.Errorf("the second time wrote %d: %v", again.Written(), counts(again))
		}
	})
}

func TestRepeatedImportDoesNotRestoreRemovedPermissions(t *testing.T) {
	url := original.Database(t)
	x := newTarget(t, memory.New())
	x.mustRun(url, false)
	err := x.store.Update(t.Context(), func(tx ports.Tx) error {
		return errors.Join(
			tx.RolePermissions.Replace(t.Context(), original.ID("support"), nil),
			tx.AccountPermissions.Remove(t.Context(), original.ID("jose tickets")),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	if report := x.mustRun(url, false); report.Written() != 0 {
		t.Errorf("%d rows came back: %v", report.Written(), counts(report))
	}
}

func TestReadRefusesOtherDatabases(t *testing.T) {
	empty := postgres.URL(t)
	for name, c := range map[string]struct{ url, want string }{
		"no such table":  {empty, "the table tickets_ticket"},
		"no database":    {strings.Replace(empty, "tickt_test_", "gone_", 1), "gone_"},
		"not PostgreSQL": {"mysql://user:hidden-word@127.0.0.1/x", "postgres://"},
		"unreadable":     {"postgres://user:hidden-word@127.0.0.1:port/x", "postgres://"},
		"nobody there":   {"postgres://user:hidden-word@127.0.0.1:1/x", "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			err := django.Read(t.Context(), c.url, func(ports.Original) error { return nil })
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hidden-word") {
				t.Errorf("want %q without the password, got %v", c.want, err)
			}
		})
	}
	half := original.Empty(t)
	original.Execute(t, half, "ALTER TABLE menus DROP COLUMN icon")
	err := django.Read(t.Context(), half, func(ports.Original) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "the column menus.icon") {
		t.Errorf("a missing column: %v", err)
	}
}

func TestImportNeedsSeeds(t *testing.T) {
	app := application.New(application.Deps{Store: memory.New(), Clock: clock, NewID: newID, Zone: time.UTC})
	_, err := app.Imports.Run(t.Context(), importing.Import{})
	if domain.KindOf(err) != domain.Conflict || !strings.Contains(err.Error(), "seed") {
		t.Errorf("got %v", err)
	}
}

func TestUnusableHashesAreReported(t *testing.T) {
	url := original.Database(t)
	original.Execute(t, url, `UPDATE accounts SET password = CASE reference_id
 WHEN md5('anish') THEN replace(password, '$1000$', '$1500000$')
 WHEN md5('emma') THEN replace(password, '$1000$', '$9000000$')
 WHEN md5('ANISH') THEN rtrim(password, '=') ELSE password END`)
	x := newTarget(t, memory.New())
	without := x.mustRun(url, false).WithoutPassword
	for name, want := range map[string]bool{"anish": false, "emma": true, "ANISH." + string(original.ID("ANISH")): true} {
		if slices.Contains(without, name) != want {
			t.Errorf("%s is reported without a password: %v", name, !want)
		}
	}
	if kept := x.account("emma").PasswordHash + x.account("ANISH").PasswordHash; kept != "" || x.account("anish").PasswordHash == "" {
		t.Errorf("kept %q, and %q of anish", kept, x.account("anish").PasswordHash)
	}
}

func TestMenuOfTicketsIsFoundByTrimmedURL(t *testing.T) {
	url := original.Database(t)
	original.Execute(t, url, `UPDATE menus SET menu_url = E' \t/tickets/\r\n' WHERE menu_url = '/tickets/'`)
	x := newTarget(t, memory.New())
	x.mustRun(url, false)
	got := read(x, func(ctx context.Context, tx ports.Tx) (ports.RoleView, error) {
		return tx.Roles.Get(ctx, original.ID("support"))
	})
	if got.TicketScope != access.ScopeAll {
		t.Errorf("a role that may change tickets became %+v", got)
	}
}
