package bootstrap

import (
	"context"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"tickt/adapters/bunstore"
	"tickt/adapters/jobs"
	"tickt/application"
	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/postgres"
)

// sink is a mail server that counts the mails that it accepts, by Message-ID.
type sink struct {
	guard sync.Mutex
	seen  map[string]int
	all   int
	order []string               // the Message-IDs in the order in which they were accepted
	slow  func(m netmail.Header) // called before a mail is accepted; nil: nothing
}

// open starts the server at an address, or on a free port if address is "", and returns the address.
func (s *sink) open(t testing.TB, address string) string {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(s)
	server.Domain = "localhost"
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(l) }()
	t.Cleanup(func() { _, _ = server.Close(), l.Close(); <-served })
	return l.Addr().String()
}

// unusedAddress returns an address on which nothing listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return sinkSession{s}, nil }

// accepted returns the number of accepted mails, and of different Message-IDs.
func (s *sink) accepted() (all, different int) {
	s.guard.Lock()
	defer s.guard.Unlock()
	return s.all, len(s.seen)
}

type sinkSession struct{ *sink }

func (sinkSession) Mail(string, *smtp.MailOptions) error { return nil }
func (sinkSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (sinkSession) Reset()                               {}
func (sinkSession) Logout() error                        { return nil }

func (s sinkSession) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	if s.slow != nil {
		s.slow(m.Header)
	}
	s.guard.Lock()
	defer s.guard.Unlock()
	if s.seen == nil {
		s.seen = map[string]int{}
	}
	s.seen[m.Header.Get("Message-Id")]++
	s.order = append(s.order, m.Header.Get("Message-Id"))
	s.all++
	return nil
}

// mailSettings returns the settings for a mail server at an address.
func mailSettings(address string) []string {
	host, port, _ := strings.Cut(address, ":")
	return []string{
		"EMAIL_HOST=" + host, "EMAIL_PORT=" + port, "EMAIL_USE_TLS=off", "ADMIN_EMAIL=desk@example.org", "SITE_URL=https://desk.example.org",
	}
}

