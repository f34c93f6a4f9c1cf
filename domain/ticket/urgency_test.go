package ticket

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain/sla"
)

func TestUrgencyIsTheHighestThatApplies(t *testing.T) {
	soon, late, past := noon.Add(2*time.Hour), noon.Add(2*time.Hour+time.Microsecond), noon
	for name, tc := range map[string]struct {
		t    Ticket
		want int
	}{
		"nothing":                  {Ticket{}, 20},
		"due late":                 {Ticket{SLADueDate: late}, 20},
		"due soon":                 {Ticket{SLADueDate: soon}, 400},
		"due by hand, responded":   {Ticket{SLADueDate: soon, FirstResponseAt: past, SLAByHand: true}, 20},
		"due soon, responded":      {Ticket{SLADueDate: soon, FirstResponseAt: past}, 400},
		"escalated":                {Ticket{SLADueDate: soon, IsEscalated: true}, 600},
		"overdue":                  {Ticket{IsEscalated: true, ResponseDeadline: past}, 800},
		"deadline to come":         {Ticket{ResponseDeadline: noon.Add(time.Microsecond)}, 20},
		"deadline past, responded": {Ticket{ResponseDeadline: past, FirstResponseAt: past}, 20},
		"breached":                 {Ticket{ResponseDeadline: past, SLABreached: true}, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (View{Ticket: tc.t, Names: Names{StatusType: InProgress, PriorityWeight: 20}}).UrgencyAt(noon); got != tc.want {
				t.Errorf("got %d, want %d", got, tc.want)
			}
			for _, over := range []StatusType{Resolved, Closed, Cancelled} {
				v := View{Ticket: tc.t, Names: Names{StatusType: over, PriorityWeight: 20}}
				if got := v.UrgencyAt(noon); got != 0 || v.Overdue(noon) {
					t.Errorf("%s: got %d, overdue %v", over, got, v.Overdue(noon))
				}
			}
		})
	}
}

func TestUrgencyDoesNotChangeBeforeUrgencyUntil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := func(label string) time.Time {
			m := rapid.IntRange(-300, 300).Draw(t, label)
			if m%7 == 0 {
				return time.Time{}
			}
			return noon.Add(time.Duration(m) * time.Minute)
		}
		later := func(label string) time.Time {
			return noon.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, label)) * time.Minute)
		}
		v := View{
			Ticket: Ticket{
				SLADueDate: at("due"), ResponseDeadline: at("deadline"), SLANextAt: later("next"), DueDate: later("due date"),
				IsEscalated: rapid.Bool().Draw(t, "escalated"),
			},
		}
		if rapid.Bool().Draw(t, "responded") {
			v.FirstResponseAt = noon.Add(-time.Hour)
		}
		v.StatusType = rapid.SampledFrom(StatusTypes).Draw(t, "type")
		v.RecomputeUrgency(noon)
		remind := sla.IsPast(v.remindAt(), noon) || sla.IsPast(v.duePassesAt(), noon) || sla.IsPast(v.responsePassesAt(), noon)
		if v.UrgencyUntil.Before(noon) || v.UrgencyUntil.Equal(noon) != remind {
			t.Fatalf("until %v, but people must be reminded now: %v", v.UrgencyUntil, remind)
		}
		if v.UrgencyUntil.After(v.SLANextAt) {
			t.Fatalf("until %v, but an alarm is due at %v", v.UrgencyUntil, v.SLANextAt)
		}
		for m := range 400 {
			now := noon.Add(time.Duration(m) * time.Minute)
			if !now.Before(v.UrgencyUntil) {
				break
			}
			if got := v.urgency(now); got != v.Urgency {
				t.Fatalf("after %d minutes it is %d, stored %d until %v", m, got, v.Urgency, v.UrgencyUntil)
			}
			if advanced := v; advanced.Advance(nil, now) != (Reminders{}) || !advanced.DueReminded.Equal(v.DueReminded) ||
				!advanced.DuePassed.Equal(v.DuePassed) || !advanced.ResponsePassed.Equal(v.ResponsePassed) {
				t.Fatalf("people are reminded after %d minutes, before %v", m, v.UrgencyUntil)
			}
		}
	})
}
