package httpserver

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofiber/fiber/v2"
)

// hold opens a connection that stays open after one request, and returns the response to it.
func (e *testServer) hold(t *testing.T, from, path string, headers ...string) *http.Response {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := dialer.Dial("tcp", e.Client.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n"+strings.Join(append(headers, ""), "\r\n")+"\r\n"); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func signedIn(r fiber.Router) {
	r.Get("/signed-in", func(c *fiber.Ctx) error {
		RequestOf(c).Account = aliceID
		return writeOK(c)
	})
	r.Get("/stranger", writeOK)
	r.Post("/stranger", writeOK)
}

func TestOneAddressCannotTakeEveryPlace(t *testing.T) {
	for _, tc := range []struct {
		name    string
		change  func(*Options)
		path    string
		headers []string
		third   int // the status of the third connection of the address
	}{
		{"a stranger", nil, "/api/stranger", nil, 503},
		{"no limit", func(o *Options) { o.Limits.PerAddress = 0 }, "/api/stranger", nil, 200},
		{"a valid token", nil, "/api/signed-in", nil, 200},
		{"a proxy", nil, "/api/stranger", []string{"X-Forwarded-For: 192.0.2.1"}, 200},
		{"a trusted proxy", trust("127.0.0.2/32"), "/api/stranger", nil, 200},
		{"no trusted proxy", trust("127.0.0.9/32"), "/api/stranger", []string{"X-Forwarded-For: 192.0.2.1"}, 503},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := run(t, signedIn, func(o *Options) {
				o.Limits.PerAddress = 2
				if tc.change != nil {
					tc.change(o)
				}
			})
			for n, want := range []int{200, 200, tc.third} {
				if got := e.hold(t, "127.0.0.2", tc.path, tc.headers...); got.StatusCode != want {
					t.Fatalf("connection %d: %d, want %d", n+1, got.StatusCode, want)
				}
			}
			if got := e.hold(t, "127.0.0.3", "/api/stranger"); got.StatusCode != 200 {
				t.Errorf("another address: %d", got.StatusCode)
			}
			if logged := strings.Contains(e.log.String(), "CONNS_PER_ADDRESS"); logged != (tc.third == 503) {
				t.Errorf("logged %t:\n%s", logged, e.log)
			}
		})
	}
}

func trust(prefix string) func(*Options) {
	return func(o *Options) { o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix(prefix)} }
}

func TestExemptionEndsAndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
		p := places{total: 10, each: 1}
		p.exemptAt(a, time.Now())
		for _, step := range []struct {
			address netip.Addr
			wait    time.Duration
			want    refusal
		}{{a, 0, ""}, {a, 0, ""}, {b, 0, ""}, {b, 0, tooManyOfAddress}, {a, exemption - time.Second, ""}, {a, time.Second, tooManyOfAddress}} {
			time.Sleep(step.wait)
			if got := p.take(step.address); got != step.want {
				t.Errorf("%v after %v: %q, want %q", step.address, step.wait, got, step.want)
			}
		}
		for i := range maxExempt + 10 {
			p.exemptAt(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), time.Now())
		}
		if n := len(p.exempt); n != maxExempt {
			t.Errorf("%d addresses are exempt", n)
		}
		time.Sleep(exemption)
		if p.exemptAt(a, time.Now()); len(p.exempt) != 1 {
			t.Errorf("%d addresses stay exempt for ever", len(p.exempt))
		}
	})
}

// TestPlacesOfAnIPv6NetworkAreCountedTogether covers clients that have a /64.
func TestPlacesOfAnIPv6NetworkAreCountedTogether(t *testing.T) {
	p := places{total: 10, each: 1}
	for _, step := range []struct {
		address string
		want    refusal
	}{
		{"2001:db8::1", ""},
		{"2001:db8::ffff", tooManyOfAddress},
		{"2001:db8:0:1::1", ""},
		{"192.0.2.1", ""},
		{"::ffff:192.0.2.1", tooManyOfAddress},
	} {
		if got := p.take(netip.MustParseAddr(step.address)); got != step.want {
			t.Errorf("%s: %q, want %q", step.address, got, step.want)
		}
	}
	p.release(netip.MustParseAddr("2001:db8::2"))
	if got := p.take(netip.MustParseAddr("2001:db8::3")); got != "" || len(p.of) != 3 {
		t.Errorf("after a release: %q, %v", got, p.of)
	}
}

func TestStrangersLeavePlacesForThoseWhoAreSignedIn(t *testing.T) {
	e := run(t, signedIn, func(o *Options) { o.Limits.Connections = 8 })
	if got := e.hold(t, "127.0.0.2", "/api/signed-in"); got.StatusCode != 200 {
		t.Fatalf("signing in: %d", got.StatusCode)
	}
	for n := range 6 {
		if got := e.hold(t, "127.0.0.3", "/api/stranger"); got.StatusCode != 200 {
			t.Fatalf("stranger %d: %d", n, got.StatusCode)
		}
	}
	for _, step := range []struct {
		from string
		want int
	}{{"127.0.0.4", 503}, {"127.0.0.2", 200}, {"127.0.0.2", 503}} {
		if got := e.hold(t, step.from, "/api/stranger"); got.StatusCode != step.want {
			t.Errorf("from %s: %d, want %d", step.from, got.StatusCode, step.want)
		}
	}
}

