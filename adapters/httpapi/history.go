package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (a *api) listHistory(c *fiber.Ctx, actor access.Actor) error {
	ticketID, err := pathID(c)
	if err != nil {
		return err
	}
	return cursorPageOf(a, c, queryOf(c), ports.HistoryTimeline, a.showEntry,
		func(before *ports.TimelinePosition, size int) ([]ticket.EntryView, *ports.TimelinePosition, error) {
			return a.App.Tickets.History(c.UserContext(), actor, ticketID, before, size)
		})
}

// entryView is the JSON form of a history entry. If the field refers to something, from and to are its names at that
// time.
type entryView struct {
	ReferenceID domain.ID        `json:"referenceId"`
	At          timestamp        `json:"at"`
	Actor       *string          `json:"actor"` // null if the service did it itself
	ActorID     *domain.ID       `json:"actorId"`
	Via         access.Via       `json:"via"`
	Kind        ticket.EntryKind `json:"kind"`
	Field       *string          `json:"field"` // null if no field changed
	From        *string          `json:"from"`  // null if it was not set
	To          *string          `json:"to"`    // null if it is not set
	FromID      *string          `json:"fromId"`
	ToID        *string          `json:"toId"`
	CommentID   *domain.ID       `json:"commentId"`
}

func (a *api) showEntry(e ticket.EntryView) entryView {
	v := entryView{
		ReferenceID: e.ID, At: a.timestamp(e.At), Actor: orNull(e.Actor), ActorID: orNull(e.ActorID), Via: e.Via, Kind: e.Kind,
		Field: orNull(e.Field), From: orNull(e.ShowValue(e.From, a.Zone)), To: orNull(e.ShowValue(e.To, a.Zone)), CommentID: orNull(e.CommentID),
	}
	if e.FromName != "" || e.ToName != "" {
		v.From, v.To, v.FromID, v.ToID = orNull(e.FromName), orNull(e.ToName), orNull(e.From), orNull(e.To)
	}
	return v
}
