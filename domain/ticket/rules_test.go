package ticket

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sentence"
)

var (
	noon      = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	staff     = access.Actor{ID: "a1", Username: "ana", Scope: access.ScopeAll}
	requester = access.Actor{ID: "c1", Username: "carl", Scope: access.ScopeOwn}
	medium    = Priority{ID: "p1", Name: "Medium", Weight: 20, SLAHours: 24}
	high      = Priority{ID: "p2", Name: "High", Weight: 30, SLAHours: 8}
	free      = Priority{ID: "p3", Name: "Free", Weight: 5}
)

func status(t StatusType) *Status {
	return &Status{ID: domain.ID("s-" + string(t)), Name: string(t), StatusType: t, Weight: t.DefaultWeight()}
}

func draft() Patch {
	return Patch{Title: domain.Some(" Printer "), Description: domain.Some("It burns.")}
}

func opened(t *testing.T, c Patch, found Found, actor access.Actor) View {
	t.Helper()
	v, err := New("t1", c, found, actor, noon)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// apply is try that must succeed.
func apply(t *testing.T, v *View, c Patch, found Found, now time.Time) {
	t.Helper()
	if err := try(v, c, found, now); err != nil {
		t.Fatal(err)
	}
}

// try applies a patch to v; the status and the priority stay unless found has others.
func try(v *View, c Patch, found Found, now time.Time) error {
	if found.Status == nil {
		found.Status = &Status{ID: v.StatusID, Name: v.StatusName, StatusType: v.StatusType, Weight: v.StatusWeight}
	}
	if found.Priority == nil {
		found.Priority = &Priority{ID: v.PriorityID, Name: v.PriorityName, Weight: v.PriorityWeight, SLAHours: 24}
	}
	return v.Apply(c, found, now)
}

func fresh(t *testing.T) View {
	return opened(t, draft(), Found{Status: status(Open), Priority: &medium}, staff)
}

func problems(t *testing.T, err error) string {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatalf("want an invalid input, got %v", err)
	}
	var out []string
	for _, p := range e.Problems {
		out = append(out, p.Field+": "+sentence.English.Of(p))
	}
	return strings.Join(out, "\n")
}

func TestNewTicketBelongsToItsCreator(t *testing.T) {
	v := fresh(t)
	if v.Title != "Printer" || v.CreatedBy != "a1" || v.CreatedByName != "ana" || v.Requester() != "a1" {
		t.Errorf("%+v", v)
	}
}

func TestRequesterIsTheCustomerOfItsTickets(t *testing.T) {
	v := opened(t, draft(), Found{Status: status(Open), Priority: &medium}, requester)
	if v.CreatedFor != "c1" || v.CreatedForName != "carl" {
		t.Errorf("created for %q %q", v.CreatedFor, v.CreatedForName)
	}
}

func TestTicketReportsAllProblemsAtOnce(t *testing.T) {
	c := Patch{
		Title: domain.Some(strings.Repeat("é", 201)), Description: domain.Some(" \n "),
		StatusID: domain.Some("nope"), PriorityID: domain.Some("nope"), MenuID: domain.Some("nope"), CreatedFor: domain.Some("nope"),
		AssignedTo:       domain.Some("nope"),
		ResponseDeadline: domain.Some(noon), DueDate: domain.Some(noon), CustomerSatisfaction: domain.Some(6),
	}
	_, err := New("t1", c, Found{}, staff, noon)
	want := `title: Title must be at most 200 characters.
description: Description cannot be blank.
statusId: Invalid ticket status.
priorityId: Invalid ticket priority.
menuId: Invalid menu selected.
createdFor: Invalid customer account.
assignedTo: Invalid assigned staff.
dueDate: Due date must be after response deadline.
customerSatisfaction: Customer satisfaction must be a whole number from 1 to 5.`
	if got := problems(t, err); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLimitsOfTexts(t *testing.T) {
	for name, tc := range map[string]struct {
		title, description string
		ok                 bool
	}{
		"longest texts":                  {strings.Repeat("é", 200), strings.Repeat("é", 64*1024), true},
		"description too long":           {"x", strings.Repeat("x", 64*1024+1), false},
		"newline in title":               {"a\nb", "x", false},
		"newline and tab in description": {"x", "a\n\tb", true},
		"NUL in description":             {"x", "a\x00b", false},
		"invalid UTF-8":                  {"a\xff", "x", false},
		"escape character":               {"x", "a\x1b[31m", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New("t1", Patch{Title: domain.Some(tc.title), Description: domain.Some(tc.description)},
				Found{Status: status(Open), Priority: &medium}, staff, noon)
			if (err == nil) != tc.ok {
				t.Error(err)
			}
		})
	}
}

