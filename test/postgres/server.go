package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL that lives in a temporary directory and listens on 127.0.0.1 alone. It ends with Stop, or
// with this process, however that ends.
type Server struct {
	URL        string    // of its database postgres, as a superuser
	life       io.Closer // our end of the supervisor's pipe
	supervisor *exec.Cmd
	ended      chan struct{} // closed when the supervisor has ended
	outcome    error         // of the supervisor, once it has
}

// settings make a server quick and roomy: what tests write need not outlive the machine.
var settings = []string{
	"fsync=off", "full_page_writes=off", "max_connections=400", "listen_addresses=127.0.0.1", "unix_socket_directories=",
	"logging_collector=off", "log_checkpoints=off", "log_destination=stderr", "TimeZone=UTC",
}

// supervise runs a server ("$@") until the pipe 3 ends, which it does when the process at its other end does; then
// it stops the server. In every case it removes the directory ("$dir") at last.
const supervise = `dir=$1; shift
"$@" </dev/null >>"$dir/log" 2>&1 3<&- &
server=$!
{ cat >/dev/null; kill -INT "$server" 2>/dev/null; } <&3 &
exec 3<&-
wait "$server"
status=$?
[ "$status" = 0 ] || tail -n 20 "$dir/log" >&2
cd / && rm -rf -- "$dir"
exit "$status"`

const (
	startAttempts = 5               // each on another port, since somebody else may take one first
	startWithin   = 2 * time.Minute // on a machine that may be busy
	stopWithin    = 30 * time.Second
)

// Start runs a server from the installed binaries, which it installs first where there are none.
func Start(ctx context.Context) (*Server, error) {
	bin, err := binaries(ctx)
	if err != nil {
		return nil, err
	}
	who, err := unprivileged()
	if err != nil {
		return nil, err
	}
	for range startAttempts {
		var s *Server
		if s, err = start(ctx, bin, who); err == nil {
			return s, nil
		}
	}
	return nil, err
}

func start(ctx context.Context, bin string, who *syscall.Credential) (*Server, error) {
	dir, err := os.MkdirTemp("/tmp", "tickt-postgres-") // not TMPDIR, into which another user might not see
	if err != nil {
		return nil, err
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	data := filepath.Join(dir, "data")
	initdb := command(ctx, who, dir, filepath.Join(bin, "initdb"),
		"-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, tail(out)), os.RemoveAll(dir))
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	args := []string{"-c", supervise, "supervise", dir, filepath.Join(bin, "postgres"), "-D", data, "-p", port}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	// Not bound to ctx: the supervisor ends when its pipe does.
	return serve(ctx, command(context.WithoutCancel(ctx), who, dir, "/bin/sh", args...), port)
}

// serve starts a supervisor and waits until its server answers.
func serve(ctx context.Context, supervisor *exec.Cmd, port string) (*Server, error) {
	input, life, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	var said bytes.Buffer
	supervisor.ExtraFiles, supervisor.Stderr = []*os.File{input}, &said
	err = supervisor.Start()
	_ = input.Close()
	if err != nil {
		return nil, errors.Join(err, life.Close())
	}
	s := &Server{
		URL:  "postgres://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable",
		life: life, supervisor: supervisor, ended: make(chan struct{}),
	}
	go func() {
		s.outcome = supervisor.Wait()
		close(s.ended)
	}()
	if err := s.answers(ctx); err != nil {
		stopped := s.Stop()
		return nil, fmt.Errorf("PostgreSQL does not start: %w: %s", errors.Join(err, stopped), tail(said.Bytes()))
	}
	return s, nil
}

// answers waits until the server takes connections.
func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	retry := time.NewTicker(20 * time.Millisecond)
	defer retry.Stop()
	for {
		c, err := pgx.Connect(ctx, s.URL)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-s.ended:
			return errors.New("it ended")
		case <-ctx.Done():
			return err
		case <-retry.C:
		}
	}
}

// Stop ends the server and removes what it kept.
func (s *Server) Stop() error {
	err := s.life.Close()
	stuck := time.AfterFunc(stopWithin, func() { _ = s.supervisor.Process.Kill() })
	defer stuck.Stop()
	<-s.ended
	return errors.Join(err, s.outcome)
}

// command runs a program as somebody, in a session of its own so that a Ctrl-C does not reach it, and without the
// settings that people keep for their own PostgreSQL.
func command(ctx context.Context, who *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: who}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") && !strings.HasPrefix(v, "LC_") && !strings.HasPrefix(v, "LANG") {
			c.Env = append(c.Env, v)
		}
	}
	c.Env = append(c.Env, "LC_ALL=C", "HOME="+dir)
	return c
}

func freePort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// tail is the end of what a program said, for an error.
func tail(out []byte) string {
	text := strings.TrimSpace(string(out))
	return text[max(0, len(text)-800):]
}
