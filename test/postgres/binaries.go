package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// binaries returns the directory of initdb and postgres. If they are missing, it installs them.
func binaries(ctx context.Context) (string, error) {
	if dir, ok := installed(ctx); ok {
		return dir, nil
	}
	failed := install(ctx)
	if dir, ok := installed(ctx); ok { // another process may have installed them
		return dir, nil
	}
	return "", fmt.Errorf("install the PostgreSQL server (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server;"+
		" Alpine: apk add postgresql; macOS: brew install postgresql) or name one in %s: %w", Variable, failed)
}

// installed searches the usual directories of the server, newest versions first.
func installed(ctx context.Context) (dir string, ok bool) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
	} {
		found, _ := filepath.Glob(pattern) // fails only for a bad pattern
		slices.SortFunc(found, func(a, b string) int { return cmp.Or(cmp.Compare(versionOf(b), versionOf(a)), cmp.Compare(b, a)) })
		dirs = append(dirs, found...)
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, dir := range dirs {
		if filepath.IsAbs(dir) && executable(dir, "initdb") && executable(dir, "postgres") {
			return dir, true
		}
	}
	return "", false
}

// versionOf returns the digits in a path as a number, or 0 if there are none.
func versionOf(path string) int {
	n, _ := strconv.Atoi(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, path))
	return n
}

func executable(dir, name string) bool {
	f, err := os.Stat(filepath.Join(dir, name))
	return err == nil && f.Mode().IsRegular() && f.Mode().Perm()&0o111 != 0
}

// managers are the supported package managers, with the commands that install the server.
var managers = []struct {
	name    string
	calls   []string
	byOwner bool // runs as its owner instead of as root
}{
	{name: "apt-get", calls: []string{
		"env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update",
		"env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends postgresql",
	}},
	{name: "dnf", calls: []string{"dnf -y install postgresql-server"}},
	{name: "apk", calls: []string{"apk add --wait 300 postgresql"}},
	{name: "brew", calls: []string{"brew install postgresql"}, byOwner: true},
}

// install uses the first package manager that exists. It never prompts.
func install(ctx context.Context) error {
	for _, m := range managers {
		if _, err := exec.LookPath(m.name); err != nil {
			continue
		}
		var rights []string
		if !m.byOwner && os.Geteuid() != 0 {
			rights = []string{"sudo", "-n"}
		}
		for _, call := range m.calls {
			words := append(slices.Clone(rights), strings.Fields(call)...)
			out, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%s: %w: %s", m.name, err, tail(out))
			}
		}
		return nil
	}
	return errors.New("no supported package manager found")
}

// unprivileged returns the user to run the server as: nil for the current one, or another one if the current one is root,
// which PostgreSQL refuses.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("root may not run PostgreSQL, and neither of the users postgres and nobody exists")
}
