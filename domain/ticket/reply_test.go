package ticket

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

var reopened = Status{ID: "s-new", Name: "New", StatusType: Open, Weight: 1}

// TestReplyOfTheRequester goes through every type of status, who comments, how, and what the status says.
func TestReplyOfTheRequester(t *testing.T) {
	at := noon.Add(2 * time.Hour)
	boss := agent // a requester who sees all tickets
	boss.ID = "c1"
	for _, from := range StatusTypes {
		for who, actor := range map[string]access.Actor{"requester": customer, "requester of scope all": boss, "agent": agent} {
			for _, assigned := range []bool{false, true} {
				for _, visibility := range []Visibility{Public, Internal} {
					for _, to := range []*Status{nil, &reopened} {
						name := fmt.Sprintf("%s, %s, assigned %v, %s, says open %v", from, who, assigned, visibility, to != nil)
						t.Run(name, func(t *testing.T) {
							v := ticketIn(t, from)
							if v.CreatedFor = customer.ID; assigned {
								v.AssignedTo = actor.ID
							}
							before := v
							d := CommentDraft{Body: domain.Some("x"), Visibility: domain.Some(string(visibility))}
							found := Found{Status: status(from), Priority: &medium, ReplyStatus: to}
							_, err := v.Comment("k1", d, found, actor, at)
							isReply := actor.ID == customer.ID && visibility == Public
							switch {
							case visibility == Internal && who == "requester": // it writes no notes
								if !errors.Is(err, errMayNotNote) || v != before {
									t.Errorf("%v; the ticket became %+v", err, v)
								}
							case isReply && from.Over():
								expectConflict(t, err, "A "+string(from)+" ticket takes no more comments of its requester; open a follow-up.")
								if v != before {
									t.Errorf("the ticket became %+v", v)
								}
							case err != nil:
								t.Error(err)
							case isReply && !assigned && to != nil:
								if v.StatusID != reopened.ID || v.StatusType != Open || !v.ResolvedAt.IsZero() || !v.UpdatedAt.Equal(at) {
									t.Errorf("the ticket became %+v", v)
								}
							case v.StatusID != before.StatusID || !v.ResolvedAt.Equal(before.ResolvedAt):
								t.Errorf("the ticket became %+v", v)
							}
						})
					}
				}
			}
		}
	}
}

func TestReplyWithAStatusIsTheAuthorsOwnChange(t *testing.T) {
	boss := agent
	boss.ID = "c1"
	v := ticketIn(t, Pending)
	v.CreatedFor = boss.ID
	d := publicDraft("x")
	d.StatusID = domain.Some("s")
	if d.Refs().ReplyStatus || !publicDraft("x").Refs().ReplyStatus {
		t.Error("the status of a reply is looked up, or not")
	}
	if _, err := v.Comment("k1", d, Found{Status: status(InProgress), Priority: &medium, ReplyStatus: &reopened}, boss, noon); err != nil ||
		v.StatusType != InProgress {
		t.Errorf("%v, %+v", err, v)
	}
	over := ticketIn(t, Closed)
	over.CreatedFor = boss.ID
	if _, err := over.Comment("k1", d, Found{Status: status(Open), Priority: &medium}, boss, noon); err != nil || over.StatusType != Open {
		t.Errorf("reopening with a comment: %v, %+v", err, over)
	}
}

func TestPublishedNoteOfTheRequesterIsAReply(t *testing.T) {
	boss := agent
	boss.ID = "c1"
	publish := CommentPatch{Visibility: domain.Some("public")}
	for _, from := range StatusTypes {
		v := ticketIn(t, from)
		v.CreatedFor = boss.ID
		c := Comment{ID: "k1", TicketID: v.ID, Body: "x", Visibility: Internal, AuthorID: boss.ID, CreatedAt: noon}
		was := c
		err := v.EditComment(&c, publish, Found{Priority: &medium, ReplyStatus: &reopened}, boss, noon.Add(time.Minute))
		if from.Over() {
			if domain.KindOf(err) != domain.Conflict || c != was || v.StatusType != from {
				t.Errorf("%s: %v, %+v, %+v", from, err, c, v)
			}
		} else if err != nil || v.StatusID != reopened.ID {
			t.Errorf("%s: %v, %+v", from, err, v)
		}
	}
}

func TestReplyStatus(t *testing.T) {
	late := Status{ID: "a", NameKey: "a", StatusType: Open, Weight: 9, IsDefault: true}
	early, same := Status{ID: "b", NameKey: "b", StatusType: Open, Weight: 2}, Status{ID: "c", NameKey: "c", StatusType: Open, Weight: 2}
	other := Status{ID: "d", StatusType: InProgress, IsDefault: true}
	for name, tc := range map[string]struct {
		says OnReply
		all  []Status
		want domain.ID
	}{
		"keep":                              {KeepOnReply, []Status{late}, ""},
		"the default one":                   {OpenOnReply, []Status{early, late}, "a"},
		"the first, of equal weight":        {OpenOnReply, []Status{same, other, early}, "b"},
		"the default is of another type":    {OpenOnReply, []Status{other, same}, "c"},
		"there is no status of type open":   {OpenOnReply, []Status{other}, ""},
		"there is no status":                {OpenOnReply, nil, ""},
		"a status of an earlier release":    {"", []Status{late}, ""},
		"the default one, the ticket's own": {OpenOnReply, []Status{late}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Status{OnReply: tc.says}.ReplyStatus(tc.all)
			if got == nil && tc.want != "" || got != nil && got.ID != tc.want {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestOnRequesterReplyDependsOnTheTypeByDefault(t *testing.T) {
	for typ, want := range map[StatusType]OnReply{
		Open: KeepOnReply, InProgress: KeepOnReply, Pending: OpenOnReply, Resolved: OpenOnReply, Closed: KeepOnReply, Cancelled: KeepOnReply,
	} {
		c := StatusPatch{Name: domain.Some("N"), Code: domain.Some("C"), StatusType: domain.Some(string(typ))}
		s, err := NewStatus("s1", c, noon)
		if err != nil || s.OnReply != want {
			t.Errorf("%s: %v, %s", typ, err, s.OnReply)
		}
		s.OnReply = map[OnReply]OnReply{KeepOnReply: OpenOnReply, OpenOnReply: KeepOnReply}[want]
		kept, replaced := s, s
		if err := kept.Apply(StatusPatch{Name: domain.Some("M")}, noon); err != nil || kept.OnReply != s.OnReply {
			t.Errorf("%s: a patch of the name: %v, %s", typ, err, kept.OnReply)
		}
		if err := replaced.Apply(c.Replacement(), noon); err != nil || replaced.OnReply != want {
			t.Errorf("%s: replaced: %v, %s", typ, err, replaced.OnReply)
		}
	}
	s := Status{Name: "N", Code: "C", StatusType: Open, OnReply: KeepOnReply}
	if err := s.Apply(StatusPatch{OnReply: domain.Some("close")}, noon); problems(t, err) !=
		"onRequesterReply: Invalid effect of a requester's reply. Please choose one of: keep, open." {
		t.Error(problems(t, err))
	}
}
