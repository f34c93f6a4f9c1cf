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

// BenchmarkDashboard reads the counts of the dashboard, for all tickets after compaction, and for the tickets of one
// account.
func BenchmarkDashboard(b *testing.B) {
	owner, open := bulkAccount(1), status(bulkID(10), false)
	high := ticket.Priority{
		ID: bulkID(11), Name: "High", NameKey: "high", Code: "HIGH", Weight: 30, Color: "#000000", CreatedAt: noon,
		UpdatedAt: noon,
	}
	for _, d := range databases[:2] {
		s := d.open(b)
		addTickets(b, s, owner, open, high, 5000)
		for name, reach := range map[string]access.Reach{"all": {All: true}, "own": {Account: owner.ID}} {
			b.Run(d.name+", "+name, func(b *testing.B) {
				for b.Loop() {
					readDashboard(b, s, reach)
				}
			})
		}
	}
}

// addTickets stores an account, a status, a priority, and n tickets with them.
func addTickets(b *testing.B, s *Store, owner account.Account, open ticket.Status, high ticket.Priority, n int) {
	b.Helper()
	all := make([]ports.Dossier, n)
	for i := range all {
		all[i].View = ticket.View{
			Ticket: ticket.Ticket{
				ID: bulkID(100 + i), Title: "The printer burns", Description: "Since noon.", StatusID: open.ID, PriorityID: high.ID,
				CreatedBy: owner.ID, UrgencyFrom: noon, UrgencyUntil: ticket.Never, CreatedAt: noon, UpdatedAt: noon,
			},
			Names: ticket.Names{StatusType: open.StatusType, StatusWeight: open.Weight, PriorityWeight: high.Weight, CreatedByName: owner.Username},
		}
	}
	do := func(fn func(context.Context, ports.Tx) error) error {
		return s.Update(b.Context(), func(tx ports.Tx) error { return fn(b.Context(), tx) })
	}
	err := errors.Join(
		do(func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Accounts.Add(ctx, owner), tx.Statuses.Add(ctx, open), tx.Priorities.Add(ctx, high))
		}),
		s.BulkTickets(b.Context(), noon.Location(), sequence(all...), nil),
		do(func(ctx context.Context, tx ports.Tx) error { return tx.Dashboard.Compact(ctx) }),
	)
	if err != nil {
		b.Fatal(err)
	}
}

func readDashboard(b *testing.B, s *Store, reach access.Reach) {
	b.Helper()
	err := s.View(b.Context(), func(tx ports.Tx) error {
		found, err := tx.Dashboard.Counts(b.Context(), reach)
		if err == nil && found.ByStatus[0].Tickets != 5000 {
			b.Fatalf("counted %+v, want 5000", found.ByStatus)
		}
		_, levels := tx.Dashboard.Levels(b.Context(), reach, sla.PeriodAt(noon, noon.Location()))
		return errors.Join(err, levels)
	})
	if err != nil {
		b.Fatal(err)
	}
}
