package bunstore

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// sampleRow has a field of each kind of value.
type sampleRow struct {
	ID      domain.ID      `bun:"id,pk"`
	Flag    bool           `bun:"flag"`
	N       int            `bun:"n"`
	Actions access.Actions `bun:"actions"`
	At      time.Time      `bun:"at,nullzero"`
}

func withSamples(t *testing.T, s *Store) conn {
	t.Helper()
	kind := "TIMESTAMP"
	if s.engine.postgres {
		kind = "TIMESTAMPTZ"
	}
	_, err := s.engine.writes.ExecContext(t.Context(),
		`CREATE TABLE samples (id TEXT PRIMARY KEY, flag BOOLEAN NOT NULL, n INTEGER NOT NULL, actions SMALLINT NOT NULL, at `+kind+`)`)
	if err != nil {
		t.Fatal(err)
	}
	return conn{bun: s.engine.writes, raw: s.engine.writes.DB, engine: s.engine}
}

const insertSample = `INSERT INTO samples (id, flag, n, actions, at) VALUES (?, ?, ?, ?, ?)`

func TestBoundValuesRoundTrip(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, c := t.Context(), withSamples(t, s)
		samples := []sampleRow{
			{"a", true, 1, access.MayEverything, noon.Add(time.Microsecond)},
			{"b", false, -2, access.MayNothing, time.Time{}},
			{"c", true, 1 << 30, access.MayView, noon.In(time.FixedZone("", 20700))},
		}
		for _, x := range samples {
			n, err := exec(ctx, c, c.statement(insertSample, x.ID, x.Flag, x.N, x.Actions, nullable(x.At)))
			if n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}
		got, err := rows[sampleRow](ctx, c,
			c.statement(`SELECT * FROM samples WHERE id >= ? AND id >= ?`, samples[0].ID, samples[0].ID).add(` ORDER BY id LIMIT ?`, 10))
		if err != nil {
			t.Fatal(err)
		}
		samples[2].At = samples[2].At.UTC()
		if !slices.Equal(got, samples) {
			t.Errorf("got %v, want %v", got, samples)
		}
		one, err := row[sampleRow](ctx, c,
			c.statement(`SELECT * FROM samples WHERE flag = ? AND actions = ? AND at < ?`, true, access.MayEverything, noon.Add(time.Second)))
		if err != nil || one != samples[0] {
			t.Errorf("got %v, %v, want %v", one, err, samples[0])
		}
	})
}

func TestNoRowsAreEmptyListOrNotFound(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, c := t.Context(), withSamples(t, s)
		list, err := rows[sampleRow](ctx, c, c.statement(`SELECT * FROM samples`))
		if list == nil || len(list) != 0 || err != nil {
			t.Errorf("rows: %v, %v", list, err)
		}
		if _, err := row[sampleRow](ctx, c, c.statement(`SELECT * FROM samples`)); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("row: %v", err)
		}
	})
}

// SQLite stores times as text. However they are written, a later time must have a greater text.
func TestBunAndDriverWriteTimesInTheSameOrder(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx, c := t.Context(), withSamples(t, s)
		steps := []time.Duration{
			-time.Hour, 0, time.Microsecond, 10 * time.Microsecond, 11 * time.Microsecond, 100 * time.Millisecond,
			110 * time.Millisecond, 999999 * time.Microsecond, time.Second, time.Minute, 25 * time.Hour,
		}
		var want []domain.ID
		for i, d := range steps {
			for j, zone := range []*time.Location{time.UTC, time.FixedZone("", -7*3600)} {
				id := domain.ID('a' + rune(2*i+j))
				want = append(want, id)
				r := sampleRow{ID: id, At: noon.Add(d).Add(time.Nanosecond).In(zone)}
				var err error
				if (i+j)%2 == 0 {
					_, err = exec(ctx, c, c.statement(insertSample, r.ID, r.Flag, r.N, r.Actions, r.At))
				} else {
					_, err = s.engine.writes.NewInsert().Model(&r).ModelTableExpr("samples").Exec(ctx)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := rows[sampleRow](ctx, c, c.statement(`SELECT * FROM samples ORDER BY at, id`))
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got {
			if r.ID != want[i] || !r.At.Equal(noon.Add(steps[i/2])) || r.At.Location() != time.UTC {
				t.Errorf("place %d: got %v at %v, want %v at %v", i, r.ID, r.At, want[i], noon.Add(steps[i/2]))
			}
		}
		for i := range steps { // both ways of querying find both rows of a pair
			n, err := s.engine.reads.NewSelect().Table("samples").Where("at = ?", noon.Add(steps[i])).Count(ctx)
			if err != nil || n != 2 {
				t.Errorf("bun finds %d at %v, %v", n, steps[i], err)
			}
			same, err := rows[sampleRow](ctx, c, c.statement(`SELECT * FROM samples WHERE at = ?`, noon.Add(steps[i])))
			if err != nil || len(same) != 2 {
				t.Errorf("a statement finds %d at %v, %v", len(same), steps[i], err)
			}
		}
	})
}

func TestMarksAreNumberedAcrossParts(t *testing.T) {
	s := (&statement{postgres: true}).add(`a ? b ?`).add(``, 1).add(` c`, 2).add(` ? d`, 3)
	if got := s.text.String(); got != `a $1 b $2 c $3 d` || !slices.Equal(s.args, []any{1, 2, 3}) {
		t.Errorf("got %q, %v", got, s.args)
	}
}

func BenchmarkStatement(b *testing.B) {
	c := conn{engine: &engine{postgres: true}}
	for b.Loop() {
		_ = c.fixed(findActor, domain.ID("x"), noon)
	}
}

func BenchmarkReadGrants(b *testing.B) {
	text := "0123456789abcdef0123456789abcdef 15 /tickets/\n0123456789abcdef0123456789abcdef 1 /accounts/"
	for b.Loop() {
		if _, err := readGrants("", text); err != nil {
			b.Fatal(err)
		}
	}
}