func TestCustomersMustBeActiveAndAssigneesMustViewTickets(t *testing.T) {
	for name, tc := range map[string]struct {
		person           Person
		customer, worker bool
	}{
		"active and viewing": {Person{IsActive: true, MayView: true}, true, true},
		"active":             {Person{IsActive: true}, true, false},
		"inactive":           {Person{MayView: true}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			tc.person.ID, tc.person.Name = "x1", "xena"
			v := fresh(t)
			if err := try(&v, Patch{CreatedFor: domain.Some("x1")}, Found{CreatedFor: &tc.person}, noon); (err == nil) != tc.customer {
				t.Error("customer:", err)
			}
			if err := try(&v, Patch{AssignedTo: domain.Some("x1")}, Found{AssignedTo: &tc.person}, noon); (err == nil) != tc.worker {
				t.Error("assignee:", err)
			}
			if tc.worker && (v.AssignedTo != "x1" || v.AssignedToName != "xena") {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestUnchangedReferenceIsNotChecked(t *testing.T) {
	v := fresh(t)
	v.AssignedTo, v.AssignedToName, v.AssigneeGone = "x1", "gone", true
	apply(t, &v, Patch{AssignedTo: domain.Some("x1"), Title: domain.Some("New")}, Found{}, noon)
	if v.AssignedTo != "x1" || v.Title != "New" || !v.Unassigned() {
		t.Errorf("%+v", v)
	}
	apply(t, &v, Patch{AssignedTo: domain.Some("x2")}, Found{AssignedTo: &Person{"x2", "xena", true, true}}, noon)
	if v.AssignedTo != "x2" || v.Unassigned() {
		t.Errorf("%+v", v)
	}
	apply(t, &v, Patch{AssignedTo: domain.Null[string]()}, Found{}, noon)
	if v.AssignedTo != "" || v.AssignedToName != "" {
		t.Errorf("%+v", v)
	}
}

func TestResolvingSetsTimesAndReopeningClearsTheResolution(t *testing.T) {
	v := fresh(t)
	at := noon.Add(time.Hour)
	apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: status(Resolved)}, at)
	if !v.ResolvedAt.Equal(at) || !v.FirstResponseAt.Equal(at) {
		t.Errorf("resolved: %+v", v.Ticket)
	}
	apply(t, &v, Patch{StatusID: domain.Some("s"), CustomerSatisfaction: domain.Some(5)}, Found{Status: status(Closed)}, at.Add(time.Hour))
	if !v.ResolvedAt.Equal(at) || v.CustomerSatisfaction != 5 {
		t.Errorf("closed: %+v", v.Ticket)
	}
	apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: status(Open)}, at.Add(2*time.Hour))
	if !v.ResolvedAt.IsZero() || v.CustomerSatisfaction != 0 || !v.FirstResponseAt.Equal(at) {
		t.Errorf("reopened: %+v", v.Ticket)
	}
}

func TestSatisfactionRequiresAResolvedOrClosedTicket(t *testing.T) {
	v := fresh(t)
	err := try(&v, Patch{CustomerSatisfaction: domain.Some(4)}, Found{}, noon)
	if got := problems(t, err); !strings.Contains(got, "only on a resolved or closed ticket") {
		t.Error(got)
	}
	for _, n := range []int{0, -1, 6} {
		if err := try(&v, Patch{CustomerSatisfaction: domain.Some(n)}, Found{Status: status(Resolved)}, noon); err == nil {
			t.Errorf("a satisfaction of %d was accepted", n)
		}
	}
}

func TestUnchangedDatesAreNotChecked(t *testing.T) {
	v := fresh(t)
	v.ResponseDeadline, v.DueDate = noon.Add(2*time.Hour), noon.Add(time.Hour) // imported like this
	apply(t, &v, Patch{Title: domain.Some("Other"), DueDate: domain.Some(v.DueDate)}, Found{}, noon)
	if v.Title != "Other" {
		t.Errorf("got %+v", v)
	}
}

