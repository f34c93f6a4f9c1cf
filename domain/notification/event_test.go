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

// The accounts of these tests: ana, bob and eve see every ticket, rita and carl only their own.
const ana, bob, eve, rita, carl = "ana", "bob", "eve", "rita", "carl"

func reader(name string) notification.Reader {
	return notification.Reader{ID: domain.ID(name), Username: name, SeesAll: name == ana || name == bob || name == eve}
}

var everyone = []notification.Reader{reader(ana), reader(bob), reader(eve), reader(rita), reader(carl)}

// printer returns a ticket that ana opened for rita and that is assigned to bob.
func printer() ticket.View {
	return ticket.View{
		Ticket: ticket.Ticket{
			ID: "t", Number: "TKT-20260301-0001", Title: "Printer", Description: "It burns.",
			StatusID: "open", PriorityID: "low", CreatedBy: ana, CreatedFor: rita, AssignedTo: bob,
		},
		Names: ticket.Names{StatusName: "Open", PriorityName: "Low", CreatedForName: rita, AssignedToName: bob},
	}
}

// step is one change of a ticket.
type step func(*notification.Event)

func status(e *notification.Event)   { e.After.StatusID, e.After.StatusName = "done", "Resolved" }
func priority(e *notification.Event) { e.After.PriorityID, e.After.PriorityName = "high", "High" }
func title(e *notification.Event)    { e.After.Title = "Printer in flames" }
func due(e *notification.Event)      { e.After.DueDate = now.Add(36 * time.Hour) }
func describe(e *notification.Event) { e.After.Description = "It has burnt down." }
func escalate(e *notification.Event) { e.After.IsEscalated, e.After.SLABreached = true, true }
func remove(e *notification.Event)   { e.After.Delete(now) }
func isNew(e *notification.Event)    { e.Before = ticket.View{} }

func assign(name string) step {
	return func(e *notification.Event) { e.After.AssignedTo, e.After.AssignedToName = domain.ID(name), name }
}

func setRequester(name string) step {
	return func(e *notification.Event) { e.After.CreatedFor, e.After.CreatedForName = domain.ID(name), name }
}

func addComment(v ticket.Visibility) step {
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
	return e.Logs(readers, false, func() domain.ID { n++; return domain.ID(fmt.Sprint("log", n)) })
}

