package httpapi

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/access"
)

// api is what the handlers hang on: they read the request, call one use case and write its answer.
type api struct {
	Options
	// recognise gives who stands behind an access token.
	recognise func(ctx context.Context, bearer string) (access.Actor, error)
}

var errNoToken = domain.Fail(domain.Unauthenticated, "Authentication credentials were not provided.")

// as hands a request to h together with who asks, or refuses it where that is unknown.
func (a *api) as(h asked) fiber.Handler {
	return func(c *fiber.Ctx) error {
		token, ok := bearer(c.Get(fiber.HeaderAuthorization))
		if !ok {
			return errNoToken
		}
		actor, err := a.recognise(c.UserContext(), token)
		if err != nil {
			return err
		}
		c.Locals(accountKey, actor.ID)
		return h(c, actor)
	}
}

// bearer takes the token out of an Authorization header (RFC 6750 §2.1; the scheme's case is free).
func bearer(header string) (token string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	return token, token != "" && strings.EqualFold(scheme, "Bearer")
}
