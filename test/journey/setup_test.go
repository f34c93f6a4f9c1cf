package journey

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestTicketSurvivesARestartAfterSetUp(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		s.want(t, http.StatusOK, http.MethodGet, "/healthz", "", "")
		s.want(t, http.StatusOK, http.MethodGet, "/readyz", "", "")
		d.with("HTTP_ADDR="+strings.TrimPrefix(s.url, "http://")).do(t, "", "healthcheck")
		signedIn := s.login(t)
		opened := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", signedIn.AccessToken, aTicket))
		path := "/api/ticket/" + opened.ReferenceID + "/"
		s.want(t, http.StatusOK, http.MethodGet, path, signedIn.AccessToken, "")
		s.stop(t)
		for _, secret := range []string{password, signedIn.AccessToken, signedIn.RefreshToken} {
			if strings.Contains(s.logged(), secret) {
				t.Errorf("the log contains a secret: %s", s.logged())
			}
		}

		s = d.serve(t)
		// the token is still valid, so the key was stored too
		read := dataOf[ticketRef](t, s.want(t, http.StatusOK, http.MethodGet, path, signedIn.AccessToken, ""))
		if read != opened {
			t.Errorf("got %+v, want %+v", read, opened)
		}
		s.stop(t)
	})
}

func TestServeRefusesPendingMigrationsWithoutAutoMigrate(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		o := d.with("AUTO_MIGRATE=off").run(t, "", "serve")
		if o.code != 1 || strings.Count(o.err, "\n") != 1 || !strings.Contains(o.err, "migrat") {
			t.Fatalf("exit code %d: %q", o.code, o.err)
		}
		s := d.with("AUTO_MIGRATE=on").serve(t)
		s.want(t, http.StatusOK, http.MethodGet, "/readyz", "", "")
		s.stop(t)

		d.do(t, password, superuser(username)...)
		s = d.with("AUTO_MIGRATE=off").serve(t)
		s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", s.login(t).AccessToken, aTicket) // serve has added the seeds
		d.revert(t)
		s.want(t, http.StatusServiceUnavailable, http.MethodGet, "/readyz", "", "")
		s.stop(t)
	})
}

func TestOnlySQLiteIsMigratedByDefault(t *testing.T) {
	newDesk(t).serve(t).stop(t)
	if o := onPostgres(t).run(t, "", "serve"); o.code != 1 {
		t.Errorf("exit code %d: %s", o.code, o.err)
	}
}

func TestReplicasStartTogetherOnANewDatabase(t *testing.T) {
	d := onPostgres(t).with("AUTO_MIGRATE=on")
	var replicas [3]*service
	var wg sync.WaitGroup
	for i := range replicas {
		wg.Go(func() { replicas[i] = d.serve(t) })
	}
	wg.Wait()
	for _, s := range replicas {
		if s == nil {
			t.Fatal("a replica does not serve")
		}
		s.want(t, http.StatusOK, http.MethodGet, "/readyz", "", "")
	}
}

func TestDuplicateSuperuserIsAOneLineError(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		o := d.run(t, password, superuser("ADMIN")...)
		if o.code != 1 || !strings.Contains(o.err, "Username already exists.") || strings.Count(o.err, "\n") != 1 {
			t.Errorf("exit code %d: %q", o.code, o.err)
		}
		if strings.Contains(o.err, password) {
			t.Error("the error contains the password")
		}
	})
}

func TestIfNoneGeneratesAPasswordOnlyForTheFirstSuperuser(t *testing.T) {
	d := newDesk(t)
	d.do(t, "", "migrate", "up")
	create := slices.Concat(superuser(username)[:7], []string{"--generate-password", "--if-none"})
	printed := d.do(t, "", create...)
	_, generated, found := strings.Cut(strings.TrimSpace(printed), "shown only once: ")
	if !found || len(generated) < 20 {
		t.Fatalf("printed %q", printed)
	}
	if again := d.do(t, "", create...); again != "" {
		t.Errorf("the second call printed %q", again)
	}
	s := d.serve(t)
	s.want(t, http.StatusOK, http.MethodPost, "/api/auth/login/", "", credentials(generated))
}

