package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (s tickets) LockClosable(_ context.Context, now time.Time, limit int) ([]ticket.View, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	return s.lockedViews(s.closable(now, limit)), nil
}

func (s tickets) Closable(_ context.Context, now time.Time, limit int) ([]ports.TicketRef, error) {
	return refsOf(s.closable(now, limit)), nil
}

func (s tickets) closable(now time.Time, limit int) []ticket.Ticket {
	if !s.statuses.any(func(x ticket.Status) bool { return x.StatusType == ticket.Closed }) {
		return nil
	}
	due := s.tickets.where(func(t ticket.Ticket) bool {
		return s.timeDriven(t) && !t.AutoCloseAt.IsZero() && !t.AutoCloseAt.After(now)
	})
	slices.SortFunc(due, func(a, b ticket.Ticket) int {
		return cmp.Or(a.AutoCloseAt.Compare(b.AutoCloseAt), cmp.Compare(a.ID, b.ID))
	})
	return due[:min(limit, len(due))]
}

func (s tickets) LockInStatus(_ context.Context, status, after domain.ID, limit int) ([]ticket.View, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	return s.lockedViews(s.inStatus(status, after, limit)), nil
}

func (s tickets) RefsInStatus(_ context.Context, status, after domain.ID, limit int) ([]ports.TicketRef, error) {
	return refsOf(s.inStatus(status, after, limit)), nil
}

func (s tickets) inStatus(status, after domain.ID, limit int) []ticket.Ticket {
	all := s.tickets.where(func(t ticket.Ticket) bool { return t.DeletedAt.IsZero() && t.StatusID == status && t.ID > after })
	slices.SortFunc(all, func(a, b ticket.Ticket) int { return cmp.Compare(a.ID, b.ID) })
	return all[:min(limit, len(all))]
}

func (s tickets) SetStatus(_ context.Context, ids []domain.ID, status domain.ID) error {
	for _, id := range ids {
		t, err := s.tickets.get(id)
		if err != nil {
			return err
		}
		if _, err := s.statuses.get(status); err != nil {
			return ports.ErrGone
		}
		if err := s.tickets.save(s.log, id, t.InStatus(status)); err != nil {
			return err
		}
	}
	return nil
}

// lockedViews returns the views of tickets that are locked.
func (s tickets) lockedViews(all []ticket.Ticket) []ticket.View {
	views := []ticket.View{}
	for _, t := range all {
		views = append(views, s.view(t, access.EveryTicket))
	}
	return s.withLastEntry(views)
}

func refsOf(all []ticket.Ticket) []ports.TicketRef {
	out := []ports.TicketRef{}
	for _, t := range all {
		out = append(out, ports.TicketRef{ID: t.ID, Number: t.Number})
	}
	return out
}
