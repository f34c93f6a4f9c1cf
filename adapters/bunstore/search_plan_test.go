package bunstore

import "testing"

// TestSearchesHaveSettingsOfTheirOwn checks that searches are planned with the settings that they need, and that these do not stay
// on the connection.
func TestSearchesHaveSettingsOfTheirOwn(t *testing.T) {
	s := databases[1].open(t)
	shown := func(c conn) (all string) {
		for _, name := range []string{"jit", "enable_seqscan", "max_parallel_workers_per_gather", "join_collapse_limit"} {
			r, err := row[struct {
				Value string `bun:"value"`
			}](t.Context(), c, c.statement(`SELECT current_setting(?) AS value`, name))
			if err != nil {
				t.Fatal(err)
			}
			all += r.Value + " "
		}
		return all
	}
	view := conn{bun: s.engine.reads, raw: s.engine.reads.DB, engine: s.engine}
	before := shown(view)
	search := func(c conn) error {
		if got := shown(c); got != "off off 0 1 " {
			t.Errorf("a search runs with %s", got)
		}
		return nil
	}
	if err := view.searching(t.Context(), search); err != nil {
		t.Fatal(err)
	}
	if err := s.transact(t.Context(), func(c conn) error { return c.searching(t.Context(), search) }); err != nil {
		t.Fatal(err)
	}
	if after := shown(view); after != before {
		t.Errorf("before a search %s, after it %s", before, after)
	}
}
