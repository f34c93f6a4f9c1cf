package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

const (
	commentKeys = "referenceId body visibility author authorId createdAt editedAt"
	written     = "Comment created successfully."
	edited      = "Comment updated successfully."
	notFound    = "Data not found."
	notAllowed  = "You do not have the required permission to access this resource."
)

func commentsPath(v ticket.View) string { return ticketPath(v) + "comments/" }

// comment writes a public comment as a member and returns its path.
func (s *clients) comment(as string, on ticket.View, body string) string {
	s.t.Helper()
	r := s.ask(as, "POST", commentsPath(on), fmt.Sprintf(`{"body":%q}`, body)).must(http.StatusCreated, written)
	return r.header.Get("Location")
}

// note writes an internal note as a member and returns its path.
func (s *clients) note(as string, on ticket.View, body string) string {
	s.t.Helper()
	r := s.ask(as, "POST", commentsPath(on), fmt.Sprintf(`{"body":%q,"visibility":"internal"}`, body)).must(http.StatusCreated, written)
	return r.header.Get("Location")
}

// next returns the path of the next cursor page, "" on the last one.
func (r reply) next() string {
	r.t.Helper()
	var part struct{ Links struct{ Next *string } }
	if err := json.Unmarshal(r.Data, &part); err != nil {
		r.t.Fatalf("no list in %d %s", r.status, r.body)
	}
	if part.Links.Next == nil {
		return ""
	}
	return *part.Links.Next
}

// commentKinds returns the kinds of the entries about comments on a page of a history.
func (r reply) commentKinds() string {
	r.t.Helper()
	var out []string
	for kind := range strings.FieldsSeq(r.list("kind")) {
		if strings.HasPrefix(kind, "comment") {
			out = append(out, kind)
		}
	}
	return strings.Join(out, " ")
}

func TestCommentRepresentation(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	made := s.ask(desk.Agent, "POST", commentsPath(v),
		`{"body":" Is it <still>\nburning? ","author":"me","editedAt":7}`).must(http.StatusCreated, written)
	path := made.header.Get("Location")
	id := strings.TrimSuffix(strings.TrimPrefix(path, ticketPath(v)+"comment/"), "/")
	want := fmt.Sprintf(`{"referenceId":%q,"body":"Is it <still>\nburning?","visibility":"public","author":"agent","authorId":%q,`+
		`"createdAt":"2026-03-01T12:00:00Z","editedAt":null}`, id, s.ID(desk.Agent))
	read := s.ask(desk.Customer, "GET", path, "").must(http.StatusOK, "Ok")
	if string(made.Data) != want || string(read.Data) != want || keys(t, read.Data) != commentKeys {
		t.Errorf("made %s\nread %s\nwant %s", made.Data, read.Data, want)
	}
	if tag := read.header.Get("ETag"); tag == "" || tag != made.header.Get("ETag") {
		t.Errorf("made with the tag %s, read with %s", made.header.Get("ETag"), tag)
	}
	list := s.ask(desk.Customer, "GET", commentsPath(v), "").must(http.StatusOK, "Ok")
	if want := `{"results":[` + want + `],"pageSize":10,"links":{"next":null}}`; string(list.Data) != want {
		t.Errorf("listed %s\nwant %s", list.Data, want)
	}
	if note := s.ask(desk.Agent, "GET", s.note(desk.Agent, v, "Old fuser."), "").object(); note["visibility"] != "internal" {
		t.Errorf("the note is %v", note)
	}
	empty := s.ask(desk.Agent, "GET", commentsPath(s.Open(desk.Agent, ticket.Patch{})), "").must(http.StatusOK, "Ok")
	if string(empty.Data) != `{"results":[],"pageSize":10,"links":{"next":null}}` {
		t.Errorf("nothing is listed as %s", empty.Data)
	}
}

