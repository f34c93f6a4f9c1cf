package httpapi

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

func (a *api) listMySessions(c *fiber.Ctx, actor access.Actor) error {
	return paged(a, func(ctx context.Context, actor access.Actor, page ports.Page) (usecase.List[account.Session], error) {
		return a.App.Me.Sessions(ctx, actor, page)
	}, a.showSession(actor))(c, actor)
}

func (a *api) endMySession(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := a.App.Me.EndSession(c.UserContext(), actor, id, matching(c, a.showSession(actor))); err != nil {
		return err
	}
	return ok(c, "Session ended successfully.", nil)
}

func (a *api) endMyOtherSessions(c *fiber.Ctx, actor access.Actor) error {
	if err := a.bindNothing(c); err != nil {
		return err
	}
	if err := a.App.Me.EndOtherSessions(c.UserContext(), actor); err != nil {
		return err
	}
	return ok(c, "All other sessions have ended.", nil)
}

// sessionView is the JSON form of a session of the actor's account.
type sessionView struct {
	ReferenceID domain.ID `json:"referenceId"`
	CreatedAt   timestamp `json:"createdAt"`
	LastSeenAt  timestamp `json:"lastSeenAt"` // the latest sign-in or refresh, of which address and user agent are, too
	Address     *string   `json:"address"`
	UserAgent   *string   `json:"userAgent"`
	IsCurrent   bool      `json:"isCurrent"`
}

// showSession returns the function that shows a session to the actor.
func (a *api) showSession(actor access.Actor) func(account.Session) sessionView {
	return func(s account.Session) sessionView {
		return sessionView{
			ReferenceID: s.ID, CreatedAt: a.timestamp(s.CreatedAt), LastSeenAt: a.timestamp(s.RotatedAt),
			Address: orNull(s.Address), UserAgent: orNull(s.UserAgent), IsCurrent: s.ID == actor.Session,
		}
	}
}
