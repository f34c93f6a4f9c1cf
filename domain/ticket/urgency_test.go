package ticket

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestUrgencyTakesTheFirstReasonThatHolds(t *testing.T) {
	soon, late, past := noon.Add(2*time.Hour), noon.Add(2*time.Hour+time.Microsecond), noon
	for name, tc := range map[string]struct {
		t    Ticket
		want int
	}{
		"nothing":        {Ticket{}, 20},
		"due late":       {Ticket{SLADueDate: late}, 20},
		"due soon":       {Ticket{SLADueDate: soon}, 400},
		"answered":       {Ticket{SLADueDate: soon, FirstResponseAt: past}, 20},
		"escalated":      {Ticket{SLADueDate: soon, IsEscalated: true}, 600},
		"overdue":        {Ticket{IsEscalated: true, ResponseDeadline: past}, 800},
		"deadline ahead": {Ticket{ResponseDeadline: noon.Add(time.Microsecond)}, 20},
		"responded":      {Ticket{ResponseDeadline: past, FirstResponseAt: past}, 20},
		"breached":       {Ticket{ResponseDeadline: past, SLABreached: true}, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (View{Ticket: tc.t, Names: Names{PriorityWeight: 20}}).UrgencyAt(noon); got != tc.want {
				t.Errorf("got %d, want %d", got, tc.want)
			}
		})
	}
}

func TestUrgencyHoldsUntilTheMomentThatPassNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(label string) time.Time {
			m := rapid.IntRange(-300, 300).Draw(t, label)
			if m%7 == 0 {
				return time.Time{}
			}
			return noon.Add(time.Duration(m) * time.Minute)
		}
		v := View{Ticket: Ticket{SLADueDate: at("due"), ResponseDeadline: at("deadline"), IsEscalated: rapid.Bool().Draw(t, "escalated")}}
		if rapid.Bool().Draw(t, "responded") {
			v.FirstResponseAt = noon.Add(-time.Hour)
		}
		v.StatusType = rapid.SampledFrom(StatusTypes).Draw(t, "type")
		v.Pass(noon)
		if !v.UrgencyUntil.After(noon) {
			t.Fatalf("until %v is not ahead", v.UrgencyUntil)
		}
		for m := range 400 {
			now := noon.Add(time.Duration(m) * time.Minute)
			if !now.Before(v.UrgencyUntil) {
				break
			}
			if got := v.urgency(now); got != v.Urgency {
				t.Fatalf("at +%dm it is %d, stored %d until %v", m, got, v.Urgency, v.UrgencyUntil)
			}
			later := v
			if later.Pass(now) {
				t.Fatalf("a breach came at +%dm, before %v", m, v.UrgencyUntil)
			}
		}
	})
}

func TestPassRecordsABreachOnceAndSaysSo(t *testing.T) {
	v := View{Ticket: Ticket{SLADueDate: noon}, Names: Names{StatusType: InProgress}}
	if v.Pass(noon.Add(-time.Hour)); v.SLABreached || v.Urgency != UrgencyDueSoon || !v.UrgencyUntil.Equal(noon) {
		t.Errorf("before: %+v", v.Ticket)
	}
	if !v.Pass(noon) || !v.SLABreached || v.Urgency != UrgencyBreached || !v.UrgencyUntil.Equal(Never) || !v.UpdatedAt.Equal(noon) {
		t.Errorf("at the due time: %+v", v.Ticket)
	}
	if v.Pass(noon.Add(time.Hour)) {
		t.Error("a breach was recorded twice")
	}
}