func TestInvalidPatchLeavesTheTicketUnchanged(t *testing.T) {
	v := fresh(t)
	before := v
	err := try(&v, Patch{Title: domain.Some("new"), Description: domain.Some("")}, Found{Status: status(Resolved)}, noon.Add(time.Hour))
	if err == nil || v != before {
		t.Errorf("%v\n%+v", err, v)
	}
}

func TestRestrictRefusesFieldsOfStaff(t *testing.T) {
	full := Patch{}
	full = full.Replacement()
	for name, tc := range map[string]struct {
		c       Patch
		opening bool
		want    string
	}{
		"allowed fields, new ticket": {
			Patch{Title: domain.Some("x"), Description: domain.Some("x"), MenuID: domain.Some("x"), PriorityID: domain.Some("x")}, true, "",
		},
		"allowed fields, existing ticket": {
			Patch{Title: domain.Some("x"), Description: domain.Some("x"), CustomerSatisfaction: domain.Some(1)}, false, "",
		},
		"all fields, new ticket": {
			full, true,
			"You may not set statusId, createdFor, assignedTo, responseDeadline, dueDate, resolvedAt, slaDueDate, isEscalated, " +
				"customerSatisfaction.",
		},
		"all fields, existing ticket": {
			full, false,
			"You may not set statusId, priorityId, menuId, createdFor, assignedTo, responseDeadline, dueDate, resolvedAt, slaDueDate, isEscalated.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.c.Restrict(requester, tc.opening)
			var e *domain.Error
			refused := errors.As(err, &e) && e.Kind == domain.Forbidden && e.Message == tc.want
			if allowed := err == nil; allowed != (tc.want == "") || !allowed && !refused {
				t.Error(err)
			}
			if err := tc.c.Restrict(staff, tc.opening); err != nil {
				t.Error("staff:", err)
			}
		})
	}
}

