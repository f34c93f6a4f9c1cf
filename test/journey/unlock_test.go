package journey

import (
	"net/http"
	"strings"
	"testing"
)

// TestOperatorUnlocksTheLastSuperuser locks out the only superuser and unlocks it beside the running service.
func TestOperatorUnlocksTheLastSuperuser(t *testing.T) {
	d := onPostgres(t)
	d.setUp(t)
	s := d.serve(t)
	for range 5 {
		s.want(t, http.StatusUnauthorized, http.MethodPost, "/api/auth/login/", "", credentials("Wrong-horse-9"))
	}
	s.want(t, http.StatusTooManyRequests, http.MethodPost, "/api/auth/login/", "", credentials(password))
	for range 2 {
		want := "No failed sign-in of " + username + " counts any more.\n"
		if out := d.do(t, "", "account", "unlock", strings.ToUpper(username)); out != want {
			t.Errorf("printed %q, want %q", out, want)
		}
	}
	s.login(t)
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"nobody"}, 1}, {[]string{"no such name"}, 1}, {[]string{"\xff"}, 1}, {[]string{""}, 1}, {nil, 2}, {[]string{"a", "b"}, 2},
	} {
		o := d.run(t, "", append([]string{"account", "unlock"}, c.args...)...)
		if o.code != c.code || o.out != "" || strings.Count(o.err, "\n") != 1 {
			t.Errorf("%q: exit code %d, %q, %q; want %d and one line", c.args, o.code, o.out, o.err, c.code)
		}
	}
}
