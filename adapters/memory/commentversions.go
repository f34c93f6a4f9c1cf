package memory

import (
	"context"
	"errors"
	"slices"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (s comments) AddVersion(_ context.Context, v ticket.CommentVersion) error {
	return s.commentVersions.add(s.log, v.ID, v)
}

func (s comments) Versions(
	_ context.Context, ticketID, id domain.ID, after *ports.TimelinePosition, size int,
) ([]ticket.VersionView, error) {
	all := s.commentVersions.where(func(v ticket.CommentVersion) bool {
		return v.TicketID == ticketID && v.CommentID == id && (after == nil || newestFirst(v.Until, after.At, v.ID, after.ID) < 0)
	})
	slices.SortFunc(all, func(a, b ticket.CommentVersion) int { return newestFirst(b.Until, a.Until, b.ID, a.ID) })
	switch c, err := s.comments.get(id); {
	case err == nil && c.TicketID == ticketID:
		all = append(all, c.Version())
	case err != nil && !errors.Is(err, domain.ErrNotFound):
		return nil, err
	}
	views := []ticket.VersionView{}
	for _, v := range all[:min(size, len(all))] {
		views = append(views, ticket.VersionView{CommentVersion: v, Editor: s.accounts.rows[v.EditorID].Username})
	}
	return views, nil
}