func TestExitCodesDistinguishFailureFromMisuse(t *testing.T) {
	for _, c := range []struct {
		name     string
		settings string
		args     []string
		code     int
		message  string
	}{
		{"the version", "", []string{"version"}, 0, ""},
		{"the version by a flag", "", []string{"--version"}, 0, ""},
		{"the version by a letter", "", []string{"-v"}, 0, ""},
		{"help", "", []string{"--help"}, 0, ""},
		{"help by a command", "", []string{"help"}, 0, ""},
		{"help of a command", "", []string{"help", "migrate", "down"}, 0, ""},
		{"help of an unknown command", "", []string{"help", "dance"}, 2, "dance"},
		{"an unknown command", "", []string{"dance"}, 2, "dance"},
		{"an unknown flag", "", []string{"serve", "--dance"}, 2, "--dance"},
		{"an incomplete command", "", []string{"migrate"}, 2, "status"},
		{"an incomplete secret command", "", []string{"secret"}, 2, "accept"},
		{"an unknown secret command", "", []string{"secret", "show"}, 2, "show"},
		{"accepting with an argument", "", []string{"secret", "accept", "key"}, 2, "key"},
		{"accepting with an unknown flag", "", []string{"secret", "accept", "--yes"}, 2, "--yes"},
		{"accepting without a schema", "", []string{"secret", "accept"}, 1, "migrate"},
		{"missing flags without a terminal", "", []string{"createsuperuser", "--username", "a"}, 2, "--email, --password-stdin or --generate"},
		{"two passwords", "", append(superuser("a"), "--generate-password"), 2, "--generate-password"},
		{"an empty password", "", superuser("a"), 2, "--password-stdin"},
		{"a wrong level", "LOG_LEVEL=loud", []string{"migrate", "up"}, 2, "LOG_LEVEL: must be debug, info, warn or error"},
		{"a wrong format", "LOG_FORMAT=xml", []string{"check"}, 2, "LOG_FORMAT: must be auto, json or text"},
		{"an unknown account", "", []string{"account", "unlock", "ghost"}, 1, "migrat"},
		{"a number that is none", "", []string{"jobs", "retry", "x"}, 2, "x"},
		{"no tickets", "", []string{"demo", "--tickets=-1"}, 2, "cannot be negative"},
		{"an address that is none", "", []string{"mail", "test", "--to", "zoe"}, 2, "--to"},
		{"a version below zero", "", []string{"migrate", "down", "--to=-1"}, 2, "--to"},
		{"a wrong setting", "PAGE_SIZE=many", []string{"serve"}, 2, "PAGE_SIZE"},
		{"production without a key", "MODE=production", []string{"serve"}, 2, "SECRET_KEY"},
		{"an unreachable database", "DATABASE_URL=postgres://nobody:hidden@127.0.0.1:1/none", []string{"serve"}, 1, "127.0.0.1"},
		{"an unreachable service", "HTTP_ADDR=127.0.0.1:1", []string{"healthcheck"}, 1, "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			if strings.Contains(c.name, "password") {
				d.do(t, "", "migrate", "up")
			}
			o := d.with(c.settings).run(t, "", c.args...)
			if o.code != c.code || !strings.Contains(o.err, c.message) {
				t.Errorf("exit code %d, want %d: %q", o.code, c.code, o.err)
			}
			if c.code != 0 && strings.Count(o.err, "\n") != 1 || strings.Contains(o.err, "hidden") {
				t.Errorf("want one line without secrets: %q", o.err)
			}
		})
	}
}

func TestServeFailsIfThePortIsTaken(t *testing.T) {
	first := newDesk(t).serve(t)
	o := newDesk(t, "LOG_LEVEL=error").with("HTTP_ADDR="+strings.TrimPrefix(first.url, "http://")).run(t, "", "serve")
	if o.code != 1 || !strings.Contains(o.err, "address already in use") {
		t.Errorf("exit code %d: %s", o.code, o.err)
	}
}

func TestSettingsAreReadFromDotEnv(t *testing.T) {
	d := newDesk(t)
	if err := os.Mkdir(filepath.Join(d.dir, "else"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := fmt.Sprintf("DATABASE_URL=sqlite:%s\n", filepath.Join(d.dir, "else", "where.db"))
	if err := os.WriteFile(filepath.Join(d.dir, ".env"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	d.do(t, "", "migrate", "up")
	if _, err := os.Stat(filepath.Join(d.dir, "else", "where.db")); err != nil {
		t.Error(err)
	}
}

func TestMistypedPathIsAnErrorOfOneLine(t *testing.T) {
	for _, command := range [][]string{{"serve"}, {"work"}, {"migrate", "up"}, {"seed"}, {"check"}, {"backup", "-"}} {
		d := newDesk(t)
		o := d.with("DATABASE_URL=sqlite:"+filepath.Join(d.dir, "mistyped", "tickt.db")).run(t, "", command...)
		if o.code != 1 || strings.Count(o.err, "\n") != 1 || !strings.Contains(o.err, "DATABASE_URL: ") || !strings.Contains(o.err, "mistyped") {
			t.Errorf("%v: exit code %d: %q", command, o.code, o.err)
		}
		if left, err := os.ReadDir(d.dir); err != nil || len(left) != 0 {
			t.Errorf("%v left %v, %v", command, left, err)
		}
	}
}