func TestHealthHasPlacesOfItsOwn(t *testing.T) {
	e := run(t, signedIn, func(o *Options) { o.Limits.Connections = 1 })
	if got := e.hold(t, "127.0.0.1", "/api/stranger"); got.StatusCode != 200 {
		t.Fatalf("the first connection: %d", got.StatusCode)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		for range 2 * e.options.Limits.spare() { // each connection is closed after its response
			if got := e.hold(t, "127.0.0.1", path); got.StatusCode != 200 || !got.Close {
				t.Fatalf("%s: %d, closes %t", path, got.StatusCode, got.Close)
			}
		}
	}
	if got := e.hold(t, "127.0.0.1", "/healthzz"); got.StatusCode != 503 {
		t.Errorf("another path: %d", got.StatusCode)
	}
}

// TestHealthIsAnsweredWhileOthersHoldConnections covers connections on which nothing is sent, which take no place of health
// checks.
func TestHealthIsAnsweredWhileOthersHoldConnections(t *testing.T) {
	e := run(t, signedIn, func(o *Options) { o.Limits.Connections = 1 })
	for n := range 20 * e.options.Limits.spare() {
		c, err := net.Dial("tcp", e.Client.Address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if n%4 == 3 {
			if got := e.hold(t, "127.0.0.1", "/healthz"); got.StatusCode != 200 {
				t.Errorf("beside %d connections: %d", n, got.StatusCode)
			}
		}
	}
}

// failingListener fails to accept with some errors, one after the other, before it accepts.
type failingListener struct {
	net.Listener
	errs []error
	next atomic.Int64
}

func (l *failingListener) Accept() (net.Conn, error) {
	if i := l.next.Add(1) - 1; i < int64(len(l.errs)) {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: l.errs[i]}
	}
	return l.Listener.Accept()
}

func serveOn(t *testing.T, errs []error, ended func(error)) *testServer {
	t.Helper()
	s, log := newTestServer(signedIn, func(o *Options) { o.Ended = ended })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.StartOn(&failingListener{Listener: l, errs: errs})
	return adopt(t, s, log)
}

// TestServerOutlivesALackOfResources covers the errors that ended the server for good, while the process lived on.
func TestServerOutlivesALackOfResources(t *testing.T) {
	e := serveOn(t, []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM}, nil)
	if got := e.Ask("GET", "/api/stranger", ""); got.Status != 200 {
		t.Errorf("%d", got.Status)
	}
	if n := strings.Count(e.log.String(), "connections cannot be accepted"); n != 1 {
		t.Errorf("%d warnings", n)
	}
}

func TestEndOfTheServerIsReported(t *testing.T) {
	ended := make(chan error, 1)
	e := serveOn(t, []error{syscall.EBADF}, func(err error) { ended <- err })
	if err := <-ended; !errors.Is(err, syscall.EBADF) {
		t.Errorf("ended with %v", err)
	}
	e.log.Line(t, "http server ended")
}

func TestConnectionsLeaveFilesForTheRest(t *testing.T) {
	for files, want := range map[int]int{1: 1, 60: 30, 256: 128, 1024: 832, 4096: 3904, 4288: 4096, 1 << 20: 4096} {
		if got := connectionsFor(files); got != want {
			t.Errorf("of %d files, %d are for connections, want %d", files, got, want)
		}
	}
}

func TestMemoryIsReturnedAfterABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		freed := 0
		q := quiet{free: func() { freed++ }}
		q.start()
		defer q.stop()
		check := func(wait time.Duration, want int) {
			t.Helper()
			time.Sleep(wait)
			synctest.Wait()
			if freed != want {
				t.Errorf("returned %d times, want %d", freed, want)
			}
		}
		check(time.Hour, 0) // nothing was used
		for range 10 {
			q.busy(time.Now())
			check(20*time.Second, 0)
		}
		check(25*time.Second, 1)
		check(time.Hour, 1)
		q.busy(time.Now())
		check(time.Minute, 2)
	})
}

// TestMonitorsDoNotKeepTheServerBusy covers health checks and metrics, which are asked for all the time.
func TestMonitorsDoNotKeepTheServerBusy(t *testing.T) {
	e := run(t, signedIn, nil)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		e.Ask("GET", path, "")
	}
	if last := e.quiet.last.Load(); last != 0 {
		t.Errorf("busy at %d", last)
	}
	if e.Ask("GET", "/api/stranger", ""); e.quiet.last.Load() == 0 {
		t.Error("a request is not noticed")
	}
}
