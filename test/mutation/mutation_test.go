package mutation

import (
	"database/sql/driver"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestLeaveOutRemovesAColumn(t *testing.T) {
	for query, want := range map[string][]string{
		`SELECT 1 FROM t WHERE a = ? FOR NO KEY UPDATE OF t`: nil,
		`DELETE FROM t WHERE a = ?`:                          nil,
		`INSERT INTO t (a, b, c) VALUES (?, (SELECT x FROM u WHERE id = ?), ?), (?, f(?, 1), 'it''s, (?')`: {
			`a INSERT INTO t (b, c) VALUES ((SELECT x FROM u WHERE id = ?), ?), (f(?, 1), 'it''s, (?') [2 3 5]`,
			`b INSERT INTO t (a, c) VALUES (?, ?), (?, 'it''s, (?') [1 3 4]`,
			`c INSERT INTO t (a, b) VALUES (?, (SELECT x FROM u WHERE id = ?)), (?, f(?, 1)) [1 2 4 5]`,
		},
		`INSERT INTO t AS x (a, "b") VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = $3, c = excluded.c RETURNING a`: {
			`a INSERT INTO t AS x ("b") VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $2, c = excluded.c RETURNING a [2 3]`,
			`b INSERT INTO t AS x (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $2, c = excluded.c RETURNING a [1 3]`,
			`b on conflict INSERT INTO t AS x (a, "b") VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = "x".b, c = excluded.c RETURNING a [1 2]`,
			`c on conflict INSERT INTO t AS x (a, "b") VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = $3, c = "x".c RETURNING a [1 2 3]`,
		},
		`INSERT INTO t (a, b) SELECT ? || f(1, 2), u.b FROM u WHERE u.id = ?`: {
			`a INSERT INTO t (b) SELECT u.b FROM u WHERE u.id = ? [2]`,
			`b INSERT INTO t (a) SELECT ? || f(1, 2) FROM u WHERE u.id = ? [1 2]`,
		},
		`WITH d (a) AS (VALUES (1)) UPDATE "t" AS "x" SET "a" = d.a, b = 'c, d' FROM d WHERE x.id = d.id`: {
			`a WITH d (a) AS (VALUES (1)) UPDATE "t" AS "x" SET a = "x".a, b = 'c, d' FROM d WHERE x.id = d.id []`,
			`b WITH d (a) AS (VALUES (1)) UPDATE "t" AS "x" SET "a" = d.a, b = "x".b FROM d WHERE x.id = d.id []`,
		},
	} {
		w, ok := parse(query)
		if ok != (want != nil) {
			t.Errorf("parse(%s) is %v", query, ok)
		}
		var args []driver.NamedValue
		for i := range len(placeholdersOf(w.tokens, 1)) {
			args = append(args, driver.NamedValue{Ordinal: i + 1, Value: i + 1})
		}
		if !ok {
			continue
		}
		var got []string
		for _, c := range w.columns {
			text, kept := w.leaveOut(c.name, query, args)
			var values []string
			for _, a := range kept {
				values = append(values, strconv.Itoa(a.Value.(int)))
			}
			got = append(got, c.name+" "+text+" ["+strings.Join(values, " ")+"]")
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	}
}
