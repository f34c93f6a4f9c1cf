package journey

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSessionsOutliveAChangeOfTheKey(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		const former, key = "SECRET_KEY=former-0123456789abcdef0123456789abcdef", "SECRET_KEY=key-0123456789abcdef0123456789abcdef"
		d.setUp(t)
		s := d.with(former).serve(t)
		in := s.login(t)
		s.stop(t)

		s = d.with(key, strings.Replace(former, "SECRET_KEY", "SECRET_KEY_PREVIOUS", 1)).serve(t)
		s.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", in.AccessToken, "")
		next := dataOf[tokens](t, s.want(t, http.StatusOK, http.MethodPost, "/api/auth/refresh/", "", `{"refreshToken":"`+in.RefreshToken+`"}`))
		s.stop(t)

		s = d.with(key).serve(t)
		s.want(t, http.StatusUnauthorized, http.MethodGet, "/api/tickets/", in.AccessToken, "")
		s.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", next.AccessToken, "")
	})
}

// The values of SECRET_KEY before and after it is changed.
const (
	firstKey  = "first-0123456789abcdef0123456789abcdef"
	secondKey = "second-0123456789abcdef0123456789abcdef"
)

// wantRefused checks that serve and work refuse to start, with one line that names SECRET_KEY and shows no key.
func (d desk) wantRefused(t *testing.T) {
	t.Helper()
	for _, command := range []string{"serve", "work"} {
		o := d.run(t, "", command)
		if o.code != 1 || !strings.HasPrefix(o.err, "tickt: SECRET_KEY: ") || !strings.Contains(o.err, "tickt secret accept") ||
			strings.Count(o.err, "\n") != 1 || strings.Contains(o.err, "0123456789abcdef") {
			t.Errorf("%s: exit code %d: %s", command, o.code, o.err)
		}
	}
}

func TestAStartNeedsTheKeyOfTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		first, second := d.with("SECRET_KEY="+firstKey), d.with("SECRET_KEY="+secondKey)
		running := first.serve(t)
		second.wantRefused(t)
		second.with("SECRET_KEY_PREVIOUS=yet-another-0123456789abcdef").wantRefused(t)
		d.wantRefused(t) // with a key that is generated
		if o := second.run(t, "", "jobs", "failed"); o.code != 0 {
			t.Errorf("a command that needs no key: %s", o.err)
		}

		// the change of the key, replica by replica
		verifies := first.with("SECRET_KEY_PREVIOUS=" + secondKey).serve(t)
		signs := second.with("SECRET_KEY_PREVIOUS=" + firstKey).serve(t)
		running.stop(t)
		verifies.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", signs.login(t).AccessToken, "")
		verifies.stop(t)
		signs.stop(t)
		second.serve(t).stop(t)
		first.wantRefused(t)
	})
}

func TestAcceptedKeyEndsAllSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		first, second := d.with("SECRET_KEY="+firstKey), d.with("SECRET_KEY="+secondKey)
		s := first.serve(t)
		in := s.login(t)
		if printed := second.do(t, "", "secret", "accept"); printed != "The key is accepted. Sessions ended: 1.\n" {
			t.Errorf("printed %q", printed)
		}
		s.want(t, http.StatusUnauthorized, http.MethodGet, "/api/tickets/", in.AccessToken, "")
		s.stop(t)
		first.wantRefused(t)
		s = second.serve(t)
		s.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", s.login(t).AccessToken, "")
		s.stop(t)
	})
}

func TestLostGeneratedKeyIsNoticed(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		d.serve(t).stop(t)
		if err := os.Remove(filepath.Join(d.dir, "var", "secret_key")); err != nil {
			t.Fatal(err)
		}
		d.wantRefused(t)
		if o := d.run(t, "", "serve"); !strings.Contains(o.err, "var/secret_key") {
			t.Errorf("the file is not named: %s", o.err)
		}
		d.do(t, "", "secret", "accept")
		d.serve(t).stop(t)
	})
}

func TestOfReplicasThatGenerateDifferentKeysOneServes(t *testing.T) {
	d := onPostgres(t)
	d.do(t, "", "migrate", "up")
	var outcomes [3]*service
	for i := range outcomes {
		outcomes[i] = d.with(fmt.Sprintf("DATA_DIR=%s/%d", d.dir, i)).launch(t)
	}
	serving := 0
	for _, s := range outcomes {
		if s.listens(t) {
			serving++
		} else if !strings.HasPrefix(s.logged(), "tickt: SECRET_KEY: ") || strings.Count(s.logged(), "\n") != 1 {
			t.Errorf("a replica says %s", s.logged())
		}
	}
	if serving != 1 {
		t.Errorf("%d replicas serve", serving)
	}
}

func TestSignInsAreAMetric(t *testing.T) {
	d := newDesk(t)
	d.setUp(t)
	s := d.serve(t)
	s.login(t)
	s.want(t, http.StatusUnauthorized, http.MethodPost, "/api/auth/login/", "", credentials("Wrong-horse-9"))
	response, err := client.Get(s.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`tickt_sign_ins_total{result="ok"} 1`, `tickt_sign_ins_total{result="credentials_invalid"} 1`,
		`tickt_sign_ins_total{result="throttled"} 0`,
	} {
		if !strings.Contains(string(text), want+"\n") {
			t.Errorf("metric missing: %s", want)
		}
	}
}
