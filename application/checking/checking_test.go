package checking_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/adapters/bunstore"
	"tickt/adapters/password"
	"tickt/application"
	"tickt/application/checking"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/audit"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/migrated"
)

// bed is a database with three tickets. The first was changed, commented, warned of and breached; the second has a menu; the
// third is deleted.
type bed struct {
	*testing.T
	store *bunstore.Store
	app   *application.App
	root  access.Actor
	now   time.Time
}

func onEachDatabase(t *testing.T, test func(*testing.T, func(*testing.T) *bed)) {
	t.Helper()
	for name, url := range map[string]func(testing.TB) string{"SQLite": migrated.File, "PostgreSQL": migrated.Postgres} {
		t.Run(name, func(t *testing.T) {
			test(t, func(t *testing.T) *bed { return newBed(t, url(t)) })
		})
	}
}

func newBed(t *testing.T, url string) *bed {
	t.Helper()
	store, err := bunstore.Open(t.Context(), bunstore.Options{URL: url, MaxConns: 4})
	check(t, err)
	t.Cleanup(func() { check(t, store.Close()) })
	b := &bed{T: t, store: store, now: time.Now().UTC().Add(time.Hour).Truncate(time.Microsecond)} // after the migrations
	n := 0
	b.app = application.New(application.Deps{
		Store: store, Clock: func() time.Time { return b.now }, Zone: time.UTC, Passwords: password.New(1),
		NewID: func() domain.ID { n++; return domain.ID(fmt.Sprintf("%032x", n)) },
	})
	_, err = b.app.Setup.Seed(t.Context())
	check(t, err)
	b.root = access.Actor{ID: strings32("a"), Username: "root", Superuser: true, Via: access.ViaAPI}
	check(t, store.Update(t.Context(), func(tx ports.Tx) error {
		return tx.Accounts.Add(t.Context(), account.Account{
			ID: b.root.ID, Username: "root", UsernameKey: "root", Email: "root@example.org", EmailKey: "root@example.org",
			Phone: "+9779841000100", IsActive: true, IsSuperuser: true, Language: account.English, CreatedAt: b.now, UpdatedAt: b.now,
		})
	}))
	var opened []ticket.View
	for i := range 3 {
		v, err := b.app.Tickets.Open(t.Context(), b.root, ticket.Patch{
			Title: domain.Some(fmt.Sprint("Ticket ", i)), Description: domain.Some("It burns."), AssignedTo: domain.Some(string(b.root.ID)),
		}, nil)
		check(t, err)
		opened = append(opened, v)
	}
	for _, title := range []string{"Smoke", "Flame", "Fire"} {
		b.now = b.now.Add(time.Minute)
		_, err := b.app.Tickets.Update(t.Context(), b.root, opened[0].ID, ticket.Patch{Title: domain.Some(title)}, nil)
		check(t, err)
	}
	check(t, b.app.Tickets.Delete(t.Context(), b.root, opened[2].ID, nil))
	b.now = b.now.Add(1000 * time.Hour)
	for swept := 1; swept > 0; {
		swept, err = b.app.ServiceLevels.Sweep(t.Context())
		check(t, err)
	}
	return b
}

func strings32(digit string) domain.ID { return domain.ID(strings.Repeat(digit, 32)) }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run checks the database and returns the totals and the findings.
func (b *bed) run() (totals audit.Totals, found []string) {
	b.Helper()
	last := 0
	checks := checking.Checks{Inspection: b.store.Inspection()}
	totals, err := checks.Run(b.Context(), checking.Report{
		Found: func(f audit.Finding) { found = append(found, f.String()) },
		Progress: func(n, total int) {
			if n < last || n > total {
				b.Errorf("progress %d of %d after %d", n, total, last)
			}
			last = n
		},
	})
	check(b.T, err)
	if last != totals.Tickets {
		b.Errorf("progress ends at %d of %d tickets", last, totals.Tickets)
	}
	return totals, found
}

// damage runs statements that the constraints and triggers of the database would refuse.
func (b *bed) damage(statements ...string) {
	b.Helper()
	c, err := b.store.Connections().Writes.Conn(b.Context())
	check(b.T, err)
	defer func() { _ = c.Close() }()
	exec := func(text string) {
		if _, err := c.ExecContext(b.Context(), text); err != nil {
			b.Fatalf("%s: %v", text, err)
		}
	}
	var before, after []string
	if b.store.Connections().Postgres != nil {
		before, after = []string{`SET session_replication_role = replica`}, []string{`RESET session_replication_role`}
	} else {
		before, after = []string{`PRAGMA foreign_keys = OFF`, `PRAGMA ignore_check_constraints = ON`}, []string{`PRAGMA foreign_keys = ON`}
		const names = `SELECT group_concat(name) FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE '%search%'`
		var triggers string
		check(b.T, c.QueryRowContext(b.Context(), names).Scan(&triggers))
		for name := range strings.SplitSeq(triggers, ",") {
			before = append(before, `DROP TRIGGER `+name)
		}
	}
	for _, text := range slices.Concat(before, statements, after) {
		exec(text)
	}
}

