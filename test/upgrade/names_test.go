package upgrade

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tickt/adapters/bunstore"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// decomposed is 한국 in letters of its syllables, as 0.1.0 accepted it.
const decomposed = "\u1112\u1161\u11ab\u1100\u116e\u11a8"

// open connects to a database as no release does.
func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	driver := "pgx"
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, url = "sqlite", "file:"+filepath.ToSlash(file)+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, url)
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	return db
}

// old writes an account, as 0.1.0 does: with the password of the agent, and without what 0.1.0 does not know. The greater n, the
// younger it is.
func old(t *testing.T, db *sql.DB, n int, name string) domain.ID {
	t.Helper()
	id := domain.ID(fmt.Sprintf("e%031x", 100-n)) // the oldest comes last in the order of ids
	_, err := db.ExecContext(t.Context(), fmt.Sprintf(`INSERT INTO accounts (id, username, username_key, email, email_key, phone,
 password_hash, address, role_id, is_active, is_staff, is_superuser, search, created_at, updated_at)
 SELECT '%s', '%s', '%s', '%[4]d@e.example', '%[4]d@e.example', '+97798411000%02[4]d', password_hash, '', role_id, TRUE, FALSE,
 FALSE, search, '2026-11-2%[4]d 00:00:00+00:00', '2026-11-2%[4]d 00:00:00+00:00' FROM accounts WHERE username = '%[5]s'`,
		id, name, domain.FoldCase(name), n, agentName))
	check(t, err)
	return id
}

// derive derives until nothing is left, and returns the conflicts that were found meanwhile.
func derive(t *testing.T, app *application.App) {
	t.Helper()
	for {
		n, err := app.Deriver.Derive(t.Context())
		check(t, err)
		if n == 0 {
			return
		}
	}
}

// conflicts returns the rows without the key of their name, as loser<holder.
func conflicts(t *testing.T, app *application.App) (all []string) {
	t.Helper()
	check(t, app.Deriver.NameConflicts(t.Context(), func(c ports.NameConflict) {
		all = append(all, fmt.Sprintf("%s: %s<%s", c.Kind, c.ID, c.Holder))
	}))
	slices.Sort(all)
	return all
}

// signedIn returns the account as which somebody signs in with a name; "" if that fails.
func signedIn(t *testing.T, app *application.App, name string) domain.ID {
	t.Helper()
	in, err := app.Sessions.Login(t.Context(), name, agentPassword, account.Client{})
	if err != nil && domain.KindOf(err) != domain.Unauthenticated {
		t.Fatal(err)
	}
	if err != nil {
		return ""
	}
	return in.Account.ID
}

func TestOlderAccountHasTheKeyAndTheOtherLivesOn(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		db := open(t, url)
		wide, root := old(t, db, 1, "ｒｏｏｔ"), old(t, db, 2, "Root")
		hangul, jamo := old(t, db, 3, "한국"), old(t, db, 4, decomposed)
		capitals, sharp := old(t, db, 5, "STRASSE"), old(t, db, 6, "Straße")
		alone := old(t, db, 7, "ﬁnn")
		app, store := upgraded(t, url)
		var before, after string
		read := func(into *string) {
			const text = `SELECT CAST(updated_at AS TEXT) FROM accounts WHERE username = 'ﬁnn'`
			check(t, db.QueryRowContext(t.Context(), text).Scan(into))
		}
		read(&before)
		names := map[string]domain.ID{
			"ｒｏｏｔ": wide, "root": root, "한국": hangul, decomposed: jamo, "strasse": capitals, "straße": sharp, "ﬁnn": alone,
		}
		for typed, id := range names {
			if got := signedIn(t, app, typed); got != id {
				t.Errorf("before keys are derived, %q signs in as %s, want %s", typed, got, id)
			}
		}
		derive(t, app)
		names["finn"], names["𝐫oot"], names["ＳＴＲＡＳＳＥ"] = alone, wide, capitals
		for typed, id := range names {
			if got := signedIn(t, app, typed); got != id {
				t.Errorf("%q signs in as %s, want %s", typed, got, id)
			}
		}
		want := []string{
			fmt.Sprintf("user names: %s<%s", root, wide), fmt.Sprintf("user names: %s<%s", jamo, hangul),
			fmt.Sprintf("user names: %s<%s", sharp, capitals),
		}
		slices.Sort(want)
		if got := conflicts(t, app); !slices.Equal(got, want) {
			t.Errorf("conflicts\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if read(&after); after != before { // signing in does not change it, either
			t.Errorf("updated_at was %s, is %s", before, after)
		}
		check(t, store.Update(t.Context(), func(tx ports.Tx) error { return tx.Accounts.Remove(t.Context(), wide) }))
		derive(t, app)
		if got := conflicts(t, app); len(got) != 2 || signedIn(t, app, "𝐫oot") != root {
			t.Errorf("after the older account has gone: %q", got)
		}
	})
}

