package contract

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// thisDay is the period of noon in a time zone whose days do not begin at a full hour of UTC.
var thisDay = sla.PeriodAt(noon, time.FixedZone("", 5*3600+45*60))

func dashboard(t *testing.T, d suite) {
	t.Run("an empty store has no counts, but every metric", func(t *testing.T) {
		same(t, d.counts(t, everything), ticket.Counts{ByStatus: []ticket.Count{}, ByPriority: []ticket.Count{}})
		same(t, d.levels(t, everything),
			sla.Levels{Compliance: []sla.Compliance{{Metric: sla.FirstResponse}, {Metric: sla.NextResponse}, {Metric: sla.Resolution}}})
	})
	p := &clockPopulation{populate(t, d, 9, 150), map[string]sla.ClockState{}}
	p.addClocks(t)
	t.Run("the counts are right within every reach", func(t *testing.T) { p.compare(t) })
	t.Run("Compact changes no count", func(t *testing.T) {
		p.compact(t)
		p.compare(t)
		p.compact(t)
		p.compare(t)
	})
	t.Run("changes of tickets are counted immediately", func(t *testing.T) { p.changeTickets(t) })
	t.Run("changed clocks are counted in their new state", func(t *testing.T) { p.moveClocks(t) })
	t.Run("imported tickets are counted", func(t *testing.T) { p.importTickets(t) })
	t.Run("a failed Update changes no count", func(t *testing.T) { p.fail(t) })
	t.Run("changes of catalogs are reflected", func(t *testing.T) { p.changeCatalogs(t) })
	t.Run("a read concurrent with writes and Compact counts every ticket once", func(t *testing.T) { p.readWhileWriting(t) })
	t.Run("a clock written while its ticket is deleted is not counted", func(t *testing.T) { p.deleteWhileClocksMove(t) })
}

func (d suite) counts(t *testing.T, reach access.Reach) ticket.Counts {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (ticket.Counts, error) {
		return tx.Dashboard.Counts(ctx, reach)
	})
}

func (d suite) levels(t *testing.T, reach access.Reach) sla.Levels {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (sla.Levels, error) {
		return tx.Dashboard.Levels(ctx, reach, thisDay)
	})
}

func (d suite) compact(t *testing.T) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Dashboard.Compact(ctx) })
}

// compare compares the counts within every reach with those of the model.
func (p *clockPopulation) compare(t *testing.T) {
	t.Helper()
	for _, reach := range append([]access.Reach{everything, {}, {Account: newID()}}, p.reaches()...) {
		if diff := cmp.Diff(p.wantCounts(reach), p.counts(t, reach)); diff != "" {
			t.Errorf("tickets of %+v, want -, got +:\n%s", reach, diff)
		}
		if diff := cmp.Diff(p.wantLevels(reach), p.levels(t, reach)); diff != "" {
			t.Errorf("clocks of %+v, want -, got +:\n%s", reach, diff)
		}
	}
}

// changeTickets changes every ticket in one of the ways that affect counts, with some calls of Compact.
func (p *clockPopulation) changeTickets(t *testing.T) {
	for i := range p.tickets {
		x := &p.tickets[i]
		switch i % 6 {
		case 0:
			x.StatusID = pick(p.random, p.statuses).ID
		case 1:
			x.PriorityID = pick(p.random, p.priorities).ID
		case 2:
			x.DeletedAt = noon
		case 3:
			x.DeletedAt = time.Time{}
		case 4:
			x.StatusID, x.PriorityID, x.AssignedTo = pick(p.random, p.statuses).ID, pick(p.random, p.priorities).ID, pick(p.random, p.people).ID
		default:
			x.Title, x.UpdatedAt = "Renamed", noon.Add(time.Hour)
		}
		p.update(t, func(ctx context.Context, tx ports.Tx) error {
			err := tx.Tickets.Save(ctx, *x)
			if i%7 == 0 {
				err = errors.Join(err, tx.Dashboard.Compact(ctx))
			}
			return err
		})
	}
	p.compare(t)
	p.population.compare(t.Context(), t, everything,
		ticket.Query{Filter: ticket.Filter{Active: true}, Order: ticket.ByImportance, Now: noon, Size: 60})
}

// moveClocks changes half of the clocks: some one by one, the others all at once.
func (p *clockPopulation) moveClocks(t *testing.T) {
	var moved []sla.ClockState
	for _, name := range slices.Sorted(maps.Keys(p.clocks)) {
		if c := p.clocks[name]; p.chance(50) {
			c = p.randomClock(c.TicketID, c.Metric, c.Cycle)
			p.clocks[name] = c
			moved = append(moved, c)
		}
	}
	for _, c := range moved[:5] {
		p.saveClocks(t, c)
	}
	p.saveClocks(t, moved[5:]...)
	p.compare(t)
	p.saveClocks(t) // none is fine
	p.compare(t)
}

