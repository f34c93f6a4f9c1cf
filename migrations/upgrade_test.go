package migrations

import (
	"fmt"
	"strings"
	"testing"

	"modernc.org/sqlite"
)

// earlierAccounts are accounts of an earlier release: name, mail, phone number, role and state as SQL literals.
var earlierAccounts = [][5]string{
	{`'ärzte.büro-7'`, `'desk@klinik.example'`, `'+9779841234567'`, `'r1'`, `TRUE`},
	{`'anna_b'`, `'o''neil+x@example.com'`, `'+14155550123'`, `'r1'`, `TRUE`},
	{`'дело'`, `'d@example.com'`, `'+12'`, `'r1'`, `FALSE`},
	{`'john'`, `'john@example.com'`, `'+33123456789'`, `NULL`, `TRUE`},
}

func execute(t *testing.T, m *Migrator, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := m.db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func scalar(t *testing.T, m *Migrator, query string) (s string) {
	t.Helper()
	if err := m.db.QueryRowContext(t.Context(), query).Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s
}

func insertEarlierAccounts(t *testing.T, m *Migrator) {
	t.Helper()
	const now = `'2026-03-01 12:00:00+00:00'`
	execute(t, m, `INSERT INTO roles (id, name, ticket_scope, is_predefined, created_at, updated_at)
 VALUES ('r1', 'agent', 'all', FALSE, `+now+`, `+now+`)`)
	for i, a := range earlierAccounts {
		execute(t, m, fmt.Sprintf(`INSERT INTO accounts (id, username, username_key, email, email_key, phone, password_hash, address, role_id,
 is_active, is_staff, is_superuser, created_at, updated_at)
 VALUES ('a%d', %s, %s, %s, %s, %s, '', '', %s, %s, FALSE, FALSE, %s, %s)`, i, a[0], a[0], a[1], a[1], a[2], a[3], a[4], now, now))
	}
	execute(t, m, `INSERT INTO sessions (id, account_id, refresh_id, rotated_at, created_at, expires_at)
 VALUES ('s1', 'a0', 'f', `+now+`, `+now+`, `+now+`)`)
}

// findAccounts returns the ids of the accounts that have a word beginning with word.
func findAccounts(t *testing.T, m *Migrator, word string) string {
	t.Helper()
	if _, isFile := m.db.Driver().(*sqlite.Driver); isFile {
		return scalar(t, m, `SELECT COALESCE(group_concat(k.account_id, ' '), '') FROM accounts_search s
 JOIN account_numbers k ON k.number = s.rowid WHERE s.accounts_search MATCH '"`+word+`"*'`)
	}
	return scalar(t, m, `SELECT COALESCE(string_agg(id, ' ' ORDER BY id), '') FROM accounts WHERE search @@ CAST('''`+word+`'':*' AS tsquery)`)
}

func wantCounts(t *testing.T, m *Migrator, when, want string) {
	t.Helper()
	aggregate := `string_agg(role_id || ' ' || CAST(is_active AS INTEGER) || ' ' || n, ', ')`
	if _, isFile := m.db.Driver().(*sqlite.Driver); isFile {
		aggregate = strings.Replace(aggregate, "string_agg", "group_concat", 1)
	}
	got := scalar(t, m, `SELECT `+aggregate+` FROM (SELECT * FROM account_counts ORDER BY role_id, is_active) c`)
	if got != want {
		t.Errorf("%s: counts are %q, want %q", when, got, want)
	}
}

func TestExistingAccountsAreCountedAndSearchable(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		insertEarlierAccounts(t, m)
		for range 2 { // migrating down keeps the accounts
			if _, err := m.provider.UpTo(t.Context(), 3); err != nil {
				t.Fatal(err)
			}
			wantCounts(t, m, "migrated", " 1 1, r1 0 1, r1 1 2")
			for word, want := range map[string]string{
				"ärzte": "a0", "büro": "a0", "7": "a0", "klinik": "a0", "9779841234567": "a0", "9841": "a0", "anna": "a1", "b": "a0 a1", "neil": "a1",
				"4155550123": "a1", "де": "a2", "john": "a3", "123456789": "a3", "3123456789": "a3", "example": "a0 a1 a2 a3", "zte": "", "rzte": "",
			} {
				if got := findAccounts(t, m, word); got != want {
					t.Errorf("%q finds %q, want %q", word, got, want)
				}
			}
			if _, err := m.provider.DownTo(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
			if n := scalar(t, m, `SELECT CAST(COUNT(*) AS TEXT) FROM accounts a JOIN sessions s ON s.account_id = a.id`); n != "1" {
				t.Errorf("after migrating down %s accounts have a session, want 1", n)
			}
		}
	})
}