// withParts runs fn with the parts of the program that the targets point to.
func (o installation) withParts(t testing.TB, fn func() error, targets ...any) {
	t.Helper()
	c := Console{In: os.Stdin, Out: io.Discard, Err: io.Discard, Dir: o.dir, Environ: o.environ}
	s, err := c.settings()
	if err == nil {
		err = c.withParts(t.Context(), s, []byte("key"), fn, targets...)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// openTickets opens n tickets as one superuser and assigns them to another one, who is notified of each.
func openTickets(ctx context.Context, app *application.App, n int) error {
	if _, err := app.Setup.Seed(ctx); err != nil {
		return err
	}
	var ids []string
	for i, name := range []string{"ram", "sita"} {
		id, err := app.Superusers.Create(ctx, identity.Superuser{
			Username: name, Email: name + "@example.org", Phone: fmt.Sprint("984123456", i), Password: "Sunny-Harbour-52",
		})
		if err != nil {
			return err
		}
		ids = append(ids, string(id))
	}
	ram := access.Actor{ID: domain.ID(ids[0]), Username: "ram", Superuser: true, Via: access.ViaAPI}
	for i := range n {
		p := ticket.Patch{Title: domain.Some(fmt.Sprint("Printer ", i)), Description: domain.Some("It burns."), AssignedTo: domain.Some(ids[1])}
		if _, err := app.Tickets.Open(ctx, ram, p, nil); err != nil {
			return err
		}
	}
	return nil
}

// deliveryStates counts the notification logs by delivery state.
func (o installation) deliveryStates(t testing.TB, app *application.App) map[notification.DeliveryState]int {
	t.Helper()
	count := map[notification.DeliveryState]int{}
	for page, seen := 1, 0; ; page++ {
		next := ports.Page{Number: page, Size: 100}
		l, err := app.NotificationLogs.List(t.Context(), access.Actor{Superuser: true}, notification.Filter{}, next)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range l.Items {
			count[v.Delivery]++
			if v.IsSent != (v.Delivery == notification.DeliverySent) {
				t.Errorf("%s, and sent is %v", v.Delivery, v.IsSent)
			}
		}
		if seen += len(l.Items); seen >= l.Count {
			return count
		}
	}
}

func TestMailsOfAnOutageAreSentOnceTheServerIsBack(t *testing.T) {
	const n = 200
	onEachEngine(t, func(t *testing.T, o installation) {
		address, s := unusedAddress(t), &sink{}
		o.environ = append(o.environ, mailSettings(address)...)
		var app *application.App
		o.withParts(t, func() error {
			if err := openTickets(t.Context(), app, n); err != nil {
				return err
			}
			if got := o.deliveryStates(t, app); got[notification.DeliveryQueued] != n {
				t.Errorf("before: %v", got)
			}
			w := o.start(t, nil, "work")
			until(t, "all deliveries have failed", func() bool { return o.deliveryStates(t, app)[notification.DeliveryFailed] == n })
			s.open(t, address)
			o.want(t, exitOK, "jobs", "retry", "--all")
			until(t, "all mails are sent", func() bool { return o.deliveryStates(t, app)[notification.DeliverySent] == n })
			w.end(t)
			return nil
		}, &app)
		if all, different := s.accepted(); all != n || different != n {
			t.Errorf("accepted %d mails, %d different ones", all, different)
		}
	})
}

// TestMailsOfATicketAreSentInTheOrderOfTheChanges has two processes send the mails of some tickets, of which the server takes long to
// accept every second one.
func TestMailsOfATicketAreSentInTheOrderOfTheChanges(t *testing.T) {
	const tickets, changes = 3, 4
	onEachEngine(t, func(t *testing.T, o installation) {
		var n atomic.Int64
		s := &sink{slow: func(netmail.Header) {
			if n.Add(1)%2 == 1 {
				time.Sleep(300 * time.Millisecond) // longer than what follows would need without an order
			}
		}}
		o.environ = append(o.environ, mailSettings(s.open(t, ""))...)
		var app *application.App
		ram := access.Actor{Superuser: true, Via: access.ViaAPI}
		o.withParts(t, func() error {
			if err := openTickets(t.Context(), app, tickets); err != nil {
				return err
			}
			found, err := app.NotificationLogs.List(t.Context(), ram, notification.Filter{}, ports.Page{Number: 1, Size: 100})
			if err != nil {
				return err
			}
			for i := range changes - 1 {
				for _, l := range found.Items {
					p := ticket.Patch{Title: domain.Some(fmt.Sprint("Title ", i))}
					if _, err := app.Tickets.Update(t.Context(), ram, l.TicketID, p, nil); err != nil {
						return err
					}
				}
			}
			first, second := o.start(t, nil, "work"), o.start(t, nil, "work")
			until(t, "all mails are sent", func() bool { return o.deliveryStates(t, app)[notification.DeliveryQueued] == 0 })
			first.end(t)
			second.end(t)
			logs, err := app.NotificationLogs.List(t.Context(), ram, notification.Filter{}, ports.Page{Number: 1, Size: 100})
			if err != nil {
				return err
			}
			slices.Reverse(logs.Items) // the oldest first
			place := map[string]int{}
			for i, id := range s.order {
				place[id] = i
			}
			last := map[[2]domain.ID]int{}
			for _, l := range logs.Items {
				at, sent := place["<"+string(l.ID)+"@desk.example.org>"]
				thread := [2]domain.ID{l.TicketID, l.RecipientID}
				if !sent || at < last[thread] {
					t.Errorf("the mail to %s about %q was sent as number %d, after number %d: %v", l.Recipient, l.Message, at, last[thread], sent)
				}
				last[thread] = at
			}
			if all, different := s.accepted(); all != logs.Count || different != all || all < tickets*changes {
				t.Errorf("accepted %d mails, %d different ones", all, different)
			}
			return nil
		}, &app)
	})
}

// deafServer accepts connections and never answers. It returns its address.
func deafServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		var open []net.Conn
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			open = append(open, c)
		}
		for _, c := range open {
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-closed })
	return l.Addr().String()
}

func TestRecomputeDoesNotWaitForMailsThatHang(t *testing.T) {
	const n = 60
	onEachEngine(t, func(t *testing.T, o installation) {
		o.environ = append(o.environ, mailSettings(deafServer(t))...)
		var app *application.App
		var store *bunstore.Store
		o.withParts(t, func() error {
			if err := openTickets(t.Context(), app, n); err != nil {
				return err
			}
			root := access.Actor{Superuser: true, Via: access.ViaAPI}
			policy, err := app.Policies.Create(t.Context(), root, sla.PolicyPatch{
				Name: domain.Some("Standard"), Targets: domain.Some([]sla.TargetDraft{{Metric: string(sla.Resolution), Minutes: 60}}),
			}, nil)
			if err != nil {
				return err
			}
			if _, err := app.Policies.Recompute(t.Context(), root, policy.ID); err != nil {
				return err
			}
			w := o.start(t, nil, "work")
			until(t, "the policy is applied", func() bool {
				var done int
				err := store.Connections().Reads.QueryRow(
					`SELECT count(*) FROM river_job WHERE kind = 'recompute' AND state = 'completed'`).Scan(&done)
				return err == nil && done == 1
			})
			if got := o.deliveryStates(t, app); got[notification.DeliveryQueued] != n {
				t.Errorf("meanwhile, deliveries ended: %v", got)
			}
			until(t, "a mail that hangs is given up", func() bool { return o.deliveryStates(t, app)[notification.DeliveryFailed] > 0 })
			w.end(t)
			return nil
		}, &app, &store)
	})
}

