package bootstrap

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/adapters/bunstore"
	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/postgres"
)

// patience is how long a test waits for something before it fails.
const patience = 2 * time.Minute

// installation is an installation whose commands run in this process.
type installation struct {
	dir, database string
	environ       []string
}

// onEachEngine runs a test on a new, migrated database of each engine, beside other tests, since most of them wait.
func onEachEngine(t *testing.T, test func(*testing.T, installation)) {
	t.Helper()
	t.Parallel()
	for name, database := range map[string]func() string{
		"SQLite":     func() string { return "sqlite:" + filepath.Join(t.TempDir(), "tickt.db") },
		"PostgreSQL": func() string { return postgres.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := installation{dir: t.TempDir(), database: database()}
			o.environ = []string{"DATA_DIR=" + o.dir, "DATABASE_URL=" + o.database, "HTTP_ADDR=127.0.0.1:0"}
			o.want(t, exitOK, "migrate", "up")
			test(t, o)
		})
	}
}

// want runs a command, checks its exit code and returns its output.
func (o installation) want(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := Console{In: os.Stdin, Out: &out, Err: &errs, Dir: o.dir, Environ: o.environ}
	if got := c.Run(t.Context(), args); got != code {
		t.Fatalf("%v: exit code %d, want %d: %s", args, got, code, errs.String())
	}
	return out.String(), errs.String()
}

// process is a running command.
type process struct {
	log   lines
	stop  context.CancelFunc
	ended chan int
}

// start starts a command that runs until end is called or the test ends.
func (o installation) start(t *testing.T, settings []string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := &process{stop: cancel, ended: make(chan int, 1)}
	c := Console{In: os.Stdin, Out: io.Discard, Err: &p.log, Dir: o.dir, Environ: append(settings, o.environ...)}
	go func() { p.ended <- c.Run(ctx, args) }()
	t.Cleanup(func() { p.end(t) })
	return p
}

// end stops the command and checks that its exit code is 0.
func (p *process) end(t *testing.T) {
	t.Helper()
	p.stop()
	select {
	case code, open := <-p.ended:
		if open && code != exitOK {
			t.Errorf("exit code %d: %s", code, p.log.String())
		}
		if open {
			close(p.ended)
		}
	case <-time.After(patience):
		t.Error("the command does not end")
	}
}

// lines is a buffer for concurrent use.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// address waits until the service listens and returns its address.
func (p *process) address(t *testing.T) string {
	t.Helper()
	return p.listens(t, "http server listens")
}

