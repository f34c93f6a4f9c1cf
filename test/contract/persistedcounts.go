package contract

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Checks of methods that do not write whole entities, or whose effect is not read as an entity.

// singleCheck returns a check that runs in one transaction; entity is nil if the method takes none.
func singleCheck(method string, entity reflect.Type, run func(c call, r *referents) error) Check {
	return Check{Name: method, method: method, entity: entity, Run: func(ctx context.Context, do Transact) error {
		return do(ctx, func(tx ports.Tx) error {
			c := call{ctx, tx}
			r := &referents{call: c}
			return errors.Join(run(c, r), r.err)
		})
	}}
}

var seedsPersist = singleCheck("Setup.SetSeeds", nil, func(c call, _ *referents) error {
	for want := range 3 {
		if err := c.Setup.SetSeeds(c, want); err != nil {
			return err
		}
		got, err := c.Setup.Lock(c)
		if err := errors.Join(err, equal(got, want)); err != nil {
			return err
		}
	}
	return nil
})

var keyChecksPersist = singleCheck("Setup.SetKeyChecks", nil, func(c call, _ *referents) error {
	for _, want := range [][]account.KeyCheck{{"written first", "written too"}, {"written later"}} {
		if err := c.Setup.SetKeyChecks(c, want); err != nil {
			return err
		}
		got, err := c.Setup.KeyChecks(c)
		if err := errors.Join(err, equal(got, want)); err != nil {
			return err
		}
	}
	return nil
})

// hitsPersist hits limits twice in one window, at first without a group, and once in the next, and clears their groups.
var hitsPersist = singleCheck("Throttle.Hit", reflect.TypeFor[account.Limit](), func(c call, _ *referents) error {
	began, again := noon.Add(-time.Hour), noon.Add(time.Hour)
	grouped := []account.Limit{Filled[account.Limit](0, nil), Filled[account.Limit](1, nil)}
	alone := limits(grouped[0].Key, grouped[1].Key)
	for _, hit := range []struct {
		limits     []account.Limit
		now, since time.Time
		want       account.Count
	}{
		{alone, noon, began, account.Count{N: 1, Start: noon}},
		{grouped, noon.Add(time.Minute), began, account.Count{N: 2, Start: noon}},
		{grouped, again, noon, account.Count{N: 1, Start: again}},
	} {
		if _, err := c.Throttle.Hit(c, hit.limits, hit.now, hit.since); err != nil {
			return err
		}
		for _, l := range grouped {
			got, err := countsOf(c, c.Tx, []string{l.Key}, began)
			hit.want.Key = l.Key
			if err := errors.Join(err, equal(got, []account.Count{hit.want})); err != nil {
				return err
			}
		}
	}
	for _, l := range grouped {
		if err := c.Throttle.ClearGroup(c, l.Group); err != nil {
			return err
		}
		got, err := countsOf(c, c.Tx, []string{l.Key}, began)
		if err := errors.Join(err, equal(got, []account.Count{})); err != nil {
			return err
		}
	}
	return nil
})

// deletionPersists deletes a ticket, and adds and imports deleted ones.
var deletionPersists = singleCheck("Tickets.Save of deleted ones", nil, func(c call, r *referents) error {
	x := r.ticket()
	x.DeletedAt = noon
	added, imported := x, x
	added.ID, added.Number, imported.ID, imported.Number = newID(), unique("number"), newID(), unique("number")
	err := errors.Join(c.Tickets.Save(c, x), c.Tickets.Add(c, added), importTickets(c, []ticket.Ticket{imported}))
	if err != nil {
		return err
	}
	for _, id := range []domain.ID{x.ID, added.ID, imported.ID} {
		v, err := c.Tickets.Get(c, id, everything)
		if !errors.Is(err, domain.ErrNotFound) {
			return errors.Join(err, equal(v, ticket.View{}))
		}
	}
	return nil
})

var lostMenusPersist = singleCheck("History.LoseMenu", nil, func(c call, r *referents) error {
	x, menu, name := r.ticket(), r.menu(), unique(specialCharacters)
	x.MenuID = menu
	by := ticket.Cause{Actor: r.account().ID, Via: access.ViaImport, At: noon.Add(time.Hour)}
	if err := errors.Join(c.Tickets.Save(c, x), c.History.LoseMenu(c, menu, name, by)); err != nil {
		return err
	}
	got, err := c.History.List(c, x.ID, false, nil, hugePage.Size)
	if err := errors.Join(err, equal(len(got), 1)); err != nil {
		return err
	}
	return equal(got[0].Entry, ticket.MenuLost(got[0].ID, x.ID, menu, name, by))
})

