package ticket

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

var (
	agent = access.Actor{
		ID: "a2", Username: "abe", Scope: access.ScopeAll,
		Grants: access.Grants{{URL: access.TicketsMenu, Actions: access.MayView | access.MayUpdate}},
	}
	reader = access.Actor{
		ID: "a3", Username: "ria", Scope: access.ScopeAll,
		Grants: access.Grants{{URL: access.TicketsMenu, Actions: access.MayView | access.MayCreate}},
	}
	customer = access.Actor{
		ID: "c1", Username: "carl", Scope: access.ScopeOwn, Grants: access.Grants{{URL: access.TicketsMenu, Actions: access.MayEverything}},
	}
	root = access.Actor{ID: "r1", Username: "root", Superuser: true}
)

func publicDraft(body string) CommentDraft { return CommentDraft{Body: domain.Some(body)} }

// customerTicket returns a ticket that carl opened for himself.
func customerTicket(t *testing.T) View {
	t.Helper()
	return opened(t, draft(), Found{Status: status(Open), Priority: &medium}, customer)
}

// tryComment adds a comment to v; if found has a status, the comment also changes the status.
func tryComment(v *View, d CommentDraft, found Found, actor access.Actor, now time.Time) (CommentView, error) {
	if found.Status == nil {
		found.Status = &Status{ID: v.StatusID, Name: v.StatusName, StatusType: v.StatusType, Weight: v.StatusWeight}
	} else if !d.StatusID.Set {
		d.StatusID = domain.Some("s")
	}
	found.Priority = &Priority{ID: v.PriorityID, Name: v.PriorityName, Weight: v.PriorityWeight, SLAHours: 24}
	return v.Comment("k1", d, found, actor, now)
}

// addComment is tryComment that must succeed.
func addComment(t *testing.T, v *View, d CommentDraft, found Found, actor access.Actor, now time.Time) CommentView {
	t.Helper()
	c, err := tryComment(v, d, found, actor, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func noteDraft(body string) CommentDraft {
	return CommentDraft{Body: domain.Some(body), Visibility: domain.Some("internal")}
}

func TestCommentsArePublicByDefault(t *testing.T) {
	v := customerTicket(t)
	want := CommentView{
		Comment: Comment{ID: "k1", TicketID: "t1", Body: "Try\n\tagain.", Visibility: Public, AuthorID: "a2", CreatedAt: noon}, Author: "abe",
	}
	if got := addComment(t, &v, publicDraft(" Try\n\tagain. "), Found{}, agent, noon); got != want {
		t.Errorf("wrote %+v", got)
	}
	cleared := publicDraft("x")
	cleared.Visibility, cleared.StatusID = domain.Null[string](), domain.Null[string]()
	if cleared.Patch().StatusID.Set {
		t.Error("a null status changes the ticket")
	}
	if got := addComment(t, &v, cleared, Found{}, agent, noon); got.Visibility != Public {
		t.Errorf("wrote %+v", got)
	}
	if got := addComment(t, &v, noteDraft("x"), Found{}, agent, noon); got.Visibility != Internal {
		t.Errorf("wrote %+v", got)
	}
}

func TestInternalNotesRequireUpdateAndScopeAll(t *testing.T) {
	for name, tc := range map[string]struct {
		actor access.Actor
		ok    bool
	}{
		"superuser": {root, true}, "agent": {agent, true}, "all tickets without update": {reader, false}, "requester": {customer, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := customerTicket(t)
			_, err := tryComment(&v, noteDraft("x"), Found{}, tc.actor, noon)
			if (err == nil) != tc.ok || !tc.ok && domain.KindOf(err) != domain.Forbidden {
				t.Error("writing:", err)
			}
			c := Comment{Body: "x", Visibility: Public, AuthorID: tc.actor.ID, CreatedAt: noon}
			err = c.Edit(CommentPatch{Visibility: domain.Some("internal")}, tc.actor, noon)
			if (err == nil) != tc.ok || (c.Visibility == Internal) != tc.ok {
				t.Errorf("editing: %v, %+v", err, c)
			}
		})
	}
}

func TestCommentReportsAllProblemsAtOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		d    CommentDraft
		want string
	}{
		"no body":  {CommentDraft{}, "body: Body cannot be blank."},
		"blank":    {publicDraft(" \n "), "body: Body cannot be blank."},
		"null":     {CommentDraft{Body: domain.Null[string]()}, "body: Body cannot be blank."},
		"too long": {publicDraft(strings.Repeat("é", 64*1024+1)), "body: Body must be at most 65536 characters."},
		"NUL":      {publicDraft("a\x00"), "body: Body contains a character that is not allowed: U+0000 (control character) at position 2."},
		"all three": {
			CommentDraft{Visibility: domain.Some("secret"), StatusID: domain.Some("nope")},
			"body: Body cannot be blank.\nvisibility: Invalid visibility. Please choose one of: public, internal.\nstatusId: Invalid ticket status.",
		},
		"unread": {
			CommentDraft{Unread: domain.Problems{{Field: "body", Code: "body must be a string."}}, StatusID: domain.Some("nope")},
			"body: body must be a string.\nstatusId: Invalid ticket status.",
		},
		"blank status": {CommentDraft{Body: domain.Some("x"), StatusID: domain.Some("")}, "statusId: Invalid ticket status."},
	} {
		t.Run(name, func(t *testing.T) {
			v := customerTicket(t)
			before := v
			_, err := v.Comment("k1", tc.d, Found{Priority: &medium}, agent, noon)
			if got := problems(t, err); got != tc.want || v != before {
				t.Errorf("got\n%s", got)
			}
		})
	}
	v := customerTicket(t)
	if got := addComment(t, &v, publicDraft(strings.Repeat("é", 64*1024)), Found{}, agent, noon); domain.Length(got.Body) != 64*1024 {
		t.Error("the longest body was truncated")
	}
}

