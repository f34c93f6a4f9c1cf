// Package importing takes over what another system kept.
package importing

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// importBatch is how many rows are read and written at a time.
const importBatch = 500

// Imports are the use cases of taking over what another system kept. They have no actor: whoever can start the program
// may.
type Imports struct {
	usecase.Base
	Passwords ports.Passwords
	Phones    ports.Phones
}

// Import is a takeover from the system that tickt takes the place of.
type Import struct {
	From   ports.Original
	DryRun bool // does everything and keeps nothing
	// Progress is told, for each table in its turn, how many of its rows are done; it may be nil.
	Progress func(table string, done, whole int)
}

// takeover is one run of an import inside its Update.
type takeover struct {
	*Imports
	Import
	tx     ports.Tx
	report *Report

	// By the ids of the original: what stands for them here.
	roles      map[string]domain.ID
	menus      map[string]domain.ID
	statuses   map[string]ticket.Status
	priorities map[string]ticket.Priority

	// What this run wrote, or found without any permission: it takes its permissions from the original. What was
	// there before keeps those that it has.
	open    map[domain.ID]bool
	handed  []access.RolePermission // of the roles that predefined ones gave way to
	numbers map[string]int          // the highest of each day
}

func newTakeover(s *Imports, tx ports.Tx, i Import, report *Report) *takeover {
	return &takeover{
		Imports: s, Import: i, tx: tx, report: report,
		roles: map[string]domain.ID{}, menus: map[string]domain.ID{},
		statuses: map[string]ticket.Status{}, priorities: map[string]ticket.Priority{},
		open: map[domain.ID]bool{}, numbers: map[string]int{},
	}
}

// fresh is a row of the original that the store has not.
type fresh[R any] struct {
	id  domain.ID
	key string // its id in the original
	rec R
}

// take reads a table batch by batch. Rows that cannot be kept under their id are skipped, those that are there are
// counted; write gets the others, and the ids of those that are there.
func take[R any](
	ctx context.Context,
	t *takeover,
	rows ports.Rows[R],
	column ports.ImportKey,
	write func(missing []fresh[R], there []domain.ID, r *Table) error,
) error {
	whole, err := rows.Count(ctx)
	if err != nil {
		return err
	}
	t.report.Tables = append(t.report.Tables, Table{Name: rows.Table(), Rows: whole})
	r := &t.report.Tables[len(t.report.Tables)-1]
	for key := ports.BeforeFirst; ; {
		t.tell(r)
		batch, err := rows.After(ctx, key, importBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		key = batch[len(batch)-1].Key
		r.Read += len(batch)
		missing, there, err := sift(ctx, t, batch, column, r)
		if err != nil {
			return err
		}
		r.There += len(there)
		if err := write(missing, there, r); err != nil {
			return err
		}
	}
}

func (t *takeover) tell(r *Table) {
	if t.Progress != nil {
		t.Progress(r.Name, r.Read, r.Rows)
	}
}

// sift parts the rows of a batch into those that the store has not and the ids of those that it has.
func sift[R any](
	ctx context.Context, t *takeover, batch []ports.OriginalRow[R], column ports.ImportKey, r *Table,
) (missing []fresh[R], there []domain.ID, err error) {
	all, ids := make([]fresh[R], 0, len(batch)), make([]string, 0, len(batch))
	for _, row := range batch {
		switch id, ok := domain.ParseID(row.ID); {
		case !ok:
			r.skip(row.ID, "its reference_id is not 32 lower-case hexadecimal characters")
		case row.Repeated:
			r.skip(row.ID, "another row before it has the same reference_id")
		default:
			ids = append(ids, row.ID)
			all = append(all, fresh[R]{id, row.ID, row.Record})
		}
	}
	known, err := t.present(ctx, column, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, x := range all {
		if known[x.key] {
			there = append(there, x.id)
		} else {
			missing = append(missing, x)
		}
	}
	return missing, there, nil
}

// present gives which of the values a column holds.
func (t *takeover) present(ctx context.Context, column ports.ImportKey, values []string) (map[string]bool, error) {
	if len(values) == 0 {
		return nil, nil
	}
	found, err := t.tx.Imports.Present(ctx, column, values)
	set := make(map[string]bool, len(found))
	for _, x := range found {
		set[x] = true
	}
	return set, err
}
