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

// binaries gives the directory of initdb and postgres, installing them where they are missing.
func binaries(ctx context.Context) (string, error) {
	if dir, ok := installed(ctx); ok {
		return dir, nil
	}
	installing := install(ctx)
	if dir, ok := installed(ctx); ok { // somebody else may have installed them while we failed to
		return dir, nil
	}
	return "", fmt.Errorf("install the PostgreSQL server (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server;"+
		" Alpine: apk add postgresql; macOS: brew install postgresql) or name one in %s: %w", Variable, installing)
}

// installed looks where packages and people put the server, newest versions first.
func installed(ctx context.Context) (dir string, ok bool) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
	} {
		found, _ := filepath.Glob(pattern) // fails for a bad pattern only
		slices.SortFunc(found, func(a, b string) int { return cmp.Or(cmp.Compare(number(b), number(a)), cmp.Compare(b, a)) })
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

// number is the version in a path, 0 without one.
func number(path string) int {
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

// managers are the package managers that are tried, each with the calls that install the server.
var managers = []struct {
	name    string
	calls   []string
	byOwner bool // refuses root, needs no rights
}{
	{name: "apt-get", calls: []string{
		"env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update",
		"env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends postgresql",
	}},
	{name: "dnf", calls: []string{"dnf -y install postgresql-server"}},
	{name: "apk", calls: []string{"apk add --wait 300 postgresql"}},
	{name: "brew", calls: []string{"brew install postgresql"}, byOwner: true},
}

// install asks the first package manager that is there. It never asks a person.
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
	return errors.New("there is no package manager to install it with")
}

// unprivileged gives whom to run the server as: nil, ourselves, unless we are root, which PostgreSQL refuses.
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
	return nil, errors.New("root may not run PostgreSQL, and there is neither a user postgres nor nobody to run it as")
}