func TestTicketNumberMayHaveMoreThanFourDigits(t *testing.T) {
	for n, want := range map[int]string{1: "TKT-20260302-0001", 9999: "TKT-20260302-9999", 10000: "TKT-20260302-10000"} {
		if got := NumberOf("20260302", n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestRefsOfAPatch(t *testing.T) {
	id := func(c string) string { return strings.Repeat(c, 32) }
	var absent domain.Optional[domain.ID]
	byDefault, invalid := domain.Null[domain.ID](), domain.Some(domain.ID(""))
	for name, tc := range map[string]struct {
		c       Patch
		opening bool
		want    Refs
	}{
		"new, empty patch": {Patch{}, true, Refs{StatusID: byDefault, PriorityID: byDefault}},
		"new, null":        {Patch{StatusID: domain.Null[string]()}, true, Refs{StatusID: byDefault, PriorityID: byDefault}},
		"new, malformed": {
			Patch{StatusID: domain.Some("\x00"), MenuID: domain.Some("x"), CreatedFor: domain.Some("-")},
			true,
			Refs{StatusID: invalid, PriorityID: byDefault},
		},
		"new, empty ids": {
			Patch{StatusID: domain.Some(""), MenuID: domain.Some("")}, true, Refs{StatusID: invalid, PriorityID: byDefault},
		},
		"existing, empty patch": {Patch{}, false, Refs{}},
		"existing, null": {
			Patch{StatusID: domain.Null[string](), PriorityID: domain.Null[string](), MenuID: domain.Null[string]()},
			false,
			Refs{StatusID: byDefault, PriorityID: byDefault},
		},
		"existing, malformed": {Patch{StatusID: domain.Some("nope")}, false, Refs{StatusID: invalid, PriorityID: absent}},
		"existing, all ids": {
			Patch{
				StatusID: domain.Some(id("a")), PriorityID: domain.Some(id("b")), MenuID: domain.Some(id("c")),
				CreatedFor: domain.Some(id("d")), AssignedTo: domain.Some(id("e")),
			},
			false,
			Refs{
				StatusID: domain.Some(domain.ID(id("a"))), PriorityID: domain.Some(domain.ID(id("b"))), MenuID: domain.ID(id("c")),
				CreatedFor: domain.ID(id("d")), AssignedTo: domain.ID(id("e")),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.c.Refs(tc.opening); got != tc.want {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestUnreadableFieldsAreReportedOnceWithTheOthers(t *testing.T) {
	c := Patch{
		Unread: domain.Problems{{Field: "title", Code: "title must be a string."}, {Field: "statusId", Code: "statusId must be a string."}},
	}
	_, err := New("t1", c, Found{Priority: &medium}, staff, noon)
	want := "title: title must be a string.\nstatusId: statusId must be a string.\ndescription: Description cannot be blank."
	if got := problems(t, err); got != want {
		t.Errorf("got\n%s", got)
	}
	if len(c.Unread) != 2 {
		t.Error("the problems of the patch were modified")
	}
}

func TestOfIDAndNameTheChangedOneCounts(t *testing.T) {
	const ana, bob = "a-id", "b-id"
	const differ = "assignedTo: assignedTo and assignedToId name different accounts."
	null := domain.Null[string]()
	for name, tc := range map[string]struct {
		before, id, name domain.Optional[string]
		want             string // the account; "": none
		problem          string
	}{
		"both as read":                      {domain.Some(ana), domain.Some(ana), domain.Some("ana"), ana, ""},
		"no account, as read":               {null, null, null, "", ""},
		"name cleared":                      {domain.Some(ana), domain.Some(ana), null, "", ""},
		"id cleared":                        {domain.Some(ana), null, domain.Some("ana"), "", ""},
		"both cleared":                      {domain.Some(ana), null, null, "", ""},
		"id changed, name as read":          {domain.Some(ana), domain.Some(bob), domain.Some("ana"), bob, ""},
		"id given, none before":             {null, domain.Some(bob), null, bob, ""},
		"both changed":                      {domain.Some(ana), domain.Some(bob), domain.Some("bob"), bob, ""},
		"id alone":                          {domain.Some(ana), domain.Some(bob), domain.Optional[string]{}, bob, ""},
		"name changed, id as read":          {domain.Some(ana), domain.Some(ana), domain.Some("garbage"), "", differ},
		"both changed, different accounts":  {domain.Some(ana), domain.Some(bob), domain.Some("garbage"), "", differ},
		"id changed, name cleared":          {domain.Some(ana), domain.Some(bob), null, "", differ},
		"id cleared, name changed":          {domain.Some(ana), null, domain.Some("bob"), "", differ},
		"only a name given, none before":    {null, null, domain.Some("bob"), "", differ},
		"unknown id, name changed":          {domain.Some(ana), domain.Some("x"), domain.Some("bob"), "", "assignedTo: Invalid assigned staff."},
		"unknown id, name as read":          {domain.Some(ana), domain.Some("x"), domain.Some("ana"), "", "assignedTo: Invalid assigned staff."},
		"id of another account as the name": {domain.Some(ana), domain.Some(ana), domain.Some(bob), "", differ},
	} {
		t.Run(name, func(t *testing.T) {
			v := fresh(t)
			people := map[string]*Person{ana: {ana, "ana", true, true}, bob: {bob, "bob", true, true}}
			if was := people[tc.before.Value]; was != nil {
				v.AssignedTo, v.AssignedToName = was.ID, was.Name
			}
			err := try(&v, Patch{AssignedTo: tc.id, AssignedToName: tc.name}, Found{AssignedTo: people[tc.id.Value]}, noon)
			if tc.problem != "" {
				if got := problems(t, err); got != tc.problem {
					t.Errorf("got %q, want %q", got, tc.problem)
				}
			} else if err != nil || string(v.AssignedTo) != tc.want {
				t.Errorf("assigned to %q, %v; want %q", v.AssignedTo, err, tc.want)
			}
		})
	}
}

func TestReopeningClearsTimesThatAreSentBackUnchanged(t *testing.T) {
	v := fresh(t)
	apply(t, &v, Patch{StatusID: domain.Some("s"), CustomerSatisfaction: domain.Some(4)}, Found{Status: status(Resolved)}, noon.Add(time.Hour))
	back := Patch{StatusID: domain.Some("s"), ResolvedAt: domain.Some(v.ResolvedAt), CustomerSatisfaction: domain.Some(4)}
	apply(t, &v, back, Found{Status: status(Open)}, noon.Add(2*time.Hour))
	if !v.ResolvedAt.IsZero() || v.CustomerSatisfaction != 0 {
		t.Errorf("%+v", v.Ticket)
	}
}
