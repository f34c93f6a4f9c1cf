package notification_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// The people of these tests: ana and bob see every ticket, rita and carl only their own.
const ana, bob, eve, rita, carl = "ana", "bob", "eve", "rita", "carl"

func reader(name string) notification.Reader {
	return notification.Reader{ID: domain.ID(name), Username: name, SeesAll: name == ana || name == bob || name == eve}
}

var everybody = []notification.Reader{reader(ana), reader(bob), reader(eve), reader(rita), reader(carl)}

// printer is a ticket that ana opened for rita and that bob works on.
func printer() ticket.View {
	return ticket.View{
		Ticket: ticket.Ticket{
			ID: "t", Number: "TKT-20260301-0001", Title: "Printer", Description: "It burns.",
			StatusID: "open", PriorityID: "low", CreatedBy: ana, CreatedFor: rita, AssignedTo: bob,
		},
		Names: ticket.Names{StatusName: "Open", PriorityName: "Low", CreatedForName: rita, AssignedToName: bob},
	}
}

// step is one thing that can be done to a ticket.
type step func(*notification.Event)

func status(e *notification.Event)   { e.After.StatusID, e.After.StatusName = "done", "Resolved" }
func priority(e *notification.Event) { e.After.PriorityID, e.After.PriorityName = "high", "High" }
func title(e *notification.Event)    { e.After.Title = "Printer in flames" }
func due(e *notification.Event)      { e.After.DueDate = now.Add(36 * time.Hour) }
func describe(e *notification.Event) { e.After.Description = "It has burnt down." }
func escalate(e *notification.Event) { e.After.IsEscalated, e.After.SLABreached = true, true }
func remove(e *notification.Event)   { e.After.Delete(now) }
func open(e *notification.Event)     { e.Before = ticket.View{} }

func assign(name string) step {
	return func(e *notification.Event) { e.After.AssignedTo, e.After.AssignedToName = domain.ID(name), name }
}

func give(name string) step {
	return func(e *notification.Event) { e.After.CreatedFor, e.After.CreatedForName = domain.ID(name), name }
}

func say(v ticket.Visibility) step {
	return func(e *notification.Event) { e.Comment = &ticket.Comment{ID: "c", Body: "secret words", Visibility: v} }
}

func event(from ticket.View, by string, steps ...step) notification.Event {
	e := notification.Event{Before: from, After: from, By: domain.ID(by), ByName: by, At: now}
	for _, s := range steps {
		s(&e)
	}
	return e
}

func logs(e notification.Event, readers []notification.Reader) []notification.Log {
	n := 0
	return e.Logs(readers, func() domain.ID { n++; return domain.ID(fmt.Sprint("log", n)) })
}

