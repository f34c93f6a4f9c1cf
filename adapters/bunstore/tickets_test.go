package bunstore

import (
	"context"
	"errors"
	"fmt"
	"testing"

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
