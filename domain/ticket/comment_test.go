package ticket

import (
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
	asker = access.Actor{
		ID: "c1", Username: "carl", Scope: access.ScopeOwn, Grants: access.Grants{{URL: access.TicketsMenu, Actions: access.MayEverything}},
	}
	root = access.Actor{ID: "r1", Username: "root", Superuser: true}
)

func saying(body string) CommentDraft { return CommentDraft{Body: domain.Some(body)} }

// asked is a ticket that carl opened for himself.
func asked(t *testing.T) View {
	t.Helper()
	return opened(t, draft(), Found{Status: status(Open), Priority: &medium}, asker)
}

// says writes a comment on v; the status goes with it where found has one.
func says(v *View, d CommentDraft, found Found, actor access.Actor, now time.Time) (CommentView, error) {
	if found.Status == nil {
		found.Status = &Status{ID: v.StatusID, Name: v.StatusName, StatusType: v.StatusType, Weight: v.StatusWeight}
	} else if !d.StatusID.Set {
		d.StatusID = domain.Some("s")
	}
	found.Priority = &Priority{ID: v.PriorityID, Name: v.PriorityName, Weight: v.PriorityWeight, SLAHours: 24}
	return v.Comment("k1", d, found, actor, now)
}

func written(t *testing.T, v *View, d CommentDraft, found Found, actor access.Actor, now time.Time) CommentView {
	t.Helper()
	c, err := says(v, d, found, actor, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func note(body string) CommentDraft {
	return CommentDraft{Body: domain.Some(body), Visibility: domain.Some("internal")}
}

func TestACommentIsPublicUnlessItSaysOtherwise(t *testing.T) {
	v := asked(t)
	want := CommentView{
		Comment: Comment{ID: "k1", TicketID: "t1", Body: "Try\n\tagain.", Visibility: Public, AuthorID: "a2", CreatedAt: noon}, Author: "abe",
	}
	if got := written(t, &v, saying(" Try\n\tagain. "), Found{}, agent, noon); got != want {
		t.Errorf("wrote %+v", got)
	}
	cleared := saying("x")
	cleared.Visibility, cleared.StatusID = domain.Null[string](), domain.Null[string]()
	if cleared.Patch().StatusID.Set {
		t.Error("null is no status")
	}
	if got := written(t, &v, cleared, Found{}, agent, noon); got.Visibility != Public {
		t.Errorf("wrote %+v", got)
	}
	if got := written(t, &v, note("x"), Found{}, agent, noon); got.Visibility != Internal {
		t.Errorf("wrote %+v", got)
	}
}

func TestInternalNotesAskForUpdateAndAScopeOfAll(t *testing.T) {
	for name, tc := range map[string]struct {
		actor access.Actor
		ok    bool
	}{
		"superuser": {root, true}, "agent": {agent, true}, "all tickets without update": {reader, false}, "requester": {asker, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := asked(t)
			_, err := says(&v, note("x"), Found{}, tc.actor, noon)
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

func TestEveryProblemOfACommentIsReportedAtOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		d    CommentDraft
		want string
	}{
		"nothing":  {CommentDraft{}, "body: Body cannot be blank."},
		"blank":    {saying(" \n "), "body: Body cannot be blank."},
		"null":     {CommentDraft{Body: domain.Null[string]()}, "body: Body cannot be blank."},
		"too long": {saying(strings.Repeat("é", 64*1024+1)), "body: Body must be at most 65536 characters."},
		"NUL":      {saying("a\x00"), "body: Body contains characters that are not allowed."},
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
			v := asked(t)
			before := v
			_, err := v.Comment("k1", tc.d, Found{Priority: &medium}, agent, noon)
			if got := problems(t, err); got != tc.want || v != before {
				t.Errorf("got\n%s", got)
			}
		})
	}
	v := asked(t)
	if got := written(t, &v, saying(strings.Repeat("é", 64*1024)), Found{}, agent, noon); domain.Length(got.Body) != 64*1024 {
		t.Error("the longest one was cut")
	}
}

func TestTheFirstPublicCommentOfTheDeskIsTheFirstResponse(t *testing.T) {
	for name, tc := range map[string]struct {
		d     CommentDraft
		actor access.Actor
		want  bool
	}{
		"agent":                 {saying("x"), agent, true},
		"who only creates":      {saying("x"), reader, true},
		"superuser":             {saying("x"), root, true},
		"agent, among the desk": {note("x"), agent, false},
		"requester":             {saying("x"), asker, false},
		"another of scope own":  {saying("x"), access.Actor{ID: "c2", Scope: access.ScopeOwn}, false},
		"requester of the desk": {saying("x"), access.Actor{ID: "c1", Scope: access.ScopeAll}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := asked(t)
			at := noon.Add(time.Hour)
			written(t, &v, tc.d, Found{}, tc.actor, at)
			if responded := v.FirstResponseAt.Equal(at); responded != tc.want || v.UpdatedAt.Equal(at) != tc.want {
				t.Errorf("%+v", v.Ticket)
			}
			if !tc.want {
				return
			}
			once := v
			written(t, &v, saying("again"), Found{}, agent, at.Add(time.Hour))
			if v != once {
				t.Errorf("a second answer made %+v", v.Ticket)
			}
		})
	}
}

