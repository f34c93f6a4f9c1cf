package contract

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Some rules of the domain are repeated in SQL, for indexes and triggers. These tests try every combination of the
// inputs of such a rule; the store must agree with the domain.

// combinations returns every tuple of indexes below the given numbers. The slice is reused.
func combinations(of ...int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		at := make([]int, len(of))
		for {
			if !yield(at) {
				return
			}
			i := len(of) - 1
			for ; i >= 0 && at[i]+1 == of[i]; i-- {
				at[i] = 0
			}
			if i < 0 {
				return
			}
			at[i]++
		}
	}
}

// around returns the zero time, and the times just before, at and just after at.
func around(at time.Time) []time.Time {
	return []time.Time{{}, at.Add(-time.Microsecond), at, at.Add(time.Microsecond)}
}

// The ways in which a list by importance determines the urgency of a ticket.
const (
	held      = iota // computed at noon and still valid
	overtaken        // expired since it was computed
	since            // computed after the walk began
	ways
)

// populateCombinations stores tickets of every combination of inputs that decide on urgency and on filters.
func populateCombinations(t *testing.T, d suite) *population {
	p := populate(t, d, 7, 0)
	breaches := append(around(noon), noon) // the first is for tickets that are not breached, the last for an unknown time
	for c := range combinations(ways, len(breaches), 4, 2, 2, 4, 2) {
		way, breach, n := c[0], c[1], len(p.tickets)
		x := p.ticket()
		x.DeletedAt, x.MenuID, x.CreatedBy = time.Time{}, "", p.people[way].ID
		x.DueDate = around(noon)[n%4]
		x.DueReminded, x.DuePassed = x.DueDate, x.DueDate
		x.StatusID, x.PriorityID, x.AssignedTo = p.statuses[(c[5]*2+c[6])%6].ID, p.priorities[n%len(p.priorities)].ID, ""
		if way != overtaken {
			x.AssignedTo = p.people[n%len(p.people)].ID
		}
		x.SLABreached, x.SLABreachedAt = breach > 0, breaches[breach]
		if breach == len(breaches)-1 {
			x.SLABreachedAt = time.Time{}
		}
		x.ResponseDeadline, x.FirstResponseAt = around(noon)[c[2]], time.Time{}
		x.ResponsePassed = x.ResponseDeadline
		if c[3] == 1 {
			x.FirstResponseAt = noon.Add(-time.Hour)
		}
		x.IsEscalated, x.SLADueDate, x.SLAByHand = c[4] == 1, around(noon.Add(sla.Soon))[c[5]], c[6] == 1
		switch way {
		case held:
			if x.SLABreachedAt.After(noon) { // not known at noon
				continue
			}
			v := p.view(x)
			v.RecomputeUrgency(noon)
			x = v.Ticket
		case overtaken:
			x.Urgency, x.UrgencyFrom, x.UrgencyUntil = n%3*500, noon.Add(-time.Hour), noon
		case since:
			x.Urgency, x.UrgencyFrom, x.UrgencyUntil = n%3*500, noon.Add(time.Microsecond), ticket.Never
		}
		p.tickets = append(p.tickets, x)
	}
	p.importAll(t)
	return p
}

// importAll adds the tickets of a population in large batches.
func (p *population) importAll(t *testing.T) {
	views := make([]ticket.View, len(p.tickets))
	for i, x := range p.tickets {
		views[i] = p.view(x)
	}
	p.update(t, func(ctx context.Context, tx ports.Tx) error {
		for len(views) > 0 {
			n := min(len(views), 400)
			if err := tx.Imports.Add(ctx, ports.ImportBatch{Tickets: views[:n]}); err != nil {
				return err
			}
			views = views[n:]
		}
		return nil
	})
}

// wantListed compares one long page of a list with what the domain computes.
func (p *population) wantListed(t *testing.T, reach access.Reach, q ticket.Query) {
	t.Helper()
	q.Now, q.Size = noon, hugePage.Size
	if q.After == nil {
		q.Number = 1
	}
	got, err := p.list(t.Context(), reach, q)
	must(t, err)
	want := idsOf(p.want(reach, q))
	if diff := cmp.Diff(want, idsOf(got.Tickets)); diff != "" || q.Number == 1 && got.Count != len(want) {
		t.Errorf("%d tickets, %d counted, of %d; want -, got +:\n%s", len(got.Tickets), got.Count, len(want), diff)
	}
}

