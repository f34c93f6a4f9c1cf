package postgres_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"tickt/test/postgres"
)

func TestCopyHasTheDataOfItsOriginal(t *testing.T) {
	original := postgres.URL(t)
	c := connect(t, original)
	if _, err := c.Exec(t.Context(), "CREATE TABLE thing AS SELECT 7 AS id"); err != nil {
		t.Fatal(err)
	}
	_ = c.Close(t.Context())
	var id int
	if err := connect(t, postgres.Copy(t, original)).QueryRow(t.Context(), "SELECT id FROM thing").Scan(&id); err != nil || id != 7 {
		t.Errorf("%d, %v", id, err)
	}
}

const askedToLeave = "TEST_LEAVES_A_DATABASE"

func TestLastingDatabaseIsDroppedAfterItsProcessEnds(t *testing.T) {
	if os.Getenv(askedToLeave) != "" {
		t.Logf("left %s", lasting(t))
		return
	}
	server := started(t).URL
	leave := func() string {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", "^"+t.Name()+"$")
		c.Env = append(without(postgres.Variable), postgres.Variable+"="+server, askedToLeave+"=yes")
		out, err := c.CombinedOutput()
		_, left, found := strings.Cut(string(out), "left ")
		if err != nil || !found {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.Fields(left)[0]
	}
	first := leave()
	_ = connect(t, first).Close(t.Context()) // the database still exists
	second := leave()
	var left int
	err := connect(t, second).QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname LIKE 'tickt_lasting_%'").Scan(&left)
	if left != 1 || err != nil {
		t.Errorf("%d lasting databases exist, %v; want 1", left, err)
	}
}

func lasting(t *testing.T) string {
	t.Helper()
	database, err := postgres.Lasting(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return database
}
