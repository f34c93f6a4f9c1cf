package bootstrap

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.uber.org/zap/zapcore"
)

// validValues are valid values of the settings whose default is not one, and of those that have none.
var validValues = map[string]string{
	"SECRET_KEY": "0123456789abcdef0123456789abcdef", "SECRET_KEY_PREVIOUS": "fedcba9876543210fedcba9876543210",
	"DATABASE_URL": "postgres://h/db", "DATABASE_DIRECT_URL": "postgres://direct/db", "DB_HOST": "h", "DB_NAME": "n", "DB_USER": "u",
	"DB_PASSWORD": "p", "AUTO_MIGRATE": "on", "CORS_ORIGINS": "https://a.example", "TRUSTED_PROXIES": "10.0.0.1",
	"EMAIL_HOST": "mail.example.org", "EMAIL_HOST_USER": "desk", "EMAIL_HOST_PASSWORD": "p", "ADMIN_EMAIL": "desk@example.org",
	"SITE_URL": "https://desk.example.org", "TEMPLATES_DIR": "templates", "DRAIN_SECONDS": "3",
	"WORK_ADDR": ":8001", "METRICS_ADDR": "127.0.0.1:9100",
}

// valid returns a valid value of every setting.
func valid(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for field := range reflect.TypeFor[Settings]().Fields() {
		name := field.Tag.Get("env")
		if name == "" {
			continue
		}
		all[name] = field.Tag.Get("envDefault")
		if v := validValues[name]; v != "" {
			all[name] = v
		}
		if all[name] == "" {
			t.Errorf("validValues has no value of %s", name)
		}
	}
	return all
}

// shown returns all values of settings, secrets and pointers included.
func shown(s Settings) string {
	var b strings.Builder
	for field, v := range reflect.ValueOf(s).Fields() {
		if !field.IsExported() {
			continue
		}
		switch x := v.Interface().(type) {
		case Secret:
			fmt.Fprintln(&b, field.Name, string(x))
		case *Switch:
			fmt.Fprintln(&b, field.Name, *x)
		case *int:
			fmt.Fprintln(&b, field.Name, *x)
		case zapcore.Level:
			fmt.Fprintln(&b, field.Name, x)
		default:
			fmt.Fprintf(&b, "%s %v\n", field.Name, x)
		}
	}
	return b.String()
}

func TestEverySettingCanBeReadFromAFile(t *testing.T) {
	values := valid(t)
	for name := range values {
		for _, source := range []string{"the environment", ".env"} {
			t.Run(name+" in "+source, func(t *testing.T) {
				dir := t.TempDir()
				var direct, byFile []string
				for other, value := range values {
					direct = append(direct, other+"="+value)
					if other != name {
						byFile = append(byFile, other+"="+value)
					}
				}
				path := filepath.Join(dir, "value")
				write(t, path, values[name]+"\n")
				if line := name + "_FILE=" + path; source == ".env" {
					write(t, filepath.Join(dir, ".env"), line+"\n")
				} else {
					byFile = append(byFile, line)
				}
				got, err := Load(dir, byFile)
				if err != nil {
					t.Fatal(err)
				}
				if want := load(t, direct...); shown(got) != shown(want) {
					t.Errorf("got\n%s\nwant\n%s", shown(got), shown(want))
				}
			})
		}
	}
}

func TestNoSettingHasTheNameOfAFileOfAnother(t *testing.T) {
	for _, name := range names() {
		if strings.HasSuffix(name, fileSuffix) {
			t.Errorf("%s", name)
		}
	}
}

func TestOneLineBreakIsRemovedFromTheFileOfASetting(t *testing.T) {
	for content, want := range map[string]string{
		"a secret": "a secret", "a secret\n": "a secret", "a secret\r\n": "a secret", "a secret\n\n": "a secret\n", " a\nb \n": " a\nb ",
		"a secret\r": "a secret\r", "'quoted $x #y'\n": "'quoted $x #y'",
	} {
		path := filepath.Join(t.TempDir(), "value")
		write(t, path, content)
		if s := load(t, "DB_PASSWORD_FILE="+path); string(s.DBPassword) != want {
			t.Errorf("%q is read as %q", content, string(s.DBPassword))
		}
	}
}