// A statement that changes many rows must be counted like many statements.
func TestAccountCountsFollowBulkStatements(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		insertEarlierAccounts(t, m)
		wantCounts(t, m, "after inserts", " 1 1, r1 0 1, r1 1 2")
		for _, step := range [][2]string{
			{`UPDATE accounts SET role_id = CASE WHEN role_id IS NULL THEN 'r1' END`, " 0 1,  1 2, r1 1 1"},
			{`UPDATE accounts SET is_active = NOT is_active WHERE id <> 'a3'`, " 0 2,  1 1, r1 1 1"},
			{`UPDATE accounts SET address = 'x'`, " 0 2,  1 1, r1 1 1"},
			{`DELETE FROM accounts WHERE id <> 'a2'`, " 1 1"},
		} {
			execute(t, m, step[0])
			wantCounts(t, m, "after "+step[0], step[1])
		}
	})
}

func TestZeroAccountCountsAreRemoved(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		for range 2 { // up, down and up again
			if _, err := m.provider.UpTo(t.Context(), 4); err != nil {
				t.Fatal(err)
			}
			insertEarlierAccounts(t, m)
			execute(t, m, `DELETE FROM sessions`, `DELETE FROM accounts WHERE role_id = 'r1'`)
			wantCounts(t, m, "before the migration", " 1 1, r1 0 0, r1 1 0")
			if _, err := m.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantCounts(t, m, "after the migration", " 1 1")
			if _, err := m.provider.DownTo(t.Context(), 4); err != nil {
				t.Fatal(err)
			}
			execute(t, m, `DELETE FROM accounts`, `DELETE FROM roles`)
			wantCounts(t, m, "after migrating down", " 1 0")
			execute(t, m, `DELETE FROM account_counts`)
		}
	})
}

const earlier = `'2026-03-01 12:00:00+00:00'`

// insertEarlierTicket inserts a ticket t as an earlier release wrote it, at version 3 of the schema.
func insertEarlierTicket(t *testing.T, m *Migrator) {
	t.Helper()
	execute(t, m, `INSERT INTO ticket_statuses (id, name, name_key, code, description, weight, status_type, is_default, created_at, updated_at)
 VALUES ('s', 's', 's', 'S', '', 1, 'open', TRUE, `+earlier+`, `+earlier+`)`,
		`INSERT INTO ticket_priorities (id, name, name_key, code, description, weight, color, sla_hours, is_default, created_at, updated_at)
 VALUES ('p', 'p', 'p', 'P', '', 1, '', 0, TRUE, `+earlier+`, `+earlier+`)`,
		`INSERT INTO tickets (id, number, title, description, status_id, status_weight, priority_id, priority_weight, created_by, creator,
 sla_by_hand, sla_breached, is_escalated, urgency, urgency_from, urgency_until, created_at, updated_at, search)
 VALUES ('t', 'T-1', '', '', 's', 1, 'p', 1, 'a0', 'ärzte.büro-7', FALSE, FALSE, FALSE, 0,
 `+earlier+`, `+earlier+`, `+earlier+`, `+earlier+`, '')`)
}

func TestExistingLogsAreNotInternal(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		insertEarlierAccounts(t, m)
		const now = earlier
		insertEarlierTicket(t, m)
		execute(t, m,
			`INSERT INTO notification_logs (id, type, recipient_id, ticket_id, title, message, is_read, is_sent, created_at, updated_at)
 VALUES ('l', 'x', 'a0', 't', '', '', FALSE, TRUE, `+now+`, `+now+`)`)
		if _, err := m.provider.UpTo(t.Context(), 4); err != nil {
			t.Fatal(err)
		}
		if n := scalar(t, m, `SELECT CAST(COUNT(*) AS TEXT) FROM notification_logs WHERE NOT internal`); n != "1" {
			t.Errorf("%s logs are not internal, want 1", n)
		}
		execute(t, m, `INSERT INTO ticket_history (id, ticket_id, at, via, kind, field, from_value, to_value, from_name, to_name, internal)
 VALUES ('h', 't', `+now+`, 'api', 'created', '', '', '', '', '', FALSE)`)
		down(t, m) // must succeed with new rows in the tables
		if n := scalar(t, m, `SELECT CAST(COUNT(*) AS TEXT) FROM notification_logs`); n != "1" {
			t.Errorf("after migrating down there are %s logs, want 1", n)
		}
	})
}

