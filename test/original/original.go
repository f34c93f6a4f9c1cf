// Package original makes, for tests of taking it over, the database of the system that tickt takes the place of: its
// nine tables with exactly their columns, without the keys and constraints that kept worse than this out of them, and
// a few rows of every kind that such tables may hold.
package original

import (
	"bufio"
	"context"
	"crypto/md5" //nolint:gosec // names, not secrets
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

// Password is that of the account anish, as its hash in the rows says.
const Password = "correct horse battery"

// ClearText is what stands in the place of the hash of the account carla.
const ClearText = "carlas-secret-in-clear"

// ID is the reference id of the row that the rows call by a name.
func ID(name string) domain.ID {
	sum := md5.Sum([]byte(name)) //nolint:gosec // as PostgreSQL's md5
	return domain.ID(hex.EncodeToString(sum[:]))
}

// Database makes the database and gives its URL.
func Database(t testing.TB) string {
	t.Helper()
	url := postgres.URL(t)
	Execute(t, url, schema(t))
	Execute(t, url, rows)
	return url
}

// Empty makes the database without a row.
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

// schema makes statements of the list of columns.
func schema(t testing.TB) string {
	t.Helper()
	columns := map[string][]string{}
	var order []string
	lines := bufio.NewScanner(strings.NewReader(tables))
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 5 {
			t.Fatalf("tables.tsv: %q has not five fields", lines.Text())
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