func TestIntactDatabaseHasNoFindings(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, open func(*testing.T) *bed) {
		totals, found := open(t).run()
		if len(found) > 0 {
			t.Errorf("found %q", found)
		}
		if totals.Tickets != 3 || totals.Warnings == 0 || totals.Breaches == 0 || totals.Entries < 3+3+1+totals.Breaches || totals.Events < 3 {
			t.Errorf("%+v", totals)
		}
	})
}

// first and deleted are the conditions of the tickets of a bed.
const (
	first   = ` (SELECT id FROM tickets WHERE number LIKE '%-0001')`
	deleted = ` (SELECT id FROM tickets WHERE number LIKE '%-0003')`
)

func TestEveryKindOfDamageIsFound(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, open func(*testing.T) *bed) {
		for _, c := range []struct{ name, statement, row, problem string }{
			{
				"a reference to no row", `UPDATE tickets SET assigned_to = 'nobody' WHERE id =` + first,
				"tickets TKT-", "a row of accounts that does not exist",
			},
			{
				"a reference of two columns", `UPDATE ticket_statuses SET weight = weight + 1`,
				"tickets TKT-", "a row of ticket_statuses that does not exist",
			},
			{"a comment without a ticket", `INSERT INTO ticket_comments (id, ticket_id, body, visibility, author_id, created_at)
 SELECT 'c1', 'none', '', 'public', id, created_at FROM accounts`, "ticket_comments c1", "a row of tickets that does not exist"},
			{"a count of tickets", `DELETE FROM tickets WHERE id =` + first, "ticket_counts ", "the count is "},
			{"a count of clocks", `DELETE FROM sla_clocks WHERE ticket_id =` + first, "clock_counts ", "the count is "},
			{"a count of accounts", `UPDATE account_counts SET n = 7`, "account_counts  ", "the count is 7; it must be 1"},
			{"a copy of the status", `UPDATE tickets SET is_active = FALSE WHERE id =` + first, "tickets TKT-", "is_active is "},
			{
				"a copy of permissions", `UPDATE roles SET grants = 'x 15 /tickets/' WHERE name = 'agent'`,
				"roles agent", "the copy of its permissions",
			},
			{
				"a right too many", `DELETE FROM role_permissions WHERE role_id IN (SELECT id FROM roles WHERE name = 'agent')`,
				"roles agent", "the copy of its permissions",
			},
			{
				"a link that runs a script", `UPDATE menus SET create_url = 'JavaScript:alert(1)' WHERE url = '/tickets/'`, "menus ",
				"could run a script",
			},
			{"a link to another host", `UPDATE menus SET list_url = '//host' WHERE url = '/tickets/'`, "menus ", "could run a script"},
			{"a number that comes again", `UPDATE ticket_numbers SET last = 1`, "ticket_numbers 20", "the last number is 1, but there is TKT-"},
			{"a clock state", `UPDATE sla_clocks SET state = 'met' WHERE ticket_id =` + first, "tickets TKT-", "is stored as met"},
			{"a clock without state", `DELETE FROM sla_clocks WHERE ticket_id =` + first, "tickets TKT-", "0 clocks are stored"},
			{
				"a clock too many", `INSERT INTO sla_clocks (ticket_id, metric, cycle, state)
 SELECT id, 'resolution', 9, 'paused' FROM tickets WHERE id =` + first,
				"tickets TKT-", "clock resolution 9 is not in the ledger",
			},
			{
				"a policy of a clock", `UPDATE sla_clocks SET policy_id = 'p1' WHERE ticket_id =` + first,
				"tickets TKT-", "open by the policy p1, which promised nothing",
			},
			{"a breach of the ticket", `UPDATE tickets SET sla_breached = FALSE WHERE id =` + first, "tickets TKT-", "sla_breached is false"},
			{"a due time", `UPDATE tickets SET sla_due_date = created_at WHERE id =` + first, "tickets TKT-", "sla_due_date is "},
			{"a next time", `UPDATE tickets SET sla_next_at = created_at WHERE id =` + first, "tickets TKT-", "sla_next_at is "},
			{
				"a lost event", `DELETE FROM sla_events WHERE seq = 1 AND ticket_id =` + first,
				"tickets TKT-", "event 1 of the ledger has number 2",
			},
			{
				"a shifted event", `UPDATE sla_events SET at = recorded_at WHERE kind = 'breach' AND ticket_id =` + first,
				"tickets TKT-", "but was due at",
			},
			{
				"an event of no clock", `UPDATE sla_events SET cycle = 5 WHERE kind = 'warn' AND ticket_id =` + first,
				"tickets TKT-", "belongs to no clock",
			},
			{
				"half a promise", `UPDATE sla_events SET warn_percent = NULL WHERE seq = 1 AND ticket_id =` + first,
				"tickets TKT-", "the promise of event 1",
			},
			{"a calendar version", `DELETE FROM calendar_editions`, "tickets TKT-", "promises by the calendar version"},
			{
				"a lost alarm", `DELETE FROM ticket_history WHERE kind = 'sla_breached' AND ticket_id =` + first,
				"tickets TKT-", "the history lacks it",
			},
			{
				"an alarm that never was", `UPDATE ticket_history SET kind = 'sla_breached' WHERE kind = 'sla_warning' AND ticket_id =` + first,
				"tickets TKT-", "the ledger lacks it",
			},
			{
				"an alarm without time", `UPDATE ticket_history SET to_value = 'soon' WHERE kind = 'sla_warning' AND ticket_id =` + first,
				"tickets TKT-", `the times "" and "soon"`,
			},
			{
				"a lost creation", `DELETE FROM ticket_history WHERE kind = 'created' AND ticket_id =` + first,
				"tickets TKT-", "0 entries of the history say that it was created",
			},
			{
				"a changed number", `UPDATE ticket_history SET to_value = 'TKT-20200101-0001' WHERE kind = 'created' AND ticket_id =` + first,
				"tickets TKT-", "the history begins with the number TKT-20200101-0001",
			},
			{
				"a change behind the history", `UPDATE tickets SET title = 'Ashes' WHERE id =` + first,
				"tickets TKT-", `title is "Ashes"; the history has "Fire"`,
			},
			{"a lost change", `DELETE FROM ticket_history WHERE to_value = 'Flame'`, "tickets TKT-", `title changed from "Flame"`},
			{
				"a broken chain", `UPDATE ticket_history SET from_value = 'Dust' WHERE to_value = 'Fire'`,
				"tickets TKT-", `title changed from "Dust"`,
			},
			{"a change of nothing", `UPDATE ticket_history SET field = 'color' WHERE to_value = 'Fire'`, "tickets TKT-", `a change of "color"`},
			{
				"a lost deletion", `DELETE FROM ticket_history WHERE kind = 'deleted'`,
				"tickets TKT-", "0 entries of the history say that it was deleted",
			},
			{
				"a ticket that came back", `UPDATE tickets SET deleted_at = NULL WHERE id =` + deleted,
				"tickets TKT-", "1 entries of the history say that it was deleted",
			},
		} {
			t.Run(c.name, func(t *testing.T) {
				b := open(t)
				b.damage(c.statement)
				_, found := b.run()
				if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, c.row) && strings.Contains(f, c.problem) }) {
					t.Errorf("not found: %q of %q in\n%s", c.problem, c.row, strings.Join(found, "\n"))
				}
			})
		}
	})
}