func TestExistingLogsAreSentOrDead(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		insertEarlierAccounts(t, m)
		insertEarlierTicket(t, m)
		log := func(id, sent string) {
			execute(t, m, `INSERT INTO notification_logs (id, type, recipient_id, ticket_id, title, message, is_read, is_sent, created_at,
 updated_at)
 VALUES ('`+
				id+`', 'x', 'a0', 't', '', '', FALSE, `+sent+`, `+earlier+`, `+earlier+`)`)
		}
		log("l1", "TRUE")
		log("l2", "FALSE")
		if _, err := m.provider.UpTo(t.Context(), 8); err != nil {
			t.Fatal(err)
		}
		log("l3", "TRUE") // written by an earlier release after the migration
		for id, want := range map[string]string{"l1": "sent 0 ", "l2": "dead 0 It was never sent.", "l3": "sent 0 "} {
			got := scalar(t, m, `SELECT delivery_state || ' ' || CAST(attempts AS TEXT) || ' ' || last_error FROM notification_logs
 WHERE id = '`+id+`'`)
			if got != want {
				t.Errorf("%s: %q, want %q", id, got, want)
			}
		}
		if _, err := m.provider.DownTo(t.Context(), 7); err != nil {
			t.Fatal(err)
		}
		if n := scalar(t, m, `SELECT CAST(COUNT(*) AS TEXT) FROM notification_logs`); n != "3" {
			t.Errorf("after migrating down there are %s logs, want 3", n)
		}
	})
}

func TestDangerousMenuLinksAreRemoved(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), 12); err != nil {
			t.Fatal(err)
		}
		for i, link := range []string{
			"", "#", "/tickets/", "/a:b/?c=//d", "reports", "http://example.com/", "HTTPS://example.com:8443/a",
			"javascript:alert(1)", "JavaScript://%0aalert(1)", "data:text/html,x", "//example.org", `/\example.org`, `\\example.org`,
			"ftp://example.org",
		} {
			execute(t, m, fmt.Sprintf(`INSERT INTO menus (id, name, name_key, url, create_url, list_url, icon, visible, display_order, depth,
 is_active, created_at, updated_at) VALUES ('%02d', 'm%[1]d', 'm%[1]d', '%[2]s', '%[2]s', '%[2]s', '', TRUE, 0, 0, TRUE, %[3]s, %[3]s)`,
				i, link, earlier))
		}
		if _, err := m.provider.UpTo(t.Context(), 13); err != nil {
			t.Fatal(err)
		}
		const want = ",#,/tickets/,/a:b/?c=//d,reports,http://example.com/,HTTPS://example.com:8443/a,#,#,#,#,#,#,#"
		for _, column := range []string{"url", "create_url", "list_url"} {
			list := `string_agg(` + column + `, ',' ORDER BY id)`
			if got := scalar(t, m, `SELECT `+list+` FROM menus`); got != want {
				t.Errorf("%s is %s, want %s", column, got, want)
			}
		}
	})
}

// A replica of the previous release counts failed sign-ins on the migrated schema, too.
func TestCountsOfThePreviousReleaseGoOn(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.provider.UpTo(t.Context(), 15); err != nil {
			t.Fatal(err)
		}
		insertEarlierAccounts(t, m)
		const hit = `INSERT INTO throttle AS t (key, n, start) VALUES ('k', 1, ` + earlier + `)
 ON CONFLICT (key) DO UPDATE SET n = t.n + 1`
		const stored = `SELECT MIN(key) || ' ' || CAST(SUM(n) AS TEXT) || ' ' || CAST(COUNT(*) AS TEXT) FROM throttle`
		execute(t, m, hit)
		for range 2 { // migrating down keeps the counts
			if _, err := m.provider.UpTo(t.Context(), 16); err != nil {
				t.Fatal(err)
			}
			if n := scalar(t, m, `SELECT CAST(COUNT(*) AS TEXT) FROM known_addresses`); n != "0" {
				t.Errorf("%s addresses are known", n)
			}
			execute(t, m, `INSERT INTO known_addresses (account_id, address, signed_in_at) VALUES ('a0', 'x', `+earlier+`)`)
			if _, err := m.provider.DownTo(t.Context(), 15); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := m.provider.UpTo(t.Context(), 16); err != nil {
			t.Fatal(err)
		}
		execute(t, m, hit, `UPDATE throttle SET group_key = 'g'`, hit)
		if got := scalar(t, m, stored); got != "k 3 1" {
			t.Errorf("counts are %q, want k 3 1", got)
		}
	})
}
