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
	"tickt/ports"
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
	// readToken and findActor return an access token and its actor. Tests replace them.
	readToken func(bearer string) (ports.Token, error)
	findActor func(context.Context, ports.Token) (access.Actor, error)
}

func newAPI(o Options) *api {
	a := &api{Options: o, signIns: newSignIns()}
	a.readToken, a.findActor = o.App.Sessions.AccessToken, a.actor
	return a
}

// actor returns the actor of an access token, with access.ViaAPI.
func (a *api) actor(ctx context.Context, token ports.Token) (access.Actor, error) {
	return a.App.Sessions.ActorOf(ctx, token, access.ViaAPI)
}

var errNoToken = domain.FailFor(domain.ReasonTokenMissing, "Authentication credentials were not provided.")

// authenticated returns a handler that calls h with the actor of the bearer token, and fails as Unauthenticated without a
// valid one. It reads the body only after the token, so that a stranger cannot make the server buffer anything, and then asks
// the store for the session of the token.
func (a *api) authenticated(h authenticatedHandler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := httpserver.CheckBody(c, httpserver.MaxBody); err != nil {
			return err
		}
		token, err := a.token(c)
		if err != nil {
			return err
		}
		if err := httpserver.ReadBody(c, httpserver.MaxBody); err != nil {
			return err
		}
		actor, err := a.findActor(c.UserContext(), token)
		if err != nil {
			return err
		}
		httpserver.RequestOf(c).Account = actor.ID
		return h(c, actor)
	}
}

// token returns the bearer token of a request.
func (a *api) token(c *fiber.Ctx) (ports.Token, error) {
	header, err := authorization(c)
	if err != nil {
		return ports.Token{}, err
	}
	text, ok := bearer(header)
	if !ok {
		return ports.Token{}, errNoToken
	}
	return a.readToken(text)
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
