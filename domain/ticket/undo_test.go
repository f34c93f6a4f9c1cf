package ticket

import (
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// byRule returns the entry of a change of the status because of the comment "c1" of the asker.
func byRule(from, to string) Entry {
	return Entry{Kind: EntryChanged, Field: StatusField, Via: access.ViaRule, ActorID: "asker", CommentID: "c1", From: from, To: to}
}

// A reply of the asker opens a pending ticket, and other things happen to it; then the comment "c1" or "c2" is taken back.
func TestStatusGoesBackWithTheRepliesThatOpenedTheTicket(t *testing.T) {
	reply := func(id domain.ID) Entry { return Entry{Kind: EntryCommented, CommentID: id, ActorID: "asker"} }
	gone := func(id domain.ID) Entry { return Entry{Kind: EntryCommentDeleted, CommentID: id, ActorID: "asker"} }
	hidden := func(id domain.ID) Entry {
		return Entry{Kind: EntryCommentEdited, CommentID: id, ActorID: "asker", Internal: true}
	}
	edited := func(id domain.ID) Entry { return Entry{Kind: EntryCommentEdited, CommentID: id, ActorID: "asker"} }
	note := func(id domain.ID) Entry {
		return Entry{Kind: EntryCommented, CommentID: id, ActorID: "asker", Internal: true}
	}
	status := Entry{Kind: EntryChanged, Field: StatusField, ActorID: "agent", From: "open", To: "pending", Via: access.ViaAPI}
	for name, tc := range map[string]struct {
		since []Entry // a minute apart
		back  domain.ID
		want  domain.ID // "" if the status stays
	}{
		"the only reply":                        {nil, "c1", "pending"},
		"the status changed since":              {[]Entry{status}, "c1", ""},
		"another reply stands":                  {[]Entry{reply("c2")}, "c1", ""},
		"the reply that opened it stands":       {[]Entry{reply("c2")}, "c2", ""},
		"another reply is gone already":         {[]Entry{reply("c2"), gone("c2")}, "c1", "pending"},
		"both, the one that opened it first":    {[]Entry{reply("c2"), gone("c1")}, "c2", "pending"},
		"both, made internal":                   {[]Entry{reply("c2"), hidden("c1")}, "c2", "pending"},
		"both, but a third one stands":          {[]Entry{reply("c2"), reply("c3"), gone("c1")}, "c2", ""},
		"both, but the status changed since":    {[]Entry{reply("c2"), gone("c1"), status}, "c2", ""},
		"another note is public since":          {[]Entry{note("c2"), edited("c2")}, "c1", ""},
		"another note is internal":              {[]Entry{note("c2")}, "c1", "pending"},
		"another note was public for a while":   {[]Entry{note("c2"), edited("c2"), hidden("c2")}, "c1", "pending"},
		"another reply is public again":         {[]Entry{reply("c2"), hidden("c2"), edited("c2")}, "c1", ""},
		"an older reply has another text":       {[]Entry{edited("c0")}, "c1", "pending"},
		"the other one stands, of someone else": {[]Entry{{Kind: EntryCommented, CommentID: "c2", ActorID: "agent"}}, "c1", "pending"},
	} {
		t.Run(name, func(t *testing.T) {
			rule := byRule("pending", "open")
			history := []EntryView{{Entry: reply("c0")}, {Entry: rule}, {Entry: reply("c1")}}
			for i, e := range tc.since {
				e.At = time.Time{}.Add(time.Duration(i+1) * time.Minute)
				history = append(history, EntryView{Entry: e})
			}
			slices.Reverse(history)
			undo, ok := UndoOf(tc.back, history)
			if undo.StatusID != tc.want || ok != (tc.want != "") {
				t.Errorf("back to %q, %t; want %q", undo.StatusID, ok, tc.want)
			}
		})
	}
}

// An undo is a change by a rule too; it is not undone.
func TestStatusDoesNotGoBackTwice(t *testing.T) {
	undone := byRule("open", "waiting")
	history := []EntryView{
		{Entry: Entry{Kind: EntryCommented, CommentID: "c2", ActorID: "asker", At: noon}},
		{Entry: Entry{Kind: EntryCommentDeleted, CommentID: "c1", ActorID: "asker"}},
		{Entry: undone},
	}
	if undo, ok := UndoOf("c2", history); ok {
		t.Errorf("back to %q", undo.StatusID)
	}
}
