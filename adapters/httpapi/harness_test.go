package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tickt/domain"
	"tickt/domain/access"
)

// edgeRun is a server with routes of a test's own, listening on a free port.
type edgeRun struct {
	*Server
	t   *testing.T
	log *journal
}

// journal is a log that a test can read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// line gives the first entry with a message, or fails.
func (j *journal) line(t *testing.T, message string) map[string]any {
	t.Helper()
	for _, line := range strings.Split(j.String(), "\n") {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) == nil && entry["msg"] == message {
			return entry
		}
	}
	t.Fatalf("nothing logged as %q in:\n%s", message, j)
	return nil
}

const aliceID = domain.ID("0123456789abcdef0123456789abcdef")

// run starts a server; change may alter what it is made of.
func run(t *testing.T, routes func(*api, fiber.Router), change func(*api, *limits)) *edgeRun {
	t.Helper()
	log := &journal{}
	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	a := &api{
		Options: Options{
			Ready:   func(context.Context) error { return nil },
			Log:     zap.New(zapcore.NewCore(encoder, zapcore.AddSync(log), zap.DebugLevel)),
			Addr:    "127.0.0.1:0",
			Zone:    time.UTC,
			Metrics: prometheus.NewRegistry(),
		},
		recognise: func(_ context.Context, bearer string) (access.Actor, error) {
			if bearer != "alice-token" {
				return access.Actor{}, domain.Fail(domain.Unauthenticated, "Token is invalid or expired.")
			}
			return access.Actor{ID: aliceID, Username: "alice"}, nil
		},
	}
	l := usual
	if change != nil {
		change(a, &l)
	}
	s := newServer(a, l, func(r fiber.Router) {
		if routes != nil {
			routes(a, r)
		}
	})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return &edgeRun{Server: s, t: t, log: log}
}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends one request on a connection of its own; headers are pairs.
func (e *edgeRun) ask(method, path, body string, headers ...string) answer {
	e.t.Helper()
	request, err := http.NewRequest(method, "http://"+e.Address()+path, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	request.Close = true
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := (&http.Transport{}).RoundTrip(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

// failed checks that an answer is a failure in the envelope, with the request id that its header has.
func (e *edgeRun) failed(got answer, status int, sentence string) {
	e.t.Helper()
	want := `{"ResponseCode":"1","response":"` + sentence + `","requestId":"` + got.header.Get("X-Request-ID") + `"}`
	if got.status != status || got.body != want {
		e.t.Errorf("got %d %s\nwant %d %s", got.status, got.body, status, want)
	}
	if ct := got.header.Get("Content-Type"); ct != "application/json" {
		e.t.Errorf("content type %q", ct)
	}
	if !acceptableID(got.header.Get("X-Request-ID")) || got.header.Get("X-Content-Type-Options") != "nosniff" {
		e.t.Errorf("headers are missing: %v", got.header)
	}
}
