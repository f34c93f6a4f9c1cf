package naughty

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestStringsAreTheWholeList(t *testing.T) {
	all := Strings(t)
	if len(all) < 400 {
		t.Errorf("%d strings", len(all))
	}
	for _, known := range []string{"undefined", "\u200b", "1;DROP TABLE users", "田中さんにあげて下さい"} {
		if !slices.Contains(all, known) {
			t.Errorf("%q is missing", known)
		}
	}
}

func TestPackageWithAnotherChecksumIsRefused(t *testing.T) {
	Strings(t) // npm has the package in its cache
	good := lock
	t.Cleanup(func() { lock = good })
	lock = []byte(strings.Replace(string(good), "sha512-Z", "sha512-A", 1))
	if _, err := cached(t.Context(), filepath.Join(t.TempDir(), "x")); err == nil || !strings.Contains(err.Error(), "EINTEGRITY") {
		t.Errorf("%v, want an error of the checksum", err)
	}
}

func TestFailedFetchIsAnErrorThatNamesIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := cached(ctx, dir); err == nil || !strings.Contains(err.Error(), "npm") {
		t.Errorf("%v, want an error of npm", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
