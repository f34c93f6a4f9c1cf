package journey

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tickt/test/postgres"
)

// TestServiceNeedsNoMoreThanTheDocumentedRole runs the statements of docs/operate.md with other names, migrates as the owner and
// serves as the other role.
func TestServiceNeedsNoMoreThanTheDocumentedRole(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "operate.md"))
	if err != nil {
		t.Fatal(err)
	}
	admin := postgres.URL(t)
	name := "tickt_role_" + strings.ToLower(rand.Text())
	var blocks []string
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		if m[1] == "sql" {
			blocks = append(blocks, strings.ReplaceAll(m[2], "tickt", name))
		}
	}
	if len(blocks) != 2 {
		t.Fatalf("docs/operate.md has %d blocks of SQL", len(blocks))
	}
	t.Cleanup(func() {
		for _, statement := range []string{
			"DROP DATABASE IF EXISTS %s WITH (FORCE)", "DROP ROLE IF EXISTS %s_app", "DROP ROLE IF EXISTS %s_owner",
		} {
			if err := execute(context.Background(), admin, fmt.Sprintf(statement, name)); err != nil {
				t.Error(err)
			}
		}
	})
	as := func(user, password string) string {
		u, err := url.Parse(admin)
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + name
		if user != "" {
			u.User = url.UserPassword(name+user, password)
		}
		return u.String()
	}
	for i, server := range []string{admin, as("", "")} {
		if err := execute(t.Context(), server, blocks[i]); err != nil {
			t.Fatalf("%v: %s", err, blocks[i])
		}
	}
	owner, app := as("_owner", "change-me-1"), as("_app", "change-me-2")

	d := newDesk(t, "DATABASE_URL="+app)
	d.with("DATABASE_DIRECT_URL="+owner).do(t, "", "migrate", "up")
	d.do(t, "", "seed")
	d.do(t, password+"\n", superuser(username)...)
	s := d.serve(t)
	takeTour(t, s, shells[0], "") // creates, changes, deletes, signs in and out, and adds a job
	s.want(t, http.StatusOK, http.MethodGet, "/readyz", "", "")
	s.stop(t)
	if log := s.logged(); strings.Contains(log, `"level":"error"`) || strings.Contains(log, "permission denied") {
		t.Errorf("the log has errors: %s", log)
	}
	d.do(t, "", "check")
	for _, statement := range []string{
		"CREATE TABLE mine (n int)", "DROP TABLE sessions", "TRUNCATE sessions", "ALTER TABLE tickets DISABLE TRIGGER USER",
	} {
		if err := execute(t.Context(), app, statement); err == nil {
			t.Errorf("the role that serves may %s", statement)
		}
	}
}

// execute runs statements on a new connection, each in a transaction of its own.
func execute(ctx context.Context, database, statements string) error {
	c, err := pgx.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	for statement := range strings.SplitSeq(statements, ";\n") {
		if _, err := c.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
