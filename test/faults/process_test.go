package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// process is a running process of the program.
type process struct {
	name    string // its application_name in the database
	command *exec.Cmd
	exited  chan struct{}
	address chan string // receives the URL of the HTTP server once it listens

	mu  sync.Mutex
	log bytes.Buffer
}

// start runs a command of the program on a database.
func start(t *testing.T, database, name, subcommand string) *process {
	t.Helper()
	u, err := url.Parse(database)
	check(t, err)
	q := u.Query()
	q.Set("application_name", name)
	u.RawQuery = q.Encode()
	own, err := os.Executable()
	check(t, err)
	p := &process{
		name: name, command: exec.CommandContext(t.Context(), own, subcommand), exited: make(chan struct{}), address: make(chan string, 1),
	}
	p.command.Dir = t.TempDir()
	p.command.Env = []string{
		runProgram + "=1", "DATABASE_URL=" + u.String(), "SECRET_KEY=" + secret, "HTTP_ADDR=127.0.0.1:0", "DB_MAX_CONNS=8",
	}
	stderr, err := p.command.StderrPipe()
	check(t, err)
	check(t, p.command.Start())
	go func() {
		defer close(p.exited)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			p.mu.Lock()
			p.log.Write(append(lines.Bytes(), '\n'))
			p.mu.Unlock()
			var line struct{ Msg, Address string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "http server listens" {
				p.address <- "http://" + line.Address
			}
		}
		_ = p.command.Wait() // fails because the process is killed
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("log of %s: %s", name, p.logged())
		}
	})
	return p
}

func (p *process) logged() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// kill ends the process as kill -9 does.
func (p *process) kill() {
	_ = p.command.Process.Kill() // fails if it has exited already
	<-p.exited
}

// killWhileItWrites kills the process while it has an open transaction that has locked a table for writing.
func (p *process) killWhileItWrites(t *testing.T, watch *pgx.Conn, table string) {
	t.Helper()
	waitFor(t, p.name+" writes", func() bool {
		var writes bool
		check(t, watch.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
 WHERE a.datname = current_database() AND a.application_name = $1 AND l.mode = 'RowExclusiveLock'
 AND l.relation = $2::regclass)`, p.name, table).Scan(&writes))
		return writes
	})
	p.kill()
}

// listens waits until the process serves HTTP and returns its URL.
func (p *process) listens(t *testing.T) string {
	t.Helper()
	select {
	case address := <-p.address:
		return address
	case <-p.exited:
		t.Fatalf("%s exited", p.name)
	case <-time.After(patience):
		t.Fatalf("%s does not listen", p.name)
	}
	return ""
}
