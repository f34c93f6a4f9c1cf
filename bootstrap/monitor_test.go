package bootstrap

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"tickt/ports"
)

// get returns the status and the body of a response. path is that of a Unix socket if it begins with "/".
func get(t *testing.T, address, path string) (status int, body string) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	if strings.HasPrefix(address, "/") {
		socket := address
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		}
		address = "socket"
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestWorkServesHealthAndMetricsAtItsAddress(t *testing.T) {
	onEachEngine(t, func(t *testing.T, o installation) {
		w := o.start(t, []string{"WORK_ADDR=127.0.0.1:0", "MODE=production", "SECRET_KEY=" + strings.Repeat("k", 32)}, "work")
		address := w.address(t)
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/api/tickets/": 404} {
			if status, body := get(t, address, path); status != want {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
		until(t, "the first periodic work is counted", func() bool {
			_, body := get(t, address, "/metrics")
			return strings.Contains(body, `tickt_job_duration_seconds_count{kind="purge"} 1`)
		})
		o.environ = append(o.environ, "WORK_ADDR="+address, "HTTP_ADDR=127.0.0.1:1")
		o.want(t, exitOK, "healthcheck", "--work")
		o.want(t, exitFailed, "healthcheck")
		w.end(t)
		o.want(t, exitFailed, "healthcheck", "--work")
	})
	o := installation{dir: t.TempDir()}
	if _, stderr := o.want(t, exitUsage, "healthcheck", "--work"); !strings.Contains(stderr, "WORK_ADDR: is not set") {
		t.Errorf("printed %q", stderr)
	}
}

func TestMetricsAreHiddenInProductionUnlessAsked(t *testing.T) {
	production := []string{"MODE=production"}
	socket := filepath.Join(t.TempDir(), "metrics.sock")
	o := installation{dir: t.TempDir()}
	o.environ = []string{
		"DATA_DIR=" + o.dir, "DATABASE_URL=sqlite:" + filepath.Join(o.dir, "tickt.db"), "HTTP_ADDR=127.0.0.1:0", "WORKERS=off",
		"SECRET_KEY=" + strings.Repeat("k", 32), "DRAIN_SECONDS=0",
	}
	dead, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	dead.(*net.UnixListener).SetUnlinkOnClose(false) // as if its process had been killed
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name     string
		settings []string
		public   int
		private  bool
	}{
		{"development", nil, 200, false},
		{"production", production, 404, false},
		{"production, public", append([]string{"METRICS_ADDR=public"}, production...), 200, false},
		{"an address", []string{"METRICS_ADDR=127.0.0.1:0"}, 404, true},
		{"a socket", append([]string{"METRICS_ADDR=" + socket}, production...), 404, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := o.start(t, tc.settings, "serve")
			address := p.address(t)
			for range 2 {
				if status, body := get(t, address, "/metrics"); status != tc.public || strings.Contains(body, "tickt_build_info{") != (status == 200) {
					t.Errorf("at HTTP_ADDR: %d %.200s", status, body)
				}
			}
			if tc.public == 404 {
				until(t, "the hint is logged", func() bool { return strings.Contains(p.log.String(), "METRICS_ADDR=public") })
			}
			if tc.private {
				at := p.listens(t, "metrics server listens")
				if status, body := get(t, at, "/metrics"); status != 200 || !strings.Contains(body, "tickt_build_info{") {
					t.Errorf("at %s: %d %.200s", at, status, body)
				}
				if status, _ := get(t, at, "/readyz"); status != 404 {
					t.Errorf("at %s, something else: %d", at, status)
				}
			}
			p.end(t)
			if hints := strings.Count(p.log.String(), "METRICS_ADDR=public"); hints > 1 || (hints == 1) != (tc.public == 404) {
				t.Errorf("%d hints", hints)
			}
		})
	}
	if _, err := os.Stat(socket); err == nil {
		t.Error("the socket is still there")
	}
}

func TestServerThatCannotListenNamesItsSetting(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	file := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for setting, args := range map[string][]string{
		"METRICS_ADDR=" + taken.Addr().String(): {"serve"}, "METRICS_ADDR=" + file: {"serve"},
		"WORK_ADDR=" + taken.Addr().String(): {"work"}, "HTTP_ADDR=" + taken.Addr().String(): {"serve"},
	} {
		o := installation{dir: t.TempDir()}
		o.environ = []string{
			"DATA_DIR=" + o.dir, "DATABASE_URL=sqlite:" + filepath.Join(o.dir, "tickt.db"), "HTTP_ADDR=127.0.0.1:0", "WORKERS=off", setting,
		}
		name, _, _ := strings.Cut(setting, "=")
		if _, stderr := o.want(t, exitFailed, args...); !strings.Contains(stderr, "tickt: "+name+": ") {
			t.Errorf("%s: %s", setting, stderr)
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("a file that is no socket was removed: %v", err)
	}
}

var metricName = regexp.MustCompile(`(?m)^# TYPE ((?:tickt|http)_\w+) `)

func TestEveryMetricIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	onEachEngine(t, func(t *testing.T, o installation) {
		address := o.start(t, nil, "serve").address(t)
		_, body := get(t, address, "/metrics")
		found := metricName.FindAllStringSubmatch(body, -1)
		if len(found) < 15 {
			t.Errorf("only %d metrics", len(found))
		}
		for _, m := range found {
			if short := strings.TrimPrefix(m[1], "tickt_db_connections"); !strings.Contains(string(text), "`"+m[1]) &&
				!strings.Contains(string(text), "`"+short+"`") {
				t.Errorf("docs/operate.md does not list %s", m[1])
			}
		}
	})
}

type mailerFunc func(context.Context) error

func (f mailerFunc) Send(ctx context.Context, _ ports.Mail) error { return f(ctx) }

func (f mailerFunc) SendAccountMail(ctx context.Context, _ ports.AccountMail) error { return f(ctx) }

func TestMailsAreCountedByResult(t *testing.T) {
	m := newMeters()
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		ctx    context.Context //nolint:containedctx // of one call
		err    error
		result string
	}{
		{t.Context(), nil, mailSent},
		{t.Context(), &ports.MailRefused{Reason: "no such mailbox"}, mailRefused},
		{t.Context(), errors.New("busy"), mailFailed},
		{stopped, context.Canceled, ""},
	} {
		before := map[string]float64{}
		for _, result := range []string{mailSent, mailRefused, mailFailed} {
			before[result] = testutil.ToFloat64(m.mails.WithLabelValues(result))
		}
		send := countedMailer{mailerFunc(func(context.Context) error { return tc.err }), m.mails}
		if err := send.Send(tc.ctx, ports.Mail{}); !errors.Is(err, tc.err) {
			t.Errorf("returned %v", err)
		}
		for result, n := range before {
			if got := testutil.ToFloat64(m.mails.WithLabelValues(result)) - n; (got == 1) != (result == tc.result) {
				t.Errorf("%v: %s grew by %v", tc.err, result, got)
			}
		}
	}
}
