package bootstrap

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"tickt/migrations"
)

func parsed(t *testing.T, text string) migrations.Release {
	t.Helper()
	r, ok := migrations.ParseRelease(text)
	if !ok {
		t.Fatalf("%q is no release", text)
	}
	return r
}

func TestBuildThatIsNotOfAReleaseCountsAsTheNext(t *testing.T) {
	defer func(before string) { Version = before }(Version)
	for built, want := range map[string]string{
		"0.1.0": "0.1.0", "v0.1.3": "0.1.3", "": nextRelease, "devel": nextRelease, "138fbe3": nextRelease, "138fbe3-dirty": nextRelease,
		"v0.1.0-45-g138fbe3": nextRelease, "0.1.0-dirty": nextRelease,
	} {
		Version = built
		if got := release(); got != parsed(t, want) {
			t.Errorf("%q counts as %s, want %s", built, got, want)
		}
	}
}

func TestNextReleaseIsAfterTheLastOne(t *testing.T) {
	log, err := os.ReadFile("../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	released := regexp.MustCompile(`(?m)^## (\d+\.\d+\.\d+)`).FindAllSubmatch(log, -1)
	if len(released) == 0 {
		t.Fatal("CHANGELOG.md has no release")
	}
	for _, r := range released {
		if !parsed(t, string(r[1])).Before(parsed(t, nextRelease)) {
			t.Errorf("%s is released: raise nextRelease", r[1])
		}
	}
}

func TestNoMigrationNeedsALaterRelease(t *testing.T) {
	names, err := filepath.Glob("../migrations/*/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, oldest := range regexp.MustCompile(`(?m)^-- oldest: (.*)$`).FindAllSubmatch(text, -1) {
			if parsed(t, nextRelease).Before(parsed(t, string(oldest[1]))) {
				t.Errorf("%s needs %s, and this program becomes %s", name, oldest[1], nextRelease)
			}
		}
	}
}
