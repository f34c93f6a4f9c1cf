package memory

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

type comments struct{ *tx }

func (s comments) Add(_ context.Context, c ticket.Comment) error {
	return s.comments.add(s.log, c.ID, c)
}

func (s comments) Get(_ context.Context, ticketID, id domain.ID, notes bool) (ticket.CommentView, error) {
	c, err := s.comments.get(id)
	if err != nil || c.TicketID != ticketID || !readable(c, notes) {
		return ticket.CommentView{}, domain.ErrNotFound
	}
	return s.view(c), nil
}

// readable reports whether a reader who may or may not read internal notes may read a comment.
func readable(c ticket.Comment, notes bool) bool { return notes || c.Visibility != ticket.Internal }

func (s comments) view(c ticket.Comment) ticket.CommentView {
	return ticket.CommentView{Comment: c, Author: s.accounts.rows[c.AuthorID].Username}
}

func (s comments) Lock(ctx context.Context, ticketID, id domain.ID, notes bool) (ticket.CommentView, error) {
	if err := s.log.writable(); err != nil {
		return ticket.CommentView{}, err
	}
	return s.Get(ctx, ticketID, id, notes)
}

func (s comments) Save(_ context.Context, c ticket.Comment) error {
	return s.comments.save(s.log, c.ID, c)
}

func (s comments) Said(_ context.Context, ticketID domain.ID) ([]ticket.Saying, error) {
	said := []ticket.Saying{}
	for _, c := range s.comments.where(func(c ticket.Comment) bool { return c.TicketID == ticketID && c.Visibility == ticket.Public }) {
		x := ticket.Saying{CommentID: c.ID, AuthorID: c.AuthorID, Effect: c.Effect, At: c.SaidAt}
		if x.At.IsZero() {
			x.At = c.CreatedAt
		}
		said = append(said, x)
	}
	slices.SortFunc(said, func(a, b ticket.Saying) int { return newestFirst(b.At, a.At, b.CommentID, a.CommentID) })
	return said, nil
}

func (s comments) Remove(_ context.Context, id domain.ID) error { return s.comments.remove(s.log, id) }

func (s comments) List(
	_ context.Context, ticketID domain.ID, notes bool, after *ports.TimelinePosition, size int,
) ([]ticket.CommentView, error) {
	all := s.comments.where(func(c ticket.Comment) bool {
		return c.TicketID == ticketID && readable(c, notes) && (after == nil || newestFirst(c.CreatedAt, after.At, c.ID, after.ID) < 0)
	})
	slices.SortFunc(all, func(a, b ticket.Comment) int { return newestFirst(b.CreatedAt, a.CreatedAt, b.ID, a.ID) })
	views := []ticket.CommentView{}
	for _, c := range all[:min(size, len(all))] {
		views = append(views, s.view(c))
	}
	return views, nil
}

// history has no method that changes or removes entries.
type history struct{ *tx }

func (s history) Add(_ context.Context, entries []ticket.Entry) error {
	for _, e := range entries {
		if err := s.history.add(s.log, e.ID, e); err != nil {
			return err
		}
	}
	return nil
}

func (s history) LoseMenu(_ context.Context, menu domain.ID, name string, by ticket.Cause) error {
	for _, t := range s.tickets.where(func(t ticket.Ticket) bool { return t.MenuID == menu }) {
		id := domain.ID(fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64())) //nolint:gosec // no secret
		if err := s.history.add(s.log, id, ticket.MenuLost(id, t.ID, menu, name, by)); err != nil {
			return err
		}
	}
	return nil
}

func (s history) StatusChanges(_ context.Context, tickets []domain.ID) (map[domain.ID][]ticket.StatusChange, error) {
	moves := s.history.where(func(e ticket.Entry) bool {
		return e.Kind == ticket.EntryChanged && e.Field == ticket.StatusField && slices.Contains(tickets, e.TicketID)
	})
	slices.SortFunc(moves, func(a, b ticket.Entry) int { return newestFirst(b.At, a.At, b.ID, a.ID) })
	out := map[domain.ID][]ticket.StatusChange{}
	typeOf := func(id string) ticket.StatusType { return s.statuses.rows[domain.ID(id)].StatusType }
	for _, e := range moves {
		change := ticket.StatusChange{At: e.At, From: typeOf(e.From), To: typeOf(e.To), ByRule: e.Via == access.ViaRule}
		out[e.TicketID] = append(out[e.TicketID], change)
	}
	return out, nil
}

func (s history) FirstTitle(_ context.Context, ticketID domain.ID) (string, error) {
	titles := s.history.where(func(e ticket.Entry) bool {
		return e.TicketID == ticketID && e.Kind == ticket.EntryChanged && e.Field == ticket.TitleField
	})
	if len(titles) == 0 {
		return "", nil
	}
	return slices.MinFunc(titles, func(a, b ticket.Entry) int { return newestFirst(b.At, a.At, b.ID, a.ID) }).From, nil
}

func (s history) List(
	_ context.Context, ticketID domain.ID, notes bool, before *ports.TimelinePosition, size int,
) ([]ticket.EntryView, error) {
	all := s.history.where(func(e ticket.Entry) bool {
		return e.TicketID == ticketID && (notes || !e.Internal) && comesAfter(e.At, e.ID, before)
	})
	slices.SortFunc(all, func(a, b ticket.Entry) int { return newestFirst(a.At, b.At, a.ID, b.ID) })
	views := []ticket.EntryView{}
	for _, e := range all[:min(size, len(all))] {
		views = append(views, ticket.EntryView{Entry: e, Actor: s.accounts.rows[e.ActorID].Username})
	}
	return views, nil
}

// comesAfter reports whether an entry comes after a position in a list that begins with the newest; always, if there
// is no position.
func comesAfter(at time.Time, id domain.ID, p *ports.TimelinePosition) bool {
	return p == nil || newestFirst(at, p.At, id, p.ID) > 0
}
