package bootstrap

import (
	"strings"
	"testing"

	"go.uber.org/zap/zapcore"
)

func fieldsOf(fields []zapcore.Field) map[string]any {
	e := zapcore.NewMapObjectEncoder()
	for _, f := range fields {
		f.AddTo(e)
	}
	return e.Fields
}

func TestStartLineNamesTheDatabaseWithoutPassword(t *testing.T) {
	for database, want := range map[string]string{
		"sqlite:some/where.db":                                    "SQLite some/where.db",
		"postgres://u:hush@db.example.org:6432/desk":              "PostgreSQL db.example.org:6432/desk",
		"postgres://u:hush@a.example,b.example:6/desk":            "PostgreSQL a.example:5432,b.example:6/desk",
		"postgres://u:hush@[::1]/desk?sslmode=disable":            "PostgreSQL [::1]:5432/desk",
		"postgres:///desk?host=/run/postgresql&password=hush":     "PostgreSQL /run/postgresql/.s.PGSQL.5432/desk",
		"postgres://db.example.org/desk?user=u&password=hush%2Fx": "PostgreSQL db.example.org:5432/desk",
	} {
		s := load(t, "DATABASE_URL="+database)
		got := fieldsOf(s.startFields(preparedSchema{version: 12}))
		if text := got["engine"].(string) + " " + got["database"].(string); text != want || strings.Contains(text, "hush") {
			t.Errorf("%s: %s, want %s", database, text, want)
		}
		if got["schema"] != int64(12) || got["version"] == "" || got["mode"] != "development" {
			t.Errorf("%v", got)
		}
	}
}

func TestStartLineLinksToTheReferencePage(t *testing.T) {
	for _, c := range []struct{ address, site, link string }{
		{"", "", "http://localhost:8000/api/docs/"},
		{":9000", "", "http://localhost:9000/api/docs/"},
		{"0.0.0.0:9000", "", "http://localhost:9000/api/docs/"},
		{"[::]:9000", "", "http://localhost:9000/api/docs/"},
		{"127.0.0.1:9000", "", "http://localhost:9000/api/docs/"},
		{"192.0.2.1:80", "", "http://192.0.2.1:80/api/docs/"},
		{"[2001:db8::1]:80", "", "http://[2001:db8::1]:80/api/docs/"},
		{":9000", "https://desk.example.org/", "https://desk.example.org/api/docs/"},
		{"127.0.0.1:0", "https://desk.example.org", "https://desk.example.org/api/docs/"},
	} {
		s := load(t, "HTTP_ADDR="+c.address, "SITE_URL="+c.site)
		if got := fieldsOf(s.listens()); got["link"] != c.link || got["address"] != s.HTTPAddr {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if got := fieldsOf(load(t, "HTTP_ADDR=127.0.0.1:0").listens()); len(got) != 1 {
		t.Errorf("the port is not known, but the line has %v", got)
	}
}

func TestStartLineOfWorkHasTheAddressOfItsProbe(t *testing.T) {
	if got := fieldsOf(load(t).listensForProbes()); len(got) != 0 {
		t.Errorf("without WORK_ADDR: %v", got)
	}
	if got := fieldsOf(load(t, "WORK_ADDR=127.0.0.1:8001").listensForProbes()); got["address"] != "127.0.0.1:8001" {
		t.Errorf("with WORK_ADDR: %v", got)
	}
}
