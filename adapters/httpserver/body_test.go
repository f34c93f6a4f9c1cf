package httpserver

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// bodyServer is a server that reads the bodies at /api/things, those at /api/small up to 16 KiB, and none at /api/unread.
func bodyServer(t *testing.T, change func(*Options)) *testServer {
	return run(t, func(r fiber.Router) {
		r.Post("/things", takeBody)
		r.Post("/small", func(c *fiber.Ctx) error {
			if err := ReadBody(c, 16<<10); err != nil {
				return err
			}
			return c.Send(c.Body())
		})
		r.Post("/unread", func(*fiber.Ctx) error { return fiber.ErrNotFound })
	}, change)
}

// exchange sends text on a new connection and returns the response, which may come before all was read.
func exchange(t *testing.T, e *testServer, sent string) (*http.Response, net.Conn) {
	t.Helper()
	c, err := net.Dial("tcp", e.Client.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, sent); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r, c
}

// request returns a POST that announces a body of a length and sends the beginning of it.
func request(path string, length int, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", path, length, body)
}

func TestBodyIsReadOnlyIfTheHandlerWantsIt(t *testing.T) {
	e := bodyServer(t, nil)
	r, c := exchange(t, e, request("/api/unread", 1<<20, "x"))
	if r.StatusCode != 404 || !r.Close {
		t.Errorf("%d, closes %t; want the response before the body arrives, and then the end", r.StatusCode, r.Close)
	}
	// The client goes on sending for a while before it reads: it must not lose the response.
	if _, err := io.WriteString(c, strings.Repeat("x", 200_000)); err != nil {
		t.Error(err)
	}
	if r, _ := exchange(t, e, request("/api/small", 16<<10+1, "x")); r.StatusCode != 413 || !r.Close {
		t.Errorf("an announced body over the limit: %d, closes %t", r.StatusCode, r.Close)
	}
	if r, _ := exchange(t, e, request("/api/unread", 100, strings.Repeat("x", 100))); r.StatusCode != 404 || r.Close {
		t.Errorf("a small unread body: %d, closes %t", r.StatusCode, r.Close)
	}
	if used := e.buffered.Load(); used != 0 {
		t.Errorf("%d bytes are reserved for bodies that nobody reads", used)
	}
}

func TestEachRouteLimitsItsBody(t *testing.T) {
	e := bodyServer(t, nil)
	long := strings.Repeat("x", 16<<10)
	for path, limit := range map[string]string{"/api/small": "16 KiB", "/api/things": "1 MiB"} {
		size := map[string]int{"16 KiB": 16 << 10, "1 MiB": 1 << 20}[limit]
		body := strings.Repeat(long, size/len(long))
		if got := e.Ask("POST", path, body); got.Status != 200 || got.Body != body {
			t.Errorf("%s: %d, %d bytes", path, got.Status, len(got.Body))
		}
		e.Failed(e.Ask("POST", path, body+"x"), 413, "too_large", "Body is larger than "+limit+".")
		chunked := func(body string) string {
			return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", path, len(body), body)
		}
		if r, _ := exchange(t, e, chunked(body)); r.StatusCode != 200 {
			t.Errorf("%s in chunks: %d", path, r.StatusCode)
		}
		if r, _ := exchange(t, e, chunked(body+"x")); r.StatusCode != 413 || !r.Close {
			t.Errorf("%s in too many chunks: %d, closes %t", path, r.StatusCode, r.Close)
		}
	}
}

func TestBodiesShareTheirMemory(t *testing.T) {
	e := bodyServer(t, nil)
	e.buffered.Store(maxBuffered - 10_000)
	got := e.Ask("POST", "/api/things", strings.Repeat("x", 10_001))
	e.Failed(got, 503, "unavailable", "The service is too busy.")
	if got.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After is %q", got.Header.Get("Retry-After"))
	}
	if got := e.Ask("POST", "/api/things", strings.Repeat("x", 10_000)); got.Status != 200 {
		t.Errorf("what fits: %d", got.Status)
	}
	if used := e.buffered.Load(); used != maxBuffered-10_000 {
		t.Errorf("%d bytes stayed reserved", used-maxBuffered+10_000)
	}
}

// TestAnnouncedBodyReservesNoMemory covers clients that announce large bodies and send little of them.
func TestAnnouncedBodyReservesNoMemory(t *testing.T) {
	e := bodyServer(t, nil)
	for range 20 {
		c, err := net.Dial("tcp", e.Client.Address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, request("/api/things", 1<<20, "x")); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(time.Minute); e.buffered.Load() < 20*firstBuffer && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if used := e.buffered.Load(); used != 20*firstBuffer {
		t.Errorf("%d bytes are reserved, want %d", used, 20*firstBuffer)
	}
}

func TestTruncatedBodyIsNotUsed(t *testing.T) {
	used := make(chan string, 1)
	e := run(t, func(r fiber.Router) {
		r.Post("/things", func(c *fiber.Ctx) error {
			if err := ReadBody(c, MaxBody); err != nil {
				return err
			}
			used <- string(c.Body())
			return nil
		})
	}, nil)
	c, err := net.Dial("tcp", e.Client.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, request("/api/things", 20, `{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	checkRaw(t, string(got), 400, "malformed", "Malformed request.")
	select {
	case body := <-used:
		t.Errorf("the handler got %q", body)
	default:
	}
}

// TestTimeOfTheHandlerBeginsAfterTheBody covers slow clients: they use up none of the time of the handler.
func TestTimeOfTheHandlerBeginsAfterTheBody(t *testing.T) {
	left := make(chan time.Duration, 1)
	e := run(t, func(r fiber.Router) {
		r.Post("/things", func(c *fiber.Ctx) error {
			if err := ReadBody(c, MaxBody); err != nil {
				return err
			}
			end, _ := c.UserContext().Deadline()
			left <- time.Until(end)
			return c.UserContext().Err()
		})
	}, func(o *Options) { o.Limits.Request = 2 * time.Second })
	c, err := net.Dial("tcp", e.Client.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, part := range []string{request("/api/things", 4, "a"), "b", "cd"} {
		if _, err := io.WriteString(c, part); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
	}
	if d := <-left; d < 1800*time.Millisecond {
		t.Errorf("%v are left of 2s", d)
	}
}