func TestDamagedPagesAreFound(t *testing.T) {
	url := migrated.File(t)
	newBed(t, url)
	file, err := sql.Open("sqlite", url[len("sqlite:"):])
	check(t, err)
	var page, size int64
	const root = `SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'tickets_by_deadline'`
	check(t, file.QueryRowContext(t.Context(), root).Scan(&page, &size))
	var busy, log, done int
	check(t, file.QueryRowContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done))
	check(t, file.Close())
	raw, err := os.OpenFile(url[len("sqlite:"):], os.O_WRONLY, 0)
	check(t, err)
	_, err = raw.WriteAt(make([]byte, 200), page*size-200)
	check(t, errors.Join(err, raw.Close()))
	store, err := bunstore.Open(t.Context(), bunstore.Options{URL: url})
	check(t, err)
	b := &bed{T: t, store: store}
	_, found := b.run()
	check(t, store.Close())
	if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, "file -: ") }) {
		t.Errorf("found %q", found)
	}
}

// A check beside a service that writes must not take a state between two commits for damage.
func TestCheckBesideWritersFindsNothing(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, open func(*testing.T) *bed) {
		b := open(t)
		var writers sync.WaitGroup
		stop := make(chan struct{})
		writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				_, err := b.app.Tickets.Open(t.Context(), b.root, ticket.Patch{
					Title: domain.Some(fmt.Sprint("Beside ", i)), Description: domain.Some("It burns."),
				}, nil)
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
		for range 5 {
			if _, found := b.run(); len(found) > 0 {
				t.Errorf("found %q", found)
			}
		}
		close(stop)
		writers.Wait()
	})
}
