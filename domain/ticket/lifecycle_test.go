package ticket

import (
	"errors"
	"testing"
	"time"

	"tickt/domain"
)

// another returns a status of a type other than the one that status returns.
func another(t StatusType) *Status {
	s := status(t)
	s.ID, s.Name = "s2-"+domain.ID(t), "another "+string(t)
	return s
}

// ticketIn returns a ticket that got a status of a type an hour after it was opened.
func ticketIn(t *testing.T, typ StatusType) View {
	t.Helper()
	v := fresh(t)
	apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: status(typ)}, noon.Add(time.Hour))
	return v
}

// expectConflict checks that err is a Conflict with a message.
func expectConflict(t *testing.T, err error, message string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Conflict || e.Message != message {
		t.Errorf("got %v, want a conflict: %s", err, message)
	}
}

func TestAllowedStatusChanges(t *testing.T) {
	all := map[StatusType]bool{Open: true, InProgress: true, Pending: true, Resolved: true, Closed: true, Cancelled: true}
	reopen := map[StatusType]bool{Open: true, InProgress: true}
	allowed := map[StatusType]map[StatusType]bool{Open: all, InProgress: all, Pending: all, Resolved: all, Closed: reopen, Cancelled: reopen}
	if len(allowed) != len(StatusTypes) {
		t.Fatal("not every type is in the table")
	}
	moved := noon.Add(2 * time.Hour)
	for _, from := range StatusTypes {
		for _, to := range StatusTypes {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				v := ticketIn(t, from)
				before := v
				err := try(&v, Patch{StatusID: domain.Some("s")}, Found{Status: another(to)}, moved)
				if !allowed[from][to] {
					expectConflict(t, err, "A "+string(from)+" ticket can only be moved to open or in_progress.")
					if v != before {
						t.Errorf("the ticket became %+v", v)
					}
					return
				}
				if err != nil || v.StatusType != to || v.StatusID == before.StatusID {
					t.Fatalf("the ticket became %+v, %v", v, err)
				}
				checkTimes(t, before, v, moved)
			})
		}
	}
}

// checkTimes checks what follows from a change of status: the times of resolution and of the first response.
func checkTimes(t *testing.T, before, after View, at time.Time) {
	t.Helper()
	resolvedAt, respondedAt := time.Time{}, before.FirstResponseAt
	if after.StatusType.Done() {
		resolvedAt = at
		if before.StatusType.Done() {
			resolvedAt = before.ResolvedAt
		}
		if respondedAt.IsZero() {
			respondedAt = at
		}
	}
	if !after.ResolvedAt.Equal(resolvedAt) || !after.FirstResponseAt.Equal(respondedAt) {
		t.Errorf("resolved %v, want %v; responded %v, want %v", after.ResolvedAt, resolvedAt, after.FirstResponseAt, respondedAt)
	}
}

func TestTicketCanBeOpenedInAnyStatus(t *testing.T) {
	for _, typ := range StatusTypes {
		v := opened(t, draft(), Found{Status: status(typ), Priority: &medium}, staff)
		if v.ResolvedAt.IsZero() == typ.Done() || v.FirstResponseAt.IsZero() == typ.Done() {
			t.Errorf("%s: resolved %v, responded %v", typ, v.ResolvedAt, v.FirstResponseAt)
		}
	}
}

func TestOnlyReopeningClearsTheSatisfaction(t *testing.T) {
	for _, from := range []StatusType{Resolved, Closed} {
		for _, to := range StatusTypes {
			if !from.MayBecome(to) {
				continue
			}
			v := ticketIn(t, from)
			apply(t, &v, Patch{CustomerSatisfaction: domain.Some(4)}, Found{}, noon)
			apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: another(to)}, noon)
			if kept := v.CustomerSatisfaction == 4; kept != to.Done() {
				t.Errorf("%s to %s: %d", from, to, v.CustomerSatisfaction)
			}
		}
	}
}

