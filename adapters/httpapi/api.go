// Package httpapi is the way in over HTTP: it reads requests, calls use cases and writes their answers
// in the envelope of the contract. It knows the application, the domain, Fiber and the HTTP server that it is
// mounted on; it decides nothing about tickets or accounts, and knows neither the store nor the environment.
package httpapi

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
)

// Options are what the API needs; all are required.
type Options struct {
	App      *application.App
	Zone     *time.Location // that times are shown in
	PageSize int            // of a list whose client asks for none
	Log      *zap.Logger
}

// Mount is the API at /api of a server.
func Mount(o Options) httpserver.Mount {
	a := &api{Options: o}
	a.recognise = a.actor
	return mount(a.routes)
}

// mount puts routes under /api, with the headers of the API.
func mount(routes func(fiber.Router)) httpserver.Mount {
	return httpserver.Mount{
		Prefix: "/api", Routes: routes,
		Head: func(c *fiber.Ctx) { c.Set(fiber.HeaderCacheControl, "no-store") },
		CORS: shared,
	}
}

// shared is what scripts of other origins may send and read.
var shared = httpserver.CORS{
	Methods:         "GET, HEAD, POST, PUT, PATCH, DELETE",
	RequestHeaders:  "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-ID",
	ResponseHeaders: "ETag, Location, Retry-After, Idempotent-Replayed, X-Request-ID",
}

// api is what the handlers hang on: they read the request, call one use case and write its answer.
type api struct {
	Options
	// recognise returns who stands behind an access token.
	recognise func(ctx context.Context, bearer string) (access.Actor, error)
}

// actor returns who stands behind an access token, as somebody who comes by the API.
func (a *api) actor(ctx context.Context, bearer string) (access.Actor, error) {
	return a.App.Sessions.Actor(ctx, bearer, access.ViaAPI)
}

var errNoToken = domain.Fail(domain.Unauthenticated, "Authentication credentials were not provided.")

// authenticated hands a request to h together with who asks, or refuses it if that is unknown.
func (a *api) authenticated(h authenticatedHandler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		token, ok := bearer(c.Get(fiber.HeaderAuthorization))
		if !ok {
			return errNoToken
		}
		actor, err := a.recognise(c.UserContext(), token)
		if err != nil {
			return err
		}
		httpserver.RequestOf(c).Account = actor.ID
		return h(c, actor)
	}
}

// bearer takes the token out of an Authorization header (RFC 6750 §2.1; the scheme's case is free).
func bearer(header string) (token string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	return token, token != "" && strings.EqualFold(scheme, "Bearer")
}
