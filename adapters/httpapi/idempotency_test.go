package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// creationTest is a request that creates something.
type creationTest struct {
	body     string
	location string // prefix of Location; "" if it is not a single resource
	change   string // body of a PATCH of the created resource
}

// creations returns a request for each path that creates something.
func creations(s *clients) map[string]creationTest {
	s.t.Helper()
	tickets, role := s.Menu(access.TicketsMenu).ID, s.Role("supervisor")
	talkedAbout := ticketPath(s.Open(desk.Agent, ticket.Patch{}))
	return map[string]creationTest{
		"/api/accounts/": {
			`{"username":"new","email":"new@desk.test","phoneNumber":"+9779811111111","password":"Red-Teapot-8"}`,
			"/api/account/", `{"address":"Lalitpur"}`,
		},
		"/api/roles/":                {`{"name":"crew"}`, "/api/role/", `{"name":"other crew"}`},
		"/api/menus/":                {`{"menuName":"Shelf","menuUrl":"/shelf/"}`, "/api/menu/", `{"menuName":"Rack"}`},
		"/api/account/role/mapping/": {fmt.Sprintf(`{"userList":[%q],"roleId":%q}`, s.ID(desk.Nobody), role), "", ""},
		"/api/role/menu/permission/mapping/": {
			fmt.Sprintf(`{"roleId":%q,"menuDetails":[{"menuId":%q,"isView":true}]}`, role, tickets), "", "",
		},
		"/api/account/menu/mapping/": {
			fmt.Sprintf(`{"accountId":%q,"menuId":%q}`, s.ID(desk.Nobody), tickets), "/api/account/menu/mapping/",
			`{"isUpdate":true}`,
		},
		"/api/tickets/":           {`{"title":"a","description":"b"}`, "/api/ticket/", `{"title":"c"}`},
		talkedAbout + "comments/": {`{"body":"d"}`, talkedAbout + "comment/", `{"body":"e"}`},
		"/api/ticket-status/":     {`{"name":"Away","code":"AWAY","statusType":"pending"}`, "/api/ticket-status/", `{"weight":9}`},
		"/api/calendars/": {
			`{"name":"Office","timeZone":"UTC","hours":{"mon":[["09:00","17:00"]]}}`, "/api/calendar/",
			`{"timeZone":"Asia/Kathmandu"}`,
		},
		"/api/sla-policies/": { // no clock runs by it: the tickets have no menu
			fmt.Sprintf(`{"name":"Gold","match":{"menuIds":[%q]},"targets":[{"metric":"resolution","minutes":60}]}`, tickets), "/api/sla-policy/",
			`{"isActive":false}`,
		},
		"/api/ticket-priority/": {`{"name":"Someday","code":"SOME"}`, "/api/ticket-priority/", `{"weight":9}`},
	}
}

// at reports whether a path matches a route in the notation of the router.
func at(route string) func(path string) bool {
	return func(path string) bool {
		return matches(parameterInPath.ReplaceAllString(route, "{$1}"), strings.Split(strings.TrimSuffix(path, "/"), "/"))
	}
}

// otherPOSTs are the POST routes that create nothing and do not support Idempotency-Key.
var otherPOSTs = []string{
	"/api/auth/login/", "/api/auth/refresh/", "/api/auth/verify/", "/api/auth/logout/", "/api/account/toggle/:id/",
	"/api/account/unlock/:id/",
	"/api/notification/:id/read/", "/api/notifications/read-all/", "/api/tickets/notification-log/:id/resend/",
	"/api/sla-policy/:id/recompute/", "/api/ticket/:id/sla/void/", "/api/me/password/", "/api/me/sessions/revoke-others/",
	"/api/ticket-priority/:id/recompute/", "/api/calendar/:id/holidays/import/",
	"/api/me/email/confirm/", "/api/auth/password/forgot/", "/api/auth/password/reset/",
}

func TestIdempotencyTestCoversEveryPOST(t *testing.T) {
	s := newClients(t)
	tried := slices.Collect(maps.Keys(creations(s)))
	for _, r := range servedRoutes() {
		if r.Method == http.MethodPost && !slices.ContainsFunc(tried, at(r.Path)) && !slices.Contains(otherPOSTs, r.Path) {
			t.Errorf("POST %s is not tested", r.Path)
		}
	}
}

func TestRepeatedRequestGetsStoredResponse(t *testing.T) {
	s := newClients(t)
	for path, made := range creations(s) {
		key := "key-of-" + path
		first := s.ask(desk.Root, "POST", path, made.body, "Idempotency-Key", key)
		if first.status != http.StatusCreated && first.status != http.StatusOK || first.header.Get("Idempotent-Replayed") != "" {
			t.Errorf("%s: %d %s", path, first.status, first.body)
			continue
		}
		if !strings.HasPrefix(first.header.Get("Location"), made.location) || (made.location == "") != (first.header.Get("ETag") == "") {
			t.Errorf("%s: at %q with the tag %s", path, first.header.Get("Location"), first.header.Get("ETag"))
		}
		again := s.ask(desk.Root, "POST", strings.TrimSuffix(path, "/"), made.body, "Idempotency-Key", key, "X-Request-ID", "second")
		if again.status != first.status || again.body != first.body || again.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf(
				"%s: answered %d %v %s\nthe first time %d %s",
				path,
				again.status,
				again.header,
				again.body,
				first.status,
				first.body,
			)
		}
		for _, header := range []string{"Location", "ETag", "Cache-Control", "Content-Type"} {
			if again.header.Get(header) != first.header.Get(header) {
				t.Errorf("%s: %s is %q, was %q", path, header, again.header.Get(header), first.header.Get(header))
			}
		}
		if again.header.Get("X-Request-ID") != "second" {
			t.Errorf("%s: the request id is %q", path, again.header.Get("X-Request-ID"))
		}
	}
	if list := s.ask(desk.Root, "GET", "/api/tickets/", "").object(); list["count"] != 2.0 { // one was opened to be commented on
		t.Errorf("%v tickets were made", list["count"])
	}
}

