package backup

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeTool writes a program that prints a version.
func fakeTool(t *testing.T, version string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	script := "#!/bin/sh\necho 'pg_fake (PostgreSQL) " + version + "'\n"
	if err := os.WriteFile(filepath.Join(folder, "pg_fake"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestToolIsNotOlderThanTheServer(t *testing.T) {
	old, fit, newer := fakeTool(t, "14.9"), fakeTool(t, "16.1 (Debian 16.1-1)"), fakeTool(t, "18beta1")
	env := []string{"PATH=" + strings.Join([]string{newer, "relative", old, fit}, string(filepath.ListSeparator))}
	for server, want := range map[int]string{14: old, 15: fit, 16: fit, 17: newer} {
		if path, err := tool(t.Context(), env, "pg_fake", server); err != nil || filepath.Dir(path) != want {
			t.Errorf("for a server of version %d: %s, %v; want %s", server, path, err, want)
		}
	}
	_, err := tool(t.Context(), env, "pg_fake", 19)
	if err == nil || !strings.Contains(err.Error(), "pg_fake 18 is older than the server, which is PostgreSQL 19: install") {
		t.Errorf("too old: %v", err)
	}
	_, err = tool(t.Context(), nil, "pg_fake", 15)
	if err == nil || !strings.Contains(err.Error(), "pg_fake is missing: install the client programs of PostgreSQL 15") {
		t.Errorf("missing: %v", err)
	}
}

func TestPasswordsGoIntoTheEnvironment(t *testing.T) {
	for _, url := range []string{
		"postgres://desk:hid%25den@db.example.org:5433/tickt?sslmode=require&pool_max_conns=3&statement_timeout=5",
		"postgres://desk@db.example.org:5433/tickt?sslmode=require&password=hid%25den&default_query_exec_mode=exec",
	} {
		clean, env, err := libpq(url, []string{"A=b"})
		if err != nil || clean != "postgres://desk@db.example.org:5433/tickt?sslmode=require" {
			t.Errorf("%s, %v", clean, err)
		}
		if got := strings.Join(env, " "); got != "A=b PGPASSWORD=hid%den" {
			t.Errorf("the environment is %s", got)
		}
	}
	if _, _, err := libpq("postgres://a:hidden@[", nil); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("got %v", err)
	}
}

func TestSettingOfANewerServerIsLeftOut(t *testing.T) {
	var out strings.Builder
	const setting = "SET transaction_timeout = 0;\n"
	script := "--\nSET statement_timeout = 0;\n" + setting + "SELECT 1;\n" + strings.Repeat("x\n", 100) + setting + "end"
	if err := copyScript(&out, strings.NewReader(script)); err != nil || out.String() != strings.Replace(script, setting, "", 1) {
		t.Errorf("%v: %s", err, out.String())
	}
}
