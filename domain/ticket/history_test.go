package ticket

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// sequence returns a function that returns the ids 1, 2, …
func sequence() func() domain.ID {
	n := 0
	return func() domain.ID { n++; return domain.ID(strconv.Itoa(n)) }
}

var byAna = Cause{Actor: "a1", Via: access.ViaAPI, At: noon}

func TestNewTicketIsOneHistoryEntry(t *testing.T) {
	v := fresh(t).Numbered("TKT-20260302-0001")
	got := History(View{}, v, byAna, sequence())
	want := []Entry{{ID: "1", TicketID: "t1", At: noon, ActorID: "a1", Via: access.ViaAPI, Kind: EntryCreated, To: "TKT-20260302-0001"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestEveryChangedFieldIsAHistoryEntry(t *testing.T) {
	before := fresh(t)
	before.SLADueDate = noon.Add(24 * time.Hour)
	after := before
	found := Found{
		Status: status(Resolved), Priority: &high, Menu: &MenuRef{"m1", "Shelf"}, CreatedFor: &Person{"x1", "xena", true, true},
		AssignedTo: &Person{"x2", "yves", true, true},
	}
	apply(t, &after, Patch{
		Title: domain.Some("Other"), Description: domain.Some("Else"), StatusID: domain.Some("s"), PriorityID: domain.Some("p"),
		MenuID:     domain.Some("m1"),
		CreatedFor: domain.Some("x1"), AssignedTo: domain.Some("x2"), ResponseDeadline: domain.Some(noon.Add(time.Hour)),
		DueDate: domain.Some(noon.Add(2*time.Hour + time.Microsecond)), SLADueDate: domain.Some(noon), IsEscalated: domain.Some(true),
		CustomerSatisfaction: domain.Some(4),
	}, found, noon.Add(3*time.Hour))
	after.SLABreached = true
	want := [][5]string{
		{"title", "Printer", "Other"},
		{"description", "It burns.", "Else"},
		{"menu", "", "m1", "", "Shelf"},
		{"status", "s-open", "s-resolved", "open", "resolved"},
		{"priority", "p1", "p2", "Medium", "High"},
		{"createdFor", "", "x1", "", "xena"},
		{"assignedTo", "", "x2", "", "yves"},
		{"responseDeadline", "", "2026-03-02T13:00:00Z"},
		{"dueDate", "", "2026-03-02T14:00:00.000001Z"},
		{"firstResponseAt", "", "2026-03-02T15:00:00Z"},
		{"resolvedAt", "", "2026-03-02T15:00:00Z"},
		{"slaDueDate", "2026-03-03T12:00:00Z", "2026-03-02T12:00:00Z"},
		{"slaBreached", "false", "true"},
		{"isEscalated", "false", "true"},
		{"customerSatisfaction", "", "4"},
	}
	check := func(got []Entry, from, to, fromName, toName int) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%d entries: %+v", len(got), got)
		}
		for i, e := range got {
			w := want[i]
			if e != (Entry{
				ID: domain.ID(strconv.Itoa(i + 1)), TicketID: "t1", At: noon, ActorID: "a1", Via: access.ViaAPI, Kind: EntryChanged,
				Field: w[0], From: w[from], To: w[to], FromName: w[fromName], ToName: w[toName],
			}) {
				t.Errorf("%+v, want %v", e, w)
			}
		}
	}
	check(History(before, after, byAna, sequence()), 1, 2, 3, 4)
	check(History(after, before, byAna, sequence()), 2, 1, 4, 3)
	if got := History(after, after, byAna, sequence()); got != nil {
		t.Errorf("no change returns %+v", got)
	}
}

// notInHistory is the fields of a ticket that are derived from others or never change; the history has all others.
var notInHistory = []string{
	"ID", "Number", "CreatedBy", "SLAByHand", "SLABreachedAt", "SLANextAt", "DueReminded",
	"DuePassed", "ResponsePassed", "Urgency", "UrgencyFrom",
	"UrgencyUntil",
	"FollowUpOf", "AutoCloseAt", "CreatedAt", "UpdatedAt", "DeletedAt",
}

func TestHistoryCoversEveryFieldOfATicket(t *testing.T) {
	var kept []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Ticket]()) {
		if !slices.Contains(notInHistory, f.Name) {
			kept = append(kept, f.Name)
		}
	}
	for _, name := range kept {
		var v View
		f := reflect.ValueOf(&v.Ticket).Elem().FieldByName(name)
		switch f.Interface().(type) {
		case string, domain.ID:
			f.SetString("x")
		case bool:
			f.SetBool(true)
		case int:
			f.SetInt(3)
		case time.Time:
			f.Set(reflect.ValueOf(noon))
		}
		before := View{Ticket: Ticket{ID: "t1"}}
		v.ID = "t1"
		if got := History(before, v, byAna, sequence()); len(got) != 1 || !differ(before, v) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if len(kept) != len(historyFields) {
		t.Errorf("%d fields of a ticket, %d in historyFields", len(kept), len(historyFields))
	}
}

