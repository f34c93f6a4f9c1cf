package memory

import (
	"context"
	"slices"

	"tickt/domain"
	"tickt/domain/ticket"
)

// documents need nothing kept: they are made when a list is read.
type documents struct{ *tx }

func (s documents) List(_ context.Context, after domain.ID, limit int) ([]domain.ID, error) {
	ids := []domain.ID{}
	for _, t := range s.tickets.where(func(t ticket.Ticket) bool { return t.DeletedAt.IsZero() && t.ID > after }) {
		ids = append(ids, t.ID)
	}
	slices.Sort(ids)
	return ids[:min(limit, len(ids))], nil
}

func (s documents) CountAfter(_ context.Context, after domain.ID) (int, error) {
	return len(s.tickets.where(func(t ticket.Ticket) bool { return t.DeletedAt.IsZero() && t.ID > after })), nil
}

func (s documents) Rewrite(context.Context, []domain.ID) error { return s.log.writable() }

func (s documents) MarkRequested(context.Context, []domain.ID) error { return s.log.writable() }