func TestListCommentsOldestFirstDuringWrites(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	for _, body := range []string{"1", "2", "3"} { // at the same time
		s.comment(desk.Agent, v, body)
	}
	s.Wait(time.Second)
	removed := s.comment(desk.Agent, v, "4")
	var read []string
	for path, part := commentsPath(v)+"?pageSize=2", 0; path != ""; part++ {
		r := s.ask(desk.Customer, "GET", path, "").must(http.StatusOK, "Ok")
		read = append(read, r.list("body"))
		path = r.next()
		if part == 0 { // new comments must not move the start of the next page
			s.comment(desk.Customer, v, "5")
			s.ask(desk.Agent, "DELETE", removed, "").must(http.StatusOK, "Comment deleted successfully.")
		}
	}
	if got := strings.Join(read, ", "); got != "1 2, 3 5" {
		t.Errorf("read %s", got)
	}
	if got := s.ask(desk.Customer, "GET", commentsPath(v)+"?cursor=", "").list("body"); got != "1 2 3 5" {
		t.Errorf("an empty cursor begins at %s", got)
	}
}

func TestListCommentsRefusesUnknownParameters(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{})
	s.comment(desk.Agent, v, "1")
	s.comment(desk.Agent, v, "2")
	next := s.ask(desk.Agent, "GET", commentsPath(v)+"?pageSize=1", "").next()
	s.ask(desk.Agent, "GET", strings.Replace(next, "/comments/", "/history/", 1), "").refuses("cursor: cursor is not one of this list.")
	s.ask(desk.Agent, "GET", strings.Replace(next, commentsPath(v), "/api/notifications/", 1),
		"").refuses("cursor: cursor is not one of this list.")
	s.ask(desk.Agent, "GET", commentsPath(v)+"?page=1&pageSize=101&cursor=x", "").refuses(
		"cursor: cursor is not one of this list.", "pageSize: pageSize must be at most 100.", "page: Unknown parameter 'page'.")
	if r := s.ask(desk.Visitor, "GET", next, ""); r.status != http.StatusNotFound {
		t.Errorf("a cursor bypasses the permission: %d %s", r.status, r.body)
	}
}

func TestScopeOwnNeverSeesInternalNotes(t *testing.T) {
	s := newClients(t)
	for _, name := range []string{desk.Customer, desk.Visitor} {
		s.Assign(name, access.NotificationsMenu, access.MayView)
	}
	v := s.Open(desk.Agent2,
		ticket.Patch{CreatedFor: domain.Some(string(s.ID(desk.Customer))), AssignedTo: domain.Some(string(s.ID(desk.Visitor)))})
	worked := s.Open(desk.Agent2,
		ticket.Patch{CreatedFor: domain.Some(string(s.ID(desk.Customer))), AssignedTo: domain.Some(string(s.ID(desk.Agent2)))})
	s.comment(desk.Agent, v, "Come in.")
	note := s.note(desk.Agent, v, "A difficult one.")
	s.ask(desk.Agent, "PATCH", note, `{"body":"A charming one."}`).must(http.StatusOK, edited)
	s.ask(desk.Agent, "DELETE", s.note(desk.Agent, v, "Taken back."), "").must(http.StatusOK, "Comment deleted successfully.")
	s.note(desk.Agent, worked, "Yours.") // which notifies the assignee

	const histories, logs, inbox = "history/", notificationLogsPath, "/api/notifications/"
	for _, name := range []string{desk.Customer, desk.Visitor} { // the requester and the assignee
		if got := s.ask(name, "GET", commentsPath(v), "").list("body"); got != "Come in." {
			t.Errorf("%s reads %s", name, got)
		}
		s.ask(name, "GET", note, "").must(http.StatusNotFound, notFound)
		s.ask(name, "PATCH", note, `{"body":"x"}`).must(http.StatusNotFound, notFound)
		s.ask(name, "DELETE", note, "").must(http.StatusNotFound, notFound)
		if got := s.ask(name, "GET", ticketPath(v)+histories, "").commentKinds(); got != "commented" {
			t.Errorf("%s finds on record %s", name, got)
		}
		for _, path := range []string{ticketPath(v) + histories, logs, logs + "?notification_type=comment_added", inbox} {
			for page := path; page != ""; {
				r := s.ask(name, "GET", page, "").must(http.StatusOK, "Ok")
				if page = ""; path == inbox || strings.HasSuffix(path, histories) {
					page = r.next()
				}
				if strings.Contains(r.body, "nternal") || strings.Contains(r.body, note[len(note)-33:len(note)-1]) {
					t.Errorf("%s sees a note at %s: %s", name, path, r.body)
				}
			}
		}
	}
	if got := s.ask(desk.Agent2, "GET", commentsPath(v), "").list("body"); got != "Come in. A charming one." {
		t.Errorf("a colleague reads %s", got)
	}
	if got := s.ask(desk.Agent2, "GET", ticketPath(v)+histories,
		"").commentKinds(); got != "comment_deleted commented comment_edited commented commented" {
		t.Errorf("a colleague finds on record %s", got)
	}
	if got := s.ask(desk.Agent2, "GET", inbox, "").list("notificationType"); got != "comment_added" {
		t.Errorf("the assignee was told %s", got)
	}
}