func ticketRules(t *testing.T, d suite) {
	p := populateCombinations(t, d)
	inUse := []domain.ID{p.people[held].ID, p.people[overtaken].ID}
	t.Run("urgency, on the first page", func(t *testing.T) {
		p.wantListed(t, everything, ticket.Query{Order: ticket.ByImportance, Filter: ticket.Filter{CreatedBy: inUse}})
	})
	t.Run("urgency, in a walk that began before some tickets changed", func(t *testing.T) {
		first := ticket.Position{Order: ticket.ByImportance, Now: noon, Urgency: 2 * ticket.UrgencyBreached}
		p.wantListed(t, everything, ticket.Query{Order: ticket.ByImportance, After: &first})
	})
	for _, o := range ticket.Orders {
		if o != ticket.ByImportance {
			t.Run("order "+string(o), func(t *testing.T) { p.wantListed(t, everything, ticket.Query{Order: o}) })
		}
	}
	yes, no := true, false
	flags := []*bool{nil, &yes, &no}
	for c := range combinations(2, 2, 2, len(flags)) {
		f := ticket.Filter{Active: c[0] == 1, Unassigned: c[1] == 1, Urgent: c[2] == 1, Overdue: flags[c[3]]}
		t.Run(fmt.Sprintf("filter active %v, unassigned %v, urgent %v, overdue %d", f.Active, f.Unassigned, f.Urgent, c[3]), func(t *testing.T) {
			p.wantListed(t, everything, ticket.Query{Order: ticket.ByCreated, Filter: f})
		})
	}
	t.Run("filter due before", func(t *testing.T) {
		p.wantListed(t, everything, ticket.Query{Order: ticket.ByCreated, Filter: ticket.Filter{DueBefore: noon}})
	})
	for i, flag := range flags[1:] {
		t.Run(fmt.Sprintf("filter breached, then escalated, %d", i), func(t *testing.T) {
			p.wantListed(t, everything, ticket.Query{Order: ticket.ByCreated, Filter: ticket.Filter{Breached: flag}})
			p.wantListed(t, everything, ticket.Query{Order: ticket.ByCreated, Filter: ticket.Filter{Escalated: flag}})
		})
	}
}

// activeRule moves a ticket from each status type to each, and changes the type of a status likewise.
func activeRule(t *testing.T, d suite) {
	for c := range combinations(len(ticket.StatusTypes), len(ticket.StatusTypes), 2) {
		from, to, g := someStatus(), someStatus(), d.addFixtures(t)
		from.StatusType, to.StatusType = ticket.StatusTypes[c[0]], ticket.StatusTypes[c[1]]
		x := g.ticket()
		x.StatusID = from.ID
		wantActive := func(s ticket.Status) {
			t.Helper()
			refs, listed := d.activeOf(t, x)
			if active := s.StatusType.Active(); refs != active || listed != active {
				t.Errorf("%s, then %s: active %v, listed as active %v", from.StatusType, to.StatusType, refs, listed)
			}
		}
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Statuses.Add(ctx, from), tx.Statuses.Add(ctx, to), tx.Tickets.Add(ctx, x))
		})
		wantActive(from)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			if c[2] == 0 {
				x.StatusID = to.ID
				return tx.Tickets.Save(ctx, x)
			}
			changed := from
			changed.StatusType = to.StatusType
			return tx.Statuses.Save(ctx, changed)
		})
		wantActive(to)
	}
}

// activeOf reports whether a ticket, the only one of its creator, is among the active refs, and whether it is listed
// as active.
func (d suite) activeOf(t *testing.T, x ticket.Ticket) (active, listed bool) {
	t.Helper()
	before := domain.ID(string(x.ID[:len(x.ID)-1]))
	refs := read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.TicketRef, error) {
		return tx.Tickets.ActiveRefs(ctx, before, hugePage.Size)
	})
	_, err := findIn(refs, nil, func(r ports.TicketRef) bool { return r.ID == x.ID })
	page, failed := d.list(t.Context(), access.Reach{Account: x.CreatedBy}, ticket.Query{
		Order: ticket.ByImportance, Now: noon, Size: 5, Number: 1, Filter: ticket.Filter{Active: true},
	})
	must(t, failed)
	return err == nil, page.Count == 1
}