// formatLogs formats logs as "recipient:type", with "!" if the log is internal.
func formatLogs(all []notification.Log) string {
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

// TestLogsByChangeAndActor tries each change of the ticket of printer, by each account and by the service.
func TestLogsByChangeAndActor(t *testing.T) {
	const none, service = "", ""
	both := func(kind string) map[string]string { // the requester and the assignee are notified
		return map[string]string{
			ana: "bob:" + kind + " rita:" + kind, bob: "rita:" + kind, rita: "bob:" + kind, service: "bob:" + kind + " rita:" + kind,
		}
	}
	only := func(who, kind string) map[string]string {
		want := map[string]string{ana: who + ":" + kind, bob: who + ":" + kind, rita: who + ":" + kind, service: who + ":" + kind}
		if _, causes := want[who]; causes {
			want[who] = none
		}
		return want
	}
	former := func(who, kind string) map[string]string { // bob, the former assignee, is notified, too
		pair := []string{"bob:" + kind, who + ":" + kind}
		slices.Sort(pair)
		told := strings.Join(pair, " ")
		want := map[string]string{ana: told, bob: who + ":" + kind, rita: told, service: told}
		if _, causes := want[who]; causes {
			want[who] = "bob:" + kind
		}
		return want
	}
	noLogs := map[string]string{ana: none, bob: none, rita: none, service: none}
	for name, c := range map[string]struct {
		steps []step
		want  map[string]string // by who caused it
	}{
		"opened with an assignee": {[]step{isNew}, map[string]string{
			ana: "bob:ticket_created rita:ticket_received", bob: "rita:ticket_received", rita: "bob:ticket_created",
			service: "bob:ticket_created rita:ticket_received",
		}},
		"opened without an assignee":         {[]step{assign(""), isNew}, only(rita, "ticket_received")},
		"reassigned":                         {[]step{assign(eve)}, former(eve, "ticket_reassigned")},
		"unassigned":                         {[]step{assign("")}, only(bob, "ticket_reassigned")},
		"reassigned to the requester":        {[]step{assign(rita)}, former(rita, "ticket_reassigned")},
		"reassigned to ana":                  {[]step{assign(ana)}, former(ana, "ticket_reassigned")},
		"another status":                     {[]step{status}, both("status_changed")},
		"another priority":                   {[]step{priority}, both("priority_changed")},
		"another title":                      {[]step{title}, both("ticket_updated")},
		"another due date":                   {[]step{due}, both("ticket_updated")},
		"another status, priority and title": {[]step{status, priority, title}, both("status_changed")},
		"another priority and due date":      {[]step{priority, due}, both("priority_changed")},
		"a public comment":                   {[]step{addComment(ticket.Public)}, both("comment_added")},
		"an internal note":                   {[]step{addComment(ticket.Internal)}, only(bob, "comment_added!")},
		"a comment that changes the status":  {[]step{addComment(ticket.Public), status}, both("status_changed")},
		"only another description":           {[]step{describe}, noLogs},
		"another description and status":     {[]step{describe, status}, both("status_changed")},
		"escalated":                          {[]step{escalate}, noLogs},
		"another requester":                  {[]step{setRequester(carl)}, only(carl, "ticket_received")},
		"deleted":                            {[]step{remove}, noLogs},
		"no change":                          {nil, noLogs},
		"a note that changes the status": {[]step{addComment(ticket.Internal), status}, map[string]string{
			ana: "bob:status_changed! rita:status_changed", bob: "rita:status_changed", rita: "bob:status_changed!",
			service: "bob:status_changed! rita:status_changed",
		}},
		"another status and assignee": {[]step{status, assign(eve)}, map[string]string{
			ana: "bob:ticket_reassigned eve:ticket_reassigned rita:status_changed", bob: "eve:ticket_reassigned rita:status_changed",
			rita:    "bob:ticket_reassigned eve:ticket_reassigned",
			service: "bob:ticket_reassigned eve:ticket_reassigned rita:status_changed",
		}},
		"another priority and no assignee": {[]step{priority, assign("")}, map[string]string{
			ana: "bob:ticket_reassigned rita:priority_changed", bob: "rita:priority_changed", rita: "bob:ticket_reassigned",
			service: "bob:ticket_reassigned rita:priority_changed",
		}},
		"another title and requester": {[]step{title, setRequester(carl)}, map[string]string{
			ana: "bob:ticket_updated carl:ticket_received", bob: "carl:ticket_received", rita: "bob:ticket_updated carl:ticket_received",
			service: "bob:ticket_updated carl:ticket_received",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for by, want := range c.want {
				if got := formatLogs(logs(event(printer(), by, c.steps...), everyone)); got != want {
					t.Errorf("caused by %q: got %q, want %q", by, got, want)
				}
			}
		})
	}
}

func TestLogsByPeopleOfTicket(t *testing.T) {
	for name, c := range map[string]struct {
		people [3]string // creator, requester, assignee
		by     string
		steps  []step
		want   string
	}{
		"the creator is the requester by default":   {[3]string{rita, "", bob}, ana, []step{status}, "bob:status_changed rita:status_changed"},
		"the creator is not the requester":          {[3]string{carl, rita, ""}, ana, []step{status}, "rita:status_changed"},
		"no assignee, a comment":                    {[3]string{rita, rita, ""}, bob, []step{addComment(ticket.Public)}, "rita:comment_added"},
		"no assignee, a note":                       {[3]string{rita, rita, ""}, bob, []step{addComment(ticket.Internal)}, ""},
		"assigned for the first time":               {[3]string{rita, rita, ""}, ana, []step{assign(bob)}, "bob:ticket_assigned"},
		"assigned to the actor":                     {[3]string{rita, rita, ""}, bob, []step{assign(bob)}, ""},
		"assigned to the actor, another status":     {[3]string{rita, rita, ""}, bob, []step{assign(bob), status}, "rita:status_changed"},
		"requester and assignee are one":            {[3]string{bob, bob, bob}, ana, []step{status, due}, "bob:status_changed"},
		"requester and assignee are one, a note":    {[3]string{bob, bob, bob}, ana, []step{addComment(ticket.Internal)}, "bob:comment_added!"},
		"requester and assignee are one and did it": {[3]string{bob, bob, bob}, bob, []step{status, addComment(ticket.Public)}, ""},
		"the requester becomes the assignee":        {[3]string{bob, bob, ""}, ana, []step{assign(bob), status}, "bob:ticket_assigned"},
		"a requester who sees every ticket, a note": {[3]string{ana, ana, bob}, eve, []step{addComment(ticket.Internal)}, "bob:comment_added!"},
		"the same, a note and a status": {
			[3]string{ana, ana, ""}, eve, []step{addComment(ticket.Internal), status}, "ana:status_changed",
		},
		"an assignee who sees own tickets, a comment": {
			[3]string{rita, rita, carl}, ana, []step{addComment(ticket.Public)}, "carl:comment_added rita:comment_added",
		},
		"an assignee who sees own tickets, a note": {[3]string{rita, rita, carl}, ana, []step{addComment(ticket.Internal)}, ""},
		"the same, a note and another status": {
			[3]string{rita, rita, carl}, ana, []step{addComment(ticket.Internal), status}, "carl:status_changed rita:status_changed",
		},
		"unassigned from one who sees own tickets":  {[3]string{rita, rita, carl}, ana, []step{assign("")}, ""},
		"unassigned from the creator, who sees own": {[3]string{carl, rita, carl}, ana, []step{assign("")}, "carl:ticket_reassigned"},
	} {
		t.Run(name, func(t *testing.T) {
			v := printer()
			v.CreatedBy, v.CreatedFor, v.AssignedTo = domain.ID(c.people[0]), domain.ID(c.people[1]), domain.ID(c.people[2])
			if got := formatLogs(logs(event(v, c.by, c.steps...), everyone)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLogsSkipAccountsThatAreNotReaders(t *testing.T) {
	e := event(printer(), ana, status)
	if got := e.Concerned(); !slices.Equal(got, []domain.ID{rita, bob}) {
		t.Errorf("Concerned returned %v", got)
	}
	if got := formatLogs(logs(e, []notification.Reader{reader(rita)})); got != "rita:status_changed" {
		t.Errorf("got %q", got)
	}
	if got := logs(e, nil); got != nil {
		t.Errorf("got %v", got)
	}
}

// TestLogsNeverRevealHiddenFacts tries every combination of steps, with different people and causes.
func TestLogsNeverRevealHiddenFacts(t *testing.T) {
	steps := []step{
		status, priority, title, due, describe, assign(""), assign(eve), assign(carl), setRequester(carl),
		addComment(ticket.Public), addComment(ticket.Internal),
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
			checkLogs(t, e)
		}
	}
}

func checkLogs(t *testing.T, e notification.Event) {
	t.Helper()
	var seen []domain.ID
	seesAll := func(id domain.ID) bool { return id == root || id == sue || reader(string(id)).SeesAll }
	superuser := notification.Reader{ID: root, Username: root, SeesAll: true, Superuser: true}
	for _, l := range logs(e, append([]notification.Reader{receiver(sue), receiver(kim), superuser}, everyone...)) {
		to, after := l.RecipientID, e.After
		own := to == after.CreatedBy || to == after.CreatedFor || to == after.AssignedTo
		switch {
		case to == e.By, to == "":
			t.Fatalf("%q caused the event of %+v, or it has no recipient", e.By, l)
		case slices.Contains(seen, to):
			t.Fatalf("%q gets two logs of %+v", to, e)
		case !seesAll(to) && (l.Internal || !own || strings.Contains(l.Message, "note")):
			t.Fatalf("%q gets %+v", to, l)
		case strings.Contains(l.Message, "note") != l.Internal, strings.Contains(l.Message, "secret"), strings.Contains(l.Message, "burnt"):
			t.Fatalf("got %+v", l)
		case !slices.Contains(notification.Types, l.Type), l.ID == "", !l.IsSent, l.IsRead:
			t.Fatalf("got %+v", l)
		}
		seen = append(seen, to)
	}
}