func TestCommentChangesStatus(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	with := func(body, code string) string {
		return fmt.Sprintf(`{"body":%q,"statusId":%q}`, body, s.Status(code).ID)
	}
	s.ask(desk.Customer, "POST", commentsPath(v), with("Solved itself.", "RESOLVED")).must(http.StatusForbidden, "You may not set statusId.")
	s.ask(desk.Agent, "POST", commentsPath(v), fmt.Sprintf(`{"body":" ","statusId":%q}`, s.ID(desk.Agent))).
		refuses("body: Body cannot be blank.", "statusId: Invalid ticket status.")
	if got := s.ask(desk.Agent, "GET", commentsPath(v), "").list("body"); got != "" {
		t.Errorf("a refused comment was written: %s", got)
	}
	s.ask(desk.Agent, "POST", commentsPath(v), with("Done.", "CLOSED")).must(http.StatusCreated, written)
	shut := s.ask(desk.Agent, "GET", ticketPath(v), "").object()
	if shut["statusType"] != "closed" || shut["resolvedAt"] != "2026-03-01T12:00:00Z" || shut["firstResponseAt"] != "2026-03-01T12:00:00Z" {
		t.Errorf("now %v", shut)
	}
	refused := s.ask(desk.Customer, "POST", commentsPath(v), `{"body":"It burns again."}`).must(http.StatusConflict,
		"A closed ticket takes no more comments of its requester; open a follow-up.")
	if !strings.Contains(refused.body, `"code":"closed"`) {
		t.Errorf("refused with %s", refused.body)
	}
	s.ask(desk.Agent, "POST", commentsPath(v), with("Never mind.", "PENDING")).must(http.StatusConflict,
		"A closed ticket can only be moved to open or in_progress.")
	s.ask(desk.Agent, "POST", commentsPath(v), with("It burns again.", "OPEN")).must(http.StatusCreated, written)
	if got := s.ask(desk.Customer, "GET", commentsPath(v), "").list("body"); got != "Done. It burns again." {
		t.Errorf("read %s", got)
	}
	if again := s.ask(desk.Agent, "GET", ticketPath(v), "").object(); again["statusType"] != "open" || again["resolvedAt"] != nil {
		t.Errorf("now %v", again)
	}
}

