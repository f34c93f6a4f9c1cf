package ticket

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/search"
)

func TestFilterMatches(t *testing.T) {
	yes, no := true, false
	ids := func(x ...domain.ID) []domain.ID { return x }
	v := View{Ticket: Ticket{
		Number: "TKT-20260301-0007", Title: "Élan: the printer", Description: "It smokes,\nthen stops.",
		MenuID: "m1", CreatedBy: "a1", CreatedFor: "a2", IsEscalated: true,
		ResponseDeadline: noon, DueDate: noon.Add(time.Hour), CreatedAt: noon, AssignedTo: "a9",
	}, Names: Names{StatusType: Open}}
	cases := map[string]struct {
		filter Filter
		now    time.Time
		want   bool
	}{
		"empty":                                 {Filter{}, noon, true},
		"its menu, among others":                {Filter{Menus: ids("m0", "m1")}, noon, true},
		"other menu":                            {Filter{Menus: ids("m0")}, noon, false},
		"empty list of menus":                   {Filter{Menus: []domain.ID{}}, noon, false},
		"nobody assigned":                       {Filter{Unassigned: true}, noon, false},
		"empty assignee":                        {Filter{AssignedTo: ids("")}, noon, false},
		"its creator and customer":              {Filter{CreatedBy: ids("a1"), CreatedFor: ids("a2")}, noon, true},
		"its creator, other customer":           {Filter{CreatedBy: ids("a1"), CreatedFor: ids("a3")}, noon, false},
		"its status":                            {Filter{Statuses: []string{"OPEN"}}, noon, true},
		"other status":                          {Filter{Statuses: []string{"CLOSED"}}, noon, false},
		"other priority":                        {Filter{Priorities: []string{"LOW"}}, noon, false},
		"not breached":                          {Filter{Breached: &no}, noon, true},
		"breached":                              {Filter{Breached: &yes}, noon, false},
		"escalated":                             {Filter{Escalated: &yes}, noon, true},
		"not escalated":                         {Filter{Escalated: &no}, noon, false},
		"overdue, at the deadline":              {Filter{Overdue: &yes}, noon, true},
		"overdue, just before the deadline":     {Filter{Overdue: &yes}, noon.Add(-time.Microsecond), false},
		"not overdue, just before the deadline": {Filter{Overdue: &no}, noon.Add(-time.Microsecond), true},
		"created after its time of creation":    {Filter{After: noon}, noon, false},
		"created after an earlier time":         {Filter{After: noon.Add(-time.Microsecond)}, noon, true},
		"created before its time of creation":   {Filter{Before: noon}, noon, false},
		"created before a later time":           {Filter{Before: noon.Add(time.Microsecond)}, noon, true},
		"due before its due date":               {Filter{DueBefore: noon.Add(time.Hour)}, noon, false},
		"due before a later time":               {Filter{DueBefore: noon.Add(2 * time.Hour)}, noon, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := c.filter.Matches(v, "OPEN", "HIGH", c.now); got != c.want {
				t.Errorf("matches: %v, want %v", got, c.want)
			}
		})
	}
}

func TestFilterByDueDateSkipsTicketsWithoutOne(t *testing.T) {
	if (Filter{DueBefore: Never}).Matches(View{}, "OPEN", "HIGH", noon) {
		t.Error("a ticket without a due date matches")
	}
}

func TestTicketWithinReach(t *testing.T) {
	x := Ticket{CreatedBy: "a1", CreatedFor: "a2"}
	cases := map[string]struct {
		reach access.Reach
		want  bool
	}{
		"all":                  {access.Reach{All: true}, true},
		"creator":              {access.Reach{Account: "a1"}, true},
		"customer":             {access.Reach{Account: "a2"}, true},
		"other account":        {access.Reach{Account: "a3"}, false},
		"none":                 {access.Reach{}, false},
		"all, with an account": {access.Reach{All: true, Account: "a3"}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := x.Within(c.reach); got != c.want {
				t.Errorf("within: %v, want %v", got, c.want)
			}
		})
	}
}

// TestWhatOfATicketIsSearched searches a ticket with a public comment and an internal note.
func TestWhatOfATicketIsSearched(t *testing.T) {
	x := Ticket{Number: "TKT-20260301-0007", Title: "Élan: the printer", Description: "It smokes,\nthen stops."}
	document := x.Searched(Requester{Username: "anita.rai", Email: "anita@example.org"})
	document.Add(Comment{Body: "Replaced the fuser.", Visibility: Public}.Searched())
	document.Add(Comment{Body: "Blames Käthe.", Visibility: Internal}.Searched())
	for typed, want := range map[string]struct{ reader, desk bool }{
		"ela PRIN smok 0007 tkt": {true, true}, "rinter": {}, "printer fax": {}, "?!": {}, "TKT-20260301-0007": {true, true},
		"anita": {true, true}, "anita@example.org": {true, true}, "example.org": {}, `"then stops"`: {true, true}, `"printer it"`: {},
		"fuser printer": {true, true}, "kathe": {false, true}, "printer blames": {false, true}, `"fuser blames"`: {},
	} {
		wanted, _ := search.Parse(typed)
		q := Query{Filter: Filter{Search: &wanted}}
		got := q.Finds(document.Document())
		if q.Notes = true; got != want.reader || q.Finds(document.Document()) != want.desk {
			t.Errorf("%q: %v for readers, want %+v", typed, got, want)
		}
	}
	if !(Query{}).Finds(document.Document()) {
		t.Error("a query without a search does not find it")
	}
}
