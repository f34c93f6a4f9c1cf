package contract

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// dueTickets are tickets that time overtakes one hour after the other, the first one at noon.
func (g ground) dueTickets(n int) []ticket.Ticket {
	out := make([]ticket.Ticket, n)
	for i := range out {
		out[i] = g.ticket()
		out[i].UrgencyUntil = noon.Add(time.Duration(i) * time.Hour)
	}
	return out
}

// lockDue gives the ids of what is due, in the order of the store.
func lockDue(ctx context.Context, tx ports.Tx, now time.Time, limit int) ([]domain.ID, error) {
	views, err := tx.Tickets.LockDue(ctx, now, limit)
	return idsOf(views), err
}

func idsOf(views []ticket.View) []domain.ID {
	out := []domain.ID{}
	for _, v := range views {
		out = append(out, v.ID)
	}
	return out
}

func passingTime(t *testing.T, d desk) {
	g := d.ground(t)
	xs := g.dueTickets(4)
	never := g.ticket()
	d.addTickets(t, xs[2], xs[0], never, xs[3], xs[1])
	due := func(now time.Time, limit int) (out []domain.ID) {
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			out, err = lockDue(ctx, tx, now, limit)
			return err
		})
		return out
	}
	t.Run("tickets are due from the moment on at which time overtakes them, the earliest first", func(t *testing.T) {
		same(t, due(noon.Add(-time.Microsecond), 10), []domain.ID{})
		same(t, due(noon, 10), []domain.ID{xs[0].ID})
		same(t, due(noon.Add(2*time.Hour), 10), []domain.ID{xs[0].ID, xs[1].ID, xs[2].ID})
		same(t, due(noon.Add(9*time.Hour), 2), []domain.ID{xs[0].ID, xs[1].ID})
		same(t, due(ticket.Never.Add(-time.Microsecond), 10), []domain.ID{xs[0].ID, xs[1].ID, xs[2].ID, xs[3].ID})
	})
	t.Run("SaveDue writes what passing time changes, and what was saved is due no more", func(t *testing.T) {
		now := noon.Add(time.Hour)
		for i := range 2 {
			xs[i].SLABreached, xs[i].Urgency = i == 0, ticket.UrgencyBreached-200*i
			xs[i].UrgencyUntil, xs[i].UpdatedAt = ticket.Never, now
			xs[i].UrgencyFrom, xs[i].IsEscalated = now, i == 0
		}
		xs[0].SLADueDate, xs[0].SLABreachedAt, xs[0].SLANextAt, xs[0].DueReminded = now, now.Add(time.Second), now.Add(2*time.Second),
			now.Add(3*time.Second)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			if _, err := tx.Tickets.LockDue(ctx, now, 10); err != nil {
				return err
			}
			return tx.Tickets.SaveDue(ctx, xs[:2])
		})
		for _, x := range xs {
			got, err := getTicket(t, d, x.ID, everything)
			must(t, err)
			same(t, got, g.view(x))
		}
		same(t, due(now, 10), []domain.ID{})
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.SaveDue(ctx, nil) })
	})
	t.Run("what is due next is the earliest of all", func(t *testing.T) {
		next := func() time.Time {
			return read(t, d, func(ctx context.Context, tx ports.Tx) (time.Time, error) { return tx.Tickets.NextDue(ctx) })
		}
		same(t, next(), noon.Add(2*time.Hour))
		gone := xs[2]
		gone.DeletedAt = noon
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, gone) })
		same(t, next(), noon.Add(3*time.Hour))
		last := xs[3]
		last.UrgencyUntil = ticket.Never
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, last) })
		same(t, next(), ticket.Never)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Tickets.Save(ctx, xs[2]), tx.Tickets.Save(ctx, xs[3]))
		})
	})
	t.Run("what another Update holds is left out, or no longer due", func(t *testing.T) { heldDue(t, d, g) })
}

