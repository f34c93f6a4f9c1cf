package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (a *api) listCommentVersions(c *fiber.Ctx, actor access.Actor) error {
	ticketID, err := idAt(c, "ticket")
	if err != nil {
		return err
	}
	id, err := pathID(c)
	if err != nil {
		return err
	}
	return cursorPageOf(a, c, queryOf(c), ports.VersionTimeline, a.showCommentVersion,
		func(after *ports.TimelinePosition, size int) ([]ticket.VersionView, *ports.TimelinePosition, error) {
			return a.App.Comments.Versions(c.UserContext(), actor, ticketID, id, after, size)
		})
}

// commentVersionView is the JSON form of a version of a comment.
type commentVersionView struct {
	Body       string            `json:"body"`
	Visibility ticket.Visibility `json:"visibility"`
	Editor     string            `json:"editor"`
	EditorID   domain.ID         `json:"editorId"`
	At         timestamp         `json:"at"`
	Until      timestamp         `json:"until"` // null if it is the current one
	Deleted    bool              `json:"deleted"`
}

func (a *api) showCommentVersion(v ticket.VersionView) commentVersionView {
	return commentVersionView{
		Body: v.Body, Visibility: v.Visibility, Editor: v.Editor, EditorID: v.EditorID, At: a.timestamp(v.At), Until: a.timestamp(v.Until),
		Deleted: v.Deleted,
	}
}
