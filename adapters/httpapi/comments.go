package httpapi

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (a *api) listComments(c *fiber.Ctx, actor access.Actor) error {
	ticketID, err := pathID(c)
	if err != nil {
		return err
	}
	return cursorPageOf(a, c, queryOf(c), ports.CommentTimeline, a.showComment,
		func(after *ports.TimelinePosition, size int) ([]ticket.CommentView, *ports.TimelinePosition, error) {
			return a.App.Comments.List(c.UserContext(), actor, ticketID, after, size)
		})
}

func (a *api) writeComment(c *fiber.Ctx, actor access.Actor) error {
	ticketID, err := pathID(c)
	if err != nil {
		return err
	}
	draft, err := a.readCommentDraft(c)
	if err != nil {
		return err
	}
	write := func(request *usecase.Idempotency) (ticket.CommentView, error) {
		return a.App.Comments.Write(c.UserContext(), actor, ticketID, draft, request)
	}
	return idempotent(c, write, func(v ticket.CommentView) creation {
		location := "/api/ticket/" + string(ticketID) + "/comment/" + string(v.ID) + "/"
		return creation{sentence: "Comment created successfully.", location: location, data: a.showComment(v)}
	})
}

// commentEndpoints are the endpoints of one comment on a ticket.
type commentEndpoints = resource[ticket.CommentView, ticket.CommentPatch]

// comments registers the routes of path, which holds the ids of the ticket and the comment.
func (a *api) comments(router fiber.Router, path string) {
	router.Get(path, a.authenticated(withoutQuery(a.onTicket(func(r commentEndpoints) authenticatedHandler { return r.answer }))))
	router.Patch(path, a.authenticated(withoutQuery(a.onTicket(func(r commentEndpoints) authenticatedHandler { return r.edit(r.patch) }))))
	router.Delete(path, a.authenticated(withoutQuery(a.onTicket(func(r commentEndpoints) authenticatedHandler { return r.delete }))))
}

// onTicket returns a handler that calls an endpoint of the comments on the ticket in the path.
func (a *api) onTicket(endpoint func(commentEndpoints) authenticatedHandler) authenticatedHandler {
	return func(c *fiber.Ctx, actor access.Actor) error {
		ticketID, err := idAt(c, "ticket")
		if err != nil {
			return err
		}
		return endpoint(a.commentOn(ticketID))(c, actor)
	}
}

// commentOn returns the endpoints of one comment on a ticket.
func (a *api) commentOn(ticketID domain.ID) commentEndpoints {
	use := a.App.Comments
	return commentEndpoints{
		name: "Comment", read: a.readCommentChange, show: func(v ticket.CommentView) any { return a.showComment(v) },
		get: func(ctx context.Context, actor access.Actor, id domain.ID) (ticket.CommentView, error) {
			return use.Get(ctx, actor, ticketID, id)
		},
		patch: func(ctx context.Context, actor access.Actor, id domain.ID, d ticket.CommentPatch,
			match usecase.Match[ticket.CommentView],
		) (ticket.CommentView, error) {
			return use.Edit(ctx, actor, ticketID, id, d, match)
		},
		remove: func(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[ticket.CommentView]) error {
			return use.Delete(ctx, actor, ticketID, id, match)
		},
	}
}

// commentChangeBody is the JSON form of ticket.CommentPatch.
type commentChangeBody struct {
	Body       domain.Optional[string] `json:"body"`
	Visibility domain.Optional[string] `json:"visibility"`
	Unread     domain.Problems         `json:"-"`
}

// commentDraftBody is the JSON form of ticket.CommentDraft.
type commentDraftBody struct {
	Body       domain.Optional[string] `json:"body"`
	Visibility domain.Optional[string] `json:"visibility"`
	StatusID   domain.Optional[string] `json:"statusId"`
	Unread     domain.Problems         `json:"-"`
}

// commentReadOnly are the read-only keys of a comment.
var commentReadOnly = []string{"referenceId", "author", "authorId", "createdAt", "editedAt"}

func (a *api) readCommentDraft(c *fiber.Ctx) (ticket.CommentDraft, error) {
	var body commentDraftBody
	err := take(&body.Unread, a.bind(c, &body, commentReadOnly...))
	return ticket.CommentDraft(body), err
}

func (a *api) readCommentChange(c *fiber.Ctx) (ticket.CommentPatch, error) {
	var body commentChangeBody
	err := take(&body.Unread, a.bind(c, &body, commentReadOnly...))
	return ticket.CommentPatch(body), err
}

// commentView is the JSON form of a comment.
type commentView struct {
	ReferenceID domain.ID         `json:"referenceId"`
	Body        string            `json:"body"`
	Visibility  ticket.Visibility `json:"visibility"`
	Author      string            `json:"author"`
	AuthorID    domain.ID         `json:"authorId"`
	CreatedAt   timestamp         `json:"createdAt"`
	EditedAt    timestamp         `json:"editedAt"` // null if it was never edited
}

func (a *api) showComment(v ticket.CommentView) commentView {
	return commentView{
		ReferenceID: v.ID, Body: v.Body, Visibility: v.Visibility, Author: v.Author, AuthorID: v.AuthorID,
		CreatedAt: a.timestamp(v.CreatedAt), EditedAt: a.timestamp(v.EditedAt),
	}
}
