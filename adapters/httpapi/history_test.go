package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

const entryKeys = "referenceId at actor actorId via kind field from to fromId toId commentId"

func historyPath(v ticket.View) string { return ticketPath(v) + "history/" }

// record formats the entries on a page of a history in order, for example "agent changed title a to b". Unset values are
// "null".
func (r reply) record() []string {
	r.t.Helper()
	var part struct{ Results []json.RawMessage }
	if err := json.Unmarshal(r.Data, &part); err != nil {
		r.t.Fatalf("no list in %d %s", r.status, r.body)
	}
	var out []string
	for _, text := range part.Results {
		if got := keys(r.t, text); got != entryKeys {
			r.t.Errorf("keys are %s", got)
		}
		var e struct {
			Actor, Field, From, To *string
			Kind                   string
		}
		if err := json.Unmarshal(text, &e); err != nil {
			r.t.Fatal(err)
		}
		words := []string{shownAs(e.Actor), e.Kind}
		if e.Field != nil {
			words = append(words, *e.Field)
		}
		if e.From != nil || e.To != nil {
			words = append(words, shownAs(e.From), "to", shownAs(e.To))
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

func shownAs(text *string) string {
	if text == nil {
		return "null"
	}
	return *text
}

func TestHistoryRecordsEveryChange(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	changes := func(as, body string) {
		t.Helper()
		s.Wait(time.Minute)
		s.ask(as, "PATCH", ticketPath(v), body).must(http.StatusOK, "Ticket updated successfully.")
	}
	changes(desk.Agent, fmt.Sprintf(`{"assignedTo":%q,"priorityId":%q}`, s.ID(desk.Agent2), s.Priority("HIGH").ID))
	changes(desk.Agent, `{"dueDate":"2026-03-05T17:00:00+05:45"}`)
	changes(desk.Customer, `{"title":"The printer burnt"}`)
	changes(desk.Customer, `{"title":"The printer burnt"}`) // no change
	s.Wait(time.Minute)
	comment := s.comment(desk.Agent, v, "On my way.")
	changes(desk.Agent, `{"dueDate":null,"isEscalated":true}`)
	s.Wait(time.Minute)
	s.ask(desk.Agent, "PATCH", comment, `{"body":"Not today."}`).must(http.StatusOK, edited)
	s.Wait(time.Minute)
	s.ask(desk.Agent, "DELETE", comment, "").must(http.StatusOK, "Comment deleted successfully.")
	changes(desk.Agent, fmt.Sprintf(`{"statusId":%q}`, s.Status("RESOLVED").ID))
	changes(desk.Customer, `{"customerSatisfaction":2}`)

	got := s.ask(desk.Customer, "GET", historyPath(v)+"?pageSize=100", "").must(http.StatusOK, "Ok").record()
	slices.Reverse(got)
	want := [][]string{ // the order of entries of one change is undefined
		{"customer created null to TKT-20260301-0001"},
		{
			"agent changed priority Medium to High", "agent changed assignedTo null to agent2",
			"agent changed slaDueDate 2026-03-02T12:00:00Z to 2026-03-01T20:00:00Z",
		},
		{"agent changed dueDate null to 2026-03-05T11:15:00Z"},
		{"customer changed title The printer burns to The printer burnt"},
		{
			"agent changed firstResponseAt null to 2026-03-01T12:05:00Z", "agent changed slaDueDate 2026-03-01T20:00:00Z to null",
			"agent commented",
		},
		{"agent changed dueDate 2026-03-05T11:15:00Z to null", "agent changed isEscalated false to true"},
		{"agent comment_edited"},
		{ // as if it had never been said
			"agent comment_deleted", "agent changed firstResponseAt 2026-03-01T12:05:00Z to null",
			"agent changed slaDueDate null to 2026-03-01T20:00:00Z",
		},
		{
			"agent changed status Open to Resolved", "agent changed resolvedAt null to 2026-03-01T12:09:00Z",
			"agent changed firstResponseAt null to 2026-03-01T12:09:00Z", "agent changed slaDueDate 2026-03-01T20:00:00Z to null",
		},
		{"customer changed customerSatisfaction null to 2"},
	}
	for _, once := range want {
		n := min(len(once), len(got))
		slices.Sort(once)
		slices.Sort(got[:n])
		if !slices.Equal(got[:n], once) {
			t.Errorf("on record is %q, want %q", got[:n], once)
		}
		got = got[n:]
	}
	if len(got) > 0 {
		t.Errorf("on record is %q too", got)
	}
}

func TestHistoryEntryRepresentation(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	s.Wait(time.Second)
	working := s.Status("IN_PROGRESS")
	s.ask(desk.Agent, "PATCH", ticketPath(v), fmt.Sprintf(`{"statusId":%q}`, working.ID)).must(http.StatusOK, "Ticket updated successfully.")
	s.Wait(time.Second)
	comment := s.comment(desk.Customer, v, "Well?")
	comment = strings.TrimSuffix(strings.TrimPrefix(comment, ticketPath(v)+"comment/"), "/")

	r := s.ask(desk.Agent, "GET", historyPath(v), "").must(http.StatusOK, "Ok")
	id := strings.Fields(r.list("referenceId"))
	if len(id) != 3 {
		t.Fatalf("on record is %s", r.body)
	}
	by := func(name string) string { return fmt.Sprintf(`"actor":%q,"actorId":%q,"via":"api"`, name, s.ID(name)) }
	want := fmt.Sprintf(`{"results":[`+
		`{"referenceId":%q,"at":"2026-03-01T12:00:02Z",%s,"kind":"commented","field":null,"from":null,"to":null,"fromId":null,"toId":null,`+
		`"commentId":%q},`+
		`{"referenceId":%q,"at":"2026-03-01T12:00:01Z",%s,"kind":"changed","field":"status","from":"Open","to":"In Progress","fromId":%q,`+
		`"toId":%q,"commentId":null},`+
		`{"referenceId":%q,"at":"2026-03-01T12:00:00Z",%s,"kind":"created","field":null,"from":null,"to":%q,"fromId":null,"toId":null,`+
		`"commentId":null}`+
		`],"pageSize":10,"links":{"next":null}}`,
		id[0], by(desk.Customer), comment, id[1], by(desk.Agent), v.StatusID, working.ID, id[2], by(desk.Customer), v.Number)
	if string(r.Data) != want {
		t.Errorf("got  %s\nwant %s", r.Data, want)
	}
}

func TestHistoryShowsTimesInZoneOfService(t *testing.T) {
	a := &api{Options: Options{Zone: time.FixedZone("Nepal", 5*3600+45*60)}}
	entry := func(field, from, to string) entryView {
		return a.showEntry(ticket.EntryView{Entry: ticket.Entry{Kind: ticket.EntryChanged, Via: access.ViaJob, Field: field, From: from, To: to}})
	}
	e := entry("dueDate", "", "2026-03-01T12:00:00.5Z")
	if e.From != nil || *e.To != "2026-03-01T17:45:00.5+05:45" || e.Actor != nil || e.ActorID != nil {
		t.Errorf("shown from %v to %s by %v", e.From, *e.To, e.Actor)
	}
	if e := entry("title", "2026-03-01T12:00:00Z", "x"); *e.From != "2026-03-01T12:00:00Z" {
		t.Errorf("a title is shown as %s", *e.From)
	}
}

func TestHistoryIsPagedAndOutlivesMenu(t *testing.T) {
	s := newClients(t)
	made := s.ask(desk.Root, "POST", "/api/menus/", `{"menuName":"Shelf","menuUrl":"/shelf/"}`).must(http.StatusCreated,
		"Menu created successfully.")
	menu := made.object()["referenceId"].(string)
	v := s.Open(desk.Agent, ticket.Patch{MenuID: domain.Some(menu)})
	s.Wait(time.Second)
	s.ask(desk.Root, "DELETE", made.header.Get("Location"), "").must(http.StatusOK, "Menu deleted successfully.")
	s.Wait(time.Second)
	s.ask(desk.Agent, "PATCH", ticketPath(v), `{"title":"a","description":"b","isEscalated":true}`).must(http.StatusOK,
		"Ticket updated successfully.")

	var read []string
	var last map[string]any
	for path := historyPath(v) + "?pageSize=2"; path != ""; {
		r := s.ask(desk.Agent, "GET", path, "").must(http.StatusOK, "Ok")
		read = append(read, r.record()...)
		last = r.object()["results"].([]any)[0].(map[string]any)
		if path = r.next(); len(read) == 2 {
			s.Wait(time.Second)
			s.ask(desk.Agent, "PATCH", ticketPath(v), `{"title":"c"}`).must(http.StatusOK, "Ticket updated successfully.")
		}
	}
	slices.Sort(read[:min(3, len(read))])
	want := []string{
		"agent changed description Since noon. to b", "agent changed isEscalated false to true", "agent changed title The printer burns to a",
		"root changed menu Shelf to null", "agent created null to TKT-20260301-0001",
	}
	if !slices.Equal(read, want) {
		t.Errorf("read %q\nwant %q", read, want)
	}
	if last["kind"] != "created" {
		t.Errorf("it ends with %v", last)
	}
	lost := s.ask(desk.Agent, "GET", historyPath(v)+"?pageSize=5", "").object()["results"].([]any)[4].(map[string]any)
	if lost["fromId"] != menu || lost["toId"] != nil {
		t.Errorf("the menu that was removed is on record as %v", lost)
	}
	s.Assign(desk.Agent2, access.TicketsMenu, access.MayCreate|access.MayUpdate)
	s.ask(desk.Agent2, "GET", historyPath(v), "").must(http.StatusForbidden, notAllowed)
	s.ask(desk.Agent, "GET", historyPath(v)+"?page=1&kind=created", "").refuses("page: Unknown parameter 'page'.",
		"kind: Unknown parameter 'kind'.")
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		r := s.ask(desk.Root, method, historyPath(v), `{}`).must(http.StatusMethodNotAllowed, "Method not allowed.")
		if r.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("Allow: %s", r.header.Get("Allow"))
		}
	}
}

func TestHistoryShowsDueTimesInZoneOfService(t *testing.T) {
	a := &api{Options: Options{Zone: kathmandu}}
	for _, kind := range []ticket.EntryKind{ticket.EntryWarned, ticket.EntryBreached} {
		alarm := ticket.Entry{Kind: kind, Field: "resolution", To: "2026-03-01T12:00:00.5Z"}
		v := a.showEntry(ticket.EntryView{Entry: alarm})
		if v.From != nil || v.To == nil || *v.To != "2026-03-01T17:45:00.5+05:45" || *v.Field != "resolution" {
			t.Errorf("%s is shown as %+v", kind, v)
		}
	}
}
