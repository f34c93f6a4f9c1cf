package journey

import (
	"io"
	"net/http"
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
		`tickt_sign_ins_total{result="ok"} 1`, `tickt_sign_ins_total{result="credentials_invalid"} 1`, `tickt_sign_ins_total{result="throttled"} 0`,
	} {
		if !strings.Contains(string(text), want+"\n") {
			t.Errorf("metric missing: %s", want)
		}
	}
}
