package httpapi

import (
	"cmp"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"tickt/adapters/httpserver"
	"tickt/test/desk"
	"tickt/test/stores"
)

// TestInvalidInputOfEveryOperationIsRefused sends variants of the example request of each operation, each with one thing
// changed, and checks the responses against the document.
func TestInvalidInputOfEveryOperationIsRefused(t *testing.T) {
	operations := map[string][]exampleRequest{}
	for _, request := range contractOf(t).requests(t) {
		if request.query == nil {
			id := request.operation.OperationID
			operations[id] = append(operations[id], request)
		}
	}
	for id, requests := range operations {
		fullest := slices.MaxFunc(requests, func(a, b exampleRequest) int {
			return cmp.Or(cmp.Compare(len(a.body), len(b.body)), cmp.Compare(a.name, b.name))
		})
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			operationWalk{exampleRequest: fullest, route: contractOf(t).documented(id)}.run(t)
		})
	}
	if len(operations) == 0 {
		t.Error("no operations")
	}
}

// TestUnreadableBodyHidesNoRefusal sends bodies that are not JSON to every operation that takes one: whoever gets a 401, 403 or
// 404 for an empty object gets the same for them.
func TestUnreadableBodyHidesNoRefusal(t *testing.T) {
	var refusals atomic.Int32
	t.Run("operations", func(t *testing.T) {
		for _, request := range contractOf(t).requests(t) {
			if request.body == nil || !contractOf(t).documented(request.operation.OperationID).guarded {
				continue
			}
			t.Run(request.name, func(t *testing.T) {
				t.Parallel()
				refusals.Add(request.sameRefusals(t))
			})
		}
	})
	if n := refusals.Load(); n < 100 {
		t.Errorf("only %d requests were refused", n)
	}
}

// sameRefusals sends bodies that are not JSON wherever an empty object is refused for another reason than the body, and
// returns how many requests were.
func (x exampleRequest) sameRefusals(t *testing.T) (refusals int32) {
	s := newExampleDesk(t)
	unknown := regexp.MustCompile(`[0-9a-f]{32}`).ReplaceAllString(x.path, strings.Repeat("f", 32))
	for _, who := range []string{"", desk.Nobody, desk.Customer, desk.Root} {
		for _, path := range []string{x.path, unknown} {
			want := s.ask(who, x.method, path, "{}").status
			if want != http.StatusUnauthorized && want != http.StatusForbidden && want != http.StatusNotFound {
				continue
			}
			refusals++
			for _, body := range []string{"", "{", "[]", `{"a":"\u0000`} {
				if got := s.ask(who, x.method, path, body).status; got != want {
					t.Errorf("%s %s as %q: %d for %q, and %d for {}", x.method, path, who, got, body, want)
				}
			}
		}
	}
	return refusals
}

// documented returns the path of an operation in the notation of the document, and its parameters.
func (p contract) documented(operationID string) (r route) {
	for path, item := range p.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.OperationID == operationID {
				security := operation.Security
				if security == nil {
					security = &p.Security
				}
				open := func(s openapi3.SecurityRequirement) bool { return len(s) == 0 }
				return route{
					path: path, parameters: slices.Concat(item.Parameters, operation.Parameters),
					guarded: len(*security) > 0 && !slices.ContainsFunc(*security, open),
				}
			}
		}
	}
	return r
}

type route struct {
	path       string // with its parameters in braces
	parameters openapi3.Parameters
	guarded    bool // requires a token
}

// operationWalk is the valid request of one operation, from which trials are derived.
type operationWalk struct {
	exampleRequest
	route
}

// trial is one request and the allowed statuses; an empty want allows every documented status below 500.
type trial struct {
	name    string
	unknown bool // sends no valid token
	path    string
	body    string
	headers http.Header
	want    []int
}

var refused = []int{http.StatusBadRequest}

// run executes all trials. After a trial that changed something, it continues on a new desk or, if desks are expensive,
// accepts every documented status below 500. A change of the password always needs a new desk.
func (w operationWalk) run(t *testing.T) {
	s := newExampleDesk(t)
	token, trials := s.Token(desk.Root), w.trials(s)
	changed := false
	for i := range trials {
		try := trials[i]
		got := w.try(s, try, token)
		if !changed && len(try.want) > 0 && !slices.Contains(try.want, got) || got >= http.StatusInternalServerError {
			t.Errorf("%s: %s %.200s %.300s: got %d, want %v", try.name, w.method, try.path, try.body, got, try.want)
		}
		if got < http.StatusMultipleChoices && w.method != http.MethodGet {
			if changed = !stores.Cheap() && w.body["currentPassword"] == nil; !changed {
				s = newExampleDesk(t)
			}
			if token = s.Token(desk.Root); !changed && w.holdsToken() {
				trials = w.trials(s)
			}
		}
	}
}

func (w operationWalk) trials(s *clients) []trial {
	good := trial{name: "as documented", path: w.exampleRequest.path, headers: http.Header{}, want: []int{w.successStatus()}}
	if w.body != nil {
		w.body = w.bodyWithTokens(s)
		good.body = text(w.body)
		good.headers.Set("Content-Type", "application/json")
	}
	all := slices.Concat([]trial{good}, w.authTrials(good), w.pathTrials(good), w.queryTrials(good), w.headerTrials(good), w.bodyTrials(good))
	mayChange := func(try trial) bool { return len(try.want) == 0 || slices.Min(try.want) < http.StatusBadRequest }
	harmless := slices.DeleteFunc(slices.Clone(all), mayChange)
	return append(harmless, slices.DeleteFunc(all, func(try trial) bool { return !mayChange(try) })...)
}

// try sends a trial with an access token and checks the response against the document.
func (w operationWalk) try(s *clients, try trial, token string) (status int) {
	s.t.Helper()
	request := httptest.NewRequest(w.method, try.path, strings.NewReader(try.body))
	request.Header = try.headers
	if !try.unknown {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	got := roundTrip(s.t, s.service, request)
	if err := contractOf(s.t).check(request, got); err != nil {
		s.t.Errorf("%s: %s %.200s %.300s: %v", try.name, w.method, try.path, try.body, err)
	}
	return got.status
}

// bodyWithTokens returns the body with valid tokens, which the examples of the document cannot contain.
func (w operationWalk) bodyWithTokens(s *clients) map[string]any {
	in := s.SignIn(desk.Root)
	body := maps.Clone(w.body)
	for key := range body {
		switch key {
		case "refreshToken", "refresh":
			body[key] = in.RefreshToken
		case "token":
			if w.operation.OperationID == "verify" {
				body[key] = in.AccessToken
			}
		case "currentPassword":
			body[key] = desk.Password
		}
	}
	return body
}

// holdsToken reports whether the body contains a token, which is valid at one desk only.
func (w operationWalk) holdsToken() bool {
	return w.body["refreshToken"] != nil || w.body["refresh"] != nil || w.body["token"] != nil
}

// variant returns a copy of a trial with another name, body and allowed statuses.
func variant(good trial, name, body string, want ...int) trial {
	good.name, good.body, good.want, good.headers = name, body, want, good.headers.Clone()
	return good
}

// number returns a documented status as a number, 0 for a range such as 4XX.
func number(status string) int {
	n, err := strconv.Atoi(status)
	if err != nil {
		return 0
	}
	return n
}

// text returns the JSON encoding of x.
func text(x any) string {
	out, err := httpserver.AppendJSON(nil, x)
	if err != nil { // cannot happen, x was decoded from JSON
		return err.Error()
	}
	return string(out)
}
