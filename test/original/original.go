// Package original provides tests of importing with a database of the original system: its nine tables with exactly their
// columns, but without keys and constraints, and a few rows of every kind that such tables may contain.
package original

import (
	"bufio"
	"context"
	"crypto/md5" //nolint:gosec // for ids, not for secrets
	_ "embed"    // for the tables and the rows
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tickt/domain"
	"tickt/test/postgres"
)

//go:embed tables.tsv
var tables string

//go:embed rows.sql
var rows string

// Password is the password of the account anish, whose hash is in rows.sql.
const Password = "correct horse battery"

// ClearText is the password of the account carla, which is stored without hashing.
const ClearText = "carlas-secret-in-clear"

// ID returns the reference id of the row that rows.sql calls by a name.
func ID(name string) domain.ID {
	sum := md5.Sum([]byte(name)) //nolint:gosec // as md5 of PostgreSQL
	return domain.ID(hex.EncodeToString(sum[:]))
}

// Database creates the database and returns its URL.
func Database(t testing.TB) string {
	t.Helper()
	url := postgres.URL(t)
	Execute(t, url, schema(t))
	Execute(t, url, rows)
	return url
}

// Empty creates the database without rows and returns its URL.
func Empty(t testing.TB) string {
	t.Helper()
	url := postgres.URL(t)
	Execute(t, url, schema(t))
	return url
}

// Execute runs statements on a database.
func Execute(t testing.TB, url, statements string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, statements); err != nil {
		t.Fatal(err)
	}
}

// schema returns the statements that create the tables in tables.tsv.
func schema(t testing.TB) string {
	t.Helper()
	columns := map[string][]string{}
	var order []string
	lines := bufio.NewScanner(strings.NewReader(tables))
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 5 {
			t.Fatalf("tables.tsv: %q does not have five fields", lines.Text())
		}
		if f[0] == "table" {
			continue
		}
		column := f[1] + " " + f[2]
		if f[3] != "" {
			column += "(" + f[3] + ")"
		}
		if f[4] == "NO" {
			column += " NOT NULL"
		}
		if columns[f[0]] == nil {
			order = append(order, f[0])
		}
		columns[f[0]] = append(columns[f[0]], column)
	}
	var b strings.Builder
	for _, table := range order {
		fmt.Fprintf(&b, "CREATE TABLE %s (%s);\n", table, strings.Join(columns[table], ", "))
	}
	return b.String()
}