func TestCommentIsEditableByAuthorForFifteenMinutes(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	path, other := s.comment(desk.Agent, v, "Wait."), s.comment(desk.Agent, v, "Please.")
	const author, late = "Only the author may change a comment.", "A comment can be changed for 15 minutes only."
	for _, name := range []string{desk.Customer, desk.Agent2, desk.Admin, desk.Root} {
		s.ask(name, "PATCH", path, `{"body":"x"}`).must(http.StatusForbidden, author)
		s.ask(name, "DELETE", path, "").must(http.StatusForbidden, author)
	}
	s.Wait(15 * time.Minute)
	read := s.ask(desk.Agent, "GET", path, "")
	if same := s.ask(desk.Agent, "PATCH", path, string(read.Data)).must(http.StatusOK, edited); string(same.Data) != string(read.Data) {
		t.Errorf("sent back unchanged, now %s", same.Data)
	}
	changed := s.ask(desk.Agent, "PATCH", path, `{"body":"Wait a minute.","visibility":"internal"}`).must(http.StatusOK, edited).object()
	if changed["body"] != "Wait a minute." || changed["visibility"] != "internal" || changed["editedAt"] != "2026-03-01T12:15:00Z" {
		t.Errorf("now %v", changed)
	}
	s.Wait(time.Microsecond)
	s.ask(desk.Agent, "PATCH", path, `{"body":"x"}`).must(http.StatusConflict, late)
	s.ask(desk.Agent, "DELETE", other, "").must(http.StatusConflict, late)
	if got := s.ask(desk.Agent, "GET", commentsPath(v), "").list("body"); got != "Wait a minute. Please." {
		t.Errorf("read %s", got)
	}
	fresh := s.comment(desk.Agent, v, "Oops.")
	gone := s.ask(desk.Agent, "DELETE", fresh, "").must(http.StatusOK, "Comment deleted successfully.")
	if gone.Data != nil {
		t.Errorf("deleted with %s", gone.body)
	}
	s.ask(desk.Agent, "GET", fresh, "").must(http.StatusNotFound, notFound)
	put := s.ask(desk.Agent, "PUT", path, `{"body":"x"}`).must(http.StatusMethodNotAllowed, "Method not allowed.")
	if put.header.Get("Allow") != "GET, HEAD, DELETE, PATCH" {
		t.Errorf("Allow: %s", put.header.Get("Allow"))
	}
}

func TestCommentIsFoundOnlyUnderItsTicket(t *testing.T) {
	s := newClients(t)
	v, other := s.Open(desk.Agent, ticket.Patch{}), s.Open(desk.Agent, ticket.Patch{})
	path := s.comment(desk.Agent, v, "Here.")
	id := strings.TrimPrefix(path, ticketPath(v)+"comment/")
	nobody := strings.Repeat("f", 32)
	for _, wrong := range []string{
		ticketPath(other) + "comment/" + id, "/api/ticket/" + nobody + "/comment/" + id, "/api/ticket/x/comment/" + id,
		"/api/ticket/" + strings.ToUpper(string(v.ID)[:31]) + "G/comment/" + id,
		ticketPath(v) + "comment/" + nobody, ticketPath(v) + "comment/x",
		ticketPath(v) + "comment/" + strings.ToUpper(strings.Replace(id, "0", "A", 1)),
	} {
		s.ask(desk.Agent, "GET", wrong, "").must(http.StatusNotFound, notFound)
		s.ask(desk.Agent, "PATCH", wrong, `{"body":"There."}`).must(http.StatusNotFound, notFound)
		s.ask(desk.Agent, "DELETE", wrong, "").must(http.StatusNotFound, notFound)
	}
	for _, below := range []string{"comments/", "history/"} {
		s.ask(desk.Agent, "GET", "/api/ticket/x/"+below, "").must(http.StatusNotFound, notFound)
		s.ask(desk.Agent, "GET", "/api/ticket/"+nobody+"/"+below, "").must(http.StatusNotFound, notFound)
	}
	s.ask(desk.Agent, "POST", "/api/ticket/"+nobody+"/comments/", `{"body":"x"}`).must(http.StatusNotFound, notFound)
	s.ask(desk.Agent, "DELETE", ticketPath(v), "").must(http.StatusOK, "Ticket deleted successfully.")
	for _, path := range []string{path, commentsPath(v), ticketPath(v) + "history/"} {
		s.ask(desk.Agent, "GET", path, "").must(http.StatusNotFound, notFound)
	}
	s.ask(desk.Agent, "POST", commentsPath(v), `{"body":"x"}`).must(http.StatusNotFound, notFound)
}

