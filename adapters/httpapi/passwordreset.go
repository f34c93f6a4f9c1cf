package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/identity"
	"tickt/domain"
)

func (a *api) forgotPassword(c *fiber.Ctx) error {
	var body struct {
		Username domain.Optional[string] `json:"username"`
		Email    domain.Optional[string] `json:"email"`
	}
	var unread domain.Problems
	if err := take(&unread, a.bind(c, &body)); err != nil {
		return err
	}
	f := identity.Forgotten{Username: body.Username, Email: body.Email, Unread: unread}
	if err := a.App.Recovery.Forgot(c.UserContext(), f, clientOf(c).Address); err != nil {
		return err
	}
	return ok(c, "If there is such an account, it gets a mail with a link to set a new password.", nil)
}

func (a *api) resetPassword(c *fiber.Ctx) error {
	var body struct {
		Token    domain.Optional[string] `json:"token"`
		Password domain.Optional[string] `json:"password"`
	}
	var unread domain.Problems
	if err := take(&unread, a.bind(c, &body)); err != nil {
		return err
	}
	if err := a.App.Recovery.Reset(c.UserContext(), body.Token.Value, body.Password, unread, clientOf(c).Address); err != nil {
		return err
	}
	return ok(c, "Password is set. Sign in with it.", nil)
}
