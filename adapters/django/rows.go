package django

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tickt/ports"
)

// rows implements ports.Rows for one table, whose alias in the statement is t.
type rows[R any] struct {
	tx         pgx.Tx
	table      string
	columns    string            // after those that every table has
	joins      string            // to the tables that are referred to
	into       func(*R) []any    // the destinations of the columns
	duplicates *map[string]int64 // reference ids that several rows have, with the first row; nil until loaded
}

func newRows[R any](tx pgx.Tx, r rows[R]) ports.Rows[R] {
	r.tx, r.duplicates = tx, new(map[string]int64)
	return r
}

func (r rows[R]) Table() string { return r.table }

func (r rows[R]) Count(ctx context.Context) (n int, err error) {
	err = r.tx.QueryRow(ctx, "SELECT count(*) FROM "+r.table).Scan(&n)
	return n, r.wrap(err)
}

func (r rows[R]) After(ctx context.Context, key int64, limit int) ([]ports.OriginalRow[R], error) {
	if *r.duplicates == nil {
		if err := r.findDuplicates(ctx); err != nil {
			return nil, r.wrap(err)
		}
	}
	found, err := r.tx.Query(ctx, fmt.Sprintf("SELECT t.id, t.reference_id, %s, %s, %s FROM %s t %s WHERE t.id > $1 ORDER BY t.id LIMIT $2",
		timeCol("t.created_at"), timeCol("t.updated_at"), r.columns, r.table, r.joins), key, limit)
	if err != nil {
		return nil, r.wrap(err)
	}
	out, err := pgx.CollectRows(found, r.scan)
	return out, r.wrap(err)
}

func (r rows[R]) scan(row pgx.CollectableRow) (x ports.OriginalRow[R], err error) {
	if err := row.Scan(append([]any{&x.Key, &x.ID}, r.into(&x.Record)...)...); err != nil {
		return x, err
	}
	first, doubled := (*r.duplicates)[x.ID]
	x.Repeated = doubled && first != x.Key
	return x, nil
}

func (r rows[R]) findDuplicates(ctx context.Context) error {
	found, err := r.tx.Query(ctx, "SELECT reference_id, min(id) FROM "+r.table+" GROUP BY reference_id HAVING count(*) > 1")
	if err != nil {
		return err
	}
	doubled := map[string]int64{}
	var id string
	var first int64
	_, err = pgx.ForEachRow(found, []any{&id, &first}, func() error {
		doubled[id] = first
		return nil
	})
	*r.duplicates = doubled
	return err
}

func (r rows[R]) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("table %s of the original: %w", r.table, err)
}

// timeCol is the SQL of a time column. Infinities and times before 1900 or after 9998, which not every database can store,
// are NULL.
func timeCol(column string) string {
	return fmt.Sprintf("CASE WHEN %[1]s BETWEEN '1900-01-01 00:00:00+00' AND '9998-12-31 00:00:00+00' THEN %[1]s END", column)
}

// toTime scans into a time. NULL becomes the zero time.
func toTime(t *time.Time) any { return (*nullTime)(t) }

// nullTime is a time.Time that scans NULL as the zero time.
type nullTime time.Time

// ScanTimestamptz implements pgtype.TimestamptzScanner.
func (w *nullTime) ScanTimestamptz(v pgtype.Timestamptz) error {
	*w = nullTime{}
	if v.Valid {
		*w = nullTime(v.Time)
	}
	return nil
}

// refID is the SQL of a reference by a foreign key: the reference id of the joined row, or the key itself if there is no
// such row.
func refID(alias, key string) string {
	return fmt.Sprintf("COALESCE(%s.reference_id, t.%s::text, '')", alias, key)
}

// join is the SQL that joins the table of a reference.
func join(table, alias, key string) string {
	return fmt.Sprintf("LEFT JOIN %s %s ON %s.id = t.%s ", table, alias, alias, key)
}
