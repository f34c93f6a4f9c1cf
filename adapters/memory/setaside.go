package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tickt/domain"
	"tickt/ports"
)

type setAsides struct{ *tx }

func (s setAsides) Put(_ context.Context, x ports.SetAside) (bool, error) {
	if err := s.log.writable(); err != nil {
		return false, err
	}
	if _, err := s.tickets.get(x.TicketID); err != nil {
		return false, ports.ErrGone
	}
	if s.setAsides.rows[x.TicketID].Attempts != x.Attempts-1 {
		return false, nil
	}
	return true, s.setAsides.put(s.log, x.TicketID, x)
}

func (s setAsides) Due(_ context.Context, now time.Time, limit int) ([]ports.SetAside, error) {
	due := s.setAsides.where(func(x ports.SetAside) bool { return !x.RetryAt.After(now) })
	slices.SortFunc(due, func(a, b ports.SetAside) int {
		return cmp.Or(a.RetryAt.Compare(b.RetryAt), cmp.Compare(a.TicketID, b.TicketID))
	})
	due = due[:min(limit, len(due))]
	for i, x := range due {
		due[i].Number = s.tickets.rows[x.TicketID].Number
	}
	return due, nil
}

func (s setAsides) Remove(_ context.Context, ticketID domain.ID) error {
	_, err := s.setAsides.removeWhere(s.log, 1, func(x ports.SetAside) bool { return x.TicketID == ticketID })
	return err
}

func (s setAsides) Count(context.Context) (int, error) {
	return len(s.setAsides.where(func(x ports.SetAside) bool { return s.tickets.rows[x.TicketID].DeletedAt.IsZero() })), nil
}