func TestWrongFileOfASettingIsNamedWithoutPathAndContent(t *testing.T) {
	const hidden = "hunter2hidden"
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, hidden+name)
		write(t, path, content)
		return path
	}
	closed := file("closed", hidden)
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	_, openErr := os.ReadFile(closed)
	for _, c := range []struct {
		situation, name, words string
		environ                []string
	}{
		{"both", "SECRET_KEY", "SECRET_KEY_FILE", []string{"SECRET_KEY=" + hidden, "SECRET_KEY_FILE=" + file("key", hidden)}},
		{"no file", "SECRET_KEY_FILE", "no such file", []string{"SECRET_KEY_FILE=" + filepath.Join(dir, hidden)}},
		{"the secret instead of its path", "SECRET_KEY_FILE", "no such file", []string{"SECRET_KEY_FILE=" + hidden}},
		{"a path that cannot exist", "SECRET_KEY_FILE", "cannot be read", []string{"SECRET_KEY_FILE=" + hidden + "\x00"}},
		{"a directory", "DB_PASSWORD_FILE", "regular file", []string{"DB_PASSWORD_FILE=" + dir}},
		{"a device", "DB_PASSWORD_FILE", "regular file", []string{"DB_PASSWORD_FILE=/dev/zero"}},
		{"a file that may not be read", "DB_PASSWORD_FILE", "permission denied", []string{"DB_PASSWORD_FILE=" + closed}},
		{"an empty file", "SECRET_KEY_FILE", "empty", []string{"SECRET_KEY_FILE=" + file("empty", "\n")}},
		{
			"a large file", "SECRET_KEY_FILE", "more than 65536 bytes",
			[]string{"SECRET_KEY_FILE=" + file("large", strings.Repeat(hidden, maxSettingFile/len(hidden)+1))},
		},
		{"a short key", "SECRET_KEY_FILE", "at least 16 bytes", []string{"SECRET_KEY_FILE=" + file("short", hidden)}},
		{"no mode", "MODE_FILE", "must be development or production", []string{"MODE_FILE=" + file("mode", hidden)}},
		{"no database", "DATABASE_URL_FILE", "", []string{"DATABASE_URL_FILE=" + file("url", "mysql://u:"+hidden+"@h/db")}},
		{
			"a password without a host in production", "DB_HOST", "remove DB_PASSWORD_FILE",
			[]string{"MODE=production", "SECRET_KEY=0123456789abcdef0123456789abcdef", "DB_PASSWORD_FILE=" + file("password", hidden)},
		},
		{"no number", "PAGE_SIZE_FILE", "PAGE_SIZE", []string{"PAGE_SIZE_FILE=" + file("page", hidden)}},
		{"no zone", "TIME_ZONE_FILE", "TIME_ZONE", []string{"TIME_ZONE_FILE=" + file("zone", hidden)}},
		{"no proxies", "TRUSTED_PROXIES_FILE", "TRUSTED_PROXIES", []string{"TRUSTED_PROXIES_FILE=" + file("proxies", hidden+"\nx")}},
	} {
		t.Run(c.situation, func(t *testing.T) {
			if c.words == "permission denied" && openErr == nil {
				t.Skip("this user may read every file")
			}
			_, err := Load(t.TempDir(), c.environ)
			var w *WrongSetting
			if !errors.As(err, &w) || w.Name != c.name || !strings.Contains(w.Problem, c.words) {
				t.Fatalf("want %s and %q, got %v", c.name, c.words, err)
			}
			if strings.Contains(err.Error(), hidden) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error shows too much: %v", err)
			}
		})
	}
}

func TestEmptyFileVariableCountsAsUnset(t *testing.T) {
	if s := load(t, "SECRET_KEY_FILE=", "SECRET_KEY=0123456789abcdef"); s.SecretKey != "0123456789abcdef" {
		t.Error("SECRET_KEY is not read")
	}
}