func TestMailTestPrintsTheResult(t *testing.T) {
	run := func(code int, environ []string, args ...string) (out, stderr string) {
		t.Helper()
		o := installation{dir: t.TempDir(), environ: environ}
		return o.want(t, code, append([]string{"mail", "test"}, args...)...)
	}
	s := &sink{}
	address := s.open(t, "")
	out, _ := run(exitOK, mailSettings(address), "--to", "zoe@example.org")
	if out != address+" accepted a mail from desk@example.org to zoe@example.org.\n" {
		t.Errorf("printed %q", out)
	}
	if all, _ := s.accepted(); all != 1 {
		t.Errorf("accepted %d mails", all)
	}
	gone := unusedAddress(t)
	for _, c := range []struct {
		code    int
		environ []string
		args    []string
		want    string
	}{
		{exitFailed, mailSettings(gone), []string{"--to", "zoe@example.org"}, "the mail was not sent: mail server " + gone + ": connect: "},
		{exitFailed, append(mailSettings(address), "EMAIL_USE_TLS=on"), []string{"--to", "zoe@example.org"}, "STARTTLS"},
		{exitUsage, nil, []string{"--to", "zoe@example.org"}, "EMAIL_HOST: is not set"},
		{exitUsage, mailSettings(address), []string{"--to", "zoe"}, "--to: must be an e-mail address"},
		{exitUsage, mailSettings(address), nil, "--to"},
	} {
		if out, stderr := run(c.code, c.environ, c.args...); out != "" || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: %q, %q", c.args, out, stderr)
		}
	}
}

func TestServeLogsWhetherMailIsOn(t *testing.T) {
	onEachEngine(t, func(t *testing.T, o installation) {
		for want, environ := range map[string][]string{"mail is off": nil, "mail is on": mailSettings(unusedAddress(t))} {
			p := o.start(t, environ, "serve")
			p.address(t)
			p.end(t)
			if n := strings.Count(p.log.String(), want); n != 1 {
				t.Errorf("logged %d times %q: %s", n, want, p.log.String())
			}
		}
	})
}

func TestServeFailsWithBrokenTemplates(t *testing.T) {
	broken := t.TempDir()
	write(t, filepath.Join(broken, "notification.html"), "{{.Colour}}")
	write(t, filepath.Join(broken, "notification.txt"), "{{.Title}}")
	for dir, want := range map[string]string{
		broken:                           "tickt: TEMPLATES_DIR: notification.html: ",
		filepath.Join(broken, "nowhere"): "tickt: TEMPLATES_DIR: notification.html cannot be read: ",
	} {
		o := installation{dir: t.TempDir(), environ: []string{"TEMPLATES_DIR=" + dir, "HTTP_ADDR=127.0.0.1:0"}}
		o.environ = append(o.environ, "DATA_DIR="+o.dir)
		if _, stderr := o.want(t, exitFailed, "serve"); !strings.Contains(stderr, want) || strings.Count(stderr, "\n") > 1 {
			t.Errorf("printed %q", stderr)
		}
	}
}

// BenchmarkMails measures sending queued notifications to a mail server on this machine.
func BenchmarkMails(b *testing.B) {
	for name, database := range map[string]func() string{
		"SQLite":     func() string { return "sqlite:" + filepath.Join(b.TempDir(), "tickt.db") },
		"PostgreSQL": func() string { return postgres.URL(b) },
	} {
		b.Run(name, func(b *testing.B) {
			s, o := &sink{}, installation{dir: b.TempDir(), database: database()}
			o.environ = append(mailSettings(s.open(b, "")), "DATA_DIR="+o.dir, "DATABASE_URL="+o.database)
			c := Console{In: os.Stdin, Out: io.Discard, Err: io.Discard, Dir: o.dir, Environ: o.environ}
			if code := c.Run(b.Context(), []string{"migrate", "up"}); code != exitOK {
				b.Fatal(code)
			}
			var app *application.App
			var workers *jobs.Server
			o.withParts(b, func() error {
				if err := openTickets(b.Context(), app, b.N); err != nil {
					return err
				}
				b.ResetTimer()
				if err := workers.Start(b.Context()); err != nil {
					return err
				}
				for all := 0; all < b.N; all, _ = s.accepted() {
					time.Sleep(time.Millisecond)
				}
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
				return workers.Stop(b.Context())
			}, &app, &workers)
		})
	}
}
