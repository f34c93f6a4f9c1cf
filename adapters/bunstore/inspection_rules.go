package bunstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tickt/domain/access"
	"tickt/domain/audit"
)

// copyRule compares values that are stored for speed with what they are derived from. The query selects the row, the
// stored and the actual value of each difference.
type copyRule struct {
	table string
	what  string
	query func(*engine) string
}

func (r copyRule) check(ctx context.Context, c conn, found func(audit.Finding)) error {
	return c.each(ctx, r.query(c.engine), 3, func(v []string) {
		found(audit.Finding{Table: r.table, Row: v[0], Problem: fmt.Sprintf("%s is %s; it must be %s", r.what, v[1], v[2])})
	})
}

// countRule returns the rule of a table of counts. key is its key, stored selects the key and the number, actual the key
// of each row that counts.
func countRule(table, key, stored, actual string) copyRule {
	names := strings.Split(key, ", ")
	row := `CAST(` + strings.Join(names, ` AS TEXT) || ' ' || CAST(`) + ` AS TEXT)`
	return copyRule{table, "the count", func(e *engine) string {
		return `SELECT ` + row + `, stored, actual FROM (SELECT ` + key + `, SUM(stored) AS stored, SUM(actual) AS actual FROM (SELECT ` + key +
			`, n AS stored, 0 AS actual FROM ` + stored + ` UNION ALL SELECT ` + strings.ReplaceAll(actual, "{quarter}", e.quarter()) +
			`) AS each_row GROUP BY ` + key + `) AS sums WHERE stored <> actual`
	}}
}

// quarter returns the expression by which migration 9 counts a clock c.
func (e *engine) quarter() string {
	if e.postgres {
		return `quarter_of(c.state, c.decided_at)`
	}
	return `CASE WHEN c.state = 'running' THEN 9999999999 WHEN c.state IN ('met', 'breached')` +
		` THEN CAST(strftime('%s', substr(c.decided_at, 1, 19)) AS INTEGER) / 900 END`
}

var copies = []copyRule{
	countRule("ticket_counts", "status_id, priority_id", "ticket_counts",
		`status_id, priority_id, 0, 1 FROM tickets WHERE deleted_at IS NULL`),
	countRule("clock_counts", "quarter, metric, state", "clock_counts",
		`{quarter}, c.metric, c.state, 0, 1 FROM sla_clocks c JOIN tickets t ON t.id = c.ticket_id
 WHERE t.deleted_at IS NULL AND {quarter} IS NOT NULL`),
	countRule("account_counts", "role_id, is_active", "account_counts",
		`COALESCE(role_id, ''), is_active, 0, 1 FROM accounts`),
	{"tickets", "is_active", func(*engine) string {
		return `SELECT t.number, t.is_active, s.is_active FROM tickets t JOIN ticket_statuses s ON s.id = t.status_id
 WHERE t.is_active <> s.is_active`
	}},
	{"tickets", "the copy of a weight", func(*engine) string {
		return `SELECT t.number, t.status_weight, s.weight FROM tickets t JOIN ticket_statuses s ON s.id = t.status_id
 WHERE t.status_weight <> s.weight UNION ALL
 SELECT t.number, t.priority_weight, p.weight FROM tickets t JOIN ticket_priorities p ON p.id = t.priority_id
 WHERE t.priority_weight <> p.weight`
	}},
}

// grantCopy is a column that holds the permissions of a role or an account, one in each line, in any order.
type grantCopy struct{ table, name, permissions, owner string }

var grantCopies = []grantCopy{
	{"roles", "name", "role_permissions", "role_id"},
	{"accounts", "username", "account_permissions", "account_id"},
}

func (g grantCopy) check(ctx context.Context, c conn, found func(audit.Finding)) error {
	text := `SELECT o.id, o.` + g.name + `, o.grants, p.menu_id || ' ' || p.actions || ' ' || m.url FROM ` + g.table + ` o LEFT JOIN ` +
		g.permissions + ` p ON p.` + g.owner + ` = o.id LEFT JOIN menus m ON m.id = p.menu_id
 WHERE o.grants <> '' OR p.id IS NOT NULL ORDER BY o.id`
	var id, name, stored string
	var actual []string
	compare := func() {
		has := slices.Sorted(strings.SplitSeq(stored, "\n"))
		slices.Sort(actual)
		if !slices.Equal(has, actual) {
			found(audit.Finding{Table: g.table, Row: name, Problem: "the copy of its permissions differs from " + g.permissions})
		}
	}
	err := c.each(ctx, text, 4, func(r []string) {
		if r[0] != id {
			if id != "" {
				compare()
			}
			id, name, stored, actual = r[0], r[1], r[2], nil
		}
		actual = append(actual, r[3])
	})
	if err == nil && id != "" {
		compare()
	}
	return err
}

