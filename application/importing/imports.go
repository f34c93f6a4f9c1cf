// Package importing imports the data of another system.
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

// Imports are the use cases of importing the data of another system. They have no actor: whoever can start the program
// may use them.
type Imports struct {
	usecase.Base
	Passwords ports.Passwords
	Phones    ports.Phones
	Addresses ports.Addresses
}

// Import describes an import from the system that tickt replaces.
type Import struct {
	From   ports.Original
	DryRun bool // processes everything, but stores nothing
	// Progress is called with the number of rows of a table that are done; the tables follow each other. It may be nil.
	Progress func(table string, done, total int)
}

// importRun is one run of an import, inside a transaction.
type importRun struct {
	*Imports
	Import
	tx     ports.Tx
	report *Report

	// By ids of the original: what represents them in the store.
	roles      map[string]domain.ID
	menus      map[string]domain.ID
	statuses   map[string]ticket.Status
	priorities map[string]ticket.Priority

	// The roles and accounts that get their permissions from the original: those that this run wrote, and roles that
	// were found without any permission. All others keep the permissions that they have.
	takesPermissions map[domain.ID]bool
	inherited        []access.RolePermission // of the predefined roles that were replaced, for their successors
	numbers          map[string]int          // the highest ticket number of each day
}

func newImportRun(s *Imports, tx ports.Tx, i Import, report *Report) *importRun {
	return &importRun{
		Imports: s, Import: i, tx: tx, report: report,
		roles: map[string]domain.ID{}, menus: map[string]domain.ID{},
		statuses: map[string]ticket.Status{}, priorities: map[string]ticket.Priority{},
		takesPermissions: map[domain.ID]bool{}, numbers: map[string]int{},
	}
}

// missingRow is a row of the original that is not in the store.
type missingRow[R any] struct {
	id  domain.ID
	key string // its id in the original
	rec R
}

// importTable reads a table batch by batch. It skips rows that cannot be stored under their id, and counts those that
// are in the store already. write gets the other rows, and the ids of those that are in the store.
func importTable[R any](
	ctx context.Context,
	t *importRun,
	rows ports.Rows[R],
	column ports.ImportKey,
	write func(missing []missingRow[R], there []domain.ID, r *Table) error,
) error {
	total, err := rows.Count(ctx)
	if err != nil {
		return err
	}
	t.report.Tables = append(t.report.Tables, Table{Name: rows.Table(), Rows: total})
	r := &t.report.Tables[len(t.report.Tables)-1]
	for key := ports.BeforeFirst; ; {
		t.reportProgress(r)
		batch, err := rows.After(ctx, key, importBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		key = batch[len(batch)-1].Key
		r.Read += len(batch)
		missing, there, err := partition(ctx, t, batch, column, r)
		if err != nil {
			return err
		}
		r.There += len(there)
		if err := write(missing, there, r); err != nil {
			return err
		}
	}
}

func (t *importRun) reportProgress(r *Table) {
	if t.Progress != nil {
		t.Progress(r.Name, r.Read, r.Rows)
	}
}

// partition splits the rows of a batch into those that are missing in the store and the ids of those that are there.
func partition[R any](
	ctx context.Context, t *importRun, batch []ports.OriginalRow[R], column ports.ImportKey, r *Table,
) (missing []missingRow[R], there []domain.ID, err error) {
	all, ids := make([]missingRow[R], 0, len(batch)), make([]string, 0, len(batch))
	for _, row := range batch {
		switch id, ok := domain.ParseID(row.ID); {
		case !ok:
			r.skip(row.ID, "its reference_id is not 32 lower-case hexadecimal characters")
		case row.Repeated:
			r.skip(row.ID, "another row before it has the same reference_id")
		default:
			ids = append(ids, row.ID)
			all = append(all, missingRow[R]{id, row.ID, row.Record})
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

// present returns which of the values a column holds.
func (t *importRun) present(ctx context.Context, column ports.ImportKey, values []string) (map[string]bool, error) {
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
