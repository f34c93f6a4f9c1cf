package migrations

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

// ErrNothingApplied is the error of taking back a migration if none is applied.
var ErrNothingApplied = errors.New("no migration is applied: there is nothing to take back")

// Reversal is one migration that is taken back.
type Reversal struct {
	Version int64
	Name    string // begins with its number, as in 00001_foundation.sql
	Losses  []Loss
}

// Loss is a table or a column that is removed with its values.
type Loss struct {
	Table  string
	Column string // "" if the whole table is removed
	Rows   int    // of the table, or in which the column has a value
}

// Reversals returns what taking back every migration above a version would remove, the newest first. A negative version
// stands for the one before the newest applied migration. It fails with ErrNothingApplied if there is nothing to take
// back, and if a migration above the version is not known to this program.
func (m *Migrator) Reversals(ctx context.Context, to int64) ([]Reversal, error) {
	if err := m.connect(ctx); err != nil {
		return nil, err
	}
	current, err := m.provider.GetDBVersion(ctx)
	if err != nil {
		return nil, err
	}
	if current == 0 {
		return nil, ErrNothingApplied
	}
	if to >= current {
		return nil, fmt.Errorf("the schema has version %d: there is nothing to take back down to %d", current, to)
	}
	if newest := Newest(); current > newest {
		return nil, fmt.Errorf("the schema has version %d, this program knows only %d: take it back with the program that applied it",
			current, newest)
	}
	all, err := m.provider.Status(ctx)
	if err != nil {
		return nil, err
	}
	var plan []Reversal
	for _, s := range slices.Backward(all) {
		if s.State != goose.StateApplied || s.Source.Version <= to {
			continue
		}
		r := Reversal{Version: s.Source.Version, Name: path.Base(s.Source.Path)}
		if r.Losses, err = m.losses(ctx, r); err != nil {
			return nil, err
		}
		plan = append(plan, r)
		if to < 0 {
			break
		}
	}
	return plan, nil
}

// Revert takes back the migrations of a plan in its order. It stops at the first that fails.
func (m *Migrator) Revert(ctx context.Context, plan []Reversal) error {
	for _, r := range plan {
		if _, err := m.provider.ApplyVersion(ctx, r.Version, false); err != nil {
			return fmt.Errorf("take back %s: %w", r.Name, err)
		}
	}
	return nil
}

var (
	droppedTable  = regexp.MustCompile(`(?i)\bDROP TABLE (?:IF EXISTS )?(\w+)`)
	alteredTable  = regexp.MustCompile(`(?is)\bALTER TABLE (\w+)([^;]*)`)
	droppedColumn = regexp.MustCompile(`(?i)\bDROP COLUMN (?:IF EXISTS )?(\w+)`)
)

// losses reads what the Down part of a migration removes, and counts it.
func (m *Migrator) losses(ctx context.Context, r Reversal) ([]Loss, error) {
	if r.Version == queueVersion {
		return m.counted(ctx, Loss{Table: "river_job"})
	}
	text, err := files.ReadFile(m.folder + "/" + r.Name)
	if err != nil {
		return nil, err
	}
	_, down, _ := strings.Cut(string(text), "-- +goose Down")
	var all []Loss
	for _, t := range droppedTable.FindAllStringSubmatch(down, -1) {
		all = append(all, Loss{Table: t[1]})
	}
	for _, t := range alteredTable.FindAllStringSubmatch(down, -1) {
		for _, c := range droppedColumn.FindAllStringSubmatch(t[2], -1) {
			all = append(all, Loss{Table: t[1], Column: c[1]})
		}
	}
	return m.counted(ctx, all...)
}

// counted sets Rows. It leaves out what does not exist: a temporary table of the migration itself.
func (m *Migrator) counted(ctx context.Context, all ...Loss) (known []Loss, err error) {
	for _, l := range all {
		err := m.db.QueryRowContext(ctx, `SELECT COUNT(`+cmp.Or(l.Column, "*")+`) FROM `+l.Table).Scan(&l.Rows)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		known = append(known, l)
	}
	return known, nil
}

// isMissing reports whether a statement failed because a table or a column does not exist.
func isMissing(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return server.Code == "42P01" || server.Code == "42703" // undefined_table, undefined_column
	}
	return err != nil && (strings.Contains(err.Error(), "no such table") || strings.Contains(err.Error(), "no such column"))
}