// phases are states that clocks go through in order; each is counted differently from the one before.
var phases = []sla.ClockState{
	{State: sla.StateRunning, DueAt: thisDay.Soon.Add(time.Hour)},
	{State: sla.StateRunning, DueAt: thisDay.Soon},
	{State: sla.StateMet, DecidedAt: thisDay.Since.Add(-time.Hour)},
	{State: sla.StateMet, DecidedAt: thisDay.Today},
	{State: sla.StateBreached, DecidedAt: thisDay.Today},
	{State: sla.StatePaused},
}

// clocks returns n clocks of a ticket, all in the state of like.
func clocks(of domain.ID, n int, like sla.ClockState) []sla.ClockState {
	all := make([]sla.ClockState, n)
	for i := range all {
		all[i] = like
		all[i].TicketID, all[i].Metric, all[i].Cycle = of, sla.Metrics[i%len(sla.Metrics)], 1+i/len(sla.Metrics)
	}
	return all
}

// clockStatesPersist saves clocks in each phase, and then in the next one.
var clockStatesPersist = singleCheck("Ledgers.SaveClockStates", reflect.TypeFor[sla.ClockState](), func(c call, r *referents) error {
	for _, n := range []int{4, many} {
		for i := range phases {
			x := r.ticket()
			for _, like := range []sla.ClockState{phases[i], phases[(i+1)%len(phases)]} {
				policy := barePolicy()
				like.PolicyID = policy.ID
				r.collect(c.Policies.Add(c, policy))
				all := clocks(x.ID, n, like)
				if err := c.Ledgers.SaveClockStates(c, all); err != nil {
					return err
				}
				got, err := c.Dashboard.Levels(c, access.Reach{Account: x.CreatedBy}, thisDay)
				if err := errors.Join(err, equal(got, sla.LevelsOf(all, thisDay))); err != nil {
					return fmt.Errorf("%d clocks, %+v: %w", n, like, err)
				}
				if like.State == sla.StateMet {
					continue // such a clock has no policy
				}
				open, err := c.Policies.OpenClocks(c, policy.ID)
				if err := errors.Join(err, equal(open, n)); err != nil {
					return fmt.Errorf("%d clocks, %+v: open by the policy: %w", n, like, err)
				}
			}
		}
	}
	return nil
})

// openClocksPersist removes a policy by which only the clock of a deleted ticket is open.
var openClocksPersist = singleCheck("Policies.OpenClocks", nil, func(c call, r *referents) error {
	policy, x := barePolicy(), r.ticket()
	x.DeletedAt = noon
	clock := sla.ClockState{TicketID: x.ID, Metric: sla.Resolution, Cycle: 1, State: sla.StateRunning, PolicyID: policy.ID}
	err := errors.Join(c.Policies.Add(c, policy), c.Ledgers.SaveClockStates(c, []sla.ClockState{clock}), c.Tickets.Save(c, x))
	if err != nil {
		return err
	}
	n, err := c.Policies.OpenClocks(c, policy.ID)
	if err := errors.Join(err, equal(n, 0)); err != nil {
		return err
	}
	return c.Policies.Remove(c, policy.ID)
})

// compactPersists runs Compact several times and compares the counts each time.
var compactPersists = singleCheck("Dashboard.Compact", nil, func(c call, r *referents) error {
	before, err := c.Dashboard.Levels(c, everything, thisDay)
	if err != nil {
		return err
	}
	x := r.ticket()
	for i := range 3 {
		if i > 0 {
			x.ID, x.Number = newID(), unique("number")
			r.collect(c.Tickets.Add(c, x))
		}
		r.collect(c.Ledgers.SaveClockStates(c, clocks(x.ID, 1, phases[0])))
		r.collect(c.Dashboard.Compact(c))
		levels, errLevels := c.Dashboard.Levels(c, everything, thisDay)
		counts, errCounts := c.Dashboard.Counts(c, everything)
		n := 0
		for _, t := range counts.ByStatus {
			if t.ID == x.StatusID {
				n = t.Tickets
			}
		}
		err := errors.Join(errLevels, errCounts, equal(levels.Running, before.Running+i+1), equal(n, i+1))
		if err != nil {
			return err
		}
	}
	return nil
})
