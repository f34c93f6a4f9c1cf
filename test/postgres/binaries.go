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

	"tickt/test/install"
)

// program is the PostgreSQL server as package managers name it.
var program = install.Program{Apt: "postgresql", Dnf: "postgresql-server", Apk: "postgresql", Brew: "postgresql"}

// binaries returns the directory of initdb and postgres. If they are missing, it installs them.
func binaries(ctx context.Context) (string, error) {
	if dir, ok := installed(ctx); ok {
		return dir, nil
	}
	failed := install.Run(ctx, program)
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
