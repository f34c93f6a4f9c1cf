package httpapi

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain/ticket"
	"tickt/test/desk"
)

// createAll creates one resource of every kind, and returns by path the body of a PATCH that changes it.
func createAll(s *clients) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for path, made := range creations(s) {
		r := s.ask(desk.Root, "POST", path, made.body)
		if r.status >= http.StatusBadRequest {
			s.t.Fatalf("POST %s: %d %s", path, r.status, r.body)
		}
		if made.location != "" {
			out[r.header.Get("Location")] = made.change
		}
	}
	supervisor := string(s.Role("supervisor"))
	out["/api/account/role/mapping/"+string(s.ID(desk.Visitor))+"/"] = `{"roleId":"` + supervisor + `"}`
	const permissions = "/api/role/menu/permission/mapping/"
	list := s.ask(desk.Root, "GET", permissions+"?roleId="+supervisor, "").object()
	permission := list["results"].([]any)[0].(map[string]any)["menuDetails"].([]any)[0].(map[string]any)
	out[permissions+permission["referenceId"].(string)+"/"] = `{"isUpdate":true}`
	return out
}

func TestEveryResourceHasETagThatChanges(t *testing.T) {
	s := newClients(t)
	for path, change := range createAll(s) {
		first := s.ask(desk.Root, "GET", path, "").must(http.StatusOK, "Ok")
		tag := first.header.Get("ETag")
		if len(tag) != 24 || tag[0] != '"' || first.header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: tag %s, cache control %q", path, tag, first.header.Get("Cache-Control"))
		}
		s.Wait(time.Second)
		patched := s.ask(desk.Root, "PATCH", path, change, "If-Match", tag)
		if patched.status != http.StatusOK || patched.header.Get("ETag") == tag {
			t.Errorf("%s: %d %s with the tag %s", path, patched.status, patched.body, patched.header.Get("ETag"))
		}
		if read := s.ask(desk.Root, "GET", path, ""); read.header.Get("ETag") != patched.header.Get("ETag") {
			t.Errorf("%s: PATCH gave the tag %s, GET %s", path, patched.header.Get("ETag"), read.header.Get("ETag"))
		}
		if unchanged := s.ask(desk.Root, "GET", path, "", "If-None-Match",
			patched.header.Get("ETag")); unchanged.status != http.StatusNotModified {
			t.Errorf("%s: %d", path, unchanged.status)
		}
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			if contractOf(t).route(httptest.NewRequest(method, path, nil)) == nil {
				continue // a comment cannot be replaced
			}
			s.ask(desk.Root, method, path, change, "If-Match", tag).must(http.StatusPreconditionFailed, stale)
		}
		if read := s.ask(desk.Root, "GET", path, ""); string(read.Data) != string(patched.Data) {
			t.Errorf("%s: refused, but it became %s", path, read.Data)
		}
		if r := s.ask(desk.Root, "DELETE", path, "", "If-Match", patched.header.Get("ETag")); r.status != http.StatusOK ||
			r.header.Get("ETag") != "" {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}

const stale = "The data was changed by somebody else meanwhile. Read it again."

func TestETagTestCoversEveryResource(t *testing.T) {
	s := newClients(t)
	tried := slices.Collect(maps.Keys(createAll(s)))
	for _, r := range servedRoutes() {
		if r.Path == "/api/me/session/:id/" {
			continue // it can only be listed
		}
		if r.Method == http.MethodDelete && !slices.ContainsFunc(tried, at(r.Path)) {
			t.Errorf("%s is not tested", r.Path)
		}
	}
}

func TestCreationHasETagOfResource(t *testing.T) {
	s := newClients(t)
	made := s.ask(desk.Agent, "POST", "/api/tickets/", `{"title":"a","description":"b"}`).must(http.StatusCreated,
		"Ticket created successfully.")
	read := s.ask(desk.Agent, "GET", made.header.Get("Location"), "")
	if tag := made.header.Get("ETag"); tag == "" || tag != read.header.Get("ETag") {
		t.Errorf("made with the tag %s, read with %s", tag, read.header.Get("ETag"))
	}
	if list := s.ask(desk.Agent, "GET", "/api/tickets/", "", "If-None-Match", "*"); list.status != http.StatusOK ||
		list.header.Get("ETag") != "" || list.header.Get("Cache-Control") != "no-store" {
		t.Errorf("list: got %d with %v", list.status, list.header)
	}
}