// What accounts that 0.1.0 wrote look like is known once it is derived, also of those that it writes meanwhile.
func TestAccountsOfAnOlderProgramAreLookedAt(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		db := open(t, url)
		old(t, db, 1, "coco")
		app, store := upgraded(t, url)
		old(t, db, 2, "root2")
		old(t, db, 3, "Xaxa")
		_, err := db.ExecContext(t.Context(), `UPDATE accounts SET username = 'хеха', username_key = 'хеха' WHERE username = 'Xaxa'`)
		check(t, err)
		derive(t, app)
		check(t, store.View(t.Context(), func(tx ports.Tx) error {
			held, err := tx.NameKeys.Holders(t.Context(), ports.UserLooks, []string{"coco", "root2", "xaxa", "xexa"})
			var names []string
			for _, h := range held {
				names = append(names, h.Name+"="+h.Key)
			}
			slices.Sort(names)
			if got := strings.Join(names, " "); got != "coco=coco root2=root2 хеха=xexa" {
				t.Errorf("the skeletons are %s", got)
			}
			return err
		}))
	})
}

// An account that 0.1.0 adds or renames while this release runs must be found by its key within a minute.
func TestAccountsOfAnOlderProgramAreDerived(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		app, store := upgraded(t, url)
		derive(t, app)
		db := open(t, url)
		exec := func(text string) {
			_, err := db.ExecContext(t.Context(), text)
			check(t, err)
		}
		sharp := old(t, db, 1, "Straße")
		another := account.Account{ID: "1", Username: "strasse", UsernameKey: "strasse", EmailKey: "new", Phone: "new"}
		var taken []string
		check(t, store.View(t.Context(), func(tx ports.Tx) (err error) {
			taken, err = tx.Accounts.Taken(t.Context(), another)
			return err
		}))
		if !slices.Equal(taken, []string{"username"}) {
			t.Errorf("beside a name whose key is not derived, %q are taken", taken)
		}
		derive(t, app)
		if got := signedIn(t, app, "STRASSE"); got != sharp {
			t.Errorf("the new account is not found: %q", got)
		}
		exec(`UPDATE accounts SET username = 'Größe', username_key = 'größe' WHERE username = 'Straße'`)
		if got := signedIn(t, app, "STRASSE"); got != "" {
			t.Errorf("the former name still signs in as %s", got)
		}
		derive(t, app)
		if got := signedIn(t, app, "GRÖSSE"); got != sharp {
			t.Errorf("the renamed account is not found: %q", got)
		}
		exec(`UPDATE ticket_statuses SET name = 'Größe', name_key = 'größe' WHERE code = 'OPEN'`)
		exec(`UPDATE roles SET name = 'größe' WHERE name = 'customer'`)
		derive(t, app)
		for _, query := range []string{
			`SELECT name_key FROM ticket_statuses WHERE code = 'OPEN'`, `SELECT canonical_name FROM roles WHERE name = 'größe'`,
		} {
			var key string
			if err := db.QueryRowContext(t.Context(), query).Scan(&key); err != nil || key != "grösse" {
				t.Errorf("%s: %q, %v", query, key, err)
			}
		}
		left, err := app.Deriver.Left(t.Context())
		check(t, err)
		for _, l := range left {
			if l.Marked+l.Ahead > 0 {
				t.Errorf("left: %+v", l)
			}
		}
	})
}

// Two replicas derive at once, and one dies in the middle.
func TestReplicasDeriveAccountsTogether(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		db := open(t, url)
		for i, name := range []string{"ﬁ1", "ﬁ2", "ﬁ3", "ﬁ4", "ﬁ5", "ﬁ6", "ﬁ7", "ﬁ8"} {
			old(t, db, i+1, name)
		}
		app, _ := upgraded(t, url)
		second, err := bunstore.Open(t.Context(), bunstore.Options{URL: url, MaxConns: 4})
		check(t, err)
		defer func() { check(t, second.Close()) }()
		other := *app.Deriver
		other.Store = second
		other.Kinds = slices.Clone(other.Kinds)
		for i := range other.Kinds {
			other.Kinds[i].Batch = 3
		}
		dying, die := context.WithCancel(t.Context())
		died := other
		died.Kinds = slices.Clone(other.Kinds)
		derive := died.Kinds[0].Derive
		died.Kinds[0].Derive = func(ctx context.Context, tx ports.Tx, ids []domain.ID) error {
			err := derive(ctx, tx, ids)
			die()
			return err
		}
		if _, err := died.Derive(dying); err == nil {
			t.Error("the process did not die")
		}
		errs := make(chan error)
		for _, d := range []interface {
			Derive(context.Context) (int, error)
		}{app.Deriver, &other} {
			go func() {
				var err error
				for idle := 0; idle < 3 && err == nil; {
					var n int
					if n, err = d.Derive(t.Context()); n == 0 {
						idle++
					}
				}
				errs <- err
			}()
		}
		check(t, errors.Join(<-errs, <-errs))
		var left int
		const wrong = `SELECT COUNT(*) FROM accounts WHERE canonical_username IS NULL OR username LIKE 'ﬁ%' AND canonical_username NOT LIKE 'fi_'`
		check(t, db.QueryRowContext(t.Context(), wrong).Scan(&left))
		if left > 0 {
			t.Errorf("%d keys are wrong", left)
		}
	})
}