// heldDue lets a second Update ask while a first one holds two tickets; a store with one writer at a time makes
// it wait, which is as good.
func heldDue(t *testing.T, d desk, g ground) {
	xs := g.dueTickets(4)
	d.addTickets(t, xs...)
	now := noon.Add(2*time.Hour + time.Minute)
	var left []domain.ID
	var failed error
	done := make(chan struct{})
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		views, err := tx.Tickets.LockDue(ctx, now, 2)
		if err != nil {
			return err
		}
		go func() {
			defer close(done)
			failed = d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
				left, err = lockDue(ctx, tx, now, 10)
				return err
			})
		}()
		briefly(done)
		due := make([]ticket.Ticket, len(views))
		for i := range views {
			views[i].RecomputeUrgency(now)
			due[i] = views[i].Ticket
		}
		return tx.Tickets.SaveDue(ctx, due)
	})
	<-done
	must(t, failed)
	// one of this test, and the one that passingTime left
	if len(left) != 2 || slices.Contains(left, xs[0].ID) || slices.Contains(left, xs[1].ID) {
		t.Errorf("the second got %v while the first held %s and %s", left, xs[0].ID, xs[1].ID)
	}
}

// briefly waits for what stores that need not wait for each other do at once. It is no wait for a result:
// where the time runs out the other side waits for this one.
func briefly(done <-chan struct{}) {
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
}

// clockOf is the clock of the first response of a ticket, as it is due; nil where none is.
func clockOf(v ticket.View) *sla.Ledger {
	if v.SLADueDate.IsZero() {
		return nil
	}
	l := sla.NewLedger(nil, func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
	l.SetDue(sla.Terms{}, sla.TicketState{Opened: v.CreatedAt}, v.SLADueDate, v.CreatedAt)
	return l
}

// walkWhileTimePasses sweeps between the pages of a walk: breaches come, deadlines pass, what was due late is due soon.
func walkWhileTimePasses(t *testing.T, d desk) {
	g := d.ground(t)
	g.status.StatusType = ticket.Open
	minutes := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	want := map[domain.ID]bool{}
	for i := range 24 {
		x := g.ticket()
		switch i % 6 {
		case 0:
			x.SLADueDate = minutes(i)
		case 1:
			x.ResponseDeadline = minutes(i)
		case 2:
			x.IsEscalated = true
		case 3:
			x.SLADueDate = minutes(120 + i)
		case 4:
			x.SLADueDate, x.IsEscalated = minutes(i), true
		}
		v := g.view(x)
		v.StatusType = ticket.Open
		v.Advance(clockOf(v), noon)
		d.addTickets(t, v.Ticket)
		want[x.ID] = true
	}
	q := ticket.Query{Filter: ticket.Filter{CreatedBy: []domain.ID{g.account.ID}}, Order: ticket.ByImportance, Now: noon, Size: 1}
	seen := map[domain.ID]int{}
	for page := 1; ; page++ {
		got := read(t, d, func(ctx context.Context, tx ports.Tx) (ports.TicketPage, error) {
			return tx.Tickets.List(ctx, everything, q)
		})
		for _, v := range got.Tickets {
			seen[v.ID]++
		}
		if q.After = got.Next; q.After == nil || page > 2*len(want) {
			break
		}
		now := minutes(page)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			due, err := tx.Tickets.LockDue(ctx, now, 1000)
			swept := make([]ticket.Ticket, 0, len(due))
			for _, v := range due {
				if v.CreatedBy == g.account.ID {
					v.StatusType = ticket.Open
					v.Advance(clockOf(v), now)
					swept = append(swept, v.Ticket)
				}
			}
			return errors.Join(err, tx.Tickets.SaveDue(ctx, swept))
		})
	}
	for id := range want {
		if seen[id] != 1 {
			t.Errorf("ticket %s was seen %d times", id, seen[id])
		}
	}
}
