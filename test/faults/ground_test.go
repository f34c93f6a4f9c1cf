// Package faults lets things go wrong while tickets and their clocks change: processes that are killed, a database that goes
// away, machines whose clocks differ; and then goes over the audit.
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

// programme says to this binary that it is to be the program itself, so that there is one to kill.
const programme = "TICKT_FAULTS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programme) != "" {
		os.Exit(bootstrap.Main(os.Args[1:]))
	}
	os.Exit(m.Run())
}

const (
	rootName     = "admin"
	rootPassword = "Correct-horse-9"
	secret       = "a secret of thirty-two bytes or more"
)

// ground is a seeded desk on a database of its own, with a superuser, an agent and two supervisors.
type ground struct {
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

func onPostgres(t testing.TB) *ground { return newGround(t, postgres.URL(t)) }

func newGround(t testing.TB, url string) *ground {
	t.Helper()
	m, err := migrations.New(url)
	check(t, err)
	_, err = m.Up(t.Context())
	check(t, err)
	check(t, m.Close())
	g := &ground{t: t, url: url, store: opened(t, url), statuses: map[ticket.StatusType]ticket.Status{}}
	g.app = g.appOn(g.store, now)
	check(t, g.app.Setup.Seed(t.Context()))
	made, err := g.app.Superusers.Create(t.Context(), identity.Superuser{
		Username: rootName, Email: "root@example.org", Phone: "9841000001", Password: rootPassword,
	})
	check(t, err)
	g.root = access.Actor{ID: made, Username: rootName, Superuser: true, Via: access.ViaAPI}
	check(t, g.store.Update(t.Context(), func(tx ports.Tx) error { return g.lay(t.Context(), tx) }))
	return g
}

func opened(t testing.TB, url string) *bunstore.Store {
	t.Helper()
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: url, Prepared: true, MaxConns: 10})
	check(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// appOn gives an application on a store, whose machine has a clock.
func (g *ground) appOn(s *bunstore.Store, clock ports.Clock) *application.App {
	g.t.Helper()
	book, err := phone.New("NP")
	check(g.t, err)
	return application.New(application.Deps{
		Store: s, Clock: clock, NewID: newID, Passwords: password.New(1), Phones: book, Zone: time.UTC, Tokens: token.New([]byte(secret), clock),
	})
}

// lay hires people, and finds what tickets are classified by.
func (g *ground) lay(ctx context.Context, tx ports.Tx) error {
	whole := ports.Page{Number: 1, Size: 100}
	roles, _, err := tx.Roles.List(ctx, whole)
	if err != nil {
		return err
	}
	var supervisor domain.ID
	for _, r := range roles {
		if r.Name == "supervisor" {
			supervisor = r.ID
		}
	}
	hire := func(n int, name string, role domain.ID) (domain.ID, error) {
		a := account.Account{
			ID: newID(), Username: name, UsernameKey: name, Email: name + "@example.org", EmailKey: name + "@example.org",
			Phone: fmt.Sprintf("+977984100010%d", n), RoleID: role, IsActive: true, IsSuperuser: true, CreatedAt: now(), UpdatedAt: now(),
		}
		return a.ID, tx.Accounts.Add(ctx, a)
	}
	agent, err := hire(0, "agent", "")
	if err != nil {
		return err
	}
	g.agent = access.Actor{ID: agent, Username: "agent", Superuser: true, Via: access.ViaAPI}
	for n, name := range []string{"first", "second"} {
		id, err := hire(n+1, name, supervisor)
		if err != nil {
			return err
		}
		g.supervisors = append(g.supervisors, id)
	}
	statuses, _, err := tx.Statuses.List(ctx, whole)
	for _, s := range statuses {
		g.statuses[s.StatusType] = s
	}
	priorities, _, err2 := tx.Priorities.List(ctx, whole)
	for _, p := range priorities {
		if p.IsDefault {
			g.priority = p
		}
	}
	return cmp.Or(err, err2)
}

// promised are what every ticket of a crowd is promised: a first response within an hour, and to be resolved within two. The
// warnings come after 48 and 96 minutes.
var promised = sla.Terms{
	PolicyID: newID(), PauseTypes: []ticket.StatusType{ticket.Pending}, OnReopen: sla.ReopenResumes, Escalate: true,
	Targets: []sla.Target{
		{Metric: sla.FirstResponse, Minutes: 60, CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80},
		{Metric: sla.Resolution, Minutes: 120, CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80},
	},
}

// alarmsAt are the ages at which a ticket of a crowd has another warning or breach.
var alarmsAt = []time.Duration{48 * time.Minute, time.Hour, 96 * time.Minute, 2 * time.Hour}

// crowd makes tickets, the n-th opened at a moment; one in five is assigned to nobody, the others to the agent.
func (g *ground) crowd(n int, openedAt func(int) time.Time) iter.Seq2[ports.Dossier, error] {
	return func(yield func(ports.Dossier, error) bool) {
		for i := range n {
			d, err := g.dossier(i, openedAt(i).Truncate(time.Microsecond))
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

func (g *ground) dossier(i int, at time.Time) (ports.Dossier, error) {
	status := g.statuses[ticket.Open]
	c := ticket.Patch{
		Title: domain.Some(fmt.Sprintf("Ticket %d", i)), Description: domain.Some("It burns."),
		StatusID: domain.Some(string(status.ID)), PriorityID: domain.Some(string(g.priority.ID)),
	}
	found := ticket.Found{Status: &status, Priority: &g.priority}
	if i%5 != 0 {
		c.AssignedTo = domain.Some(string(g.agent.ID))
		found.AssignedTo = &ticket.Person{ID: g.agent.ID, Name: g.agent.Username, IsActive: true, MayView: true}
	}
	v, err := ticket.New(newID(), c, found, g.root, at)
	if err != nil {
		return ports.Dossier{}, err
	}
	clocks := sla.NewLedger(nil, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	v = ticket.SLATransition{Is: v}.Apply(clocks, promised, at)
	return ports.Dossier{View: v, Entries: clocks.AddedTo(v.ID, at), Standings: clocks.ClockStates(v.ID)}, nil
}

// gather stores a crowd, and gives its tickets.
func (g *ground) gather(n int, openedAt func(int) time.Time) (ids []domain.ID) {
	g.t.Helper()
	noting := func(yield func(ports.Dossier, error) bool) {
		for d, err := range g.crowd(n, openedAt) {
			ids = append(ids, d.ID)
			if !yield(d, err) {
				return
			}
		}
	}
	check(g.t, g.store.BulkTickets(g.t.Context(), time.UTC, noting, nil))
	check(g.t, g.store.Analyze(g.t.Context()))
	return ids
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// patience is how long a test waits for what must come, on a machine that may be busy.
const patience = 3 * time.Minute

// until waits for something that must come.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}
