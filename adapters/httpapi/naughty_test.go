package httpapi

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"tickt/domain"
	"tickt/test/desk"
	"tickt/test/naughty"
)

// schema is what the tests of naughty strings read of the OpenAPI document.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Properties map[string]schema `json:"properties"`
	AllOf      []schema          `json:"allOf"`
	ReadOnly   bool              `json:"readOnly"`
}

type parameter struct {
	Ref    string `json:"$ref"`
	Name   string `json:"name"`
	In     string `json:"in"`
	Schema schema `json:"schema"`
}

type document struct {
	Paths map[string]map[string]struct {
		Parameters  []parameter `json:"parameters"`
		RequestBody struct {
			Content map[string]struct {
				Schema schema `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas    map[string]schema    `json:"schemas"`
		Parameters map[string]parameter `json:"parameters"`
	} `json:"components"`
}

func naughtyDocument(t *testing.T) (d document) {
	t.Helper()
	var whole struct {
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components json.RawMessage                       `json:"components"`
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(json.Unmarshal(openAPIJSON, &whole))
	must(json.Unmarshal(whole.Components, &d.Components))
	for path, operations := range whole.Paths { // beside the operations, a path has parameters
		for method, text := range operations {
			if method == "parameters" {
				delete(operations, method)
			} else if !json.Valid(text) {
				t.Fatal(path)
			}
		}
	}
	text, err := json.Marshal(map[string]any{"paths": whole.Paths})
	must(err)
	must(json.Unmarshal(text, &d))
	return d
}

func (d document) resolve(s schema) schema {
	for s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return s
}

// texts returns the names of the properties that may be a string.
func (d document) texts(s schema) (names []string) {
	s = d.resolve(s)
	for name, p := range s.Properties {
		if s.Properties[name].Ref != "" && strings.HasSuffix(s.Properties[name].Ref, "/Ignored") {
			continue // of a representation that is sent back
		}
		switch x := d.resolve(p).Type.(type) {
		case string:
			if x == "string" {
				names = append(names, name)
			}
		case []any:
			if slices.Contains(x, any("string")) {
				names = append(names, name)
			}
		}
	}
	for _, part := range s.AllOf {
		names = append(names, d.texts(part)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// changed returns the text fields of the PATCH of a path.
func (d document) changed(path string) []string {
	for template, operations := range d.Paths {
		if at(strings.NewReplacer("{", ":", "}", "").Replace(template))(path) {
			return d.texts(operations["patch"].RequestBody.Content["application/json"].Schema)
		}
	}
	return nil
}

// stored returns how a text must be stored, as API.md §1 says it; of a line unless it is long.
func storedText(sent string, long bool) string {
	if !long {
		sent = strings.NewReplacer("\u00ad", "", "\u200b", "", "\ufeff", "").Replace(sent)
	}
	return norm.NFC.String(strings.TrimSpace(sent))
}

// longFields may have several lines; folded ones are stored in one case.
var (
	longFields   = []string{"body", "description"}
	foldedFields = []string{"code", "color", "name"}
)

// answersOfStores are the digests of all answers, by test. Every store must have the same.
var answersOfStores = map[string]string{}

func sameOnEveryStore(t *testing.T, test string, all hash.Hash) {
	t.Helper()
	digest := fmt.Sprintf("%x", all.Sum(nil))
	if first, known := answersOfStores[test]; known && first != digest {
		t.Errorf("the stores answer differently: %s, and %s before", digest, first)
	}
	answersOfStores[test] = digest
}

// Every naughty string goes through every text field of everything that can be changed.
func TestNaughtyStringsInEveryField(t *testing.T) {
	all := naughty.Strings(t)
	d, answers := naughtyDocument(t), sha256.New()
	s := newClients(t)
	tried := createAll(s)
	tried["/api/me/"] = ""
	fields := 0
	for _, path := range slices.Sorted(maps.Keys(tried)) {
		names := d.changed(path)
		if path == "/api/me/" { // without mail, an own address cannot be changed, whatever it is
			names = slices.DeleteFunc(names, func(n string) bool { return n == "email" || n == "currentPassword" })
		}
		fields += len(names)
		for i, text := range all {
			s.naughty(path, names, i, text, answers)
		}
	}
	if fields < 40 {
		t.Errorf("only %d fields", fields)
	}
	sameOnEveryStore(t, "fields", answers)
}

// naughty sends a text in fields of a PATCH, then in those that were not refused.
func (s *clients) naughty(path string, names []string, i int, text string, answers hash.Hash) {
	s.t.Helper()
	for range 2 {
		body := map[string]string{}
		for _, n := range names {
			body[n] = text
		}
		sent, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		r := s.ask(desk.Root, "PATCH", path, string(sent))
		fmt.Fprintln(answers, i, len(names), r.status, r.Response, r.Errors)
		switch r.status {
		case http.StatusOK:
			s.storedAsSaid(path, names, text, r.object(), answers)
			return
		case http.StatusBadRequest:
		default:
			s.t.Errorf("PATCH %s %s: %d %s", path, sent, r.status, r.body)
			return
		}
		refused := map[string]bool{}
		for _, p := range r.Details {
			refused[p["field"].(string)] = true
			refused[p["field"].(string)+"Id"] = true // what it names
		}
		left := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return refused[n] })
		if len(left) == len(names) {
			s.t.Errorf("PATCH %s %s is refused, and no field is named: %s", path, sent, r.body)
			return
		}
		if names = left; len(names) == 0 {
			return
		}
	}
	s.t.Errorf("PATCH %s: %q is refused in other fields when it is sent again", path, text)
}

func (s *clients) storedAsSaid(path string, names []string, text string, got map[string]any, answers hash.Hash) {
	s.t.Helper()
	for _, n := range names {
		value, shown := got[n]
		fmt.Fprintln(answers, n, value)
		if !shown {
			continue
		}
		want := storedText(text, slices.Contains(longFields, n))
		is, _ := value.(string) // null is the default of some
		if n == "color" && want == "" {
			want = "#28a745"
		}
		if slices.Contains(foldedFields, n) {
			is, want = domain.FoldCase(is), domain.FoldCase(want)
		}
		if is != want && n != "phoneNumber" {
			s.t.Errorf("PATCH %s: %q in %s is stored as %q, want %q", path, text, n, is, want)
		}
	}
}

// Every naughty string goes through every search and every filter of every list.
func TestNaughtyStringsInEveryFilter(t *testing.T) {
	all := naughty.Strings(t)
	d, answers := naughtyDocument(t), sha256.New()
	s := newClients(t)
	createAll(s)
	filters := 0
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		get, ok := d.Paths[path]["get"]
		if !ok || strings.Contains(path, "{") {
			continue
		}
		var names []string
		for _, p := range get.Parameters {
			if p.Ref != "" {
				p = d.Components.Parameters[p.Ref[strings.LastIndex(p.Ref, "/")+1:]]
			}
			if p.In == "query" && !strings.HasPrefix(p.Name, "page") { // those are numbers; a page that there is not is a 404
				names = append(names, p.Name)
			}
		}
		filters += len(names)
		for i, text := range all {
			requests := [][]string{{"search"}, names}
			if len(url.QueryEscape(text))*len(names) > 4000 { // together they are longer than a URL may be
				requests = requests[:1]
				for _, n := range names {
					requests = append(requests, []string{n})
				}
			}
			for _, tried := range requests {
				q := url.Values{}
				for _, n := range tried {
					if slices.Contains(names, n) {
						q.Set(n, text)
					}
				}
				if len(q) == 0 {
					continue
				}
				if strings.HasSuffix(path, "/people/") {
					s.Wait(time.Second) // it is throttled
				}
				r := s.ask(desk.Root, "GET", "/api"+strings.TrimPrefix(path, "/api")+"?"+q.Encode(), "")
				if r.status != http.StatusOK && r.status != http.StatusBadRequest {
					t.Errorf("GET %s?%s: %d %s", path, q.Encode(), r.status, r.body)
				}
				fmt.Fprintln(answers, path, i, r.status, r.Response, r.Errors)
				if tried[0] == "search" && r.status == http.StatusOK {
					fmt.Fprintln(answers, r.object()["count"])
				}
			}
		}
	}
	if filters < 25 {
		t.Errorf("only %d filters", filters)
	}
	sameOnEveryStore(t, "filters", answers)
}