// listens waits for the log line of a server and returns its address.
func (p *process) listens(t *testing.T, message string) (address string) {
	t.Helper()
	until(t, message, func() bool {
		for line := range strings.Lines(p.log.String()) {
			var event struct{ Msg, Address string }
			if json.Unmarshal([]byte(line), &event) == nil && event.Msg == message {
				address = event.Address
			}
		}
		return address != ""
	})
	return address
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// addUnknownJobs adds n jobs of an unknown kind, with one attempt each.
func (o installation) addUnknownJobs(t *testing.T, n int) {
	t.Helper()
	s, err := bunstore.Open(t.Context(), bunstore.Options{URL: o.database, JobAttempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx ports.Tx) error {
		for i := range n {
			if err := tx.Jobs.Add(t.Context(), ports.Job{Kind: "unheard-of", ID: newID()}); err != nil {
				return fmt.Errorf("job %d: %w", i, err)
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

var failedLine = regexp.MustCompile(`(?m)^(\d+)  unheard-of  [0-9a-f]{32}  (\d)/(\d)  (\S.*)  ` +
	`job kind is not registered in the client's Workers bundle: unheard-of$`)

func TestFailedJobsAreListedAndRetried(t *testing.T) {
	onEachEngine(t, func(t *testing.T, o installation) {
		if out, _ := o.want(t, exitOK, "jobs", "failed"); out != "" {
			t.Errorf("listed before any job failed: %q", out)
		}
		w := o.start(t, nil, "work")
		o.addUnknownJobs(t, 2)
		var listed [][]string
		until(t, "both jobs are listed", func() bool {
			out, _ := o.want(t, exitOK, "jobs", "failed")
			listed = failedLine.FindAllStringSubmatch(out, -1)
			return len(listed) == 2
		})
		if one := listed[0]; one[2] != "1" || one[3] != "1" || one[4] != "given up" {
			t.Errorf("listed as %q", one)
		}
		o.want(t, exitOK, "jobs", "retry", listed[0][1])
		until(t, "the job was retried", func() bool {
			out, _ := o.want(t, exitOK, "jobs", "failed")
			listed = failedLine.FindAllStringSubmatch(out, -1)
			return len(listed) == 2 && listed[0][2] == "2" && listed[0][4] == "given up"
		})
		if out, _ := o.want(t, exitOK, "jobs", "retry", "--all"); out != "Retrying 2 jobs.\n" {
			t.Errorf("printed %q", out)
		}
		w.end(t)
		if log := w.log.String(); !strings.Contains(log, "unheard-of") || strings.Contains(log, "http server listens") {
			t.Errorf("logged %s", log)
		}
	})
}

func TestRetryReportsErrors(t *testing.T) {
	onEachEngine(t, func(t *testing.T, o installation) {
		for _, c := range []struct {
			want string
			code int
			args []string
		}{
			{"There is no job 4711.", exitFailed, []string{"4711"}},
			{"--all", exitUsage, nil},
			{"--all", exitUsage, []string{"7", "--all"}},
			{"many", exitUsage, []string{"many"}},
		} {
			if _, stderr := o.want(t, c.code, append([]string{"jobs", "retry"}, c.args...)...); !strings.Contains(stderr, c.want) ||
				strings.Count(stderr, "\n") != 1 {
				t.Errorf("%v: %q", c.args, stderr)
			}
		}
	})
}

func TestServeRunsWorkersUnlessTurnedOff(t *testing.T) {
	onEachEngine(t, func(t *testing.T, o installation) {
		for setting, works := range map[string]bool{"WORKERS=off": false, "WORKERS=on": true, "WORKERS=": true} {
			p := o.start(t, []string{setting}, "serve")
			p.address(t) // logged after the workers have started
			if got := strings.Contains(p.log.String(), "job workers started"); got != works {
				t.Errorf("%s: works %v", setting, got)
			}
			p.end(t)
		}
	})
}

func TestMetricsOfJobsAndTheSweep(t *testing.T) {
	onEachEngine(t, func(t *testing.T, o installation) {
		address := o.start(t, []string{"WORKERS=off"}, "serve").address(t)
		o.addUnknownJobs(t, 3)
		response, err := http.Get("http://" + address + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`tickt_jobs{state="available"} 3`, `tickt_jobs{state="discarded"} 0`, "tickt_sla_lag_seconds 0", "tickt_sweep_set_aside 0",
			"tickt_sweep_failures_total 0",
		} {
			if !strings.Contains(string(text), want) {
				t.Errorf("metric missing: %s", want)
			}
		}
	})
}

func TestWorkAppliesChangedHoursOfAPriority(t *testing.T) {
	onEachEngine(t, func(t *testing.T, o installation) {
		var app *application.App
		o.withParts(t, func() error {
			if err := openTickets(t.Context(), app, 1); err != nil {
				return err
			}
			root := access.Actor{Superuser: true, Via: access.ViaAPI}
			opened := func() (ticket.View, error) {
				page, err := app.Tickets.List(t.Context(), root, ticket.Query{Order: ticket.ByCreated, Number: 1, Size: 1})
				if err != nil || len(page.Tickets) != 1 {
					return ticket.View{}, fmt.Errorf("%d tickets, %w", len(page.Tickets), err)
				}
				return page.Tickets[0], nil
			}
			before, err := opened()
			if err != nil {
				return err
			}
			hours := ticket.PriorityPatch{SLAHours: domain.Some(1)}
			if _, err := app.Priorities.Update(t.Context(), root, before.PriorityID, hours, nil); err != nil {
				return err
			}
			if _, err := app.Policies.RecomputePriority(t.Context(), root, before.PriorityID); err != nil {
				return err
			}
			w := o.start(t, nil, "work")
			until(t, "the hours are applied", func() bool {
				v, err := opened()
				return err == nil && v.SLADueDate.Equal(v.CreatedAt.Add(time.Hour))
			})
			w.end(t)
			return nil
		}, &app)
	})
}
