package backup

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// compareRows compares the numbers of rows of an SQLite database with those that the backup had when it was taken.
func (a Archive) compareRows(ctx context.Context, c *sql.Conn) error {
	if a.Info == nil {
		return nil
	}
	rows, err := countRows(ctx, c)
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(a.Info.Rows)) {
		if n := a.Info.Rows[table]; rows[table] != n {
			return fmt.Errorf("%w: the number of rows of %s is %d, but was %d when it was taken", ErrDamaged, table, rows[table], n)
		}
	}
	return nil
}

// rowsScript is compareRows for PostgreSQL, as statements that fail if a number differs.
func (a Archive) rowsScript(schema string) string {
	if a.Info == nil {
		return ""
	}
	var text strings.Builder
	for _, table := range slices.Sorted(maps.Keys(a.Info.Rows)) {
		fmt.Fprintf(&text, "DO $tickt$ DECLARE n BIGINT; BEGIN SELECT COUNT(*) INTO n FROM %s.%s; IF n <> %d THEN "+
			"RAISE EXCEPTION 'the backup is damaged: the number of rows of %% is %%, but was %% when it was taken', %s, n, %d; "+
			"END IF; END $tickt$;\n",
			quoteName(schema), quoteName(table), a.Info.Rows[table], quoteText(table), a.Info.Rows[table])
	}
	return text.String()
}

func quoteText(text string) string { return `'` + strings.ReplaceAll(text, `'`, `''`) + `'` }
