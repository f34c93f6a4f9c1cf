package bootstrap

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

const productionKey = "SECRET_KEY=0123456789abcdef0123456789abcdef"

func TestProductionRefusesWhatWasForgotten(t *testing.T) {
	mail := []string{"EMAIL_HOST=mail.example.org", "ADMIN_EMAIL=desk@example.org"}
	for _, c := range []struct {
		situation, name string
		environ         []string
	}{
		{"a database name without a host", "DB_HOST", []string{"DB_NAME=n"}},
		{"a user without a host", "DB_HOST", []string{"DB_USER=u"}},
		{"a password without a host", "DB_HOST", []string{"DB_PASSWORD=hunter2hidden"}},
		{"a port without a host", "DB_HOST", []string{"DB_PORT=5432"}},
		{"a part that is left beside a URL", "DB_HOST", []string{"DATABASE_URL=postgres://h/db", "DB_NAME=n"}},
		{"mail without a site", "SITE_URL", append(mail, "DATABASE_URL=postgres://h/db")},
		{"mail with an empty site", "SITE_URL", append(mail, "DATABASE_URL=postgres://h/db", "SITE_URL=")},
	} {
		t.Run(c.situation, func(t *testing.T) {
			_, err := Load(t.TempDir(), append(c.environ, "MODE=production"))
			var w *WrongSetting
			if !errors.As(err, &w) || w.Name != c.name || strings.Contains(err.Error(), "hunter2hidden") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("want %s to be named, got %v", c.name, err)
			}
			load(t, c.environ...) // which is fine outside of production
		})
	}
}

func TestProductionAcceptsCompleteSettings(t *testing.T) {
	for _, environ := range [][]string{
		{"DB_HOST=h", "DB_NAME=n", "DB_USER=u", "DB_PASSWORD=p", "DB_PORT=5432"},
		{"DATABASE_URL=postgres://h/db", "DB_MAX_CONNS=5", "DB_PREPARED=off"},
		{"DATABASE_URL=postgres://h/db", "EMAIL_HOST=mail.example.org", "ADMIN_EMAIL=desk@example.org", "SITE_URL=http://localhost:8000"},
	} {
		load(t, append(environ, "MODE=production", productionKey)...)
	}
}

func TestProductionUsesTheEmbeddedDatabaseOnlyIfItIsNamed(t *testing.T) {
	dir := t.TempDir()
	for _, command := range [][]string{{"serve"}, {"work"}, {"migrate", "up"}, {"seed"}, {"jobs", "failed"}} {
		var errs bytes.Buffer
		c := Console{
			In: os.Stdin, Out: &errs, Err: &errs, Dir: dir, Environ: []string{"MODE=production", productionKey, "DATA_DIR=" + dir + "/var"},
		}
		if code := c.Run(t.Context(), command); code != exitUsage || strings.Count(errs.String(), "\n") != 1 ||
			!strings.HasPrefix(errs.String(), "tickt: DATABASE_URL: ") {
			t.Errorf("%v: exit code %d: %s", command, code, &errs)
		}
	}
	if left, _ := filepath.Glob(dir + "/*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	var out bytes.Buffer
	c := Console{
		In: os.Stdin, Out: &out, Err: &out, Dir: dir,
		Environ: []string{"MODE=production", productionKey, "DATABASE_URL=sqlite:" + filepath.Join(dir, "named.db")},
	}
	if code := c.Run(t.Context(), []string{"migrate", "up"}); code != exitOK {
		t.Errorf("exit code %d: %s", code, &out)
	}
}

func TestProductionWarnsOnceOfPostgresWithoutTLSOnAnotherHost(t *testing.T) {
	for _, c := range []struct {
		warns, database, direct string
	}{
		{"DATABASE_URL", "postgres://u:hush@db.example.org/d", ""}, // prefer is the default
		{"DATABASE_URL", "postgres://u:hush@db.example.org/d?sslmode=disable", "postgres://db.example.org/d"},
		{"DATABASE_URL", "postgres://db.example.org/d?sslmode=allow", ""},
		{"DATABASE_URL", "postgres://db.example.org/d?sslmode=prefer", ""},
		{"DATABASE_URL", "postgres://192.0.2.1/d", ""},
		{"DATABASE_URL", "postgres://localhost,db.example.org/d", ""},
		{"DATABASE_URL", "postgres:///d?host=db.example.org", ""},
		{"DATABASE_DIRECT_URL", "postgres://localhost/d", "postgres://db.example.org/d"},
		{"", "postgres://db.example.org/d?sslmode=require", ""},
		{"", "postgres://db.example.org/d?sslmode=verify-full", ""},
		{"", "postgres://db.example.org,other.example.org/d?sslmode=verify-ca", ""},
		{"", "postgres://localhost/d", ""},
		{"", "postgres://127.0.0.7/d?sslmode=disable", ""},
		{"", "postgres://[::1]/d", ""},
		{"", "postgres:///d?host=/var/run/postgresql", ""},
		{"", "sqlite:somewhere.db", ""},
	} {
		environ := []string{productionKey, "DATABASE_URL=" + c.database, "DATABASE_DIRECT_URL=" + c.direct}
		wantPlaintext(t, load(t, append(environ, "MODE=production")...), c.warns)
		wantPlaintext(t, load(t, environ...), "")
	}
	parts := []string{productionKey, "MODE=production", "DB_NAME=n", "DB_USER=u", "DB_PASSWORD=hush"}
	wantPlaintext(t, load(t, append(parts, "DB_HOST=db.example.org")...), "DB_HOST")
	wantPlaintext(t, load(t, append(parts, "DB_HOST=localhost")...), "")
}

// wantPlaintext checks that exactly one warning names the setting, or that there is none if it is "".
func wantPlaintext(t *testing.T, s Settings, setting string) {
	t.Helper()
	core, lines := observer.New(zapcore.InfoLevel)
	s.warnOfPlaintext(zap.New(core))
	if setting == "" {
		if lines.Len() != 0 {
			t.Errorf("%s: %v", string(s.DatabaseURL), lines.All())
		}
		return
	}
	if lines.Len() != 1 || lines.All()[0].Level != zapcore.WarnLevel || lines.All()[0].ContextMap()["setting"] != setting ||
		strings.Contains(lines.All()[0].Message, "hush") {
		t.Errorf("%s: %v, want a warning of %s", string(s.DatabaseURL), lines.All(), setting)
	}
}
