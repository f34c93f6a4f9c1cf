package httpapi

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tickt/application"
	"tickt/test/desk"
	"tickt/test/wire"
)

// clients use a desk over HTTP.
type clients struct {
	*desk.Desk
	t       *testing.T
	service http.RoundTripper
	log     *wire.Log
	signIns signIns
	tokens  sync.Map // access tokens by the names of members
}

func newClients(t *testing.T, with ...func(*application.Deps)) *clients {
	t.Helper()
	return clientsOf(t, desk.New(t, with...))
}

// clientsOf serves a desk.
func clientsOf(t *testing.T, d *desk.Desk) *clients {
	t.Helper()
	logger, log := wire.NewLog()
	a := newAPI(Options{App: d.App, Zone: time.UTC, PageSize: 10, Log: logger})
	return &clients{Desk: d, t: t, service: inMemoryServer(t, newServer(a.routes)), log: log, signIns: a.signIns}
}

// reply is an answer with its decoded body.
type reply struct {
	answer
	t        *testing.T
	Code     string           `json:"ResponseCode"`
	Response string           `json:"response"`
	Data     json.RawMessage  `json:"data"`
	Errors   []string         `json:"error"`
	Details  []map[string]any `json:"details"`
}

// ask sends a request as a member, or without a token if as is "", and checks the response against the OpenAPI document.
func (s *clients) ask(as, method, path, body string, headers ...string) reply {
	s.t.Helper()
	token, signedIn := s.tokens.Load(as)
	if as != "" && !signedIn {
		token = s.signIn(as)
	}
	send := func() (*http.Request, answer) {
		request := httptest.NewRequest(method, path, strings.NewReader(body))
		if body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		if as != "" {
			request.Header.Set("Authorization", "Bearer "+token.(string))
		}
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		return request, roundTrip(s.t, s.service, request)
	}
	request, sent := send()
	if signedIn && sent.status == http.StatusUnauthorized { // the session is over
		token = s.signIn(as)
		request, sent = send()
	}
	r := reply{answer: sent, t: s.t}
	if err := contractOf(s.t).check(request, r.answer); err != nil {
		s.t.Errorf("%s %s: undocumented response: %v", method, path, err)
	}
	if r.body == "" { // of HEAD, and of 304
		return r
	}
	if err := json.Unmarshal([]byte(r.body), &r); err != nil {
		s.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
	}
	return r
}

// signIn signs a member in, and keeps the token for its next requests.
func (s *clients) signIn(as string) (token string) {
	s.t.Helper()
	token = s.Token(as)
	s.tokens.Store(as, token)
	return token
}

// must checks the status and the sentence of a reply and returns it.
func (r reply) must(status int, sentence string) reply {
	r.t.Helper()
	if r.status != status || r.Response != sentence {
		r.t.Errorf("got %d %s\nwant %d %q", r.status, r.body, status, sentence)
	}
	return r
}

// refuses checks that the status is 400 and that the problems are exactly these, each "field: message".
func (r reply) refuses(problems ...string) {
	r.t.Helper()
	var got []string
	for i, d := range r.Details {
		got = append(got, d["field"].(string)+": "+d["message"].(string))
		if r.Errors[i] != d["message"] {
			r.t.Errorf("error is %q, detail %q", r.Errors[i], d["message"])
		}
	}
	if r.status != http.StatusBadRequest || r.Response != "Invalid" || strings.Join(got, "\n") != strings.Join(problems, "\n") {
		r.t.Errorf("got %d %s\nwant problems:\n%s", r.status, r.body, strings.Join(problems, "\n"))
	}
}

// object returns the data as an object.
func (r reply) object() (out map[string]any) {
	r.t.Helper()
	if err := json.Unmarshal(r.Data, &out); err != nil {
		r.t.Fatalf("no object in %d %s", r.status, r.body)
	}
	return out
}

// list returns the value of a key of each result of a page, in order and separated by spaces.
func (r reply) list(key string) string {
	r.t.Helper()
	var page struct{ Results []map[string]any }
	if err := json.Unmarshal(r.Data, &page); err != nil {
		r.t.Fatalf("no list in %d %s", r.status, r.body)
	}
	var out []string
	for _, x := range page.Results {
		text, _ := x[key].(string)
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// keys returns the keys of the JSON object in text, in order.
func keys(t *testing.T, text []byte) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(text)))
	var out []string
	depth, key := 0, false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return strings.Join(out, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			key = true
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			key = true
			continue
		}
		if depth == 1 {
			if key {
				out = append(out, token.(string))
			}
			key = !key
		}
	}
}
