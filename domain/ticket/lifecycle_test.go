package ticket

import (
	"errors"
	"testing"
	"time"

	"tickt/domain"
)

// another is a status of a type beside the one that status gives.
func another(t StatusType) *Status {
	s := status(t)
	s.ID, s.Name = "s2-"+domain.ID(t), "another "+string(t)
	return s
}

// in gives a ticket that got a status of a type an hour after it was opened.
func in(t *testing.T, typ StatusType) View {
	t.Helper()
	v := fresh(t)
	apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: status(typ)}, noon.Add(time.Hour))
	return v
}

// refused checks that err is a Conflict that says something.
func refused(t *testing.T, err error, says string) {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Conflict || e.Message != says {
		t.Errorf("answered %v, want a conflict: %s", err, says)
	}
}

func TestWhichStatusFollowsWhich(t *testing.T) {
	free := map[StatusType]bool{Open: true, InProgress: true, Pending: true, Resolved: true, Closed: true, Cancelled: true}
	again := map[StatusType]bool{Open: true, InProgress: true}
	allowed := map[StatusType]map[StatusType]bool{Open: free, InProgress: free, Pending: free, Resolved: free, Closed: again, Cancelled: again}
	if len(allowed) != len(StatusTypes) {
		t.Fatal("not every type is in the table")
	}
	moved := noon.Add(2 * time.Hour)
	for _, from := range StatusTypes {
		for _, to := range StatusTypes {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				v := in(t, from)
				before := v
				err := try(&v, Patch{StatusID: domain.Some("s")}, Found{Status: another(to)}, moved)
				if !allowed[from][to] {
					refused(t, err, "A "+string(from)+" ticket can only be moved to open or in_progress.")
					if v != before {
						t.Errorf("it became %+v", v)
					}
					return
				}
				if err != nil || v.StatusType != to || v.StatusID == before.StatusID {
					t.Fatalf("became %+v, %v", v, err)
				}
				followed(t, before, v, moved)
			})
		}
	}
}

