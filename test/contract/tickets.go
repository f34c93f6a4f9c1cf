package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// fullTicket returns a ticket with every field set; all of its people are the account of the fixtures.
func (g fixtures) fullTicket() ticket.Ticket {
	x, h := g.ticket(), time.Hour
	x.Title, x.Description = "Élan \"of\" the 'printer' \\ %_", "Two\nlines\tand 日本語."
	x.MenuID, x.CreatedFor, x.AssignedTo = g.menu.ID, g.account.ID, g.account.ID
	x.ResponseDeadline, x.DueDate, x.SLADueDate = noon.Add(h), noon.Add(2*h), noon.Add(3*h)
	x.FirstResponseAt, x.ResolvedAt = noon.Add(-h), noon.Add(-h/2)
	x.SLABreachedAt, x.SLANextAt, x.DueReminded = noon.Add(4*h), noon.Add(5*h), noon.Add(6*h)
	x.DuePassed, x.ResponsePassed = noon.Add(7*h), noon.Add(8*h)
	x.SLAByHand, x.SLABreached, x.IsEscalated, x.CustomerSatisfaction = true, true, true, 5
	x.Urgency, x.UrgencyUntil = ticket.UrgencyBreached, noon.Add(4*h)
	return x
}

// addTickets adds tickets. Deleted ones are added first and then saved as deleted, as in practice.
func (d suite) addTickets(t *testing.T, xs ...ticket.Ticket) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, x := range xs {
			added := x
			added.DeletedAt = time.Time{}
			err = errors.Join(err, tx.Tickets.Add(ctx, added))
			if !x.DeletedAt.IsZero() {
				err = errors.Join(err, tx.Tickets.Save(ctx, x))
			}
		}
		return err
	})
}

func tickets(t *testing.T, d suite) {
	t.Run("a ticket is read as it was added, with names", func(t *testing.T) {
		g := d.addFixtures(t)
		full, bare := g.fullTicket(), g.ticket()
		d.addTickets(t, full, bare)
		for _, x := range []ticket.Ticket{full, bare} {
			got, err := getTicket(t, d, x.ID, everything)
			must(t, err)
			same(t, got, g.view(x))
		}
	})
	t.Run("Save writes every field", func(t *testing.T) {
		g := d.addFixtures(t)
		x, y := g.fullTicket(), g.ticket()
		d.addTickets(t, x, y)
		x2, y2 := g.ticket(), g.fullTicket() // each becomes what the other was
		x2.ID, x2.Number, y2.ID, y2.Number = x.ID, x.Number, y.ID, y.Number
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			locked, err := tx.Tickets.Lock(ctx, x.ID, everything)
			same(t, locked, g.view(x))
			return errors.Join(err, tx.Tickets.Save(ctx, x2), tx.Tickets.Save(ctx, y2))
		})
		for _, want := range []ticket.Ticket{x2, y2} {
			got, err := getTicket(t, d, want.ID, everything)
			must(t, err)
			same(t, got, g.view(want))
		}
	})
	t.Run("the number of another ticket is taken", func(t *testing.T) {
		g := d.addFixtures(t)
		x, y := g.ticket(), g.ticket()
		y.Number = x.Number
		d.addTickets(t, x)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Add(ctx, y) }), "ticketNumber")
	})
	t.Run("numbers begin at 1 each day", func(t *testing.T) {
		for i, want := range []struct {
			day string
			n   int
		}{{"20260301", 1}, {"20260301", 2}, {"20260302", 1}, {"20260301", 3}} {
			n, err := d.store.NextNumber(t.Context(), want.day)
			if must(t, err); n != want.n {
				t.Errorf("call %d, day %s: number %d, want %d", i, want.day, n, want.n)
			}
		}
	})
	t.Run("names are current", func(t *testing.T) { renamed(t, d) })
	t.Run("a ticket out of reach is not found", func(t *testing.T) { reached(t, d) })
	t.Run("a deleted ticket is not found within any reach", func(t *testing.T) { deleted(t, d) })
	t.Run("an unknown ticket is not found", func(t *testing.T) {
		_, err := getTicket(t, d, newID(), everything)
		wantMissing(t, err)
		wantMissing(t, d.lockTicket(t, newID(), everything))
		g := d.addFixtures(t)
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, g.ticket()) }))
	})
}

func (d suite) lockTicket(t *testing.T, id domain.ID, reach access.Reach) error {
	return d.try(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Tickets.Lock(ctx, id, reach)
		return err
	})
}

func renamed(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.fullTicket()
	d.addTickets(t, x)
	g.status.Name, g.status.StatusType, g.status.Weight = unique("new"), ticket.Closed, 77
	g.priority.Name, g.priority.Weight = unique("new"), 78
	g.menu.Name = unique("new")
	name := unique("new")
	g.account.Username, g.account.UsernameKey = name, domain.FoldCase(name)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Statuses.Save(ctx, g.status), tx.Priorities.Save(ctx, g.priority), tx.Menus.Save(ctx, g.menu),
			tx.Accounts.Save(ctx, g.account))
	})
	got, err := getTicket(t, d, x.ID, everything)
	must(t, err)
	same(t, got, g.view(x))
}

func reached(t *testing.T, d suite) {
	g, other := d.addFixtures(t), someAccount()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, other) })
	created, createdFor, assigned, none := g.ticket(), g.ticket(), g.ticket(), g.ticket()
	created.CreatedBy, createdFor.CreatedFor, assigned.AssignedTo = other.ID, other.ID, other.ID
	d.addTickets(t, created, createdFor, assigned, none)
	for name, c := range map[string]struct {
		ticket domain.ID
		reach  access.Reach
		found  bool
	}{
		"its creator":      {created.ID, access.Reach{Account: other.ID}, true},
		"its requester":    {createdFor.ID, access.Reach{Account: other.ID}, true},
		"its assignee":     {assigned.ID, access.Reach{Account: other.ID}, true},
		"a stranger":       {none.ID, access.Reach{Account: other.ID}, false},
		"the empty reach":  {none.ID, access.Reach{}, false},
		"one who sees all": {none.ID, access.Reach{All: true, Account: other.ID}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := getTicket(t, d, c.ticket, c.reach)
			for _, err := range []error{err, d.lockTicket(t, c.ticket, c.reach)} {
				if c.found {
					must(t, err)
				} else {
					wantMissing(t, err)
				}
			}
		})
	}
}

func deleted(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.fullTicket()
	d.addTickets(t, x)
	x.Delete(noon)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, x) })
	for _, reach := range []access.Reach{everything, {Account: g.account.ID}} {
		_, err := getTicket(t, d, x.ID, reach)
		wantMissing(t, err)
		wantMissing(t, d.lockTicket(t, x.ID, reach))
		page := read(t, d, func(ctx context.Context, tx ports.Tx) (ports.TicketPage, error) {
			return tx.Tickets.List(ctx, reach,
				ticket.Query{Order: ticket.ByCreated, Now: noon, Size: 100, Number: 1, Filter: ticket.Filter{Menus: []domain.ID{g.menu.ID}}})
		})
		if page.Count != 0 || len(page.Tickets) != 0 {
			t.Errorf("listed: %+v", page)
		}
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		due, err := tx.Tickets.LockDue(ctx, x.UrgencyUntil.Add(time.Hour), 100)
		for _, v := range due {
			if v.ID == x.ID {
				t.Error("a deleted ticket is due")
			}
		}
		return err
	})
}