func (p *clockPopulation) importTickets(t *testing.T) {
	var batch []ticket.View
	for range 20 {
		x := p.ticket()
		p.tickets = append(p.tickets, x)
		batch = append(batch, p.view(x))
	}
	p.update(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.Imports.Add(ctx, ports.ImportBatch{Tickets: batch})
	})
	p.compare(t)
	p.population.compare(t.Context(), t, everything,
		ticket.Query{Filter: ticket.Filter{Active: true, Unassigned: true}, Order: ticket.ByImportance, Now: noon, Size: 60})
}

func (p *clockPopulation) fail(t *testing.T) {
	failed := errors.New("no")
	err := p.try(t, func(ctx context.Context, tx ports.Tx) error {
		x := p.ticket()
		x.DeletedAt = time.Time{}
		return errors.Join(tx.Tickets.Add(ctx, x), tx.Ledgers.SaveClockStates(ctx, []sla.ClockState{p.randomClock(x.ID, sla.Resolution, 1)}),
			tx.Dashboard.Compact(ctx), failed)
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	p.compare(t)
}

// changeCatalogs changes weights, names and types of entries, adds some, and removes one that was used.
func (p *clockPopulation) changeCatalogs(t *testing.T) {
	for i := range p.statuses {
		p.statuses[i].Weight = 9 - p.statuses[i].Weight
		p.statuses[i].StatusType = ticket.StatusTypes[len(ticket.StatusTypes)-1-i]
	}
	p.priorities[0].Name, p.priorities[0].Weight = "Renamed", 9999
	gone := p.statuses[0]
	p.statuses = append(p.statuses[1:], statusKind.with(entry{weight: 4}))
	p.priorities = append(p.priorities, priorityKind.with(entry{weight: 15}))
	p.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for i := range p.tickets {
			if p.tickets[i].StatusID == gone.ID {
				p.tickets[i].StatusID = p.statuses[0].ID
				err = errors.Join(err, tx.Tickets.Save(ctx, p.tickets[i]))
			}
		}
		for _, s := range p.statuses[:len(p.statuses)-1] {
			err = errors.Join(err, tx.Statuses.Save(ctx, s))
		}
		return errors.Join(err, tx.Statuses.Remove(ctx, gone.ID), tx.Priorities.Save(ctx, p.priorities[0]),
			tx.Statuses.Add(ctx, p.statuses[len(p.statuses)-1]), tx.Priorities.Add(ctx, p.priorities[len(p.priorities)-1]))
	})
	p.compare(t)
	p.population.compare(t.Context(), t, everything,
		ticket.Query{Filter: ticket.Filter{Active: true}, Order: ticket.ByImportance, Now: noon, Size: 60})
}

// readWhileWriting concurrently moves tickets and clocks, which changes no total, runs Compact, and reads the totals.
func (p *clockPopulation) readWhileWriting(t *testing.T) {
	want := sum(p.wantCounts(everything).ByStatus)
	const writers, rounds = 4, 15
	shares := p.shares(writers)
	wantNoErrors(t, concurrently(writers+3, func(i int) error {
		for round := range rounds {
			var err error
			switch {
			case i < writers:
				err = p.try(t, func(ctx context.Context, tx ports.Tx) error { return shares[i].move(ctx, tx, round) })
			case i < writers+2:
				err = p.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Dashboard.Compact(ctx) })
			default:
				err = p.checkSums(t, want)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
	for _, s := range shares {
		s.mergeInto(p)
	}
	p.compare(t)
	p.compact(t)
	p.compare(t)
}

// checkSums returns an error if the counted tickets do not add up to want.
func (p *clockPopulation) checkSums(t *testing.T, want int) error {
	found, err := attempt(t, p.suite, func(ctx context.Context, tx ports.Tx) (ticket.Counts, error) {
		return tx.Dashboard.Counts(ctx, everything)
	})
	if err == nil && (sum(found.ByStatus) != want || sum(found.ByPriority) != want) {
		err = fmt.Errorf("%d tickets by status, %d by priority, want %d", sum(found.ByStatus), sum(found.ByPriority), want)
	}
	return err
}

func sum(all []ticket.Count) (n int) {
	for _, x := range all {
		n += x.Tickets
	}
	return n
}

// deleteWhileClocksMove deletes a ticket while other Updates write its clocks without locking it.
func (p *clockPopulation) deleteWhileClocksMove(t *testing.T) {
	for range 10 {
		i := slices.IndexFunc(p.tickets, func(x ticket.Ticket) bool { return x.DeletedAt.IsZero() })
		x := p.tickets[i]
		x.DeletedAt = noon
		p.tickets[i] = x
		clocks := []sla.ClockState{p.randomClock(x.ID, sla.FirstResponse, 7), p.randomClock(x.ID, sla.Resolution, 7)}
		wantNoErrors(t, concurrently(3, func(n int) error {
			return p.try(t, func(ctx context.Context, tx ports.Tx) error {
				if n < len(clocks) {
					return tx.Ledgers.SaveClockStates(ctx, clocks[n:n+1])
				}
				return tx.Tickets.Save(ctx, x)
			})
		}))
		for _, c := range clocks {
			p.clocks[clockName(c)] = c
		}
	}
	p.compare(t)
}
