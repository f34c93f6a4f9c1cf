// Package upgrade tests that a database of a release upgrades to the schema of this program, with its data. testdata holds
// what the binary of the release wrote when it was filled through the API: an SQLite file without its WAL, compressed, and
// the output of pg_dump --inserts --no-owner --no-privileges without the commands of psql.
package upgrade

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/adapters/bunstore"
	"tickt/adapters/lookalike"
	"tickt/adapters/mail"
	"tickt/adapters/password"
	"tickt/adapters/phone"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/migrations"
	"tickt/test/audit"
	"tickt/test/desk"
	"tickt/test/migrated"
	"tickt/test/postgres"
)

// The databases of 0.1.0 (commit e3e1f49), as of 2026-11-29 21:07 UTC.
var (
	//go:embed testdata/0.1.0.db.gz
	sqliteFile []byte

	//go:embed testdata/0.1.0.sql
	postgresDump string
)

// The account of an agent in the databases.
const (
	agentName     = "gita"
	agentPassword = "Blue-Harbour-47"
)

// today is after everything in the databases, while the tickets are due.
var today = time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)

// onEachDatabase runs a test on the database of the release on each engine.
func onEachDatabase(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		z, err := gzip.NewReader(bytes.NewReader(sqliteFile))
		check(t, err)
		content, err := io.ReadAll(z)
		check(t, err)
		test(t, migrated.Image(t, content))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		url := postgres.URL(t)
		c, err := pgx.Connect(t.Context(), url)
		check(t, err)
		_, err = c.Exec(t.Context(), postgresDump, pgx.QueryExecModeSimpleProtocol)
		check(t, err)
		check(t, c.Close(t.Context()))
		test(t, url)
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// upgraded migrates a database and returns the application on it, with its store.
func upgraded(t *testing.T, url string) (*application.App, *bunstore.Store) {
	t.Helper()
	m, err := migrations.New(url)
	check(t, err)
	n, err := m.Up(t.Context())
	check(t, err)
	check(t, m.Close())
	if n == 0 {
		t.Fatal("no migration was applied: the database is not one of an earlier release")
	}
	store, err := bunstore.Open(t.Context(), bunstore.Options{URL: url, MaxConns: 4})
	check(t, err)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	phones, err := phone.New("NP")
	check(t, err)
	clock := func() time.Time { return today }
	var lastID int
	return application.New(application.Deps{
		Store: store, Clock: clock, Zone: time.UTC, Phones: phones, Addresses: mail.Addresses{},
		LookAlikes: lookalike.Names{}, Passwords: password.New(1),
		Tokens: token.New([]byte("a secret of thirty-two bytes or more"), clock),
		NewID: func() domain.ID {
			lastID++
			return domain.ID(fmt.Sprintf("f%031x", lastID))
		},
	}), store
}

func signIn(t *testing.T, app *application.App) access.Actor {
	t.Helper()
	in, err := app.Sessions.Login(t.Context(), agentName, agentPassword, account.Client{Address: "192.0.2.1"})
	check(t, err)
	actor, err := desk.ActorOf(t.Context(), app.Sessions, in.AccessToken)
	check(t, err)
	return actor
}

// tickets returns all tickets by number.
func tickets(t *testing.T, app *application.App, actor access.Actor) []ticket.View {
	t.Helper()
	page, err := app.Tickets.List(t.Context(), actor, ticket.Query{Order: ticket.ByCreated, Number: 1, Size: 100})
	check(t, err)
	if page.Count != len(page.Tickets) {
		t.Errorf("%d tickets are counted, %d listed", page.Count, len(page.Tickets))
	}
	slices.SortFunc(page.Tickets, func(a, b ticket.View) int { return cmp.Compare(a.Number, b.Number) })
	return page.Tickets
}

func TestDataOfTheReleaseIsReadAfterTheUpgrade(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		app, store := upgraded(t, url)
		agent := signIn(t, app)
		var got []string
		for _, v := range tickets(t, app, agent) {
			history, _, err := app.Tickets.History(t.Context(), agent, v.ID, nil, 100)
			check(t, err)
			comments, _, err := app.Comments.List(t.Context(), agent, v.ID, nil, 100)
			check(t, err)
			report, err := app.ServiceLevels.Report(t.Context(), agent, v.ID)
			check(t, err)
			var clocks []string
			for _, c := range report.Clocks {
				clocks = append(clocks, fmt.Sprintf("%s %s", c.Metric, c.State()))
			}
			got = append(got, fmt.Sprintf("%s | %s | %s %s | of %s for %s to %s | breached %v, escalated %v | %d entries, %d comments | %s | %s",
				v.Number[len(v.Number)-4:], v.Title, v.StatusName, v.PriorityName, v.CreatedByName, v.CreatedForName, v.AssignedToName,
				v.SLABreached, v.IsEscalated, len(history), len(comments), report.Policy, strings.Join(clocks, ", ")))
		}
		want := []string{
			"0001 | The printer burns | Open Medium | of ravi for ravi to gita | breached false, escalated false | 8 entries, 3 comments |  | " +
				"first_response met",
			`0002 | Élan «naïve» 日本語 \ ' % _ | Pending Medium | of ravi for ravi to  | breached false, escalated false | ` +
				"3 entries, 0 comments |  | first_response paused",
			"0004 | No network | Open High | of gita for  to  | breached true, escalated true | 5 entries, 0 comments | Gold | " +
				"first_response breached, resolution running",
			"0005 | Screen flickers | Open High | of ravi for ravi to  | breached false, escalated false | 3 entries, 0 comments | Gold | " +
				"first_response running, resolution running",
			"0006 | Done and closed | Closed High | of gita for  to  | breached false, escalated false | 7 entries, 0 comments | Gold | " +
				"first_response met, resolution met",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		audit.Check(t, store)
	})
}

func TestWorkGoesOnAfterTheUpgrade(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		app, store := upgraded(t, url)
		agent := signIn(t, app)
		opened, err := app.Tickets.Open(t.Context(), agent, ticket.Patch{
			Title: domain.Some("After the upgrade"), Description: domain.Some("It works."),
		}, nil)
		check(t, err)
		if opened.Number != "TKT-20261130-0001" {
			t.Errorf("the new ticket is %s", opened.Number)
		}
		first := tickets(t, app, agent)[0]
		_, err = app.Tickets.Update(t.Context(), agent, first.ID, ticket.Patch{Title: domain.Some("The printer is out")}, nil)
		check(t, err)
		for {
			n, err := app.ServiceLevels.Sweep(t.Context())
			check(t, err)
			if n == 0 {
				break
			}
		}
		if lag, err := app.ServiceLevels.Lag(t.Context()); err != nil || lag != 0 {
			t.Errorf("the sweep is %v behind, %v", lag, err)
		}
		audit.Check(t, store)
	})
}