// followed checks what follows from a change of status: the resolution and the first response.
func followed(t *testing.T, before, after View, at time.Time) {
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

func TestATicketCanBeOpenedInEveryStatus(t *testing.T) {
	for _, typ := range StatusTypes {
		v := opened(t, draft(), Found{Status: status(typ), Priority: &medium}, staff)
		if v.ResolvedAt.IsZero() == typ.Done() || v.FirstResponseAt.IsZero() == typ.Done() {
			t.Errorf("%s: resolved %v, responded %v", typ, v.ResolvedAt, v.FirstResponseAt)
		}
	}
}

func TestSatisfactionIsLostByReopeningAlone(t *testing.T) {
	for _, from := range []StatusType{Resolved, Closed} {
		for _, to := range StatusTypes {
			if !from.MayBecome(to) {
				continue
			}
			v := in(t, from)
			apply(t, &v, Patch{CustomerSatisfaction: domain.Some(4)}, Found{}, noon)
			apply(t, &v, Patch{StatusID: domain.Some("s")}, Found{Status: another(to)}, noon)
			if kept := v.CustomerSatisfaction == 4; kept != to.Done() {
				t.Errorf("%s to %s: %d", from, to, v.CustomerSatisfaction)
			}
		}
	}
}

// others are changes of everything but the status, each with what it leads to.
func others(later time.Time) map[string]struct {
	change Patch
	found  Found
} {
	return map[string]struct {
		change Patch
		found  Found
	}{
		"title":                    {Patch{Title: domain.Some("Other")}, Found{}},
		"description":              {Patch{Description: domain.Some("Other")}, Found{}},
		"menu":                     {Patch{MenuID: domain.Some("m1")}, Found{Menu: &Place{"m1", "Shelf"}}},
		"priority":                 {Patch{PriorityID: domain.Some("p")}, Found{Priority: &high}},
		"priority, back to none":   {Patch{PriorityID: domain.Null[string]()}, Found{Priority: &free}},
		"customer":                 {Patch{CreatedFor: domain.Some("x1")}, Found{CreatedFor: &Person{"x1", "xena", true, true}}},
		"assignee":                 {Patch{AssignedTo: domain.Some("x1")}, Found{AssignedTo: &Person{"x1", "xena", true, true}}},
		"response deadline":        {Patch{ResponseDeadline: domain.Some(later)}, Found{}},
		"due date":                 {Patch{DueDate: domain.Some(later)}, Found{}},
		"resolution":               {Patch{ResolvedAt: domain.Some(later)}, Found{}},
		"due time by hand":         {Patch{SLADueDate: domain.Some(later)}, Found{}},
		"escalation":               {Patch{IsEscalated: domain.Some(true)}, Found{}},
		"two at once":              {Patch{IsEscalated: domain.Some(true), Title: domain.Some("Other")}, Found{}},
		"a title and satisfaction": {Patch{Title: domain.Some("Other"), CustomerSatisfaction: domain.Null[int]()}, Found{}},
	}
}

func TestWhatIsOverTakesNoOtherChangeButItsStatus(t *testing.T) {
	later := noon.Add(50 * time.Hour)
	for _, typ := range StatusTypes {
		for name, tc := range others(later) {
			t.Run(string(typ)+": "+name, func(t *testing.T) {
				v := in(t, typ)
				before := v
				err := try(&v, tc.change, tc.found, later)
				if !typ.Over() {
					if err != nil || !differ(before, v) {
						t.Errorf("became %+v, %v", v, err)
					}
					return
				}
				says := "A " + string(typ) + " ticket takes no other change but its status."
				refused(t, err, says)
				reopening := tc.change
				reopening.StatusID, tc.found.Status = domain.Some("s"), status(Open)
				refused(t, try(&v, reopening, tc.found, later), says)
				if v != before {
					t.Errorf("it became %+v", v)
				}
			})
		}
	}
}

func TestWhatWasSetByHandIsNotClearedOnceATicketIsOver(t *testing.T) {
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
			t.Errorf("%s, resolution: %v; where the work is done it is never empty, so that clearing it is no change", typ, err)
		}
	}
}

// asRead is what a client sends that sends back all that it read.
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

func TestWhatIsOverCanBeSentBackAsItWasReadAndReopenedWithIt(t *testing.T) {
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
				same, alone := v, v
				apply(t, &same, asRead(v), Found{}, later)
				if differ(v, same) {
					t.Errorf("sending it back changed\n%+v\nto\n%+v", v, same)
				}
				back := asRead(v)
				back.StatusID = domain.Some("s")
				apply(t, &v, back, Found{Status: status(InProgress)}, later)
				apply(t, &alone, Patch{StatusID: domain.Some("s")}, Found{Status: status(InProgress)}, later)
				if differ(v, alone) || v.StatusType != InProgress {
					t.Errorf("reopening with it made\n%+v\nwant\n%+v", v, alone)
				}
			})
		}
	}
}

func TestAClosedTicketCanStillBeRated(t *testing.T) {
	v := in(t, Closed)
	for _, c := range []domain.Optional[int]{domain.Some(2), domain.Some(5), domain.Null[int]()} {
		apply(t, &v, Patch{CustomerSatisfaction: c}, Found{}, noon)
		if v.CustomerSatisfaction != c.Value {
			t.Errorf("rated %d, want %d", v.CustomerSatisfaction, c.Value)
		}
	}
	v = in(t, Cancelled)
	if got := problems(t, try(&v, Patch{CustomerSatisfaction: domain.Some(4)}, Found{}, noon)); got == "" {
		t.Error("a cancelled ticket was rated")
	}
}

func TestAWrongInputIsReportedBeforeTheLifeOfATicketIsAskedAbout(t *testing.T) {
	v := in(t, Closed)
	err := try(&v, Patch{Title: domain.Some("")}, Found{Status: status(Pending)}, noon)
	if got := problems(t, err); got != "title: Title cannot be blank." {
		t.Error(got)
	}
}
