// Package httpapi is the REST API. It reads requests, calls use cases and writes the responses in the envelope of the
// contract (openapi.yaml). It decides nothing about tickets or accounts, and knows neither the store nor the environment.
package httpapi

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
)

// Options configure the API. All fields but Metrics are required.
type Options struct {
	App      *application.App
	Zone     *time.Location // of the times in responses
	PageSize int            // of lists, if the client sends no pageSize
	Log      *zap.Logger
	Metrics  *prometheus.Registry // for the metrics of the API; nil if nothing collects them
}

// Mount returns the API, to be mounted at /api.
func Mount(o Options) httpserver.Mount {
	a := newAPI(o)
	if o.Metrics != nil {
		o.Metrics.MustRegister(a.signIns.byResult)
	}
	return mount(a.routes)
}

// mount returns routes mounted at /api, with the headers of the API.
func mount(routes func(fiber.Router)) httpserver.Mount {
	return httpserver.Mount{
		Prefix: "/api", Routes: routes,
		Head: func(c *fiber.Ctx) { c.Set(fiber.HeaderCacheControl, "no-store") },
		CORS: corsPolicy,
	}
}

// corsPolicy is what scripts from other origins may send and read.
var corsPolicy = httpserver.CORS{
	Methods:         "GET, HEAD, POST, PUT, PATCH, DELETE",
	RequestHeaders:  "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-ID",
	ResponseHeaders: "ETag, Location, Retry-After, Idempotent-Replayed, X-Request-ID",
}

// api holds the handlers. Each reads the request, calls one use case and writes the response.
type api struct {
	Options
	signIns signIns
	// findActor returns the actor of an access token. Tests replace it.
	findActor func(ctx context.Context, bearer string) (access.Actor, error)
}

func newAPI(o Options) *api {
	a := &api{Options: o, signIns: newSignIns()}
	a.findActor = a.actor
	return a
}

// actor returns the actor of an access token, with access.ViaAPI.
func (a *api) actor(ctx context.Context, bearer string) (access.Actor, error) {
	return a.App.Sessions.Actor(ctx, bearer, access.ViaAPI)
}

var errNoToken = domain.FailFor(domain.ReasonTokenMissing, "Authentication credentials were not provided.")

// authenticated returns a handler that calls h with the actor of the bearer token, and fails as Unauthenticated without a
// valid one.
func (a *api) authenticated(h authenticatedHandler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		header, err := authorization(c)
		if err != nil {
			return err
		}
		token, ok := bearer(header)
		if !ok {
			return errNoToken
		}
		actor, err := a.findActor(c.UserContext(), token)
		if err != nil {
			return err
		}
		httpserver.RequestOf(c).Account = actor.ID
		return h(c, actor)
	}
}

var errTwoCredentials = domain.FailFor(domain.ReasonTokenInvalid, "Send only one Authorization header.")

// authorization returns the Authorization header, "" if there is none. It refuses a request that has several (RFC 9110
// §5.3), because a proxy in front of the service may judge another one than the service.
func authorization(c *fiber.Ctx) (string, error) {
	if len(c.Request().Header.PeekAll(fiber.HeaderAuthorization)) > 1 {
		return "", errTwoCredentials
	}
	return c.Get(fiber.HeaderAuthorization), nil
}

// bearer returns the token in an Authorization header (RFC 6750 §2.1). The scheme is case-insensitive.
func bearer(header string) (token string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	token = strings.TrimSpace(token)
	return token, token != "" && strings.EqualFold(scheme, "Bearer")
}
