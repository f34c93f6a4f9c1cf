package ticket

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

func TestFilterWantsATicket(t *testing.T) {
	yes, no := true, false
	ids := func(x ...domain.ID) []domain.ID { return x }
	v := View{Ticket: Ticket{
		Number: "TKT-20260301-0007", Title: "Élan: the printer", Description: "It smokes,\nthen stops.",
		MenuID: "m1", CreatedBy: "a1", CreatedFor: "a2", IsEscalated: true,
		ResponseDeadline: noon, DueDate: noon.Add(time.Hour), CreatedAt: noon,
	}}
	cases := map[string]struct {
		filter Filter
		now    time.Time
		want   bool
	}{
		"that asks for nothing":                  {Filter{}, noon, true},
		"of its menu, among others":              {Filter{Menus: ids("m0", "m1")}, noon, true},
		"of another menu":                        {Filter{Menus: ids("m0")}, noon, false},
		"of no menu at all":                      {Filter{Menus: []domain.ID{}}, noon, false},
		"assigned to the one who is unset":       {Filter{AssignedTo: ids("")}, noon, false},
		"created by and for the right ones":      {Filter{CreatedBy: ids("a1"), CreatedFor: ids("a2")}, noon, true},
		"created by the right, for a wrong one":  {Filter{CreatedBy: ids("a1"), CreatedFor: ids("a3")}, noon, false},
		"of its status":                          {Filter{Statuses: []string{"OPEN"}}, noon, true},
		"of another status":                      {Filter{Statuses: []string{"CLOSED"}}, noon, false},
		"of another priority":                    {Filter{Priorities: []string{"LOW"}}, noon, false},
		"not breached":                           {Filter{Breached: &no}, noon, true},
		"breached":                               {Filter{Breached: &yes}, noon, false},
		"escalated":                              {Filter{Escalated: &yes}, noon, true},
		"not escalated":                          {Filter{Escalated: &no}, noon, false},
		"overdue, at the deadline":               {Filter{Overdue: &yes}, noon, true},
		"overdue, just before the deadline":      {Filter{Overdue: &yes}, noon.Add(-time.Microsecond), false},
		"not overdue, just before the deadline":  {Filter{Overdue: &no}, noon.Add(-time.Microsecond), true},
		"created after its moment":               {Filter{After: noon}, noon, false},
		"created after an earlier moment":        {Filter{After: noon.Add(-time.Microsecond)}, noon, true},
		"created before its moment":              {Filter{Before: noon}, noon, false},
		"created before a later moment":          {Filter{Before: noon.Add(time.Microsecond)}, noon, true},
		"due before its due date":                {Filter{DueBefore: noon.Add(time.Hour)}, noon, false},
		"due before a later moment":              {Filter{DueBefore: noon.Add(2 * time.Hour)}, noon, true},
		"with beginnings of words of every part": {Filter{Search: domain.Words("éla PRIN smok 0007 tkt")}, noon, true},
		"with the middle of a word":              {Filter{Search: domain.Words("rinter")}, noon, false},
		"with one word that is missing":          {Filter{Search: domain.Words("printer fax")}, noon, false},
		"with a search that holds no word":       {Filter{Search: []string{}}, noon, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := c.filter.Matches(v, "OPEN", "HIGH", c.now); got != c.want {
				t.Errorf("matches: %v", got)
			}
		})
	}
}

func TestFilterByDueDateLeavesOutWhatIsNeverDue(t *testing.T) {
	if (Filter{DueBefore: Never}).Matches(View{}, "OPEN", "HIGH", noon) {
		t.Error("a ticket without a due date was wanted")
	}
}

func TestReachCoversATicket(t *testing.T) {
	x := Ticket{CreatedBy: "a1", CreatedFor: "a2"}
	cases := map[string]struct {
		reach access.Reach
		want  bool
	}{
		"of everything":                 {access.Reach{All: true}, true},
		"of its creator":                {access.Reach{Account: "a1"}, true},
		"of its requester":              {access.Reach{Account: "a2"}, true},
		"of somebody else":              {access.Reach{Account: "a3"}, false},
		"of nobody":                     {access.Reach{}, false},
		"of everybody, but with a name": {access.Reach{All: true, Account: "a3"}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := x.Within(c.reach); got != c.want {
				t.Errorf("within: %v", got)
			}
		})
	}
}