func TestFirstPublicCommentOfTheDeskIsTheFirstResponse(t *testing.T) {
	for name, tc := range map[string]struct {
		d     CommentDraft
		actor access.Actor
		want  bool
	}{
		"agent":                      {publicDraft("x"), agent, true},
		"agent without update":       {publicDraft("x"), reader, true},
		"superuser":                  {publicDraft("x"), root, true},
		"agent, internal note":       {noteDraft("x"), agent, false},
		"requester":                  {publicDraft("x"), customer, false},
		"other account of scope own": {publicDraft("x"), access.Actor{ID: "c2", Scope: access.ScopeOwn}, false},
		"requester with scope all":   {publicDraft("x"), access.Actor{ID: "c1", Scope: access.ScopeAll}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := customerTicket(t)
			at := noon.Add(time.Hour)
			addComment(t, &v, tc.d, Found{}, tc.actor, at)
			if responded := v.FirstResponseAt.Equal(at); responded != tc.want || v.UpdatedAt.Equal(at) != tc.want {
				t.Errorf("%+v", v.Ticket)
			}
			if !tc.want {
				return
			}
			once := v
			addComment(t, &v, publicDraft("again"), Found{}, agent, at.Add(time.Hour))
			if v != once {
				t.Errorf("a second answer changed the ticket to %+v", v.Ticket)
			}
		})
	}
}

func TestAnswerEndsTheOverdueUrgency(t *testing.T) {
	v := customerTicket(t)
	apply(t, &v, Patch{ResponseDeadline: domain.Some(noon.Add(time.Hour))}, Found{}, noon)
	at := noon.Add(2 * time.Hour)
	if v.RecomputeUrgency(at); v.Urgency != UrgencyOverdue {
		t.Fatalf("%+v", v.Ticket)
	}
	addComment(t, &v, publicDraft("x"), Found{}, agent, at)
	if v.Urgency != 0 || v.SLABreached {
		t.Errorf("%+v", v.Ticket)
	}
}

func TestCommentChangesTheStatusLikeAPatch(t *testing.T) {
	at := noon.Add(time.Hour)
	for _, typ := range StatusTypes {
		v := customerTicket(t)
		plain := v
		addComment(t, &v, noteDraft("x"), Found{Status: another(typ)}, agent, at)
		apply(t, &plain, Patch{StatusID: domain.Some("s")}, Found{Status: another(typ)}, at)
		if v != plain {
			t.Errorf("%s: got\n%+v\nwant\n%+v", typ, v, plain)
		}
	}
}

func TestTicketThatIsOverAcceptsCommentsButMovesOnlyToOpenOrInProgress(t *testing.T) {
	at := noon.Add(2 * time.Hour)
	for _, from := range []StatusType{Closed, Cancelled} {
		moved := " ticket can only be moved to open or in_progress."
		for name, tc := range map[string]struct {
			status *Status
			want   string
		}{
			"no status": {nil, ""}, "same status": {status(from), ""}, "resolved": {status(Resolved), moved},
			"pending": {status(Pending), moved}, "other status of the same type": {another(from), moved},
			"open": {status(Open), ""}, "in progress": {status(InProgress), ""},
		} {
			t.Run(string(from)+", "+name, func(t *testing.T) {
				v := ticketIn(t, from)
				before := v
				_, err := tryComment(&v, publicDraft("x"), Found{Status: tc.status}, agent, at)
				if tc.want != "" {
					if expectConflict(t, err, "A "+string(from)+tc.want); v != before {
						t.Errorf("the ticket became %+v", v)
					}
					return
				}
				want, answered := from, !before.FirstResponseAt.IsZero()
				if tc.status != nil && tc.status.StatusType != from {
					want, answered = tc.status.StatusType, true
				}
				if err != nil || v.StatusType != want || v.FirstResponseAt.IsZero() == answered {
					t.Errorf("%v, %+v", err, v)
				}
			})
		}
	}
}