const aTicket = `{"title":"a","description":"b"}`

func TestIdempotencyKeyBelongsToOneRequestOfOneAccount(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Agent, "POST", "/api/tickets/", aTicket, "Idempotency-Key", "k").must(http.StatusCreated, "Ticket created successfully.")
	const used = "The Idempotency-Key was used for another request."
	s.ask(desk.Agent, "POST", "/api/tickets/", `{"title":"a","description":"c"}`, "Idempotency-Key",
		"k").must(http.StatusUnprocessableEntity, used)
	s.ask(desk.Admin, "POST", "/api/ticket-priority/", `{"name":"a","code":"b"}`, "Idempotency-Key", "j").must(http.StatusCreated,
		"Ticket priority created successfully.")
	s.ask(desk.Admin, "POST", "/api/ticket-status/", `{"name":"a","code":"b"}`, "Idempotency-Key",
		"j").must(http.StatusUnprocessableEntity, used)
	other := s.ask(desk.Agent2, "POST", "/api/tickets/", aTicket, "Idempotency-Key", "k").must(http.StatusCreated,
		"Ticket created successfully.")
	if other.header.Get("Idempotent-Replayed") != "" {
		t.Error("another account got the stored response")
	}
	s.Wait(24 * time.Hour)
	late := s.ask(desk.Agent, "POST", "/api/tickets/", aTicket, "Idempotency-Key", "k").must(http.StatusCreated,
		"Ticket created successfully.")
	if late.header.Get("Idempotent-Replayed") != "" {
		t.Error("the key is stored for more than a day")
	}
}

func TestFailuresAreNotStored(t *testing.T) {
	s := newClients(t)
	s.ask(desk.Agent, "POST", "/api/tickets/", `{"title":""}`, "Idempotency-Key", "k").must(http.StatusBadRequest, "Invalid")
	s.ask(desk.Agent, "POST", "/api/tickets/", aTicket, "Idempotency-Key", "k").must(http.StatusCreated, "Ticket created successfully.")
	s.Assign(desk.Agent, access.TicketsMenu, access.MayView)
	s.ask(desk.Agent, "POST", "/api/tickets/", aTicket, "Idempotency-Key", "k").
		must(http.StatusForbidden, "You do not have the required permission to access this resource.")
}

func TestIdempotencyKeyFormat(t *testing.T) {
	s := newClients(t)
	for name, tc := range map[string]struct {
		key    string
		status int
	}{
		"the longest":     {strings.Repeat("k", 255), http.StatusCreated},
		"all but letters": {`"!~0-_{}\`, http.StatusCreated},
		"too long":        {strings.Repeat("k", 256), http.StatusBadRequest},
		"a blank inside":  {"a b", http.StatusBadRequest},
		"not ASCII":       {"é", http.StatusBadRequest},
		"a tab":           {"a\tb", http.StatusBadRequest},
		"nothing in it":   {"", http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			r := s.ask(desk.Agent, "POST", "/api/tickets/", aTicket, "Idempotency-Key", tc.key)
			if r.status != tc.status {
				t.Errorf("%d %s", r.status, r.body)
			}
			if tc.status == http.StatusBadRequest {
				r.refuses("Idempotency-Key: Idempotency-Key must be one text of 1 to 255 visible ASCII characters.")
			}
		})
	}
}

func TestOtherPOSTsIgnoreIdempotencyKey(t *testing.T) {
	s := newClients(t)
	toggle := "/api/account/toggle/" + string(s.ID(desk.Visitor)) + "/"
	for _, sentence := range []string{"Account is deactivated successfully.", "Account is activated successfully."} {
		if r := s.ask(desk.Root, "POST", toggle, "", "Idempotency-Key", "k").must(http.StatusOK,
			sentence); r.header.Get("Idempotent-Replayed") != "" {
			t.Errorf("answered %v", r.header)
		}
	}
	login := `{"username":"` + desk.Agent + `","password":"` + desk.Password + `"}`
	first := s.ask("", "POST", "/api/auth/login/", login, "Idempotency-Key", "é").must(http.StatusOK, "Ok")
	if again := s.ask("", "POST", "/api/auth/login/", login, "Idempotency-Key", "é").must(http.StatusOK, "Ok"); again.body == first.body {
		t.Error("two sign-ins got the same tokens")
	}
}

func TestIdempotencyRecordRevealsNeitherKeyNorBody(t *testing.T) {
	s := newClients(t)
	body := creations(s)["/api/accounts/"].body
	s.ask(desk.Root, "POST", "/api/accounts/", body, "Idempotency-Key", "my-own-key").
		must(http.StatusCreated, "Account created successfully.")
	sum := sha256.Sum256([]byte(string(s.ID(desk.Root)) + " my-own-key"))
	s.Update(func(ctx context.Context, tx ports.Tx) error {
		kept, err := tx.IdempotencyRecords.Get(ctx, hex.EncodeToString(sum[:]), time.Time{})
		plain := sha256.Sum256([]byte(body))
		if text := fmt.Sprintf("%s %s %s", kept.Fingerprint, kept.Location, kept.Body); strings.Contains(text, "my-own-key") ||
			strings.Contains(text, "Red-Teapot-8") || strings.Contains(text, hex.EncodeToString(plain[:])) {
			t.Errorf("kept %s", text)
		}
		return err
	})
}
