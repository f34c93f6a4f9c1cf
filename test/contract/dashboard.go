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

// thisDay is the period of noon in a time zone whose days begin in the middle of an hour.
var thisDay = sla.PeriodAt(noon, time.FixedZone("", 5*3600+45*60))

func dashboard(t *testing.T, d desk) {
	t.Run("an empty store has nothing to count, but every metric", func(t *testing.T) {
		same(t, d.tallies(t, everything), ticket.Counts{ByStatus: []ticket.Count{}, ByPriority: []ticket.Count{}})
		same(t, d.levels(t, everything),
			sla.Levels{Compliance: []sla.Compliance{{Metric: sla.FirstResponse}, {Metric: sla.NextResponse}, {Metric: sla.Resolution}}})
	})
	p := &promised{populate(t, d, 9, 150), map[string]sla.ClockState{}}
	p.promise(t)
	t.Run("what is counted is what there is, whoever asks", func(t *testing.T) { p.compare(t) })
	t.Run("to fold changes nothing, nor does to fold again", func(t *testing.T) {
		p.fold(t)
		p.compare(t)
		p.fold(t)
		p.compare(t)
	})
	t.Run("statuses, priorities, people, deletion and restoration of tickets count at once", func(t *testing.T) { p.changeTickets(t) })
	t.Run("clocks that go on count where they stand now, in one call or many", func(t *testing.T) { p.moveClocks(t) })
	t.Run("tickets that were imported count as others do", func(t *testing.T) { p.importTickets(t) })
	t.Run("a failed update leaves no count", func(t *testing.T) { p.fail(t) })
	t.Run("catalogs that change are followed", func(t *testing.T) { p.changeCatalogs(t) })
	t.Run("whoever reads while others write and fold sees every ticket once", func(t *testing.T) { p.readWhileWriting(t) })
	t.Run("a clock that is written while its ticket is deleted does not count", func(t *testing.T) { p.deleteWhileClocksMove(t) })
}

func (d desk) tallies(t *testing.T, reach access.Reach) ticket.Counts {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (ticket.Counts, error) {
		return tx.Dashboard.Counts(ctx, reach)
	})
}

func (d desk) levels(t *testing.T, reach access.Reach) sla.Levels {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (sla.Levels, error) {
		return tx.Dashboard.Levels(ctx, reach, thisDay)
	})
}

func (d desk) fold(t *testing.T) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Dashboard.Compact(ctx) })
}

// compare counts everything one by one for everybody.
func (p *promised) compare(t *testing.T) {
	t.Helper()
	for _, reach := range append([]access.Reach{everything, {}, {Account: newID()}}, p.reaches()...) {
		if diff := cmp.Diff(p.wantTallies(reach), p.tallies(t, reach)); diff != "" {
			t.Errorf("tickets of %+v, want -, got +:\n%s", reach, diff)
		}
		if diff := cmp.Diff(p.wantLevels(reach), p.levels(t, reach)); diff != "" {
			t.Errorf("clocks of %+v, want -, got +:\n%s", reach, diff)
		}
	}
}

// changeTickets changes every ticket in one of the ways that count, and folds in between.
func (p *promised) changeTickets(t *testing.T) {
	for i := range p.tickets {
		x := &p.tickets[i]
		switch i % 6 {
		case 0:
			x.StatusID = one(p.random, p.statuses).ID
		case 1:
			x.PriorityID = one(p.random, p.priorities).ID
		case 2:
			x.DeletedAt = noon
		case 3:
			x.DeletedAt = time.Time{}
		case 4:
			x.StatusID, x.PriorityID, x.AssignedTo = one(p.random, p.statuses).ID, one(p.random, p.priorities).ID, one(p.random, p.people).ID
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

// moveClocks moves half of the clocks on, first one by one, then all at once.
func (p *promised) moveClocks(t *testing.T) {
	var moved []sla.ClockState
	for _, name := range slices.Sorted(maps.Keys(p.clocks)) {
		if c := p.clocks[name]; p.chance(50) {
			c = p.stand(c.TicketID, c.Metric, c.Cycle)
			p.clocks[name] = c
			moved = append(moved, c)
		}
	}
	for _, c := range moved[:5] {
		p.keep(t, c)
	}
	p.keep(t, moved[5:]...)
	p.compare(t)
	p.keep(t) // none is fine
	p.compare(t)
}

func (p *promised) importTickets(t *testing.T) {
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

func (p *promised) fail(t *testing.T) {
	failed := errors.New("no")
	err := p.try(t, func(ctx context.Context, tx ports.Tx) error {
		x := p.ticket()
		x.DeletedAt = time.Time{}
		return errors.Join(tx.Tickets.Add(ctx, x), tx.Ledgers.SaveClockStates(ctx, []sla.ClockState{p.stand(x.ID, sla.Resolution, 1)}),
			tx.Dashboard.Compact(ctx), failed)
	})
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	p.compare(t)
}

// changeCatalogs gives entries other weights, names and types, adds some, and removes one that was used.
func (p *promised) changeCatalogs(t *testing.T) {
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

// readWhileWriting moves tickets and clocks about, which changes no sum of them, and looks at the sums all the while.
func (p *promised) readWhileWriting(t *testing.T) {
	want := sum(p.wantTallies(everything).ByStatus)
	const writers, rounds = 4, 15
	moved := p.shares(writers)
	wantNoErrors(t, together(writers+3, func(i int) error {
		for round := range rounds {
			var err error
			switch {
			case i < writers:
				err = p.try(t, func(ctx context.Context, tx ports.Tx) error { return moved[i].move(ctx, tx, round) })
			case i < writers+2:
				err = p.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Dashboard.Compact(ctx) })
			default:
				err = p.sums(t, want)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
	for _, s := range moved {
		s.settle(p)
	}
	p.compare(t)
	p.fold(t)
	p.compare(t)
}

// sums fails where other than so many tickets are counted.
func (p *promised) sums(t *testing.T, want int) error {
	found, err := attempt(t, p.desk, func(ctx context.Context, tx ports.Tx) (ticket.Counts, error) {
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

// deleteWhileClocksMove lets a ticket be deleted, and restored, by one while others write its clocks without holding it.
func (p *promised) deleteWhileClocksMove(t *testing.T) {
	for range 10 {
		i := slices.IndexFunc(p.tickets, func(x ticket.Ticket) bool { return x.DeletedAt.IsZero() })
		x := p.tickets[i]
		x.DeletedAt = noon
		p.tickets[i] = x
		clocks := []sla.ClockState{p.stand(x.ID, sla.FirstResponse, 7), p.stand(x.ID, sla.Resolution, 7)}
		wantNoErrors(t, together(3, func(n int) error {
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
