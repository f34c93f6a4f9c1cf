package bootstrap

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/zap/zapcore"
)

func TestDefaults(t *testing.T) {
	s := load(t)
	if s.DatabaseURL != "sqlite:var/tickt.db" || s.DatabaseDirectURL != s.DatabaseURL || !bool(*s.AutoMigrate) {
		t.Errorf("database %q, direct %q, migrate %v", string(s.DatabaseURL), string(s.DatabaseDirectURL), *s.AutoMigrate)
	}
	if s.HTTPAddr != ":8000" || s.PageSize != 10 || s.Zone.String() != "UTC" || s.PhoneRegion != "NP" ||
		s.LogLevel.Level != zapcore.InfoLevel {
		t.Errorf("defaults: %+v", s)
	}
	if !bool(s.DBPrepared) || !bool(s.Workers) || s.DBMaxConns != 20 || s.CORSOrigins != nil || s.TrustedProxies != nil {
		t.Errorf("defaults: %+v", s)
	}
}

func TestOnlyProductionDrainsByDefault(t *testing.T) {
	const key, database = "SECRET_KEY=0123456789abcdef0123456789abcdef", "DATABASE_URL=postgres://h/db"
	for want, environ := range map[int][]string{
		0: {"MODE=development"}, 5: {"MODE= Production ", key, database}, 3: {"DRAIN_SECONDS=3"},
		1: {"MODE=production", key, database, "DRAIN_SECONDS=1"},
	} {
		if got := *load(t, environ...).DrainSeconds; got != want {
			t.Errorf("%q: %d seconds, want %d", environ, got, want)
		}
	}
}

func TestEmptyVariableCountsAsUnset(t *testing.T) {
	s := load(t, "DATABASE_URL=", "AUTO_MIGRATE=", "PAGE_SIZE=", "TIME_ZONE=", "SECRET_KEY=", "TRUSTED_PROXIES=", "MODE=")
	if want := load(t); cmp.Diff(plain(want), plain(s)) != "" {
		t.Error(cmp.Diff(plain(want), plain(s)))
	}
}

func TestDatabasePartsBecomeOneURL(t *testing.T) {
	s := load(t, "DB_HOST=db.example.org", "DB_PORT=6432", "DB_NAME=desk/one", "DB_USER=us er", `DB_PASSWORD=p@:/?#%w'"d`)
	c, err := pgconn.ParseConfig(string(s.DatabaseURL))
	if err != nil {
		t.Fatal(err)
	}
	if c.Host != "db.example.org" || c.Port != 6432 || c.Database != "desk/one" || c.User != "us er" || c.Password != `p@:/?#%w'"d` {
		t.Errorf("got %s %d %s %s %s", c.Host, c.Port, c.Database, c.User, c.Password)
	}
	if *s.AutoMigrate {
		t.Error("AUTO_MIGRATE is on")
	}
}

