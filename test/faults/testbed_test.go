// Package faults injects faults while tickets and their clocks change: killed processes, a database outage and machines
// whose clocks differ. Then it audits the database.
package faults

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"tickt/adapters/bunstore"
	"tickt/adapters/lookalike"
	"tickt/adapters/mail"
	"tickt/adapters/password"
	"tickt/adapters/phone"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/application/identity"
	"tickt/bootstrap"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/migrations"
	"tickt/ports"
	"tickt/test/postgres"
)

// runProgram is the environment variable that makes the test binary run the program itself, as a process to kill.
const runProgram = "TICKT_FAULTS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(runProgram) != "" {
		os.Exit(bootstrap.Main(os.Args[1:]))
	}
	os.Exit(m.Run())
}

const (
	rootName     = "admin"
	rootPassword = "Correct-horse-9"
	secret       = "a secret of thirty-two bytes or more"
)

// testbed is an application on its own seeded database, with a superuser, an agent and two supervisors.
type testbed struct {
	t           testing.TB
	url         string
	store       *bunstore.Store
	app         *application.App
	root, agent access.Actor
	supervisors []domain.ID
	statuses    map[ticket.StatusType]ticket.Status
	priority    ticket.Priority
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func newID() domain.ID {
	id := uuid.Must(uuid.NewV7())
	return domain.ID(hex.EncodeToString(id[:]))
}

func onPostgres(t testing.TB) *testbed { return newTestbed(t, postgres.URL(t)) }

func newTestbed(t testing.TB, url string) *testbed {
	t.Helper()
	m, err := migrations.New(url)
	check(t, err)
	_, err = m.Up(t.Context())
	check(t, err)
	check(t, m.Close())
	bed := &testbed{t: t, url: url, store: opened(t, url), statuses: map[ticket.StatusType]ticket.Status{}}
	bed.app = bed.appOn(bed.store, now)
	_, err = bed.app.Setup.Seed(t.Context())
	check(t, err)
	made, err := bed.app.Superusers.Create(t.Context(), identity.Superuser{
		Username: rootName, Email: "root@example.org", Phone: "9841000001", Password: rootPassword,
	})
	check(t, err)
	bed.root = access.Actor{ID: made, Username: rootName, Superuser: true, Via: access.ViaAPI}
	check(t, bed.store.Update(t.Context(), func(tx ports.Tx) error { return bed.addPeople(t.Context(), tx) }))
	return bed
}

func opened(t testing.TB, url string) *bunstore.Store {
	t.Helper()
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url, Prepared: true, MaxConns: 10})
	check(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// appOn returns an application on a store and a clock.
func (bed *testbed) appOn(s *bunstore.Store, clock ports.Clock) *application.App {
	bed.t.Helper()
	book, err := phone.New("NP")
	check(bed.t, err)
	return application.New(application.Deps{
		Store: s, Clock: clock, NewID: newID, Passwords: password.New(1), Phones: book, Addresses: mail.Addresses{},
		LookAlikes: lookalike.Names{}, Zone: time.UTC, Tokens: token.New([]byte(secret), clock),
	})
}

// addPeople adds the agent and the supervisors, and reads the statuses and the default priority.
func (bed *testbed) addPeople(ctx context.Context, tx ports.Tx) error {
	everything := ports.Page{Number: 1, Size: 100}
	roles, _, err := tx.Roles.List(ctx, everything)
	if err != nil {
		return err
	}
	var supervisor domain.ID
	for _, r := range roles {
		if r.Name == "supervisor" {
			supervisor = r.ID
		}
	}
	add := func(n int, name string, role domain.ID) (domain.ID, error) {
		a := account.Account{
			ID: newID(), Username: name, UsernameKey: name, Email: name + "@example.org", EmailKey: name + "@example.org",
			Phone: fmt.Sprintf("+977984100010%d", n), RoleID: role, IsActive: true, IsSuperuser: true, Language: account.English,
			CreatedAt: now(), UpdatedAt: now(),
		}
		return a.ID, tx.Accounts.Add(ctx, a)
	}
	agent, err := add(0, "agent", "")
	if err != nil {
		return err
	}
	bed.agent = access.Actor{ID: agent, Username: "agent", Superuser: true, Via: access.ViaAPI}
	for n, name := range []string{"first", "second"} {
		id, err := add(n+1, name, supervisor)
		if err != nil {
			return err
		}
		bed.supervisors = append(bed.supervisors, id)
	}
	statuses, _, err := tx.Statuses.List(ctx, everything)
	for _, s := range statuses {
		bed.statuses[s.StatusType] = s
	}
	priorities, _, err2 := tx.Priorities.List(ctx, everything)
	for _, p := range priorities {
		if p.IsDefault {
			bed.priority = p
		}
	}
	return cmp.Or(err, err2)
}

// terms promise each generated ticket a first response within one hour and a resolution within two. The warnings come
// after 48 and 96 minutes.
var terms = sla.Terms{
	PauseTypes: []ticket.StatusType{ticket.Pending}, OnReopen: sla.ReopenResumes, Escalate: true,
	Targets: []sla.Target{
		{Metric: sla.FirstResponse, Minutes: 60, CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80},
		{Metric: sla.Resolution, Minutes: 120, CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80},
	},
}

// alarmsAt are the ages of a generated ticket at which a warning or a breach is due, in turn.
var alarmsAt = []time.Duration{48 * time.Minute, time.Hour, 96 * time.Minute, 2 * time.Hour}

// generate yields n tickets with their clocks. openedAt returns when the i-th was opened. Every fifth ticket has no
// assignee, the others have the agent.
func (bed *testbed) generate(n int, openedAt func(int) time.Time) iter.Seq2[ports.Dossier, error] {
	return func(yield func(ports.Dossier, error) bool) {
		for i := range n {
			d, err := bed.dossier(i, openedAt(i).Truncate(time.Microsecond))
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

func (bed *testbed) dossier(i int, at time.Time) (ports.Dossier, error) {
	status := bed.statuses[ticket.Open]
	c := ticket.Patch{
		Title: domain.Some(fmt.Sprintf("Ticket %d", i)), Description: domain.Some("It burns."),
		StatusID: domain.Some(string(status.ID)), PriorityID: domain.Some(string(bed.priority.ID)),
	}
	found := ticket.Found{Status: &status, Priority: &bed.priority}
	if i%5 != 0 {
		c.AssignedTo = domain.Some(string(bed.agent.ID))
		found.AssignedTo = &ticket.Person{ID: bed.agent.ID, Name: bed.agent.Username, IsActive: true, MayView: true}
	}
	v, err := ticket.New(newID(), c, found, bed.root, at)
	if err != nil {
		return ports.Dossier{}, err
	}
	clocks := sla.NewLedger(nil, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	v = ticket.SLATransition{Is: v}.Apply(clocks, terms, at)
	return ports.Dossier{View: v, Entries: clocks.AddedTo(v.ID, at), ClockStates: clocks.ClockStates(v.ID)}, nil
}

// addTickets stores n generated tickets and returns their ids.
func (bed *testbed) addTickets(n int, openedAt func(int) time.Time) (ids []domain.ID) {
	bed.t.Helper()
	collecting := func(yield func(ports.Dossier, error) bool) {
		for d, err := range bed.generate(n, openedAt) {
			ids = append(ids, d.ID)
			if !yield(d, err) {
				return
			}
		}
	}
	check(bed.t, bed.store.BulkTickets(bed.t.Context(), time.UTC, collecting, nil))
	check(bed.t, bed.store.Analyze(bed.t.Context()))
	return ids
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// patience is how long a test waits for a condition. The machine may be busy.
const patience = 3 * time.Minute

// waitFor polls until holds returns true. If that takes longer than patience, it ends the test.
func waitFor(t testing.TB, condition string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("timed out waiting until %s", condition)
		}
	}
}
