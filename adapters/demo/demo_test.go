package demo_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/adapters/demo"
	"tickt/adapters/memory"
	"tickt/adapters/phone"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/ports"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ids returns a NewID that counts, so that every run is the same.
func ids() ports.NewID {
	n := 0
	return func() domain.ID {
		n++
		return domain.ID(fmt.Sprintf("%032x", n))
	}
}

func phones(t *testing.T) ports.Phones {
	t.Helper()
	p, err := phone.New("GB") // not the region of the numbers
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// seeded returns a seeded store.
func seeded(t *testing.T) ports.Store {
	t.Helper()
	store := memory.New()
	clock := func() time.Time { return noon.Add(-time.Hour) }
	app := application.New(application.Deps{Store: store, Clock: clock, NewID: ids(), Phones: phones(t), Zone: time.UTC})
	if _, err := app.Setup.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store
}

func prepare(t *testing.T, store ports.Store) demo.References {
	t.Helper()
	n := 0
	newID := func() domain.ID { n++; return domain.ID(fmt.Sprintf("f%031x", n)) } // differs from the ids of the seeds
	g, err := demo.Prepare(t.Context(), store, func() time.Time { return noon }, newID)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func generate(t *testing.T, d *demo.Desk, accounts, tickets int) (as []account.Account, vs []ports.Dossier) {
	t.Helper()
	for a, err := range d.Accounts(accounts) {
		if err != nil {
			t.Fatal(err)
		}
		as = append(as, a)
	}
	for v, err := range d.Tickets(tickets) {
		if err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	return as, vs
}

func TestSameSeedGeneratesSameData(t *testing.T) {
	g := prepare(t, seeded(t))
	as, vs := generate(t, demo.New(7, noon, g, phones(t)), 30, 200)
	again, vsAgain := generate(t, demo.New(7, noon, g, phones(t)), 30, 200)
	if diff := cmp.Diff(as, again) + cmp.Diff(vs, vsAgain); diff != "" {
		t.Error(diff)
	}
	others, _ := generate(t, demo.New(8, noon, g, phones(t)), 30, 0)
	if as[0].ID == others[0].ID || as[0].UsernameKey == others[0].UsernameKey || as[0].Phone == others[0].Phone {
		t.Errorf("another seed makes %+v beside %+v", others[0], as[0])
	}
}

func TestDemoAccountsAreValidAndCannotSignIn(t *testing.T) {
	g := prepare(t, seeded(t))
	as, _ := generate(t, demo.New(1, noon, g, phones(t)), 500, 0)
	unique := map[string]bool{}
	agents := 0
	for _, a := range as {
		if a.PasswordHash != "" || a.IsSuperuser || !a.IsActive {
			t.Fatalf("made %+v", a)
		}
		if e164, ok := phones(t).Normalise(a.Phone); !ok || e164 != a.Phone {
			t.Errorf("%s is no phone number", a.Phone)
		}
		unique[a.UsernameKey], unique[a.EmailKey], unique[a.Phone], unique[string(a.ID)] = true, true, true, true
		if a.RoleID == g.AgentRole {
			agents++
		}
	}
	if len(unique) != 4*len(as) || agents != len(as)/20 {
		t.Errorf("%d values that must be unique of %d accounts, %d of them agents", len(unique), len(as), agents)
	}
}

func TestDemoTicketsAreConsistentAndRealistic(t *testing.T) {
	const many = 8000
	_, vs := generate(t, demo.New(3, noon, prepare(t, seeded(t)), phones(t)), 100, many)
	count := map[string]int{}
	seen := map[domain.ID]bool{}
	for i, v := range vs {
		seen[v.ID] = true
		switch {
		case i > 0 && v.CreatedAt.Before(vs[i-1].CreatedAt), v.CreatedAt.After(noon), v.UpdatedAt.After(noon), v.UpdatedAt.Before(v.CreatedAt):
			t.Fatalf("created %s, updated %s", v.CreatedAt, v.UpdatedAt)
		case !v.UrgencyUntil.After(noon):
			t.Fatalf("the urgency is out of date: %+v", v)
		case v.StatusType.Done() != !v.ResolvedAt.IsZero(), v.ResolvedAt.After(noon):
			t.Fatalf("%s, resolved %s", v.StatusType, v.ResolvedAt)
		}
		later := v.View
		later.RecomputeUrgency(noon)
		later.UrgencyFrom = v.UrgencyFrom
		if later != v.View {
			t.Fatalf("recomputing the urgency changes %+v", v)
		}
		checkLedger(t, v)
		count[string(v.StatusType)]++
		for what, is := range map[string]bool{
			"active": v.StatusType.Active(), "breached": v.SLABreached, "escalated": v.IsEscalated, "overdue": v.Overdue(noon),
			"assigned": v.AssignedTo != "", "menu": v.MenuID != "", "rated": v.CustomerSatisfaction > 0, "due": !v.DueDate.IsZero(),
			"opened by an agent": v.CreatedBy != v.CreatedFor,
		} {
			if is {
				count[what]++
			}
		}
	}
	if len(seen) != many {
		t.Errorf("%d ids for %d tickets", len(seen), many)
	}
	for what, percent := range map[string][2]float64{
		"active": {10, 15}, "pending": {1, 6}, "open": {1, 6}, "in_progress": {3, 9}, "resolved": {10, 30}, "closed": {50, 75},
		"cancelled": {3, 9}, "breached": {5, 15}, "escalated": {0.4, 3}, "overdue": {0.2, 3}, "assigned": {85, 99}, "menu": {50, 70},
		"rated": {20, 45}, "due": {0.5, 5},
		"opened by an agent": {15, 25},
	} {
		if share := 100 * float64(count[what]) / many; share < percent[0] || share > percent[1] {
			t.Errorf("%.1f %% are %s, want %g to %g", share, what, percent[0], percent[1])
		}
	}
}

// checkLedger compares a ticket with its ledger.
func checkLedger(t *testing.T, v ports.Dossier) {
	t.Helper()
	l := sla.NewLedger(sla.EventsOf(v.Entries), func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	breached := slices.ContainsFunc(v.ClockStates, func(s sla.ClockState) bool { return s.State == sla.StateBreached })
	due := v.SLAByHand || v.SLADueDate.Equal(l.NextDue())
	if len(sla.Replay(sla.EventsOf(v.Entries))) != len(v.ClockStates) || breached != v.SLABreached || !v.SLANextAt.Equal(l.NextAt()) || !due {
		t.Fatalf("the ledger of %+v does not lead to it", v)
	}
	for i, e := range v.Entries {
		if e.Seq != i+1 || e.TicketID != v.ID {
			t.Fatalf("the ledger of %s is not in order: %+v", v.ID, v.Entries)
		}
	}
}

func TestPrepareAddsRolesOnceWithPermissionOnTickets(t *testing.T) {
	store := seeded(t)
	first, second := prepare(t, store), prepare(t, store)
	if first.AgentRole != second.AgentRole || first.CustomerRole != second.CustomerRole || first.AgentRole == first.CustomerRole {
		t.Errorf("prepared %+v, then %+v", first, second)
	}
	err := store.View(t.Context(), func(tx ports.Tx) error {
		role, err := tx.Roles.Get(t.Context(), first.AgentRole)
		if err != nil {
			return err
		}
		held, err := tx.RolePermissions.Of(t.Context(), []domain.ID{role.ID})
		if len(held) != 1 || !held[0].Actions.Has(access.MayView) || role.TicketScope != access.ScopeAll {
			t.Errorf("agents hold %+v and reach %s", held, role.TicketScope)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestPrepareRefusesAStoreWithoutSeeds(t *testing.T) {
	_, err := demo.Prepare(context.Background(), memory.New(), func() time.Time { return noon }, ids())
	if err == nil {
		t.Error("an empty store was accepted")
	}
	d := demo.New(1, noon, demo.References{}, phones(t))
	for _, err := range d.Tickets(1) {
		if err == nil {
			t.Error("a ticket was generated without accounts")
		}
	}
}