func TestOnlyTheAuthorMayChangeACommentForFifteenMinutes(t *testing.T) {
	last := noon.Add(15 * time.Minute)
	for name, tc := range map[string]struct {
		actor access.Actor
		at    time.Time
		want  domain.Kind
	}{
		"immediately":                        {agent, noon, domain.Internal},
		"at the last moment":                 {agent, last, domain.Internal},
		"too late":                           {agent, last.Add(time.Microsecond), domain.Conflict},
		"other agent":                        {reader, noon, domain.Forbidden},
		"superuser":                          {root, noon, domain.Forbidden},
		"other agent, too late":              {reader, last.Add(time.Hour), domain.Forbidden},
		"clock of another machine is behind": {agent, noon.Add(-2 * time.Second), domain.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			c := Comment{ID: "k1", Body: "x", Visibility: Public, AuthorID: agent.ID, CreatedAt: noon}
			before := c
			if err := c.MayDelete(tc.actor, tc.at); (err == nil) != (tc.want == domain.Internal) || err != nil && domain.KindOf(err) != tc.want {
				t.Error("delete:", err)
			}
			err := c.Edit(CommentPatch{Body: domain.Some(" y ")}, tc.actor, tc.at)
			if tc.want == domain.Internal {
				if err != nil || c.Body != "y" || !c.EditedAt.Equal(tc.at) || c.Visibility != Public {
					t.Errorf("%v, %+v", err, c)
				}
			} else if domain.KindOf(err) != tc.want || c != before {
				t.Errorf("%v, %+v", err, c)
			}
		})
	}
}

func TestAuthorWithoutRightsOnTicketsMayStillChangeWhatItSaid(t *testing.T) {
	former := agent
	former.Superuser, former.Grants = false, access.Grants{{URL: access.TicketsMenu, Actions: access.MayView}}
	for was, want := range map[Visibility]string{
		Public:   "text <nil>, other visibility forbidden: You may not write internal notes.",
		Internal: "text <nil>, other visibility forbidden: You do not have the required permission to access this resource.",
	} {
		edit := func(d CommentPatch) error {
			v, c := customerTicket(t), Comment{ID: "k1", Body: "x", Visibility: was, AuthorID: former.ID, CreatedAt: noon}
			return v.EditComment(&c, d, Found{}, former, noon)
		}
		other := map[Visibility]Visibility{Public: Internal, Internal: Public}[was]
		got := fmt.Sprintf("text %v, other visibility %v",
			edit(CommentPatch{Body: domain.Some("y")}), edit(CommentPatch{Visibility: domain.Some(string(other))}))
		if got != want {
			t.Errorf("%s: %s, want %s", was, got, want)
		}
	}
}

func TestEditKeepsAbsentFields(t *testing.T) {
	at := noon.Add(time.Minute)
	c := Comment{ID: "k1", Body: "x", Visibility: Internal, AuthorID: agent.ID, CreatedAt: noon}
	before := c
	for name, d := range map[string]CommentPatch{
		"nothing": {}, "same values": {Body: domain.Some("x "), Visibility: domain.Some("internal")},
	} {
		if err := c.Edit(d, agent, at); err != nil || c != before {
			t.Errorf("%s: %v, %+v", name, err, c)
		}
	}
	if got := problems(t, c.Edit(CommentPatch{Body: domain.Null[string](), Visibility: domain.Some("")}, agent, at)); c != before ||
		got != "body: Body cannot be blank.\nvisibility: Invalid visibility. Please choose one of: public, internal." {
		t.Error(got)
	}
	if err := c.Edit(CommentPatch{Visibility: domain.Null[string]()}, agent, at); err != nil || c.Visibility != Public || c.Body != "x" ||
		c.EditedAt.IsZero() {
		t.Errorf("%v, %+v", err, c)
	}
}

func TestNoteThatBecomesPublicIsAnAnswer(t *testing.T) {
	at := noon.Add(time.Minute)
	publish := CommentPatch{Visibility: domain.Some("public")}
	for name, tc := range map[string]struct {
		was  Visibility
		in   StatusType
		d    CommentPatch
		want bool
	}{
		"published":                       {Internal, Open, publish, true},
		"published on a cancelled ticket": {Internal, Cancelled, publish, false},
		"public before":                   {Public, Open, publish, false},
		"still internal":                  {Internal, Open, CommentPatch{Body: domain.Some("y")}, false},
		"public, other text":              {Public, Open, CommentPatch{Body: domain.Some("y")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := ticketIn(t, tc.in)
			v.CreatedFor = customer.ID
			c := Comment{ID: "k1", TicketID: v.ID, Body: "x", Visibility: tc.was, AuthorID: agent.ID, CreatedAt: noon}
			if err := v.EditComment(&c, tc.d, Found{}, agent, at); err != nil || v.FirstResponseAt.Equal(at) != tc.want {
				t.Errorf("%v, %+v", err, v.Ticket)
			}
		})
	}
}