// told writes who is told by which type, "!" where it is about an internal note.
func told(all []notification.Log) string {
	var out []string
	for _, l := range all {
		s := string(l.RecipientID) + ":" + string(l.Type)
		if l.Internal {
			s += "!"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestWhoIsToldWhat goes over what can be done to ana's ticket for rita, which bob works on, and who did it.
func TestWhoIsToldWhat(t *testing.T) {
	const nobody, service = "", ""
	both := func(kind string) map[string]string { // what the requester and the assignee are told
		return map[string]string{
			ana: "bob:" + kind + " rita:" + kind, bob: "rita:" + kind, rita: "bob:" + kind, service: "bob:" + kind + " rita:" + kind,
		}
	}
	only := func(who, kind string) map[string]string {
		told := map[string]string{ana: who + ":" + kind, bob: who + ":" + kind, rita: who + ":" + kind, service: who + ":" + kind}
		if _, causes := told[who]; causes {
			told[who] = nobody
		}
		return told
	}
	silence := map[string]string{ana: nobody, bob: nobody, rita: nobody, service: nobody}
	for name, c := range map[string]struct {
		steps []step
		told  map[string]string // by who did it
	}{
		"opened with an assignee":             {[]step{open}, only(bob, "ticket_created")},
		"opened with nobody assigned":         {[]step{assign(""), open}, silence},
		"reassigned":                          {[]step{assign(eve)}, only(eve, "ticket_reassigned")},
		"unassigned":                          {[]step{assign("")}, only(bob, "ticket_reassigned")},
		"reassigned to the requester":         {[]step{assign(rita)}, only(rita, "ticket_reassigned")},
		"reassigned to who did it":            {[]step{assign(ana)}, only(ana, "ticket_reassigned")},
		"another status":                      {[]step{status}, both("status_changed")},
		"another priority":                    {[]step{priority}, both("priority_changed")},
		"another title":                       {[]step{title}, both("ticket_updated")},
		"another due date":                    {[]step{due}, both("ticket_updated")},
		"another status, priority and title":  {[]step{status, priority, title}, both("status_changed")},
		"another priority and due date":       {[]step{priority, due}, both("priority_changed")},
		"a public comment":                    {[]step{say(ticket.Public)}, both("comment_added")},
		"an internal note":                    {[]step{say(ticket.Internal)}, only(bob, "comment_added!")},
		"a comment that changes the status":   {[]step{say(ticket.Public), status}, both("status_changed")},
		"only another description":            {[]step{describe}, silence},
		"another description beside a status": {[]step{describe, status}, both("status_changed")},
		"what passing time does":              {[]step{escalate}, silence},
		"given to another requester":          {[]step{give(carl)}, silence},
		"deleted":                             {[]step{remove}, silence},
		"nothing":                             {nil, silence},
		"a note that changes the status": {[]step{say(ticket.Internal), status}, map[string]string{
			ana: "bob:status_changed! rita:status_changed", bob: "rita:status_changed", rita: "bob:status_changed!",
			service: "bob:status_changed! rita:status_changed",
		}},
		"another status and assignee": {[]step{status, assign(eve)}, map[string]string{
			ana: "eve:ticket_reassigned rita:status_changed", bob: "eve:ticket_reassigned rita:status_changed", rita: "eve:ticket_reassigned",
			service: "eve:ticket_reassigned rita:status_changed",
		}},
		"another priority and no assignee": {[]step{priority, assign("")}, map[string]string{
			ana: "bob:ticket_reassigned rita:priority_changed", bob: "rita:priority_changed", rita: "bob:ticket_reassigned",
			service: "bob:ticket_reassigned rita:priority_changed",
		}},
		"another title and requester": {[]step{title, give(carl)}, map[string]string{
			ana: "bob:ticket_updated carl:ticket_updated", bob: "carl:ticket_updated", rita: "bob:ticket_updated carl:ticket_updated",
			service: "bob:ticket_updated carl:ticket_updated",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for by, want := range c.told {
				if got := told(logs(event(printer(), by, c.steps...), everybody)); got != want {
					t.Errorf("caused by %q: told %q, want %q", by, got, want)
				}
			}
		})
	}
}

func TestWhoIsToldOfTicketsWithOtherPeople(t *testing.T) {
	for name, c := range map[string]struct {
		people [3]string // who opened it, whom it is for, who works on it
		by     string
		steps  []step
		told   string
	}{
		"the creator stands in for a requester":     {[3]string{rita, "", bob}, ana, []step{status}, "bob:status_changed rita:status_changed"},
		"the creator is no requester beside one":    {[3]string{carl, rita, ""}, ana, []step{status}, "rita:status_changed"},
		"nobody is assigned":                        {[3]string{rita, rita, ""}, bob, []step{say(ticket.Public)}, "rita:comment_added"},
		"nobody is assigned, a note":                {[3]string{rita, rita, ""}, bob, []step{say(ticket.Internal)}, ""},
		"assigned for the first time":               {[3]string{rita, rita, ""}, ana, []step{assign(bob)}, "bob:ticket_assigned"},
		"taken by oneself":                          {[3]string{rita, rita, ""}, bob, []step{assign(bob)}, ""},
		"taken by oneself with another status":      {[3]string{rita, rita, ""}, bob, []step{assign(bob), status}, "rita:status_changed"},
		"requester and assignee are one":            {[3]string{bob, bob, bob}, ana, []step{status, due}, "bob:status_changed"},
		"requester and assignee are one, a note":    {[3]string{bob, bob, bob}, ana, []step{say(ticket.Internal)}, "bob:comment_added!"},
		"requester and assignee are one and did it": {[3]string{bob, bob, bob}, bob, []step{status, say(ticket.Public)}, ""},
		"the requester becomes the assignee":        {[3]string{bob, bob, ""}, ana, []step{assign(bob), status}, "bob:ticket_assigned"},
		"a requester who sees every ticket, a note": {[3]string{ana, ana, bob}, eve, []step{say(ticket.Internal)}, "bob:comment_added!"},
		"such a requester, a note with a status":    {[3]string{ana, ana, ""}, eve, []step{say(ticket.Internal), status}, "ana:status_changed"},
		"an assignee who sees own tickets, a comment": {
			[3]string{rita, rita, carl}, ana, []step{say(ticket.Public)}, "carl:comment_added rita:comment_added",
		},
		"an assignee who sees own tickets, a note": {[3]string{rita, rita, carl}, ana, []step{say(ticket.Internal)}, ""},
		"the same, a note with a status": {
			[3]string{rita, rita, carl}, ana, []step{say(ticket.Internal), status}, "carl:status_changed rita:status_changed",
		},
		"unassigned from who sees own tickets":        {[3]string{rita, rita, carl}, ana, []step{assign("")}, ""},
		"unassigned from who created it and sees own": {[3]string{carl, rita, carl}, ana, []step{assign("")}, "carl:ticket_reassigned"},
	} {
		t.Run(name, func(t *testing.T) {
			v := printer()
			v.CreatedBy, v.CreatedFor, v.AssignedTo = domain.ID(c.people[0]), domain.ID(c.people[1]), domain.ID(c.people[2])
			if got := told(logs(event(v, c.by, c.steps...), everybody)); got != c.told {
				t.Errorf("told %q, want %q", got, c.told)
			}
		})
	}
}

func TestWhoIsInactiveOrMayNotViewTicketsIsNotTold(t *testing.T) {
	e := event(printer(), ana, status)
	if got := e.Concerned(); !slices.Equal(got, []domain.ID{rita, bob}) {
		t.Errorf("concerned are %v", got)
	}
	if got := told(logs(e, []notification.Reader{reader(rita)})); got != "rita:status_changed" {
		t.Errorf("told %q", got)
	}
	if got := logs(e, nil); got != nil {
		t.Errorf("told %v", got)
	}
}

// TestWhateverIsDoneNobodyIsToldWhatTheyMayNotKnow tries every combination of steps, people and causes.
func TestWhateverIsDoneNobodyIsToldWhatTheyMayNotKnow(t *testing.T) {
	steps := []step{
		status, priority, title, due, describe, assign(""), assign(eve), assign(carl), give(carl), say(ticket.Public), say(ticket.Internal),
	}
	names := []string{"", ana, bob, rita, carl}
	for set := range 1 << len(steps) {
		for i := range names {
			v := printer()
			v.CreatedFor, v.AssignedTo = domain.ID(names[i]), domain.ID(names[(i+set)%len(names)])
			e := event(v, names[(2*i+set/3)%len(names)])
			for k, s := range steps {
				if set>>k&1 == 1 {
					s(&e)
				}
			}
			sane(t, e)
		}
	}
}

func sane(t *testing.T, e notification.Event) {
	t.Helper()
	var seen []domain.ID
	for _, l := range logs(e, everybody) {
		to, after := l.RecipientID, e.After
		own := to == after.CreatedBy || to == after.CreatedFor || to == after.AssignedTo
		switch {
		case to == e.By, to == "":
			t.Fatalf("%q caused %+v and is told", e.By, l)
		case slices.Contains(seen, to):
			t.Fatalf("%q is told twice of %+v", to, e)
		case !reader(string(to)).SeesAll && (l.Internal || !own || strings.Contains(l.Message, "note")):
			t.Fatalf("%q is told %+v", to, l)
		case strings.Contains(l.Message, "note") != l.Internal, strings.Contains(l.Message, "secret"), strings.Contains(l.Message, "burnt"):
			t.Fatalf("told %+v", l)
		case !slices.Contains(notification.Types, l.Type), l.ID == "", !l.IsSent, l.IsRead:
			t.Fatalf("told %+v", l)
		}
		seen = append(seen, to)
	}
}