func TestAnAnswerEndsTheUrgencyOfWaiting(t *testing.T) {
	v := asked(t)
	apply(t, &v, Patch{ResponseDeadline: domain.Some(noon.Add(time.Hour))}, Found{}, noon)
	at := noon.Add(2 * time.Hour)
	if v.RecomputeUrgency(at); v.Urgency != UrgencyOverdue {
		t.Fatalf("%+v", v.Ticket)
	}
	written(t, &v, saying("x"), Found{}, agent, at)
	if v.Urgency != 0 || v.SLABreached {
		t.Errorf("%+v", v.Ticket)
	}
}

func TestACommentMovesTheStatusAsAChangeDoes(t *testing.T) {
	at := noon.Add(time.Hour)
	for _, typ := range StatusTypes {
		v := asked(t)
		plain := v
		written(t, &v, note("x"), Found{Status: another(typ)}, agent, at)
		apply(t, &plain, Patch{StatusID: domain.Some("s")}, Found{Status: another(typ)}, at)
		if v != plain {
			t.Errorf("%s made\n%+v\nwant\n%+v", typ, v, plain)
		}
	}
}

func TestWhatIsOverTakesACommentOnlyWhenItIsTakenUpAgain(t *testing.T) {
	at := noon.Add(2 * time.Hour)
	for _, from := range []StatusType{Closed, Cancelled} {
		other := " ticket takes no other change but its status."
		moved := " ticket can only be moved to open or in_progress."
		for name, tc := range map[string]struct {
			status *Status
			want   string
		}{
			"alone": {nil, other}, "as it is": {status(from), other}, "resolved": {status(Resolved), moved}, "pending": {status(Pending), moved},
			"another of its type": {another(from), moved}, "open": {status(Open), ""}, "in progress": {status(InProgress), ""},
		} {
			t.Run(string(from)+", "+name, func(t *testing.T) {
				v := in(t, from)
				before := v
				_, err := says(&v, saying("x"), Found{Status: tc.status}, agent, at)
				if tc.want != "" {
					if refused(t, err, "A "+string(from)+tc.want); v != before {
						t.Errorf("it became %+v", v)
					}
				} else if err != nil || v.StatusType != tc.status.StatusType || v.FirstResponseAt.IsZero() {
					t.Errorf("%v, %+v", err, v)
				}
			})
		}
	}
}

func TestACommentCanBeChangedByItsAuthorForAQuarterOfAnHour(t *testing.T) {
	last := noon.Add(15 * time.Minute)
	for name, tc := range map[string]struct {
		actor access.Actor
		at    time.Time
		want  domain.Kind
	}{
		"at once":                {agent, noon, domain.Internal},
		"at the last moment":     {agent, last, domain.Internal},
		"a moment later":         {agent, last.Add(time.Microsecond), domain.Conflict},
		"somebody else":          {reader, noon, domain.Forbidden},
		"a superuser":            {root, noon, domain.Forbidden},
		"somebody else, later":   {reader, last.Add(time.Hour), domain.Forbidden},
		"by a clock behind ours": {agent, noon.Add(-2 * time.Second), domain.Internal},
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

func TestAnEditChangesOnlyWhatItNames(t *testing.T) {
	at := noon.Add(time.Minute)
	c := Comment{ID: "k1", Body: "x", Visibility: Internal, AuthorID: agent.ID, CreatedAt: noon}
	before := c
	for name, d := range map[string]CommentPatch{"nothing": {}, "the same": {Body: domain.Some("x "), Visibility: domain.Some("internal")}} {
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

func TestANoteThatBecomesPublicIsAnAnswerFromThenOn(t *testing.T) {
	at := noon.Add(time.Minute)
	publish := CommentPatch{Visibility: domain.Some("public")}
	for name, tc := range map[string]struct {
		was  Visibility
		in   StatusType
		d    CommentPatch
		want bool
	}{
		"published":            {Internal, Open, publish, true},
		"published after all":  {Internal, Cancelled, publish, false},
		"public all the time":  {Public, Open, publish, false},
		"still internal":       {Internal, Open, CommentPatch{Body: domain.Some("y")}, false},
		"public, but reworded": {Public, Open, CommentPatch{Body: domain.Some("y")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := in(t, tc.in)
			v.CreatedFor = asker.ID
			c := Comment{ID: "k1", TicketID: v.ID, Body: "x", Visibility: tc.was, AuthorID: agent.ID, CreatedAt: noon}
			if err := v.EditComment(&c, tc.d, agent, at); err != nil || v.FirstResponseAt.Equal(at) != tc.want {
				t.Errorf("%v, %+v", err, v.Ticket)
			}
		})
	}
}