// checkLinks reports links of menus that a client must not follow. A replica of 0.1.0 stores them.
func (c conn) checkLinks(ctx context.Context, found func(audit.Finding)) error {
	const text = `SELECT name, 'menuUrl', url FROM menus UNION ALL SELECT name, 'createUrl', create_url FROM menus
 UNION ALL SELECT name, 'listUrl', list_url FROM menus`
	return c.each(ctx, text, 3, func(v []string) {
		if access.UnsafeLink(v[2]) {
			found(audit.Finding{Table: "menus", Row: v[0], Problem: fmt.Sprintf("%s %q could run a script or lead to another host", v[1], v[2])})
		}
	})
}

// sqliteReferences returns the references that lead nowhere, with the name by which the row is known: rowids of SQLite mean
// little to a person.
func (c conn) sqliteReferences(ctx context.Context, found func(audit.Finding)) error {
	type reference struct{ table, rowid, parent string }
	var all []reference
	err := c.each(ctx, `SELECT "table", rowid, parent FROM pragma_foreign_key_check`, 3, func(r []string) {
		all = append(all, reference{r[0], r[1], r[2]})
	})
	if err != nil {
		return err
	}
	keys := map[string]string{}
	for _, x := range all {
		key, known := keys[x.table]
		if !known {
			if key, err = c.sqliteKey(ctx, x.table); err != nil {
				return err
			}
			keys[x.table] = key
		}
		row := "rowid " + x.rowid
		err := c.each(ctx, `SELECT `+key+` FROM `+quoteName(x.table)+` WHERE rowid = `+x.rowid, 1, func(r []string) { row = r[0] })
		if err != nil {
			return err
		}
		found(missing(x.table, row, x.parent))
	}
	return nil
}

// sqliteKey returns an expression of the primary key of a table as text.
func (c conn) sqliteKey(ctx context.Context, table string) (string, error) {
	var parts []string
	err := c.each(ctx, `SELECT name FROM pragma_table_info(`+quoteText(table)+`) WHERE pk > 0 ORDER BY pk`, 1, func(r []string) {
		parts = append(parts, `CAST(`+quoteName(r[0])+` AS TEXT)`)
	})
	if table == ticketTable.name {
		return `number`, err
	}
	if len(parts) == 0 {
		return `rowid`, err
	}
	return strings.Join(parts, ` || ' ' || `), err
}

// checkReferences reports rows that refer to one that does not exist.
func (c conn) checkReferences(ctx context.Context, found func(audit.Finding)) error {
	if !c.postgres {
		return c.sqliteReferences(ctx, found)
	}
	type query struct{ table, parent, text string }
	var queries []query
	err := c.each(ctx, postgresReferences, 3, func(r []string) { queries = append(queries, query{r[0], r[1], r[2]}) })
	if err != nil {
		return err
	}
	for _, q := range queries {
		if err := c.each(ctx, q.text, 1, func(r []string) { found(missing(q.table, r[0], q.parent)) }); err != nil {
			return err
		}
	}
	return nil
}

// postgresReferences writes a query for each foreign key of the schema that selects the rows which refer to none. Rows are
// named by their primary key, tickets by their number.
const postgresReferences = `SELECT child.relname, parent.relname,
 'SELECT ' || CASE child.relname WHEN 'tickets' THEN 'c.number' ELSE COALESCE((
   SELECT string_agg('CAST(c.' || quote_ident(a.attname) || ' AS TEXT)', ' || '' '' || ' ORDER BY p.place)
   FROM pg_constraint k, unnest(k.conkey) WITH ORDINALITY AS p (attnum, place), pg_attribute a
   WHERE k.conrelid = f.conrelid AND k.contype = 'p' AND a.attrelid = k.conrelid AND a.attnum = p.attnum), 'CAST(c.ctid AS TEXT)') END ||
 ' FROM ' || quote_ident(child.relname) || ' c WHERE ' ||
 string_agg('c.' || quote_ident(ca.attname) || ' IS NOT NULL', ' AND ' ORDER BY n.place) ||
 ' AND NOT EXISTS (SELECT 1 FROM ' || quote_ident(parent.relname) || ' p WHERE ' ||
 string_agg('p.' || quote_ident(pa.attname) || ' = c.' || quote_ident(ca.attname), ' AND ' ORDER BY n.place) || ')'
 FROM pg_constraint f
 JOIN pg_class child ON child.oid = f.conrelid JOIN pg_class parent ON parent.oid = f.confrelid
 CROSS JOIN unnest(f.conkey, f.confkey) WITH ORDINALITY AS n (ckey, pkey, place)
 JOIN pg_attribute ca ON ca.attrelid = f.conrelid AND ca.attnum = n.ckey
 JOIN pg_attribute pa ON pa.attrelid = f.confrelid AND pa.attnum = n.pkey
 WHERE f.contype = 'f' AND child.relnamespace = CAST(current_schema() AS regnamespace)
 GROUP BY f.oid, f.conname, f.conrelid, child.relname, parent.relname ORDER BY child.relname, f.conname`

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteText(text string) string { return `'` + strings.ReplaceAll(text, `'`, `''`) + `'` }
