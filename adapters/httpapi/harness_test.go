package httpapi

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp/fasthttputil"
	"go.uber.org/zap"

	"tickt/adapters/httpserver"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
	"tickt/test/wire"
)

const aliceID = domain.ID("0123456789abcdef0123456789abcdef")

// testAPI returns an API without use cases, in UTC, that accepts the token of one account.
func testAPI() *api {
	return &api{
		Options: Options{Zone: time.UTC, Log: zap.NewNop()},
		readToken: func(bearer string) (ports.Token, error) {
			if bearer != "alice-token" {
				return ports.Token{}, ports.ErrTokenInvalid
			}
			return ports.Token{Account: aliceID}, nil
		},
		findActor: func(_ context.Context, token ports.Token) (access.Actor, error) {
			return access.Actor{ID: token.Account, Username: "alice"}, nil
		},
	}
}

// newServer returns a server with an API of these routes.
func newServer(routes func(fiber.Router)) *httpserver.Server {
	return httpserver.New(httpserver.Options{
		Ready: func(context.Context) error { return nil }, Log: zap.NewNop(), Addr: "127.0.0.1:0", Metrics: prometheus.NewRegistry(),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")}, // the peer address of in-memory requests
	}, mount(routes))
}

// edgeClient is a client of a server on a free port.
type edgeClient struct{ wire.Client }

// run starts a server of testAPI with the routes of a test.
func run(t *testing.T, routes func(*api, fiber.Router)) *edgeClient {
	t.Helper()
	s := newServer(func(r fiber.Router) { routes(testAPI(), r) })
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	stopAtEnd(t, s)
	return &edgeClient{wire.Client{T: t, Address: s.Address()}}
}

func stopAtEnd(t testing.TB, s *httpserver.Server) {
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (e *edgeClient) ask(method, path, body string, headers ...string) answer {
	e.T.Helper()
	a := e.Ask(method, path, body, headers...)
	return answer{a.Status, a.Header, a.Body}
}

func (e *edgeClient) failed(got answer, status int, code domain.Reason, sentence string) {
	e.T.Helper()
	e.Failed(wire.Answer{Status: got.status, Header: got.header, Body: got.body}, status, code, sentence)
}

// inMemoryServer serves s without a network, and returns the transport to it.
func inMemoryServer(t testing.TB, s *httpserver.Server) http.RoundTripper {
	t.Helper()
	l := fasthttputil.NewInmemoryListener()
	s.StartOn(l)
	transport := &http.Transport{
		DialContext:        func(context.Context, string, string) (net.Conn, error) { return l.Dial() },
		DisableCompression: true,
	}
	t.Cleanup(func() { // not Stop, which takes 0.1 s, because tests create thousands of desks
		transport.CloseIdleConnections()
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return transport
}

// roundTrip sends a request made by httptest.
func roundTrip(t testing.TB, to http.RoundTripper, request *http.Request) answer {
	t.Helper()
	sent := request.Clone(context.Background()) // the context of a subtest may end earlier
	sent.RequestURI, sent.URL.Scheme, sent.URL.Host = "", "http", request.Host
	response, err := to.RoundTrip(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// servedRoutes returns all routes of the API.
func servedRoutes() []fiber.Route {
	app := fiber.New()
	m := Mount(Options{App: application.New(application.Deps{})})
	m.Routes(app.Group(m.Prefix))
	return app.GetRoutes(true)
}
