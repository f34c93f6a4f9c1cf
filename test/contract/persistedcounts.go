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

// What is written by other methods than those that add and change whole entities, or read in another form.

// inOne is a check of a method that takes no entity, or one that is not read again. It runs in one transaction.
func inOne(method string, entity reflect.Type, run func(c call, r *referents) error) Check {
	return Check{Name: method, method: method, entity: entity, Run: func(ctx context.Context, do Transact) error {
		return do(ctx, func(tx ports.Tx) error {
			c := call{ctx, tx}
			r := &referents{call: c}
			return errors.Join(run(c, r), r.err)
		})
	}}
}

var seedsPersist = inOne("Setup.SetSeeds", nil, func(c call, _ *referents) error {
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

// hitsPersist counts twice in one window and once in the next.
var hitsPersist = inOne("Throttle.Hit", nil, func(c call, _ *referents) error {
	keys, began, again := []string{unique("a"), unique("b")}, noon.Add(-time.Hour), noon.Add(time.Hour)
	for _, hit := range []struct {
		now, since time.Time
		want       account.Count
	}{
		{noon, began, account.Count{N: 1, Start: noon}},
		{noon.Add(time.Minute), began, account.Count{N: 2, Start: noon}},
		{again, noon, account.Count{N: 1, Start: again}},
	} {
		if _, err := c.Throttle.Hit(c, keys, hit.now, hit.since); err != nil {
			return err
		}
		for _, key := range keys {
			got, err := c.Throttle.Counts(c, []string{key}, began)
			hit.want.Key = key
			if err := errors.Join(err, equal(got, []account.Count{hit.want})); err != nil {
				return err
			}
		}
	}
	return nil
})

// deletionPersists deletes a ticket, and adds and imports such that were deleted.
var deletionPersists = inOne("Tickets.Save of deleted ones", nil, func(c call, r *referents) error {
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

var lostMenusPersist = inOne("History.LoseMenu", nil, func(c call, r *referents) error {
	x, menu, name := r.ticket(), r.menu(), unique(awkward)
	x.MenuID = menu
	by := ticket.Cause{Actor: r.account().ID, Via: access.ViaImport, At: noon.Add(time.Hour)}
	if err := errors.Join(c.Tickets.Save(c, x), c.History.LoseMenu(c, menu, name, by)); err != nil {
		return err
	}
	got, err := c.History.List(c, x.ID, false, nil, whole.Size)
	if err := errors.Join(err, equal(len(got), 1)); err != nil {
		return err
	}
	return equal(got[0].Entry, ticket.MenuLost(got[0].ID, x.ID, menu, name, by))
})

// phases are what clocks go through, one after the other: each is counted in another way than the one before.
var phases = []sla.ClockState{
	{State: sla.StateRunning, DueAt: thisDay.Soon.Add(time.Hour)},
	{State: sla.StateRunning, DueAt: thisDay.Soon},
	{State: sla.StateMet, DecidedAt: thisDay.Since.Add(-time.Hour)},
	{State: sla.StateMet, DecidedAt: thisDay.Today},
	{State: sla.StateBreached, DecidedAt: thisDay.Today},
	{State: sla.StatePaused},
}

// clocks are n clocks of a ticket that stand as one does.
func clocks(of domain.ID, n int, like sla.ClockState) []sla.ClockState {
	all := make([]sla.ClockState, n)
	for i := range all {
		all[i] = like
		all[i].TicketID, all[i].Metric, all[i].Cycle = of, sla.Metrics[i%len(sla.Metrics)], 1+i/len(sla.Metrics)
	}
	return all
}

// standingsPersist lets clocks begin in each phase, and move on to the next one.
var standingsPersist = inOne("Ledgers.SaveClockStates", reflect.TypeFor[sla.ClockState](), func(c call, r *referents) error {
	for _, n := range []int{4, many} {
		for i := range phases {
			x := r.ticket()
			for _, like := range []sla.ClockState{phases[i], phases[(i+1)%len(phases)]} {
				all := clocks(x.ID, n, like)
				if err := c.Ledgers.SaveClockStates(c, all); err != nil {
					return err
				}
				got, err := c.Dashboard.Levels(c, access.Reach{Account: x.CreatedBy}, thisDay)
				if err := errors.Join(err, equal(got, sla.LevelsOf(all, thisDay))); err != nil {
					return fmt.Errorf("%d clocks, %+v: %w", n, like, err)
				}
			}
		}
	}
	return nil
})

// foldsPersist folds what was counted, twice, and counts again.
var foldsPersist = inOne("Dashboard.Compact", nil, func(c call, r *referents) error {
	before, err := c.Dashboard.Levels(c, everything, thisDay)
	if err != nil {
		return err
	}
	x := r.ticket()
	for i := range 3 {
		if i > 0 {
			x.ID, x.Number = newID(), unique("number")
			r.note(c.Tickets.Add(c, x))
		}
		r.note(c.Ledgers.SaveClockStates(c, clocks(x.ID, 1, phases[0])))
		r.note(c.Dashboard.Compact(c))
		levels, errLevels := c.Dashboard.Levels(c, everything, thisDay)
		tallies, errTallies := c.Dashboard.Counts(c, everything)
		n := 0
		for _, t := range tallies.ByStatus {
			if t.ID == x.StatusID {
				n = t.Tickets
			}
		}
		err := errors.Join(errLevels, errTallies, equal(levels.Running, before.Running+i+1), equal(n, i+1))
		if err != nil {
			return err
		}
	}
	return nil
})