func TestDeletingIsAHistoryEntry(t *testing.T) {
	v := fresh(t)
	gone := v
	gone.Delete(noon)
	got := History(v, gone, Cause{Via: access.ViaJob, At: noon}, sequence())
	if len(got) != 1 || got[0] != (Entry{ID: "1", TicketID: "t1", At: noon, Via: access.ViaJob, Kind: EntryDeleted}) {
		t.Errorf("%+v", got)
	}
	if again := History(gone, gone, byAna, sequence()); again != nil {
		t.Errorf("%+v", again)
	}
}

func TestCommentHistoryDoesNotContainTheText(t *testing.T) {
	for _, visibility := range []Visibility{Public, Internal} {
		c := Comment{ID: "k1", TicketID: "t1", Body: "secret", Visibility: visibility, AuthorID: "a2"}
		for _, kind := range []EntryKind{EntryCommented, EntryCommentEdited, EntryCommentDeleted} {
			want := Entry{
				ID: "h1", TicketID: "t1", At: noon, ActorID: "a1", Via: access.ViaAPI, Kind: kind, CommentID: "k1", Internal: visibility == Internal,
			}
			if got := CommentHistory(c, kind, byAna, "h1"); got != want {
				t.Errorf("%+v", got)
			}
		}
	}
}

func TestCauseHasTheViaOfTheActor(t *testing.T) {
	for _, c := range []struct {
		actor access.Actor
		want  Cause
	}{
		{access.Actor{}, Cause{Via: access.ViaJob, At: noon}},
		{access.Actor{Via: access.ViaAPI}, Cause{Via: access.ViaJob, At: noon}}, // without an id: the service itself
		{access.Actor{ID: "a1", Via: access.ViaAPI}, Cause{Actor: "a1", Via: access.ViaAPI, At: noon}},
		{access.Actor{ID: "a1", Via: "mail"}, Cause{Actor: "a1", Via: "mail", At: noon}},
	} {
		if got, err := CausedBy(c.actor, noon); got != c.want || err != nil {
			t.Errorf("%+v: got %+v, %v; want %+v", c.actor, got, err, c.want)
		}
	}
	if got, err := CausedBy(access.Actor{ID: "a1"}, noon); err == nil || !strings.Contains(err.Error(), "a1") {
		t.Errorf("actor without Via: got %+v, %v", got, err)
	}
}

func TestShowValueFormatsTimesInAZone(t *testing.T) {
	zone := time.FixedZone("", (5*60+45)*60)
	const at, there = "2026-03-02T13:00:00Z", "2026-03-02T18:45:00+05:45"
	for name, c := range map[string]struct {
		e           Entry
		value, want string
	}{
		"time":                        {Entry{Kind: EntryChanged, Field: "dueDate"}, at, there},
		"unset time":                  {Entry{Kind: EntryChanged, Field: "resolvedAt"}, "", ""},
		"text that looks like a time": {Entry{Kind: EntryChanged, Field: "title"}, at, at},
		"breach":                      {Entry{Kind: EntryBreached, Field: "resolution"}, at, there},
		"warning":                     {Entry{Kind: EntryWarned, Field: "first_response"}, at, there},
	} {
		if got := c.e.ShowValue(c.value, zone); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
