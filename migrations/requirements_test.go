package migrations

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestEveryMigrationSaysTheOldestReleaseThatMayRunOnIt(t *testing.T) {
	all := map[string]map[string]Release{}
	for _, folder := range []string{"postgres", "sqlite"} {
		all[folder] = map[string]Release{}
		names, err := fs.Glob(files, folder+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			oldest, err := oldestOf(text)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			all[folder][strings.TrimPrefix(name, folder+"/")] = oldest
		}
	}
	for name, oldest := range all["postgres"] {
		if other := all["sqlite"][name]; other != oldest {
			t.Errorf("%s: %v on PostgreSQL, %v on SQLite", name, oldest, other)
		}
	}
}

// requirements returns the rows of schema_requirements, as in "18 0.1.0".
func requirements(t *testing.T, m *Migrator) (all []string) {
	t.Helper()
	err := m.each(t.Context(), `SELECT version_id, oldest FROM schema_requirements ORDER BY version_id`, func(scan func(...any) error) error {
		var version int64
		var oldest string
		err := scan(&version, &oldest)
		all = append(all, fmt.Sprint(version, " ", oldest))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAppliedMigrationsStoreWhatTheyRequire(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, s := range m.provider.ListSources() {
			if s.Version <= requirementsVersion {
				continue
			}
			text, err := files.ReadFile(m.folder + "/" + s.Path)
			if err != nil {
				t.Fatal(err)
			}
			oldest, err := oldestOf(text)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, fmt.Sprint(s.Version, " ", oldest))
		}
		if got := requirements(t, m); !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("stored %v, want %v", got, want)
		}
		if _, err := m.provider.DownTo(t.Context(), requirementsVersion); err != nil {
			t.Fatal(err)
		}
		if got := requirements(t, m); len(got) != 0 {
			t.Errorf("after migrating down: %v", got)
		}
	})
}

func TestMigrationOfANewerProgramIsUnknown(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, url string) {
		m := migrator(t, url)
		began := time.Now().Add(-2 * time.Second) // SQLite's clock has whole seconds
		if unknown, err := m.Unknown(t.Context()); err != nil || len(unknown) != 0 {
			t.Errorf("of an empty database: %v, %v", unknown, err)
		}
		if _, err := m.provider.UpTo(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		execute(t, m, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (900, TRUE)`)
		if unknown, err := m.Unknown(t.Context()); err != nil || len(unknown) != 1 || unknown[0].Oldest != nil {
			t.Errorf("without the table of requirements: %v, %v", unknown, err)
		}
		execute(t, m, `DELETE FROM goose_db_version WHERE version_id = 900`)
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		execute(t, m, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (901, TRUE), (900, TRUE)`,
			`INSERT INTO schema_requirements (version_id, oldest) VALUES (900, '0.3.10'), (902, '0.1.0')`)
		unknown, err := m.Unknown(t.Context())
		if err != nil || len(unknown) != 2 {
			t.Fatalf("%v, %v", unknown, err)
		}
		first, second := unknown[0], unknown[1]
		if first.Version != 900 || first.Oldest == nil || *first.Oldest != (Release{0, 3, 10}) || first.AppliedAt.Before(began) ||
			second.Version != 901 || second.Oldest != nil {
			t.Errorf("%+v", unknown)
		}
		before := tables(t, m)
		for _, change := range []func() error{
			func() error { _, err := m.Up(t.Context()); return err },
			func() error { _, err := m.Reversals(t.Context(), -1); return err },
		} {
			if err := change(); err == nil || !strings.Contains(err.Error(), "901") || !strings.Contains(err.Error(), fmt.Sprint(Newest())) {
				t.Errorf("got %v", err)
			}
		}
		if after := tables(t, m); !slices.Equal(before, after) {
			t.Errorf("tables %v became %v", before, after)
		}
	})
}

func TestMigrationWithoutItsOldestReleaseIsRefused(t *testing.T) {
	const up, down = "-- +goose Up\nSELECT 1;\n", "-- +goose Down\nSELECT 2;\n"
	tree := requiring{fstest.MapFS{
		"00099_none.sql":  {Data: []byte(up + down)},
		"00099_twice.sql": {Data: []byte("-- oldest: 0.1.0\n-- oldest: 0.2.0\n" + up + down)},
		"00099_wrong.sql": {Data: []byte("-- oldest: 0.01.0\n" + up + down)},
		"00099_good.sql":  {Data: []byte("-- oldest: 0.2.0\n" + up + down)},
		"00017_old.sql":   {Data: []byte(up + down)},
	}}
	for _, name := range []string{"00099_none.sql", "00099_twice.sql", "00099_wrong.sql"} {
		if _, err := fs.ReadFile(tree, name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"00017_old.sql": up + down,
		"00099_good.sql": "-- oldest: 0.2.0\n" +
			"-- +goose Up\nINSERT INTO schema_requirements (version_id, oldest) VALUES (99, '0.2.0');\nSELECT 1;\n" +
			"-- +goose Down\nDELETE FROM schema_requirements WHERE version_id = 99;\nSELECT 2;\n",
	} {
		if text, err := fs.ReadFile(tree, name); err != nil || string(text) != want {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}

func TestReleasesAreOrderedByTheirNumbers(t *testing.T) {
	ordered := []string{"0.0.0", "0.1.0", "v0.1.1", "0.2.0", "0.10.0", "1.0.0"}
	for i, a := range ordered {
		for j, b := range ordered {
			x, ok := ParseRelease(a)
			y, ok2 := ParseRelease(b)
			if !ok || !ok2 || x.Before(y) != (i < j) || x.String() != strings.TrimPrefix(a, "v") {
				t.Errorf("%s before %s: %v", a, b, x.Before(y))
			}
		}
	}
	for _, text := range []string{
		"", "devel", "0.1", "0.1.0.0", "0.1.0-4-gabcdef0", "0.2.0-rc.1", "01.0.0", "-1.0.0", "+1.0.0", "0.1.x", "9999999999.0.0", "0. 1.0",
	} {
		if r, ok := ParseRelease(text); ok {
			t.Errorf("%q is read as %v", text, r)
		}
	}
}
