package migrations

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A migration says in a line "-- oldest: 0.1.0" which release of tickt is the oldest that may run on the schema that it
// makes. Applying it stores that in the database too, in the same transaction: an older program, which does not have the
// file, decides by it whether it may run.

// requirementsVersion is the migration that creates the table schema_requirements. Every program that reads the table knows
// this migration and those before, so they are not in it.
const requirementsVersion = 17

var oldestLine = regexp.MustCompile(`(?m)^-- oldest: (\d+\.\d+\.\d+)$`)

// Release is a version of tickt, as in 0.2.0.
type Release [3]int

// ParseRelease reads a release such as 0.2.0 or v0.2.0. ok is false for everything else, also for pre-releases.
func ParseRelease(text string) (r Release, ok bool) {
	parts := strings.Split(strings.TrimPrefix(text, "v"), ".")
	if len(parts) != len(r) {
		return r, false
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != p {
			return Release{}, false
		}
		r[i] = int(n) //nolint:gosec // 31 bits
	}
	return r, true
}

func (r Release) String() string { return fmt.Sprintf("%d.%d.%d", r[0], r[1], r[2]) }

// Before reports whether a release is older than another.
func (r Release) Before(other Release) bool { return slices.Compare(r[:], other[:]) < 0 }

// oldestOf returns the oldest release that may run on the schema of a migration, from its text.
func oldestOf(text []byte) (Release, error) {
	lines := oldestLine.FindAllSubmatch(text, -1)
	if len(lines) == 1 {
		if r, ok := ParseRelease(string(lines[0][1])); ok {
			return r, nil
		}
	}
	return Release{}, errors.New("a migration needs one line such as -- oldest: 0.1.0, the oldest release that may run on its schema")
}

// requiring is a folder of migrations in which those after requirementsVersion also store what they require, and remove it
// when they are taken back.
type requiring struct{ fs.FS }

func (r requiring) Open(name string) (fs.File, error) {
	number, _, isMigration := strings.Cut(path.Base(name), "_")
	version, err := strconv.ParseInt(number, 10, 64)
	if !isMigration || err != nil || version <= requirementsVersion {
		return r.FS.Open(name)
	}
	f, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(r.FS, name)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	oldest, err := oldestOf(text)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	for section, statement := range map[string]string{
		"-- +goose Up\n":   fmt.Sprintf("INSERT INTO schema_requirements (version_id, oldest) VALUES (%d, '%s');\n", version, oldest),
		"-- +goose Down\n": fmt.Sprintf("DELETE FROM schema_requirements WHERE version_id = %d;\n", version),
	} {
		text = bytes.Replace(text, []byte(section), []byte(section+statement), 1)
	}
	return changedFile{f, bytes.NewReader(text)}, nil
}

// changedFile is a file with another content.
type changedFile struct {
	fs.File
	content io.Reader
}

func (f changedFile) Read(p []byte) (int, error) { return f.content.Read(p) }

// Unknown is a migration that was applied to the database and that this program does not have.
type Unknown struct {
	Version   int64
	AppliedAt time.Time
	Oldest    *Release // the oldest release that may run on its schema; nil if the database does not say
}

// Unknown returns the applied migrations that this program does not have, ordered by version.
func (m *Migrator) Unknown(ctx context.Context) ([]Unknown, error) {
	if err := m.connect(ctx); err != nil {
		return nil, err
	}
	if _, err := m.provider.GetDBVersion(ctx); err != nil { // it makes sure that the table of goose exists
		return nil, err
	}
	known := map[int64]bool{0: true} // goose's mark of an empty database
	for _, s := range m.provider.ListSources() {
		known[s.Version] = true
	}
	var all []Unknown
	const applied = `SELECT version_id, tstamp FROM goose_db_version WHERE is_applied ORDER BY version_id`
	err := m.each(ctx, applied, func(scan func(...any) error) error {
		var u Unknown
		err := scan(&u.Version, &u.AppliedAt)
		if err == nil && !known[u.Version] {
			u.AppliedAt = u.AppliedAt.UTC()
			all = append(all, u)
		}
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	err = m.each(ctx, `SELECT version_id, oldest FROM schema_requirements`, func(scan func(...any) error) error {
		var version int64
		var text string
		if err := scan(&version, &text); err != nil {
			return err
		}
		oldest, ok := ParseRelease(text)
		if i := slices.IndexFunc(all, func(u Unknown) bool { return u.Version == version }); ok && i >= 0 {
			all[i].Oldest = &oldest
		}
		return nil
	})
	if isMissing(err) {
		err = nil
	}
	return all, err
}

// each calls row for each row of a query.
func (m *Migrator) each(ctx context.Context, query string, row func(scan func(...any) error) error) error {
	found, err := m.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		if err := row(found.Scan); err != nil {
			return err
		}
	}
	return found.Err()
}