// otherChanges returns changes of everything but the status, each with what is found for it.
func otherChanges(later time.Time) map[string]struct {
	change Patch
	found  Found
} {
	return map[string]struct {
		change Patch
		found  Found
	}{
		"title":                  {Patch{Title: domain.Some("Other")}, Found{}},
		"description":            {Patch{Description: domain.Some("Other")}, Found{}},
		"menu":                   {Patch{MenuID: domain.Some("m1")}, Found{Menu: &MenuRef{"m1", "Shelf"}}},
		"priority":               {Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}},
		"priority, default":      {Patch{PriorityID: domain.Null[string]()}, Found{Priority: &free}},
		"customer":               {Patch{CreatedFor: domain.Some("x1")}, Found{CreatedFor: &Person{"x1", "xena", true, true}}},
		"assignee":               {Patch{AssignedTo: domain.Some("x1")}, Found{AssignedTo: &Person{"x1", "xena", true, true}}},
		"response deadline":      {Patch{ResponseDeadline: domain.Some(later)}, Found{}},
		"due date":               {Patch{DueDate: domain.Some(later)}, Found{}},
		"resolution":             {Patch{ResolvedAt: domain.Some(later)}, Found{}},
		"due time by hand":       {Patch{SLADueDate: domain.Some(later)}, Found{}},
		"escalation":             {Patch{IsEscalated: domain.Some(true)}, Found{}},
		"two at once":            {Patch{IsEscalated: domain.Some(true), Title: domain.Some("Other")}, Found{}},
		"title and satisfaction": {Patch{Title: domain.Some("Other"), CustomerSatisfaction: domain.Null[int]()}, Found{}},
	}
}

func TestTicketThatIsOverAcceptsOnlyAStatusChange(t *testing.T) {
	later := noon.Add(50 * time.Hour)
	for _, typ := range StatusTypes {
		for name, tc := range otherChanges(later) {
			t.Run(string(typ)+": "+name, func(t *testing.T) {
				v := ticketIn(t, typ)
				before := v
				err := try(&v, tc.change, tc.found, later)
				if !typ.Over() {
					if err != nil || !differ(before, v) {
						t.Errorf("the ticket became %+v, %v", v, err)
					}
					return
				}
				message := "A " + string(typ) + " ticket takes no other change but its status."
				expectConflict(t, err, message)
				reopening := tc.change
				reopening.StatusID, tc.found.Status = domain.Some("s"), status(Open)
				expectConflict(t, try(&v, reopening, tc.found, later), message)
				if v != before {
					t.Errorf("the ticket became %+v", v)
				}
			})
		}
	}
}

func TestTimesOfATicketThatIsOverCannotBeCleared(t *testing.T) {
	byHand := noon.Add(30 * time.Hour)
	for _, typ := range []StatusType{Closed, Cancelled} {
		v := fresh(t)
		apply(t, &v, Patch{SLADueDate: domain.Some(byHand), DueDate: domain.Some(byHand), ResolvedAt: domain.Some(byHand)}, Found{}, noon)
		apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: status(typ)}, noon)
		for name, c := range map[string]Patch{
			"due time": {SLADueDate: domain.Null[time.Time]()}, "due date": {DueDate: domain.Null[time.Time]()},
		} {
			if err := try(&v, c, Found{}, noon); domain.KindOf(err) != domain.Conflict {
				t.Errorf("%s, %s: %v", typ, name, err)
			}
		}
		err := try(&v, Patch{ResolvedAt: domain.Null[time.Time]()}, Found{}, noon)
		if (domain.KindOf(err) == domain.Conflict) != (typ == Cancelled) {
			t.Errorf("%s, resolution: %v; a closed ticket always has one, so that clearing it changes nothing", typ, err)
		}
	}
}