func TestConditionalReads(t *testing.T) {
	s := newClients(t)
	path := ticketPath(s.Open(desk.Agent, ticket.Patch{}))
	tag := s.ask(desk.Agent, "GET", path, "").header.Get("ETag")
	for _, tc := range []struct {
		name, header, value string
		status              int
	}{
		{"same tag", "If-None-Match", tag, http.StatusNotModified},
		{"same tag marked weak", "If-None-Match", "W/" + tag, http.StatusNotModified},
		{"one of a list", "If-None-Match", `"a", W/"b,\" ,` + tag + ` , "c"`, http.StatusNotModified},
		{"anything", "If-None-Match", " * ", http.StatusNotModified},
		{"other tag", "If-None-Match", `"x"`, http.StatusOK},
		{"prefix of the tag", "If-None-Match", tag[:12] + `"`, http.StatusOK},
		{"no list", "If-None-Match", "x", http.StatusBadRequest},
		{"If-Match is ignored", "If-Match", `"x"`, http.StatusOK},
		{"one that cannot be read", "If-Match", `x"`, http.StatusBadRequest},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s.t = t
			for _, method := range []string{"GET", "HEAD"} {
				r := s.ask(desk.Agent, method, path, "", tc.header, tc.value)
				if r.status != tc.status {
					t.Fatalf("%s: %d %s", method, r.status, r.body)
				}
				if (r.body != "") != (method == "GET" && tc.status != http.StatusNotModified) {
					t.Errorf("%s: %d with the body %q", method, r.status, r.body)
				}
				if tc.status == http.StatusNotModified && (r.header.Get("Content-Type") != "" || r.header.Get("Cache-Control") != cachePrivate) {
					t.Errorf("%s: %v", method, r.header)
				}
				if got := r.header.Get("ETag"); tc.status != http.StatusBadRequest && got != tag {
					t.Errorf("%s: tag %s, want %s", method, got, tag)
				}
				if tc.status == http.StatusBadRequest && method == "GET" {
					r.refuses(tc.header + ": " + tc.header + ` must be * or a list of entity tags, such as "abc".`)
				}
			}
		})
	}
}

func TestConditionalWrites(t *testing.T) {
	s := newClients(t)
	const body = `{"title":"Smoke","description":"Everywhere."}`
	for _, tc := range []struct {
		name, header, value string // {tag} is the present one
		status              int
	}{
		{"same tag", "If-Match", "{tag}", http.StatusOK},
		{"one of a list", "If-Match", `"a",{tag}`, http.StatusOK},
		{"If-Match: *", "If-Match", "*", http.StatusOK},
		{"other tag", "If-Match", `"x"`, http.StatusPreconditionFailed},
		{"weak tag", "If-Match", "W/{tag}", http.StatusPreconditionFailed},
		{"If-None-Match: *", "If-None-Match", "*", http.StatusPreconditionFailed},
		{"If-None-Match with the current tag", "If-None-Match", "{tag}", http.StatusPreconditionFailed},
		{"If-None-Match with the current tag, weak", "If-None-Match", "W/{tag}", http.StatusPreconditionFailed},
		{"If-None-Match with another tag", "If-None-Match", `"x"`, http.StatusOK},
		{"no quotes", "If-Match", "abc", http.StatusBadRequest},
		{"nothing", "If-Match", "", http.StatusBadRequest},
		{"nothing at all", "If-None-Match", ",", http.StatusBadRequest},
	} {
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			t.Run(method+" "+tc.name, func(t *testing.T) {
				s.t = t
				path := ticketPath(s.Open(desk.Agent, ticket.Patch{}))
				before := s.ask(desk.Agent, "GET", path, "")
				tag := before.header.Get("ETag")
				r := s.ask(desk.Agent, method, path, body, tc.header, strings.ReplaceAll(tc.value, "{tag}", tag))
				if r.status != tc.status {
					t.Fatalf("%d %s", r.status, r.body)
				}
				if tc.status == http.StatusPreconditionFailed {
					r.must(tc.status, stale)
				}
				if after := s.ask(desk.Agent, "GET", path, ""); (after.body == before.body) != (tc.status != http.StatusOK) {
					t.Errorf("answered %d, and it is %s", r.status, after.body)
				}
			})
		}
	}
	s.t = t
	s.ask(desk.Agent, "PATCH", "/api/ticket/"+strings.Repeat("f", 32), body, "If-Match", "*").must(http.StatusNotFound, "Data not found.")
}

func TestSecondWriteOnSameETagIsRefused(t *testing.T) {
	s := newClients(t)
	path := ticketPath(s.Open(desk.Agent, ticket.Patch{}))
	tag := s.ask(desk.Agent, "GET", path, "").header.Get("ETag")
	won := s.ask(desk.Agent, "PATCH", path, `{"title":"Mine"}`, "If-Match", tag).must(http.StatusOK, "Ticket updated successfully.")
	s.ask(desk.Agent2, "PATCH", path, `{"title":"Ours"}`, "If-Match", tag).must(http.StatusPreconditionFailed, stale)
	r := s.ask(desk.Agent2, "PATCH", path, `{"title":"Ours"}`, "If-Match", won.header.Get("ETag")).must(http.StatusOK,
		"Ticket updated successfully.")
	if r.object()["title"] != "Ours" {
		t.Errorf("got %s", r.body)
	}
}

func TestEntityTagParsing(t *testing.T) {
	for text, want := range map[string]string{
		`"a"`: `"a"`, `W/"a"`: `W/"a"`, ` ,, "a" ,`: `"a"`, `"a","b"`: `"a" "b"`, `"a,b" , W/"c"`: `"a,b" W/"c"`, `""`: `""`, `"é"`: `"é"`,
		"": "", ",": "", "a": "", `"a`: "", `a"`: "", `"a" "b"`: "", `w/"a"`: "", `W/`: "", `W/ "a"`: "", `"a b"`: "", "\"a\x7f\"": "",
		`*,"a"`: "", `"a"b`: "",
	} {
		tags, ok := parseEntityTags(text)
		if got := strings.Join(tags, " "); ok != (want != "") || ok && got != want {
			t.Errorf("%q was read as %q, %v", text, got, ok)
		}
	}
}