func TestCommentPermissions(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent,
		ticket.Patch{CreatedFor: domain.Some(string(s.ID(desk.Customer))), AssignedTo: domain.Some(string(s.ID(desk.Watcher)))})
	first := s.comment(desk.Agent, v, "Hello.")
	s.Assign(desk.Agent2, access.TicketsMenu, access.MayView|access.MayCreate)
	const status = `{"body":"c","statusId":"%s"}`
	bodies := []string{`{"body":"a"}`, `{"body":"b","visibility":"internal"}`, fmt.Sprintf(status, s.Status("PENDING").ID)}
	for _, who := range []struct {
		name    string
		reads   int
		comment [3]int // publicly, internally, with a status
	}{
		{"", 401, [3]int{401, 401, 401}},
		{desk.Root, 200, [3]int{201, 201, 201}},
		{desk.Admin, 200, [3]int{201, 201, 201}},
		{desk.Agent, 200, [3]int{201, 201, 201}},
		{desk.Agent2, 200, [3]int{201, 403, 403}}, // without update
		{desk.Customer, 200, [3]int{201, 403, 403}},
		{desk.Watcher, 200, [3]int{403, 403, 403}},
		{desk.Visitor, 404, [3]int{404, 404, 404}},
		{desk.Nobody, 403, [3]int{403, 403, 403}},
	} {
		for _, path := range []string{commentsPath(v), first, ticketPath(v) + "history/"} {
			if r := s.ask(who.name, "GET", path, ""); r.status != who.reads {
				t.Errorf("%q reads %s: %d %s", who.name, path, r.status, r.body)
			}
		}
		for i, body := range bodies {
			if r := s.ask(who.name, "POST", commentsPath(v), body); r.status != who.comment[i] {
				t.Errorf("%q writes %s: %d %s", who.name, body, r.status, r.body)
			}
		}
	}
	s.ask(desk.Customer, "POST", commentsPath(v), bodies[1]).must(http.StatusForbidden, "You may not write internal notes.")
	s.ask(desk.Watcher, "POST", commentsPath(v), bodies[0]).must(http.StatusForbidden, notAllowed)
	mine := s.comment(desk.Customer, v, "Thanks.")
	s.ask(desk.Customer, "PATCH", mine, `{"visibility":"internal"}`).must(http.StatusForbidden, "You may not write internal notes.")
	s.ask(desk.Watcher, "DELETE", mine, "").must(http.StatusForbidden, "Only the author may change a comment.")
	s.Assign(desk.Customer, access.TicketsMenu, access.MayView) // its own comments stay its own
	s.ask(desk.Customer, "POST", commentsPath(v), bodies[0]).must(http.StatusForbidden, notAllowed)
	s.ask(desk.Customer, "PATCH", mine, `{"body":"Thank you."}`).must(http.StatusOK, "Comment updated successfully.")
	s.ask(desk.Customer, "DELETE", mine, "").must(http.StatusOK, "Comment deleted successfully.")
}

func TestCommentsRefuseInvalidInput(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Agent, ticket.Patch{})
	const visibility = "visibility: Invalid visibility. Please choose one of: public, internal."
	s.ask(desk.Agent, "POST", commentsPath(v), "").must(http.StatusBadRequest, "Body can not be blank.")
	s.ask(desk.Agent, "POST", commentsPath(v), `{}`).refuses("body: Body cannot be blank.")
	s.ask(desk.Agent, "POST", commentsPath(v), `{"body":"a\u0007b","visibility":"secret","colour":1}`).
		refuses("colour: Unknown field 'colour'.",
			"body: Body contains a character that is not allowed: U+0007 (control character) at position 2.", visibility)
	s.ask(desk.Agent, "POST", commentsPath(v),
		`{"body":"`+strings.Repeat("é", 65537)+`"}`).refuses("body: Body must be at most 65536 characters.")
	s.ask(desk.Agent, "POST", commentsPath(v),
		`{"body":"`+strings.Repeat("é", 65536)+`","visibility":null,"statusId":null}`).must(http.StatusCreated, written)
	path := s.comment(desk.Agent, v, "Fine.")
	s.ask(desk.Agent, "PATCH", path, `{"body":null,"visibility":"","statusId":null}`).
		refuses("statusId: Unknown field 'statusId'.", "body: Body cannot be blank.", visibility)
	s.ask(desk.Agent, "PATCH", path+"?force=1", `{"body":"x"}`).refuses("force: Unknown parameter 'force'.")
}
