package contract

import (
	"context"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// setAsides uses tickets that are due long before those of other sections on the same store.
func setAsides(t *testing.T, d suite) {
	g := d.addFixtures(t)
	long := noon.AddDate(-20, 0, 0)
	xs := []ticket.Ticket{g.ticket(), g.ticket(), g.ticket()}
	for i := range xs {
		xs[i].UrgencyUntil = long.Add(time.Duration(i) * time.Hour)
	}
	d.addTickets(t, xs...)
	late := long.Add(24 * time.Hour)
	due := func() (locked []domain.ID, named []ports.TicketRef, next time.Time) {
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			if locked, err = lockDue(ctx, tx, late, 10); err != nil {
				return err
			}
			if named, err = tx.Tickets.Due(ctx, late, 10); err != nil {
				return err
			}
			next, err = tx.Tickets.NextDue(ctx)
			return err
		})
		return locked, named, next
	}
	put := func(x ports.SetAside) (stored bool) {
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			stored, err = tx.SetAsides.Put(ctx, x)
			return err
		})
		return stored
	}
	aside := func(now time.Time, limit int) []ports.SetAside {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.SetAside, error) {
			return tx.SetAsides.Due(ctx, now, limit)
		})
	}
	count := func() int {
		return read(t, d, func(ctx context.Context, tx ports.Tx) (int, error) { return tx.SetAsides.Count(ctx) })
	}
	first := ports.SetAside{
		TicketID: xs[0].ID, Number: xs[0].Number, Attempts: 1, Reason: "ledger of 'É': gap", SetAsideAt: long, RetryAt: long.Add(time.Minute),
	}
	t.Run("Due returns due tickets ordered by time", func(t *testing.T) {
		locked, named, next := due()
		same(t, locked, []domain.ID{xs[0].ID, xs[1].ID, xs[2].ID})
		same(t, named,
			[]ports.TicketRef{{ID: xs[0].ID, Number: xs[0].Number}, {ID: xs[1].ID, Number: xs[1].Number}, {ID: xs[2].ID, Number: xs[2].Number}})
		same(t, next, xs[0].UrgencyUntil)
		limited := read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.TicketRef, error) { return tx.Tickets.Due(ctx, late, 1) })
		same(t, limited, named[:1])
	})
	t.Run("ActiveOf returns the active tickets of an assignee", func(t *testing.T) {
		for _, v := range read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.View, error) { return tx.Tickets.Active(ctx, "", 1000) }) {
			if v.AssignedTo == "" {
				continue
			}
			want := []ports.TicketRef{}
			for _, x := range read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.View, error) { return tx.Tickets.Active(ctx, "", 1000) }) {
				if x.AssignedTo == v.AssignedTo {
					want = append(want, ports.TicketRef{ID: x.ID, Number: x.Number})
				}
			}
			same(t, read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.TicketRef, error) {
				return tx.Tickets.ActiveOf(ctx, v.AssignedTo, "", 1000)
			}), want)
			same(t, read(t, d, func(ctx context.Context, tx ports.Tx) (int, error) {
				return tx.Tickets.CountActiveOf(ctx, v.AssignedTo)
			}), len(want))
			same(t, read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.TicketRef, error) {
				return tx.Tickets.ActiveOf(ctx, v.AssignedTo, want[0].ID, 1)
			}), want[1:min(2, len(want))])
		}
	})
	t.Run("ActiveRefs returns the same tickets as Active", func(t *testing.T) {
		var views []ticket.View
		refs := read(t, d, func(ctx context.Context, tx ports.Tx) (refs []ports.TicketRef, err error) {
			if views, err = tx.Tickets.Active(ctx, xs[0].ID, 2); err != nil {
				return nil, err
			}
			return tx.Tickets.ActiveRefs(ctx, xs[0].ID, 2)
		})
		want := []ports.TicketRef{}
		for _, v := range views {
			want = append(want, ports.TicketRef{ID: v.ID, Number: v.Number})
		}
		same(t, refs, want)
		if len(refs) == 0 {
			t.Error("no ticket is active")
		}
	})
	t.Run("a ticket that is set aside is not due", func(t *testing.T) {
		same(t, aside(late, 10), []ports.SetAside{})
		same(t, []bool{put(first), put(first)}, []bool{true, false})
		locked, named, next := due()
		same(t, locked, []domain.ID{xs[1].ID, xs[2].ID})
		same(t, named, []ports.TicketRef{{ID: xs[1].ID, Number: xs[1].Number}, {ID: xs[2].ID, Number: xs[2].Number}})
		same(t, next, xs[1].UrgencyUntil)
		same(t, count(), 1)
	})
	t.Run("tickets are retried at their time, the earliest first", func(t *testing.T) {
		second := first
		second.TicketID, second.Number, second.RetryAt = xs[1].ID, xs[1].Number, long.Add(time.Second)
		same(t, put(second), true)
		same(t, aside(long, 10), []ports.SetAside{})
		same(t, aside(long.Add(time.Minute), 10), []ports.SetAside{second, first})
		same(t, aside(late, 1), []ports.SetAside{second})
	})
	t.Run("an attempt is counted once", func(t *testing.T) {
		again := first
		again.Attempts, again.Reason, again.RetryAt = 2, "again", long.Add(time.Hour)
		skipped := again
		skipped.Attempts = 4
		same(t, []bool{put(skipped), put(again), put(again), put(first)}, []bool{false, true, false, false})
		got := aside(late, 10)
		same(t, got[slices.IndexFunc(got, func(x ports.SetAside) bool { return x.TicketID == xs[0].ID })], again)
	})
	t.Run("of two concurrent Puts of the same attempt one is stored", func(t *testing.T) {
		both := make([]bool, 2)
		x := first
		x.TicketID, x.Number = xs[2].ID, xs[2].Number
		for _, err := range concurrently(2, func(i int) error {
			return d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
				both[i], err = tx.SetAsides.Put(ctx, x)
				return err
			})
		}) {
			must(t, err)
		}
		if both[0] == both[1] {
			t.Errorf("stored: %v", both)
		}
	})
	t.Run("a deleted ticket is not counted", func(t *testing.T) {
		gone := xs[2]
		gone.DeletedAt = noon
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, gone) })
		same(t, count(), 2)
	})
	t.Run("after Remove a ticket is due again", func(t *testing.T) {
		for range 2 {
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.SetAsides.Remove(ctx, xs[0].ID) })
		}
		locked, _, next := due()
		same(t, locked, []domain.ID{xs[0].ID})
		same(t, next, xs[0].UrgencyUntil)
		same(t, count(), 1)
		for _, x := range xs {
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, neverDue(x)) })
		}
	})
}

// neverDue returns a ticket that time no longer changes.
func neverDue(t ticket.Ticket) ticket.Ticket {
	t.UrgencyUntil = ticket.Never
	return t
}
