package journey

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// An operator whose last password is lost sets a new one beside the running service.
func TestLostPasswordIsSetByTheOperator(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		first := s.login(t)
		s.want(t, http.StatusOK, http.MethodPost, "/api/auth/refresh/", "", `{"refreshToken":"`+first.RefreshToken+`"}`)
		second := s.login(t)
		line := regexp.MustCompile(`^\S+T\S+Z  \S+T\S+Z  127\.0\.0\.1  Go-http-client/1\.1$`)
		lines := strings.Split(strings.TrimSpace(d.do(t, "", "account", "sessions", "ADMIN")), "\n")
		if len(lines) != 2 || !line.MatchString(lines[0]) || !line.MatchString(lines[1]) {
			t.Errorf("printed %q", lines)
		}
		if out := d.do(t, "", "account", "sessions", "--revoke", username); out != "The sessions of admin have ended.\n" {
			t.Errorf("printed %q", out)
		}
		for _, token := range []string{first.AccessToken, second.AccessToken} {
			s.want(t, http.StatusUnauthorized, http.MethodGet, "/api/me/", token, "")
		}
		if out := d.do(t, "", "account", "sessions", username); out != "" {
			t.Errorf("printed %q", out)
		}

		token := s.login(t).AccessToken
		for range 5 {
			s.want(t, http.StatusUnauthorized, http.MethodPost, "/api/auth/login/", "", credentials("wrong"))
		}
		const renewed = "Quiet-Lantern-81"
		out := d.do(t, renewed+"\r\nanother line\n", "account", "password", username)
		if out != "The password of admin is set, and its sessions have ended.\n" {
			t.Errorf("printed %q", out)
		}
		s.want(t, http.StatusUnauthorized, http.MethodGet, "/api/me/", token, "")
		s.want(t, http.StatusUnauthorized, http.MethodPost, "/api/auth/login/", "", credentials(password))
		s.want(t, http.StatusOK, http.MethodPost, "/api/auth/login/", "", credentials(renewed))
		s.stop(t)
	})
}

func TestAccountCommandsRefuseWrongUse(t *testing.T) {
	d := newDesk(t)
	d.setUp(t)
	for _, c := range []struct {
		name, stdin string
		args        []string
		code        int
		message     string
	}{
		{"no name", "", []string{"account", "password"}, 2, "<name>"},
		{"two names", "", []string{"account", "sessions", "a", "b"}, 2, "b"},
		{"no password", "", []string{"account", "password", username}, 2, "no password on standard input"},
		{"an empty line", "\n" + password, []string{"account", "password", username}, 2, "no password on standard input"},
		{"an unacceptable password", "short\n", []string{"account", "password", username}, 2, "at least 8 characters"},
		{"invalid UTF-8", "Quiet-\xff-Lantern\n", []string{"account", "password", username}, 2, "must not contain U+FFFD (character 7)"},
		{"a password that is too long", strings.Repeat("x", 5000), []string{"account", "password", username}, 2, "at most 128 characters"},
		{"an unknown name", password, []string{"account", "password", "ghost"}, 1, `"ghost"`},
		{"a name of another script", password, []string{"account", "sessions", "सीता"}, 1, "सीता"},
		{"a name that cannot be one", "", []string{"account", "sessions", "--revoke", "a\nb\x1b[0m"}, 1, `"a\nb\x1b[0m"`},
		{"an empty name", "", []string{"account", "sessions", ""}, 1, `""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := d.run(t, c.stdin, c.args...)
			if o.code != c.code || !strings.Contains(o.err, c.message) || strings.Count(o.err, "\n") != 1 || o.out != "" {
				t.Errorf("exit code %d, want %d: %q, %q", o.code, c.code, o.err, o.out)
			}
			if c.stdin != "" && strings.Contains(o.err, strings.TrimSpace(c.stdin)) {
				t.Errorf("the error shows the password: %q", o.err)
			}
		})
	}
	d.do(t, password, "account", "password", username) // without a line break
}
