package migrations

import "testing"

// Accounts and sessions of an earlier release, written before or after the migration, get the defaults.
func TestEarlierAccountsHaveTheDefaultsOfTheirOwnSettings(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		for _, before := range []bool{true, false} {
			version := int64(14)
			if before {
				version = 13
			}
			if _, err := m.provider.UpTo(t.Context(), version); err != nil {
				t.Fatal(err)
			}
			insertEarlierAccounts(t, m)
			if _, err := m.provider.UpTo(t.Context(), 14); err != nil {
				t.Fatal(err)
			}
			for query, want := range map[string]string{
				`SELECT CAST(COUNT(*) AS TEXT) FROM accounts WHERE language = 'en' AND time_zone IS NULL`:  "4",
				`SELECT CAST(COUNT(*) AS TEXT) FROM sessions WHERE address IS NULL AND user_agent IS NULL`: "1",
			} {
				if got := scalar(t, m, query); got != want {
					t.Errorf("before the migration %v: %s rows of %s, want %s", before, got, query, want)
				}
			}
			execute(t, m, `UPDATE accounts SET language = 'ne', time_zone = 'Asia/Kathmandu'`, `UPDATE sessions SET address = '192.0.2.1'`)
			if _, err := m.db.ExecContext(t.Context(), `UPDATE accounts SET language = 'xx'`); err == nil {
				t.Error("an unknown language is stored")
			}
			if _, err := m.provider.DownTo(t.Context(), 13); err != nil {
				t.Fatal(err)
			}
			if n := scalar(t, m, `SELECT CAST(COUNT(*) AS TEXT) FROM accounts a JOIN sessions s ON s.account_id = a.id`); n != "1" {
				t.Errorf("after migrating down %s accounts have a session, want 1", n)
			}
			execute(t, m, `DELETE FROM sessions`, `DELETE FROM accounts`, `DELETE FROM roles`)
		}
	})
}
