package ticket

import (
	"testing"
	"time"

	"tickt/domain"
)

func TestAutoCloseDaysBelongToResolvedStatuses(t *testing.T) {
	const onlyResolved = "autoCloseDays: Only a status of type resolved can have a number of days until tickets are closed."
	const outside = "autoCloseDays: Days until tickets are closed must be a whole number from 1 to 365, or null."
	some := domain.Some[int]
	for name, tc := range map[string]struct {
		was  Status
		c    StatusPatch
		want int
		says string
	}{
		"one":             {Status{StatusType: Resolved}, StatusPatch{AutoCloseDays: some(1)}, 1, ""},
		"most":            {Status{StatusType: Resolved}, StatusPatch{AutoCloseDays: some(365)}, 365, ""},
		"none":            {Status{StatusType: Resolved}, StatusPatch{AutoCloseDays: some(0)}, 0, outside},
		"negative":        {Status{StatusType: Resolved}, StatusPatch{AutoCloseDays: some(-1)}, 0, outside},
		"too many":        {Status{StatusType: Resolved}, StatusPatch{AutoCloseDays: some(366)}, 0, outside},
		"of another type": {Status{StatusType: Pending}, StatusPatch{AutoCloseDays: some(7)}, 0, onlyResolved},
		"stays":           {Status{StatusType: Resolved, AutoCloseDays: 7}, StatusPatch{Name: domain.Some("M")}, 7, ""},
		"cleared":         {Status{StatusType: Resolved, AutoCloseDays: 7}, StatusPatch{AutoCloseDays: domain.Null[int]()}, 0, ""},
		"the type changes": {
			Status{StatusType: Resolved, AutoCloseDays: 7}, StatusPatch{StatusType: domain.Some("closed")}, 7, onlyResolved,
		},
		"the type changes and it is cleared": {
			Status{StatusType: Resolved, AutoCloseDays: 7},
			StatusPatch{StatusType: domain.Some("closed"), AutoCloseDays: domain.Null[int]()},
			0, "",
		},
		"the type becomes resolved": {
			Status{StatusType: Open}, StatusPatch{StatusType: domain.Some("resolved"), AutoCloseDays: some(7)}, 7, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := tc.was
			s.Name, s.Code, s.OnReply = "N", "C", KeepOnReply
			err := s.Apply(tc.c, noon)
			if (err == nil) != (tc.says == "") || err != nil && problems(t, err) != tc.says || err == nil && s.AutoCloseDays != tc.want {
				t.Errorf("%v, %+v", err, s)
			}
		})
	}
}

// resolvedTicket returns a ticket that was resolved at noon with a status that closes tickets after two days.
func resolvedTicket(t *testing.T) View {
	t.Helper()
	v := customerTicket(t)
	s := status(Resolved)
	s.AutoCloseDays = 2
	apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: s}, noon)
	return v
}

func TestAutoCloseFollowsTheLastPublicComment(t *testing.T) {
	h := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	want := func(v View, at time.Time, when string) {
		t.Helper()
		if !v.AutoCloseAt.Equal(at) {
			t.Errorf("%s: closes at %v, want %v", when, v.AutoCloseAt, at)
		}
	}
	v := resolvedTicket(t)
	want(v, h(48), "resolved")
	addComment(t, &v, noteDraft("x"), Found{}, agent, h(1))
	want(v, h(48), "internal note")
	note := Comment{ID: "k2", TicketID: v.ID, Body: "x", Visibility: Internal, AuthorID: agent.ID, CreatedAt: h(1)}
	s := &Status{ID: v.StatusID, Name: "resolved", StatusType: Resolved, AutoCloseDays: 2}
	if _, err := v.Comment("k1", publicDraft("x"), Found{Status: s, Priority: &medium}, agent, h(3)); err != nil {
		t.Fatal(err)
	}
	want(v, h(51), "public comment")
	if err := v.EditComment(&note, CommentPatch{Visibility: domain.Some("public")}, Found{}, agent, h(1)); err != nil {
		t.Fatal(err)
	}
	want(v, h(51), "an older note is published")
	v.Unsay()
	want(v, h(48), "taken back") // at the earliest: the sweep finds out
	if v.AutoClose(*status(Closed), h(47)) || v.StatusType != Resolved {
		t.Errorf("closed too early: %+v", v)
	}
	v.LastPublicAt = h(4) // as the store reads it
	if v.AutoClose(*status(Closed), h(48)) {
		t.Error("closed, but there is a later comment")
	}
	want(v, h(52), "looked at too early")
	due := v
	if !v.AutoClose(*status(Closed), h(52)) || v.StatusID != "s-closed" || v.StatusType != Closed || !v.ResolvedAt.Equal(noon) ||
		!v.UpdatedAt.Equal(h(52)) || !v.AutoCloseAt.IsZero() {
		t.Errorf("closed to %+v", v)
	}
	if v.AutoClose(*status(Closed), h(99)) {
		t.Error("closed twice")
	}
	if v = due; v.AutoCloseDays != 2 {
		t.Fatal(v)
	}
	apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: status(Open)}, h(5))
	want(v, time.Time{}, "reopened")
	if due.AutoCloseDays = 0; !due.ScheduleClosing() || !due.AutoCloseAt.IsZero() {
		t.Errorf("the status closes no tickets any more: %v", due.AutoCloseAt)
	}
}
