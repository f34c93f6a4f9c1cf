package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// countedRule counts clocks of every state around every relevant time, for a ticket and for a deleted one.
func countedRule(t *testing.T, d suite) {
	before := d.levels(t, everything)
	var all []sla.ClockState
	add := func(state sla.State, due, decided time.Time) {
		for _, m := range sla.Metrics {
			all = append(all, sla.ClockState{Metric: m, Cycle: 1 + len(all), State: state, DueAt: due, DecidedAt: decided})
		}
	}
	for _, due := range around(thisDay.Soon) {
		add(sla.StateRunning, due, time.Time{})
	}
	add(sla.StatePaused, time.Time{}, time.Time{})
	add(sla.StateCancelled, time.Time{}, time.Time{})
	for _, state := range []sla.State{sla.StateMet, sla.StateBreached} {
		for _, from := range []time.Time{thisDay.Today, thisDay.Since} {
			for _, decided := range around(from)[1:] {
				add(state, time.Time{}, decided)
			}
		}
	}
	g, removed := d.addFixtures(t), d.addFixtures(t)
	x, gone := g.ticket(), removed.ticket()
	gone.DeletedAt = noon
	d.addTickets(t, x, gone)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		for _, of := range []domain.ID{x.ID, gone.ID} {
			for i := range all {
				all[i].TicketID = of
			}
			if err := tx.Ledgers.SaveClockStates(ctx, all); err != nil {
				return err
			}
		}
		return nil
	})
	want := sla.LevelsOf(all, thisDay)
	same(t, d.levels(t, access.Reach{Account: g.account.ID}), want)
	same(t, d.levels(t, access.Reach{Account: removed.account.ID}), sla.LevelsOf(nil, thisDay))
	want.Running += before.Running
	want.DueSoon += before.DueSoon
	want.BreachedToday += before.BreachedToday
	for i, c := range before.Compliance {
		want.Compliance[i].Met += c.Met
		want.Compliance[i].Breached += c.Breached
	}
	same(t, d.levels(t, everything), want)
}

// onceRule adds an event of every kind twice.
func onceRule(t *testing.T, d suite) {
	for _, kind := range eventKinds {
		x := d.addFixtures(t).ticket()
		d.addTickets(t, x)
		first := clockEvent(x, 1, kind, 1)
		again := first
		again.Seq = 2
		for i, e := range []sla.Entry{first, again} {
			err := d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Ledgers.Add(ctx, []sla.Entry{e}) })
			if refused := i == 1 && e.Once(); refused != (err != nil) {
				t.Errorf("%s, entry %d: %v", kind, i+1, err)
			}
		}
	}
}

// namedRule removes accounts to which history entries refer, in every field.
func namedRule(t *testing.T, d suite) {
	fields := []string{"createdFor", "assignedTo", "createdBy", "menu", "priority", ticket.StatusField, "title", ""}
	for c := range combinations(len(fields), 3) {
		g, a := d.addFixtures(t), someAccount()
		x := g.ticket()
		e := g.bareEntry(x.ID)
		e.Kind, e.Field = ticket.EntryChanged, fields[c[0]]
		switch c[1] {
		case 1:
			e.From = string(a.ID)
		case 2:
			e.To = string(a.ID)
		}
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Accounts.Add(ctx, a), tx.Tickets.Add(ctx, x), tx.History.Add(ctx, []ticket.Entry{e}))
		})
		err := d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, a.ID) })
		if errors.Is(err, ports.ErrInUse) != e.Names(a.ID) || err != nil && !errors.Is(err, ports.ErrInUse) {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

// acceptedRule writes each value that the domain allows in a column, and the ends of each range.
func acceptedRule(t *testing.T, d suite) {
	accepted := func(value any, write func(ctx context.Context, tx ports.Tx) error) {
		t.Helper()
		if err := d.try(t, write); err != nil {
			t.Errorf("%v: %v", value, err)
		}
	}
	g := d.addFixtures(t)
	for _, of := range ticket.StatusTypes {
		s := someStatus()
		s.StatusType = of
		accepted(of, func(ctx context.Context, tx ports.Tx) error { return tx.Statuses.Add(ctx, s) })
	}
	for _, w := range []int{0, ticket.MaxWeight} {
		s, p := someStatus(), somePriority()
		s.Weight, p.Weight = w, w
		accepted(w, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Statuses.Add(ctx, s), tx.Priorities.Add(ctx, p))
		})
	}
	for _, scope := range []access.Scope{access.ScopeOwn, access.ScopeAll} {
		r := someRole()
		r.TicketScope = scope
		accepted(scope, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, r) })
	}
	for rating := range 6 {
		x := g.ticket()
		x.CustomerSatisfaction = rating
		accepted(rating, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Add(ctx, x) })
	}
	x := g.ticket()
	d.addTickets(t, x)
	for _, v := range []ticket.Visibility{ticket.Public, ticket.Internal} {
		c := g.comment(x.ID)
		c.Visibility = v
		accepted(v, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Add(ctx, c) })
	}
	for _, again := range []sla.Reopening{sla.ReopenResumes, sla.ReopenRestarts} {
		for _, percent := range []int{1, 99} {
			p := barePolicy()
			p.OnReopen, p.Targets = again, nil
			for _, m := range sla.Metrics {
				p.Targets = append(p.Targets, sla.Target{Metric: m, Minutes: 1, CalendarID: sla.AlwaysOpenID, WarnPercent: percent})
			}
			accepted(p, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Add(ctx, p) })
		}
	}
}
