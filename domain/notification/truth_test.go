package notification_test

import (
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// The accounts that stand in for an assignee: sue and sam receive unassigned tickets, root is a superuser; kim receives
// unassigned tickets, too, but sees only its own.
const sue, sam, root, kim = "sue", "sam", "root", "kim"

// situation is who is assigned when an event happens, and who can be notified.
type situation struct {
	assignee string
	by       string
	readers  []notification.Reader
}

func receiver(name string) notification.Reader {
	return notification.Reader{ID: domain.ID(name), Username: name, SeesAll: name != kim, Receives: true}
}

// alarm adds an alarm of the resolution.
func alarm(kind sla.EventKind) step {
	return func(e *notification.Event) { e.Alarms = []sla.Event{{Metric: sla.Resolution, Kind: kind, At: now}} }
}

// TestWhoIsNotifiedOfWhat is the truth table of notifications: every event, in every situation of the assignee.
func TestWhoIsNotifiedOfWhat(t *testing.T) {
	superuser := notification.Reader{ID: root, Username: root, SeesAll: true, Superuser: true}
	people := []notification.Reader{reader(ana), reader(bob), reader(eve), reader(rita), reader(carl), superuser, receiver(kim)}
	staffed := append([]notification.Reader{receiver(sue), receiver(sam)}, people...)
	without := func(name string, all []notification.Reader) (out []notification.Reader) {
		for _, r := range all {
			if r.ID != domain.ID(name) {
				out = append(out, r)
			}
		}
		return out
	}
	blind := func(name string) (out []notification.Reader) { // the account sees only its own tickets
		for _, r := range staffed {
			if r.ID == domain.ID(name) {
				r.SeesAll = false
			}
			out = append(out, r)
		}
		return out
	}
	situations := map[string]situation{
		"an assignee":                          {bob, ana, staffed},
		"an inactive assignee":                 {bob, ana, without(bob, staffed)},
		"none":                                 {"", ana, staffed},
		"none, and no receiver":                {"", ana, people},
		"none, and the only receiver did it":   {"", sue, without(sam, staffed)},
		"none, and a superuser did it":         {"", root, people},
		"the assignee did it":                  {bob, bob, staffed},
		"an assignee whose permission is lost": {bob, ana, without(bob, staffed)},
		"a receiver whose scope is own":        {"", ana, blind(sue)},
		"the requester did it, no assignee":    {"", rita, staffed},
	}
	// For each event, who is notified in the place of "A", the assignee; other names are notified in any situation, unless they
	// did it.
	events := map[string]struct {
		steps []step
		who   string
		kind  notification.Type
	}{
		"opened":                     {[]step{isNew, setRequester(carl)}, "A carl", notification.TicketCreated},
		"another requester":          {[]step{setRequester(carl)}, "carl", notification.TicketReceived},
		"another status":             {[]step{status}, "A rita", notification.StatusChanged},
		"another priority":           {[]step{priority}, "A rita", notification.PriorityChanged},
		"another title":              {[]step{title}, "A rita", notification.TicketUpdated},
		"another due date":           {[]step{due}, "A rita", notification.TicketUpdated},
		"a public comment":           {[]step{addComment(ticket.Public)}, "A rita", notification.CommentAdded},
		"an internal note":           {[]step{addComment(ticket.Internal)}, "A", notification.CommentAdded},
		"the due date near":          {[]step{func(e *notification.Event) { e.DueSoon = true }}, "A rita", notification.DueDateApproaching},
		"the due date past":          {[]step{func(e *notification.Event) { e.DuePassed = true }}, "A", notification.DueDatePassed},
		"the response deadline past": {[]step{func(e *notification.Event) { e.ResponsePassed = true }}, "A", notification.ResponseDeadlinePassed},
		"an SLA warning":             {[]step{alarm(sla.Warned)}, "A", notification.SLAWarning},
		"an SLA breach":              {[]step{alarm(sla.Breached)}, "A", notification.SLABreached},
		"another text":               {[]step{describe}, "", ""},
		"no change":                  {nil, "", ""},
	}
	inPlace := map[string][]string{
		"an assignee": {bob}, "an inactive assignee": {sue, sam}, "none": {sue, sam}, "none, and no receiver": {root},
		"none, and the only receiver did it": nil, "none, and a superuser did it": nil, "the assignee did it": nil,
		"an assignee whose permission is lost": {sue, sam}, "a receiver whose scope is own": {sam},
		"the requester did it, no assignee": {sue, sam},
	}
	for name, s := range situations {
		for what, c := range events {
			v := printer()
			v.AssignedTo, v.AssignedToName = domain.ID(s.assignee), s.assignee
			e := event(v, s.by, c.steps...)
			want := map[domain.ID]bool{}
			for _, who := range strings.Fields(c.who) {
				if who != "A" {
					want[domain.ID(who)] = who != s.by
					continue
				}
				for _, id := range inPlace[name] {
					want[domain.ID(id)] = true
				}
			}
			got := map[domain.ID]bool{}
			for _, l := range logs(e, s.readers) {
				if got[l.RecipientID] {
					t.Errorf("%s, %s: %s is notified twice", what, name, l.RecipientID)
				}
				got[l.RecipientID] = true
				if !want[l.RecipientID] {
					t.Errorf("%s, %s: %s is notified", what, name, l.RecipientID)
				}
				kind := c.kind
				if kind == notification.TicketCreated && l.RecipientID == carl { // the requester
					kind = notification.TicketReceived
				}
				if l.Type != kind {
					t.Errorf("%s, %s: %s gets %s", what, name, l.RecipientID, l.Type)
				}
			}
			for id, notified := range want {
				if notified && !got[id] {
					t.Errorf("%s, %s: %s is not notified", what, name, id)
				}
			}
			assigned := name == "an assignee" || name == "the assignee did it"
			if needs := e.NeedsReceivers(s.readers); needs != (strings.HasPrefix(c.who, "A") && !assigned) {
				t.Errorf("%s, %s: needs receivers: %v", what, name, needs)
			}
		}
	}
}

// TestNewsOfAnAssignment tries every change of the assignee: the new one is notified, and the former one if it still sees the
// ticket; if no one is assigned any more, those that receive unassigned tickets.
func TestNewsOfAnAssignment(t *testing.T) {
	all := append([]notification.Reader{receiver(sue)}, everyone...)
	for name, c := range map[string]struct{ from, to, by, want string }{
		"for the first time":               {"", bob, ana, "bob:ticket_assigned"},
		"for the first time, by itself":    {"", bob, bob, ""},
		"to another one":                   {bob, eve, ana, "bob:ticket_reassigned eve:ticket_reassigned"},
		"taken":                            {bob, eve, eve, "bob:ticket_reassigned"},
		"passed on":                        {bob, eve, bob, "eve:ticket_reassigned"},
		"to no one":                        {bob, "", ana, "bob:ticket_reassigned sue:ticket_reassigned"},
		"given back":                       {bob, "", bob, "sue:ticket_reassigned"},
		"from one who sees it no more":     {carl, eve, ana, "eve:ticket_reassigned"},
		"from a deactivated one":           {"gone", eve, ana, "eve:ticket_reassigned"},
		"from a receiver":                  {sue, "", ana, "sue:ticket_reassigned"},
		"to the requester":                 {bob, rita, ana, "bob:ticket_reassigned rita:ticket_reassigned"},
		"to one who is deactivated by now": {bob, "gone", ana, "bob:ticket_reassigned sue:ticket_reassigned"},
	} {
		v := printer()
		v.AssignedTo, v.AssignedToName = domain.ID(c.from), c.from
		if got := formatLogs(logs(event(v, c.by, assign(c.to)), all)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
