package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/ports"
)

// derivesBy is the number of the rules by which this program derives columns. Triggers mark what a program with a lower
// number writes: raise it together with the triggers of a rule that changes.
const derivesBy = 1

// derivedMarkRow is the row of ports.DerivedMark.
type derivedMarkRow struct {
	Seq      int64             `bun:"seq,pk"`
	Kind     ports.DerivedKind `bun:"kind"`
	ID       domain.ID         `bun:"id"`
	Attempts int               `bun:"attempts"`
	RetryAt  time.Time         `bun:"retry_at"`
}

// derivedWalkRow is the row of ports.DerivedWalk.
type derivedWalkRow struct {
	Kind     ports.DerivedKind `bun:"kind,pk"`
	Rule     int               `bun:"rule"`
	Position domain.ID         `bun:"position"`
	Done     bool              `bun:"done"`
}

// atOnce is the RetryAt of a mark that has not failed, as triggers write it.
var atOnce = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (r derivedMarkRow) mark() ports.DerivedMark {
	if r.RetryAt.Equal(atOnce) {
		r.RetryAt = time.Time{}
	}
	return ports.DerivedMark(r)
}

var (
	derivedMarkColumns = columnsOf[derivedMarkRow]()
	derivedWalkTable   = newTable(table[derivedWalkRow, ports.DerivedWalk]{
		name: "derived_walks", replaces: true,
		row:    func(w ports.DerivedWalk) derivedWalkRow { return derivedWalkRow(w) },
		entity: func(r derivedWalkRow) ports.DerivedWalk { return ports.DerivedWalk(r) },
	})
)

type derivedRows struct{ conn }

// wakeDeriver makes the end of the Update signal that there is a mark.
func (c conn) wakeDeriver() {
	if c.marked != nil {
		*c.marked = true
	}
}

func (s derivedRows) Unmark(ctx context.Context, marks []ports.DerivedMark) error {
	if len(marks) == 0 {
		return nil
	}
	all := make([]int64, len(marks))
	for i, m := range marks {
		all[i] = m.Seq
	}
	return s.run(ctx, s.bun.NewDelete().Table("derived_due").Where("seq IN (?)", bun.List(all)))
}

func (s derivedRows) Postpone(ctx context.Context, m ports.DerivedMark) error {
	if m.RetryAt.IsZero() {
		m.RetryAt = atOnce
	}
	n, err := exec(ctx, s.conn, s.statement(`UPDATE derived_due SET attempts = ?, retry_at = ? WHERE seq = ?`, m.Attempts, m.RetryAt, m.Seq))
	if err != nil || n > 0 {
		return err
	}
	_, err = exec(ctx, s.conn, s.statement(`INSERT INTO derived_due (kind, id, attempts, retry_at) VALUES (?, ?, ?, ?)`,
		string(m.Kind), m.ID, m.Attempts, m.RetryAt))
	return err
}

func (s derivedRows) Marks(ctx context.Context, kind ports.DerivedKind, now time.Time, limit int) ([]ports.DerivedMark, error) {
	return s.marks(ctx, kind, now, limit, "")
}

func (s derivedRows) LockMarks(ctx context.Context, kind ports.DerivedKind, now time.Time, limit int) ([]ports.DerivedMark, error) {
	return s.marks(ctx, kind, now, limit, s.forUpdateSkipLocked("d"))
}

func (s derivedRows) marks(
	ctx context.Context, kind ports.DerivedKind, now time.Time, limit int, locking string,
) ([]ports.DerivedMark, error) {
	found, err := rows[derivedMarkRow](ctx, s.conn, s.statement(`SELECT `+derivedMarkColumns.prefixed("d")+` FROM derived_due d
 WHERE d.kind = ? AND d.retry_at <= ? ORDER BY d.retry_at, d.id, d.seq LIMIT ?`+locking, string(kind), now, limit))
	return converted(found, derivedMarkRow.mark), err
}

func (s derivedRows) MarkedKinds(ctx context.Context, now time.Time) ([]ports.DerivedKind, error) {
	found, err := rows[derivedMarkRow](ctx, s.conn, s.statement(
		`SELECT DISTINCT kind FROM derived_due WHERE retry_at <= ? ORDER BY kind`, now))
	return converted(found, func(r derivedMarkRow) ports.DerivedKind { return r.Kind }), err
}

func (s derivedRows) CountMarks(ctx context.Context) (map[ports.DerivedKind]int, error) {
	found, err := rows[struct {
		Kind ports.DerivedKind `bun:"kind"`
		N    int               `bun:"n"`
	}](ctx, s.conn, s.statement(`SELECT kind, COUNT(*) AS n FROM derived_due GROUP BY kind`))
	counts := make(map[ports.DerivedKind]int, len(found))
	for _, r := range found {
		counts[r.Kind] = r.N
	}
	return counts, err
}

func (s derivedRows) Walks(ctx context.Context) (map[ports.DerivedKind]ports.DerivedWalk, error) {
	found, err := rows[derivedWalkRow](ctx, s.conn, s.statement(`SELECT `+derivedWalkTable.list("%")+` FROM derived_walks`))
	walks := make(map[ports.DerivedKind]ports.DerivedWalk, len(found))
	for _, r := range found {
		walks[r.Kind] = ports.DerivedWalk(r)
	}
	return walks, err
}

// LockWalk locks the name of the walk, since there may be no row yet.
func (s derivedRows) LockWalk(ctx context.Context, kind ports.DerivedKind) (ports.DerivedWalk, bool, error) {
	none := ports.DerivedWalk{Kind: kind}
	if ok, err := s.tryLockName(ctx, "derived walk "+string(kind)); err != nil || !ok {
		return none, false, err
	}
	found, err := rows[derivedWalkRow](ctx, s.conn,
		s.statement(`SELECT `+derivedWalkTable.list("%")+` FROM derived_walks WHERE kind = ?`, string(kind)))
	if err != nil || len(found) == 0 {
		return none, err == nil, err
	}
	return ports.DerivedWalk(found[0]), true, nil
}

func (s derivedRows) SaveWalk(ctx context.Context, w ports.DerivedWalk) error {
	return derivedWalkTable.addAll(ctx, s.conn, []ports.DerivedWalk{w})
}
