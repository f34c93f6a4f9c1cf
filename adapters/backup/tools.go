package backup

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// toolFolders are where packages install the client programs of PostgreSQL, besides the folders in PATH.
var toolFolders = []string{
	"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
	"/opt/homebrew/opt/postgresql*/bin", "/opt/homebrew/opt/libpq/bin", "/usr/local/opt/postgresql*/bin", "/usr/local/opt/libpq/bin",
}

var versionNumber = regexp.MustCompile(`\) (\d+)`)

// tool returns the path of a client program of PostgreSQL that is not older than a server: of several versions the oldest such,
// since a newer one may write settings that the server does not know. The error says what to install.
func tool(ctx context.Context, env []string, name string, server int) (string, error) {
	var best, newest int
	var path string
	for _, folder := range folders(env) {
		candidate := filepath.Join(folder, name)
		major := majorOf(ctx, candidate)
		if newest = max(newest, major); major >= max(1, server) && (path == "" || major < best) {
			path, best = candidate, major
		}
	}
	install := fmt.Sprintf("install the client programs of PostgreSQL %d or newer (Debian, Ubuntu: postgresql-client-%d), "+
		"or put them into PATH", max(1, server), max(1, server))
	switch {
	case path != "":
		return path, nil
	case newest == 0:
		return "", fmt.Errorf("%s is missing: %s", name, install)
	}
	return "", fmt.Errorf("%s %d is older than the server, which is PostgreSQL %d: %s", name, newest, server, install)
}

// folders returns the absolute folders in which client programs may be.
func folders(env []string) (all []string) {
	for _, v := range env {
		if list, ok := strings.CutPrefix(v, "PATH="); ok {
			all = slices.DeleteFunc(filepath.SplitList(list), func(folder string) bool { return !filepath.IsAbs(folder) })
		}
	}
	for _, pattern := range toolFolders {
		found, _ := filepath.Glob(pattern) // fails only for a bad pattern
		all = append(all, found...)
	}
	return all
}

// majorOf returns the major version of a client program; 0 if there is no such program.
func majorOf(ctx context.Context, path string) int {
	out, err := exec.CommandContext(ctx, path, "--version").Output() //nolint:gosec // a program of the operator
	if err != nil {
		return 0
	}
	m := versionNumber.FindSubmatch(out)
	if m == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(m[1])) // digits
	return major
}

// libpqNames are the parameters of a URL that libpq knows. Passwords are not among them: they go into the environment.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
var libpqNames = []string{
	"host", "hostaddr", "port", "dbname", "user", "passfile", "channel_binding", "connect_timeout", "client_encoding", "options",
	"application_name", "fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
	"tcp_user_timeout", "gssencmode", "sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir", "sslsni", "requirepeer",
	"ssl_min_protocol_version", "ssl_max_protocol_version", "krbsrvname", "service", "target_session_attrs", "load_balance_hosts",
}

// libpq returns a URL as the client programs of PostgreSQL take it, without a password, and the environment with the
// password: command lines can be seen by every user of the machine.
func libpq(database string, env []string) (clean string, with []string, err error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", nil, errors.New("the URL of the database cannot be read") // its text may contain the password
	}
	with = slices.Clone(env)
	if password, ok := u.User.Password(); ok {
		with = append(with, "PGPASSWORD="+password)
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	query := u.Query()
	if password := query.Get("password"); password != "" {
		with = append(with, "PGPASSWORD="+password)
	}
	for name := range query {
		if !slices.Contains(libpqNames, name) {
			query.Del(name) // a parameter of pgx, or a setting of the session
		}
	}
	u.RawQuery = query.Encode()
	return u.String(), with, nil
}

// command returns a command with its own environment that ends with ctx.
func command(ctx context.Context, env []string, path string, args ...string) (*exec.Cmd, *lastLines) {
	c := exec.CommandContext(ctx, path, args...) //nolint:gosec // a program of the operator
	messages := &lastLines{}
	c.Env, c.Stderr = env, messages
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) } // lets it end its connection
	c.WaitDelay = killAfter
	return c, messages
}

// lastLines keeps the end of what is written to it.
type lastLines struct{ text []byte }

const keptText = 2000 // bytes

// Write implements io.Writer.
func (l *lastLines) Write(p []byte) (int, error) {
	l.text = append(l.text, p...)
	if more := len(l.text) - keptText; more > 0 {
		l.text = slices.Delete(l.text, 0, more)
	}
	return len(p), nil
}

// explain returns the failure of a program with what it wrote.
func (l *lastLines) explain(program string, err error) error {
	if err == nil {
		return nil
	}
	if text := strings.TrimSpace(string(l.text)); text != "" {
		return fmt.Errorf("%s: %s", filepath.Base(program), text)
	}
	return fmt.Errorf("%s: %w", filepath.Base(program), err)
}
