package bunstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// ticketCalls are the calls that nearly every request makes.
var ticketCalls = []struct {
	name string
	call func(context.Context, ports.Tx, ticket.Ticket) error
}{
	{"add", func(ctx context.Context, tx ports.Tx, t ticket.Ticket) error { return tx.Tickets.Add(ctx, t) }},
	{"save", func(ctx context.Context, tx ports.Tx, t ticket.Ticket) error { return tx.Tickets.Save(ctx, t) }},
	{"saveDue", func(ctx context.Context, tx ports.Tx, t ticket.Ticket) error {
		return tx.Tickets.SaveDue(ctx, []ticket.Ticket{t})
	}},
	{"get", func(ctx context.Context, tx ports.Tx, t ticket.Ticket) error {
		_, err := tx.Tickets.Get(ctx, t.ID, access.Reach{All: true})
		return err
	}},
}

// BenchmarkTicket measures the calls on each database, in one transaction, so that commits are not measured.
func BenchmarkTicket(b *testing.B) {
	for _, d := range databases[:2] {
		s := d.open(b)
		like := addTicketRefs(b, s).Ticket
		for _, c := range ticketCalls {
			b.Run(d.name+", "+c.name, func(b *testing.B) {
				err := s.Update(b.Context(), func(tx ports.Tx) error {
					if c.name != "add" {
						if err := tx.Tickets.Add(b.Context(), numbered(like, 0)); err != nil {
							return err
						}
					}
					b.ReportAllocs()
					for n := 0; b.Loop(); n++ {
						x := numbered(like, 0)
						if c.name == "add" {
							x = numbered(like, n)
						}
						if err := c.call(b.Context(), tx, x); err != nil {
							return err
						}
					}
					return context.Canceled // roll back
				})
				if !errors.Is(err, context.Canceled) {
					b.Fatal(err)
				}
			})
		}
	}
}

// BenchmarkTicketStatement measures how long it takes to make the statements of the calls, without a database.
func BenchmarkTicketStatement(b *testing.B) {
	for _, c := range ticketCalls {
		if c.name == "saveDue" { // built by bun
			continue
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Recorded(func(tx ports.Tx) error { return c.call(b.Context(), tx, ticket.Ticket{}) }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func numbered(t ticket.Ticket, n int) ticket.Ticket {
	t.ID, t.Number = bulkID(1000+n), fmt.Sprintf("TKT-20260301-%04d", n)
	return t
}

// TestActiveTicketsOfAnAccountAreNotReadAlongThePrimaryKey plans for an account with many tickets, nearly all of which are over.
func TestActiveTicketsOfAnAccountAreNotReadAlongThePrimaryKey(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		v := addTicketRefs(t, s)
		over := status(bulkID(20), false)
		over.Name, over.NameKey, over.Code, over.StatusType = "Over", "over", "OVER", ticket.Closed
		err := s.Update(ctx, func(tx ports.Tx) error {
			if err := tx.Statuses.Add(ctx, over); err != nil {
				return err
			}
			for i := range 1000 {
				x := numbered(v.Ticket, i)
				if i < 800 {
					x.StatusID = over.ID
				} else if i < 990 {
					x.AssignedTo = ""
				}
				if err := tx.Tickets.Add(ctx, x); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		c := accounts{conn{bun: s.engine.writes, raw: s.engine.writes.DB, engine: s.engine}}
		if _, err := c.raw.ExecContext(ctx, `ANALYZE`); err != nil {
			t.Fatal(err)
		}
		explain, primaryKey := `EXPLAIN `, "tickets_pkey"
		if !s.engine.postgres {
			explain, primaryKey = `EXPLAIN QUERY PLAN `, "sqlite_autoindex_tickets_1"
		}
		plan := planOf(ctx, t, c, explain, c.statement(activeTicketsOf, v.AssignedTo, domain.ID(""), 20))
		if strings.Contains(plan, primaryKey) || !strings.Contains(plan, " tickets_a") { // tickets_assigned_to would do too
			t.Error(plan)
		}
	})
}
