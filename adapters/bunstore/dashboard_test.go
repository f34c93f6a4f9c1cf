package bunstore

import (
	"context"
	"errors"
	"testing"

	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// BenchmarkDashboard reads what is counted beside the lists, for all tickets, once they are folded, and for an
// account's own.
func BenchmarkDashboard(b *testing.B) {
	who, state := bulkAccount(1), status(bulkID(10), false)
	grade := ticket.Priority{
		ID: bulkID(11), Name: "High", NameKey: "high", Code: "HIGH", Weight: 30, Color: "#000000", CreatedAt: noon,
		UpdatedAt: noon,
	}
	for _, d := range databases[:2] {
		s := d.open(b)
		ticketed(b, s, who, state, grade, 5000)
		for name, reach := range map[string]access.Reach{"all": {All: true}, "own": {Account: who.ID}} {
			b.Run(d.name+", "+name, func(b *testing.B) {
				for b.Loop() {
					glance(b, s, reach)
				}
			})
		}
	}
}

// ticketed fills a store with tickets of one account.
func ticketed(b *testing.B, s *Store, who account.Account, state ticket.Status, grade ticket.Priority, n int) {
	b.Helper()
	all := make([]ports.Dossier, n)
	for i := range all {
		all[i].View = ticket.View{
			Ticket: ticket.Ticket{
				ID: bulkID(100 + i), Title: "The printer burns", Description: "Since noon.", StatusID: state.ID, PriorityID: grade.ID,
				CreatedBy: who.ID, UrgencyFrom: noon, UrgencyUntil: ticket.Never, CreatedAt: noon, UpdatedAt: noon,
			},
			Names: ticket.Names{StatusType: state.StatusType, StatusWeight: state.Weight, PriorityWeight: grade.Weight, CreatedByName: who.Username},
		}
	}
	do := func(fn func(context.Context, ports.Tx) error) error {
		return s.Update(b.Context(), func(tx ports.Tx) error { return fn(b.Context(), tx) })
	}
	err := errors.Join(
		do(func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Accounts.Add(ctx, who), tx.Statuses.Add(ctx, state), tx.Priorities.Add(ctx, grade))
		}),
		s.BulkTickets(b.Context(), noon.Location(), sequence(all...), nil),
		do(func(ctx context.Context, tx ports.Tx) error { return tx.Dashboard.Compact(ctx) }),
	)
	if err != nil {
		b.Fatal(err)
	}
}

func glance(b *testing.B, s *Store, reach access.Reach) {
	b.Helper()
	err := s.View(b.Context(), func(tx ports.Tx) error {
		found, err := tx.Dashboard.Counts(b.Context(), reach)
		if err == nil && found.ByStatus[0].Tickets != 5000 {
			b.Fatalf("%+v are counted", found.ByStatus)
		}
		_, levels := tx.Dashboard.Levels(b.Context(), reach, sla.PeriodAt(noon, noon.Location()))
		return errors.Join(err, levels)
	})
	if err != nil {
		b.Fatal(err)
	}
}
