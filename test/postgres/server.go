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
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a PostgreSQL server with its data in a temporary directory. It listens on 127.0.0.1 only. It ends with Stop or
// with this process, even if that is killed.
type Server struct {
	URL        string    // of the database postgres, as a superuser
	life       io.Closer // the write end of the supervisor's pipe; closing it stops the server
	supervisor *exec.Cmd
	ended      chan struct{} // closed when the supervisor has exited
	outcome    error         // of the supervisor; valid once ended is closed
}

// settings are those of every server.
var settings = []string{
	"max_connections=400", "listen_addresses=127.0.0.1", "unix_socket_directories=",
	"logging_collector=off", "log_checkpoints=off", "log_destination=stderr", "TimeZone=UTC",
}

// volatileSettings make a server fast whose data need not survive a crash.
var volatileSettings = []string{"fsync=off", "full_page_writes=off"}

// supervise is a shell script that runs a server ("$@") and stops it when the pipe on file descriptor 3 is closed, which
// happens at the latest when the process at its other end exits. Finally it removes the directory ("$dir").
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
	startAttempts = 5               // each on another port, since another process may take one first
	startWithin   = 2 * time.Minute // the machine may be busy
	stopWithin    = 30 * time.Second
)

// Start runs a server from the installed binaries. If there are none, it installs them first. Its data would not survive a
// crash.
func Start(ctx context.Context) (*Server, error) { return startAny(ctx, false) }

// StartDurable runs a server that syncs its data to a disk as in production, to measure it.
func StartDurable(ctx context.Context) (*Server, error) { return startAny(ctx, true) }

func startAny(ctx context.Context, durable bool) (*Server, error) {
	bin, err := binaries(ctx)
	if err != nil {
		return nil, err
	}
	user, err := unprivileged()
	if err != nil {
		return nil, err
	}
	for range startAttempts {
		var s *Server
		if s, err = start(ctx, bin, user, durable); err == nil {
			return s, nil
		}
	}
	return nil, err
}

func start(ctx context.Context, bin string, user *syscall.Credential, durable bool) (*Server, error) {
	parent, used := "/tmp", settings // not TMPDIR, which another user may not be able to read
	if !durable {
		parent, used = volatileDir(), slices.Concat(settings, volatileSettings)
	}
	dir, err := os.MkdirTemp(parent, "tickt-postgres-")
	if err != nil {
		return nil, err
	}
	if user != nil {
		if err := os.Chown(dir, int(user.Uid), int(user.Gid)); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	data := filepath.Join(dir, "data")
	initdb := command(ctx, user, dir, filepath.Join(bin, "initdb"),
		"-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, tail(out)), os.RemoveAll(dir))
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	args := []string{"-c", supervise, "supervise", dir, filepath.Join(bin, "postgres"), "-D", data, "-p", port}
	for _, s := range used {
		args = append(args, "-c", s)
	}
	// The supervisor must not end with ctx: it ends when its pipe is closed.
	return serve(ctx, command(context.WithoutCancel(ctx), user, dir, "/bin/sh", args...), port)
}

const (
	memoryDir  = "/dev/shm" // a file system in memory, on Linux
	memoryFree = 2 << 30    // bytes, ten times what the tests use; containers often have 64 MB
)

// volatileDir returns the directory for data that need not survive a crash: in memory if there is enough. Creating many
// databases there takes half of the time.
func volatileDir() string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(memoryDir, &s); err != nil {
		return "/tmp"
	}
	if free := uint64(s.Bavail) * uint64(s.Bsize); free >= memoryFree { //nolint:gosec,unconvert // the types differ by system
		return memoryDir
	}
	return "/tmp"
}

// serve starts a supervisor and waits until its server accepts connections.
func serve(ctx context.Context, supervisor *exec.Cmd, port string) (*Server, error) {
	input, life, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	var stderr bytes.Buffer
	supervisor.ExtraFiles, supervisor.Stderr = []*os.File{input}, &stderr
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
		return nil, fmt.Errorf("PostgreSQL does not start: %w: %s", errors.Join(err, stopped), tail(stderr.Bytes()))
	}
	return s, nil
}

// answers waits until the server accepts connections.
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
			return errors.New("it exited")
		case <-ctx.Done():
			return err
		case <-retry.C:
		}
	}
}

// Stop stops the server and removes its data.
func (s *Server) Stop() error {
	err := s.life.Close()
	stuck := time.AfterFunc(stopWithin, func() { _ = s.supervisor.Process.Kill() })
	defer stuck.Stop()
	<-s.ended
	return errors.Join(err, s.outcome)
}

// command returns a command that runs as user, in its own session, so that it does not receive Ctrl-C, and without
// environment variables that would configure PostgreSQL or the locale.
func command(ctx context.Context, user *syscall.Credential, dir, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: user}
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

// tail returns the last 800 bytes of a program's output, for an error message.
func tail(out []byte) string {
	text := strings.TrimSpace(string(out))
	return text[max(0, len(text)-800):]
}
