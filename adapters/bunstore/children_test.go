package bunstore

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

// parentRow has two kinds of children, one of which holds every kind of value.
type parentRow struct {
	ID    domain.ID         `bun:"id,pk"`
	Tags  children[tagRow]  `bun:"tags,scanonly"`
	Facts children[factRow] `bun:"facts,scanonly"`
}

type tagRow struct {
	ParentID domain.ID `bun:"parent_id" group:"parent"`
	Tag      string    `bun:"tag" group:"order"`
}

type factRow struct {
	ParentID domain.ID `bun:"parent_id" group:"parent"`
	Place    int       `bun:"place" group:"order"`
	Text     string    `bun:"text,nullzero"`
	Flag     bool      `bun:"flag"`
	At       time.Time `bun:"at,nullzero"`
}

var (
	parents = tableOf[parentRow]("parents")
	tags    = childrenOf(tableOf[tagRow]("tags"))
	facts   = childrenOf(tableOf[factRow]("facts"))

	selectParents = textsOf(func(e *engine) string {
		return `SELECT ` + parents.prefixed("p") + `, ` + tags.nested(e, `p.id`, ``, nil) + ` AS tags, ` +
			facts.nested(e, `p.id`, ``, nil) + ` AS facts FROM parents p ORDER BY p.id`
	})
)

func withParents(t *testing.T, s *Store) {
	t.Helper()
	kind := "TIMESTAMP"
	if s.engine.postgres {
		kind = "TIMESTAMPTZ"
	}
	for _, table := range []string{
		`parents (id TEXT PRIMARY KEY)`, `tags (parent_id TEXT, tag TEXT)`,
		`facts (parent_id TEXT, place INTEGER, text TEXT, flag BOOLEAN, at ` + kind + `)`,
	} {
		if _, err := s.engine.writes.ExecContext(t.Context(), `CREATE TABLE `+table); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChildrenAreReadWithParentsAndReplaced(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		withParents(t, s)
		ctx, c := t.Context(), conn{bun: s.engine.writes, raw: s.engine.writes.DB, engine: s.engine}
		read := func() []parentRow {
			t.Helper()
			found, err := rows[parentRow](ctx, c, c.fixed(selectParents))
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		first := parentRow{
			ID: "a", Tags: children[tagRow]{{"a", "hot"}, {"a", "null"}, {"a", specialCharacters}},
			Facts: children[factRow]{
				{"a", 0, "0", true, noon.Add(time.Microsecond)}, {"a", 1, "", false, time.Time{}}, {"a", 2, specialCharacters, false, noon},
			},
		}
		second := parentRow{ID: "b", Tags: children[tagRow]{{"b", "cold"}}, Facts: children[factRow]{}}
		third := parentRow{ID: "c", Tags: children[tagRow]{}, Facts: children[factRow]{}}
		for _, p := range []parentRow{first, second, third} {
			if err := parents.add(ctx, c, p); err != nil {
				t.Fatal(err)
			}
			for _, b := range []childRows{tags.with(p.Tags), facts.with(p.Facts)} {
				if err := b.add(ctx, c); err != nil {
					t.Fatal(err)
				}
			}
		}
		byTag := cmp.Transformer("tags", func(all children[tagRow]) map[tagRow]bool {
			set := map[tagRow]bool{}
			for _, x := range all {
				set[tagRow{Tag: x.Tag}] = true
			}
			return set
		}) // the order of specialCharacters and "null" depends on the collation
		known := cmpopts.IgnoreFields(factRow{}, "ParentID") // not read, as in tags
		if diff := cmp.Diff([]parentRow{first, second, third}, read(), byTag, known); diff != "" {
			t.Errorf("want -, got +:\n%s", diff)
		}
		first.Tags, first.Facts = children[tagRow]{{"a", "new"}}, children[factRow]{}
		if err := tags.with(first.Tags).replace(ctx, c, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := facts.with(first.Facts).replace(ctx, c, first.ID); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]parentRow{first, second, third}, read(), byTag, known); diff != "" {
			t.Errorf("replaced, want -, got +:\n%s", diff)
		}
	})
}

func TestMalformedChildRowsAreRefused(t *testing.T) {
	for _, text := range []any{`[["a", "b"]]`, `[[]]`, `[[1]]`, `[{}]`, `x`, 1} {
		var found children[tagRow]
		if err := found.Scan(text); err == nil {
			t.Errorf("%v was read as %+v", text, found)
		}
	}
	for _, text := range []string{`[[0, "text", 1, "noon"]]`, `[[0, "text", 2, null]]`} {
		var found children[factRow]
		if err := found.Scan(text); err == nil {
			t.Errorf("%s was read as %+v", text, found)
		}
	}
}

// BenchmarkActivePolicies reads five policies with their child rows, as opening a ticket does.
func BenchmarkActivePolicies(b *testing.B) {
	for _, d := range databases[:2] {
		s, ctx := d.open(b), b.Context()
		err := s.Update(ctx, func(tx ports.Tx) error {
			for i := range 5 {
				id := bulkID(i)
				p := sla.Policy{
					ID: id, Name: string(id), NameKey: string(id), Position: i, OnReopen: sla.ReopenResumes, IsActive: true,
					CreatedAt: noon, UpdatedAt: noon,
				}
				for _, m := range sla.Metrics {
					p.Targets = append(p.Targets, sla.Target{Metric: m, Minutes: 60, CalendarID: sla.AlwaysOpenID, WarnPercent: 80})
				}
				if err := tx.Policies.Add(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(d.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := s.View(ctx, func(tx ports.Tx) error { _, err := tx.Policies.Active(ctx); return err }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