// asRead returns the patch of a client that sends back everything that it read.
func asRead(v View) Patch {
	text := func(s string) domain.Optional[string] {
		if s == "" {
			return domain.Null[string]()
		}
		return domain.Some(s)
	}
	moment := func(at time.Time) domain.Optional[time.Time] {
		if at.IsZero() {
			return domain.Null[time.Time]()
		}
		return domain.Some(at.In(time.FixedZone("NPT", 5*3600+45*60)))
	}
	c := Patch{
		Title: text(v.Title), Description: text(v.Description), StatusID: text(string(v.StatusID)), PriorityID: text(string(v.PriorityID)),
		MenuID: text(string(v.MenuID)), CreatedFor: text(string(v.CreatedFor)), CreatedForName: text(v.CreatedForName),
		AssignedTo: text(string(v.AssignedTo)), AssignedToName: text(v.AssignedToName),
		ResponseDeadline: moment(v.ResponseDeadline), DueDate: moment(v.DueDate), ResolvedAt: moment(v.ResolvedAt),
		SLADueDate:  moment(v.SLADueDate),
		IsEscalated: domain.Some(v.IsEscalated), CustomerSatisfaction: domain.Null[int](),
	}
	if v.CustomerSatisfaction != 0 {
		c.CustomerSatisfaction = domain.Some(v.CustomerSatisfaction)
	}
	return c
}

func TestTicketThatIsOverCanBeSentBackUnchangedAndReopened(t *testing.T) {
	later := noon.Add(2 * time.Hour)
	for _, typ := range []StatusType{Closed, Cancelled} {
		for name, byHand := range map[string]bool{"by the priority": false, "by hand": true} {
			t.Run(string(typ)+" "+name, func(t *testing.T) {
				v := fresh(t)
				c := Patch{
					ResponseDeadline: domain.Some(later), DueDate: domain.Some(later.Add(time.Hour)), IsEscalated: domain.Some(true),
					AssignedTo: domain.Some("x1"),
				}
				if byHand {
					c.SLADueDate = domain.Some(noon.Add(30 * time.Hour))
				}
				apply(t, &v, c, Found{AssignedTo: &Person{"x1", "xena", true, true}}, noon)
				apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: status(typ)}, noon)
				if typ.Done() {
					apply(t, &v, Patch{CustomerSatisfaction: domain.Some(5)}, Found{}, noon)
				}
				same, statusOnly := v, v
				apply(t, &same, asRead(v), Found{}, later)
				if differ(v, same) {
					t.Errorf("sending it back changed\n%+v\nto\n%+v", v, same)
				}
				back := asRead(v)
				back.StatusID = domain.Some("s")
				apply(t, &v, back, Found{Status: status(InProgress)}, later)
				apply(t, &statusOnly, Patch{StatusID: domain.Some("s")}, Found{Status: status(InProgress)}, later)
				if differ(v, statusOnly) || v.StatusType != InProgress {
					t.Errorf("reopening with it returned\n%+v\nwant\n%+v", v, statusOnly)
				}
			})
		}
	}
}

func TestClosedTicketCanBeRated(t *testing.T) {
	v := ticketIn(t, Closed)
	for _, c := range []domain.Optional[int]{domain.Some(2), domain.Some(5), domain.Null[int]()} {
		apply(t, &v, Patch{CustomerSatisfaction: c}, Found{}, noon)
		if v.CustomerSatisfaction != c.Value {
			t.Errorf("rated %d, want %d", v.CustomerSatisfaction, c.Value)
		}
	}
	v = ticketIn(t, Cancelled)
	if got := problems(t, try(&v, Patch{CustomerSatisfaction: domain.Some(4)}, Found{}, noon)); got == "" {
		t.Error("a cancelled ticket was rated")
	}
}

func TestInvalidInputIsReportedBeforeTheLifecycleIsChecked(t *testing.T) {
	v := ticketIn(t, Closed)
	err := try(&v, Patch{Title: domain.Some("")}, Found{Status: status(Pending)}, noon)
	if got := problems(t, err); got != "title: Title cannot be blank." {
		t.Error(got)
	}
}