func TestDatabaseHostMayBeASocketOrAnIPv6Address(t *testing.T) {
	for _, host := range []string{"/var/run/postgresql", "::1"} {
		s := load(t, "DB_HOST="+host, "DB_NAME=n", "DB_USER=u")
		c, err := pgconn.ParseConfig(string(s.DatabaseURL))
		if err != nil || c.Host != host || c.Port != 5432 {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestDatabaseURLTakesPrecedenceOverParts(t *testing.T) {
	for given, want := range map[string]string{
		"postgres://u:p@h/db":   "postgres://u:p@h/db",
		"postgresql://u@h:1/db": "postgresql://u@h:1/db",
		"sqlite:some/where.db":  "sqlite:some/where.db",
		"sqlite:/some/where.db": "sqlite:/some/where.db",
		"sqlite:///some/wh.db":  "sqlite:/some/wh.db",
	} {
		if s := load(t, "DATABASE_URL="+given, "DB_HOST=h", "DB_NAME=n", "DB_USER=u"); string(s.DatabaseURL) != want {
			t.Errorf("%s became %s", given, string(s.DatabaseURL))
		}
	}
}

func TestEnvironmentTakesPrecedenceOverFile(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".env", "PAGE_SIZE=7\nCOMPANY_NAME='Desk $1 # one'\nDEBUG=True\n")
	s, err := Load(".", []string{"PAGE_SIZE=8"})
	if err != nil || s.PageSize != 8 || s.CompanyName != "Desk $1 # one" {
		t.Errorf("page size %d, company %q, %v", s.PageSize, s.CompanyName, err)
	}
}

func TestExampleFileIsValid(t *testing.T) {
	example, err := os.ReadFile("../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"as it is":        string(example),
		"without its #":   strings.ReplaceAll(string(example), "\n#", "\n"),
		"for PostgreSQL ": "DB_HOST=h\nDB_NAME=n\nDB_USER=u\n",
	} {
		dir := t.TempDir()
		lines := []string{}
		for line := range strings.Lines(text) {
			if key, _, ok := strings.Cut(line, "="); ok && !strings.ContainsAny(key, " #") || strings.HasPrefix(line, "#") {
				lines = append(lines, line)
			}
		}
		write(t, filepath.Join(dir, ".env"), strings.Join(lines, ""))
		if _, err := Load(dir, []string{"DB_NAME=n", "DB_USER=u"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestListsMayContainSpaces(t *testing.T) {
	s := load(t, "TRUSTED_PROXIES= 10.1.2.3/8 ,192.0.2.7, 2001:db8::1,", "CORS_ORIGINS=https://a.example, http://b.example:8080")
	want := Networks{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("2001:db8::1/128")}
	if fmt.Sprint(s.TrustedProxies) != fmt.Sprint(want) {
		t.Errorf("proxies %v, want %v", s.TrustedProxies, want)
	}
	if diff := cmp.Diff(Origins{"https://a.example", "http://b.example:8080"}, s.CORSOrigins); diff != "" {
		t.Error(diff)
	}
}

func TestWrongSettingIsNamedWithoutSecrets(t *testing.T) {
	const hidden = "hunter2hidden"
	for _, c := range []struct {
		situation, name string
		environ         []string
	}{
		{"a misspelled mode", "MODE", []string{"MODE=prodution"}},
		{"a short key", "SECRET_KEY", []string{"SECRET_KEY=" + hidden}},
		{"a key too short for production", "SECRET_KEY", []string{"MODE=production", "SECRET_KEY=" + hidden + hidden}},
		{"a short previous key", "SECRET_KEY_PREVIOUS", []string{"SECRET_KEY_PREVIOUS=" + hidden}},
		{"an unsupported database", "DATABASE_URL", []string{"DATABASE_URL=mysql://u:" + hidden + "@h/db"}},
		{"a password that is not escaped", "DATABASE_URL", []string{"DATABASE_URL=postgres://u:" + hidden + "%@h/db"}},
		{"an invalid port in a URL", "DATABASE_URL", []string{"DATABASE_URL=postgres://u:" + hidden + "@h:x/db"}},
		{"a file without a path", "DATABASE_URL", []string{"DATABASE_URL=sqlite:"}},
		{"a database in memory", "DATABASE_URL", []string{"DATABASE_URL=sqlite::memory:"}},
		{"a file on a host", "DATABASE_URL", []string{"DATABASE_URL=sqlite://var/tickt.db"}},
		{"a direct URL beside a file", "DATABASE_DIRECT_URL", []string{"DATABASE_DIRECT_URL=postgres://h/db"}},
		{"an unreadable direct URL", "DATABASE_DIRECT_URL", []string{"DATABASE_URL=postgres://h/db", "DATABASE_DIRECT_URL=" + hidden}},
		{"a host without a database", "DB_NAME", []string{"DB_HOST=h", "DB_USER=u", "DB_PASSWORD=" + hidden}},
		{"a host without a user", "DB_USER", []string{"DB_HOST=h", "DB_NAME=n"}},
		{"a port that is no number", "DB_PORT", []string{"DB_PORT=many"}},
		{"a port too high", "DB_PORT", []string{"DB_PORT=65536"}},
		{"no connections", "DB_MAX_CONNS", []string{"DB_MAX_CONNS=0"}},
		{"neither on nor off", "DB_PREPARED", []string{"DB_PREPARED=maybe"}},
		{"workers neither on nor off", "WORKERS", []string{"WORKERS=many"}},
		{"neither on nor off, optional", "AUTO_MIGRATE", []string{"AUTO_MIGRATE=maybe"}},
		{"an address without a port", "HTTP_ADDR", []string{"HTTP_ADDR=localhost"}},
		{"an address with a bad port", "HTTP_ADDR", []string{"HTTP_ADDR=:99999"}},
		{"workers at a name", "WORK_ADDR", []string{"WORK_ADDR=localhost"}},
		{"metrics at a name", "METRICS_ADDR", []string{"METRICS_ADDR=private"}},
		{"metrics at a relative path", "METRICS_ADDR", []string{"METRICS_ADDR=var/metrics.sock"}},
		{"an origin with a path", "CORS_ORIGINS", []string{"CORS_ORIGINS=https://a.example/x"}},
		{"any origin and another", "CORS_ORIGINS", []string{"CORS_ORIGINS=*,https://a.example"}},
		{"a proxy that is a name", "TRUSTED_PROXIES", []string{"TRUSTED_PROXIES=10.0.0.1,proxy"}},
		{"a negative limit", "CONNS_PER_ADDRESS", []string{"CONNS_PER_ADDRESS=-1"}},
		{"a drain that is too long", "DRAIN_SECONDS", []string{"DRAIN_SECONDS=31"}},
		{"a negative drain", "DRAIN_SECONDS", []string{"DRAIN_SECONDS=-1"}},
		{"a page too big", "PAGE_SIZE", []string{"PAGE_SIZE=101"}},
		{"a page too small", "PAGE_SIZE", []string{"PAGE_SIZE=0"}},
		{"an unknown zone", "TIME_ZONE", []string{"TIME_ZONE=Mars/Olympus"}},
		{"the zone of the machine", "TIME_ZONE", []string{"TIME_ZONE=Local"}},
		{"an unknown region", "PHONE_REGION", []string{"PHONE_REGION=XX"}},
		{"an unknown level", "LOG_LEVEL", []string{"LOG_LEVEL=loud"}},
		{"a level that would hide errors", "LOG_LEVEL", []string{"LOG_LEVEL=fatal"}},
		{"a mail host that is a URL", "EMAIL_HOST", []string{"EMAIL_HOST=smtp://mail.example.org"}},
		{"a negative mail port", "EMAIL_PORT", []string{"EMAIL_PORT=-1"}},
		{"mail encryption neither on nor off", "EMAIL_USE_TLS", []string{"EMAIL_USE_TLS=starttls"}},
		{"an invalid address", "ADMIN_EMAIL", []string{"ADMIN_EMAIL=nobody"}},
		{"mail without sender", "ADMIN_EMAIL", []string{"EMAIL_HOST=mail.example.org", "EMAIL_HOST_USER=desk", "EMAIL_HOST_PASSWORD=" + hidden}},
		{
			"a mail password without a user", "EMAIL_HOST_USER",
			[]string{"EMAIL_HOST=mail.example.org", "ADMIN_EMAIL=desk@example.org", "EMAIL_HOST_PASSWORD=" + hidden},
		},
		{"a mail user without a password", "EMAIL_HOST_PASSWORD", []string{"EMAIL_HOST=mail.example.org", "EMAIL_HOST_USER=desk@example.org"}},
		{"a company on two lines", "COMPANY_NAME", []string{"COMPANY_NAME=Desk\nBcc: " + hidden}},
		{"a company that is not text", "COMPANY_NAME", []string{"COMPANY_NAME=Desk \xff" + hidden}},
		{"a site without a scheme", "SITE_URL", []string{"SITE_URL=desk.example.org"}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			_, err := Load(t.TempDir(), c.environ)
			var w *WrongSetting
			if !errors.As(err, &w) || w.Name != c.name {
				t.Fatalf("want %s to be named, got %v", c.name, err)
			}
			if strings.Contains(err.Error(), hidden) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error shows too much: %v", err)
			}
		})
	}
}

func TestSenderOfMail(t *testing.T) {
	for want, environ := range map[string][]string{
		"admin@example.org": {"ADMIN_EMAIL=admin@example.org", "EMAIL_HOST_USER=desk@example.org"},
		"desk@example.org":  {"EMAIL_HOST=mail.example.org", "EMAIL_HOST_USER=desk@example.org", "EMAIL_HOST_PASSWORD=x"},
		"":                  {"EMAIL_HOST_USER=desk"},
	} {
		s := load(t, environ...)
		if got := s.sender(); got != want {
			t.Errorf("%v: %q, want %q", environ, got, want)
		}
	}
}

func TestUnreadableFileDoesNotShowItsLines(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".env"), "SECRET_KEY hunter2hidden\n")
	if _, err := Load(dir, nil); err == nil || strings.Contains(err.Error(), "hunter2hidden") || !strings.Contains(err.Error(), ".env") {
		t.Errorf("got %v", err)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	s := load(t, "SECRET_KEY=0123456789abcdef", "SECRET_KEY_PREVIOUS=0123456789abcdef",
		"DATABASE_URL=postgres://u:0123456789abcdef@h/db", "EMAIL_HOST_PASSWORD=0123456789abcdef")
	if text := fmt.Sprintf("%v %+v %#v %s", s, s, s, s.SecretKey); strings.Contains(text, "0123456789abcdef") {
		t.Error(text)
	}
}

func load(t *testing.T, environ ...string) Settings {
	t.Helper()
	s, err := Load(t.TempDir(), environ)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain returns settings in a form that can be compared.
func plain(s Settings) map[string]any {
	return map[string]any{
		"database": string(s.DatabaseURL), "migrate": bool(*s.AutoMigrate), "page": s.PageSize, "zone": s.Zone.String(),
		"key": string(s.SecretKey), "proxies": len(s.TrustedProxies), "mode": s.Mode,
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
