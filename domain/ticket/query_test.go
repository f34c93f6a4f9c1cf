package ticket

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain"
)

func anyPosition(o Order) *rapid.Generator[Position] {
	return rapid.Custom(func(t *rapid.T) Position {
		small := rapid.IntRange(0, 2)
		at := func(label string) time.Time {
			if n := small.Draw(t, label); n > 0 {
				return noon.Add(time.Duration(n) * time.Hour)
			}
			return time.Time{}
		}
		v := View{
			Ticket: Ticket{
				ID: domain.ID(rapid.StringMatching(`[0-9a-f]{2}`).Draw(t, "id")), SLADueDate: at("sla"), ResponseDeadline: at("deadline"),
				DueDate:     at("due"),
				SLABreached: rapid.Bool().Draw(t, "breached"), IsEscalated: rapid.Bool().Draw(t, "escalated"), CreatedAt: at("created"),
			},
			Names: Names{
				StatusType:   rapid.SampledFrom(StatusTypes).Draw(t, "type"),
				StatusWeight: small.Draw(t, "sw"), PriorityWeight: small.Draw(t, "pw"), CreatedByName: rapid.StringMatching(`[aAbB]`).Draw(t, "by"),
			},
		}
		return v.PositionIn(o, noon)
	})
}

func sign(n int) int { return min(1, max(-1, n)) }

func TestEveryOrderIsTotal(t *testing.T) {
	for _, o := range Orders {
		t.Run(string(o), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g := anyPosition(o)
				a, b, c := g.Draw(t, "a"), g.Draw(t, "b"), g.Draw(t, "c")
				if sign(a.Compare(b)) != -sign(b.Compare(a)) {
					t.Fatal("not antisymmetric")
				}
				if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
					t.Fatal("not transitive")
				}
				if a.ID != b.ID && a.Compare(b) == 0 {
					t.Fatal("two tickets have the same position")
				}
			})
		})
	}
}

func TestOrdersFollowTheContract(t *testing.T) {
	h := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	old := View{Ticket: Ticket{ID: "a", CreatedAt: h(-2)}, Names: Names{StatusType: Open}}
	young := View{Ticket: Ticket{ID: "b", CreatedAt: h(-1)}, Names: Names{StatusType: Pending}}
	over := func(v *View) {
		v.StatusType, v.SLABreached, v.IsEscalated, v.PriorityWeight, v.SLADueDate = Cancelled, true, true, 9, h(-1)
	}
	with := func(v View, f func(*View)) View { f(&v); return v }
	for name, tc := range map[string]struct {
		order         Order
		first, second View
	}{
		"importance: older":    {ByImportance, old, young},
		"importance: breached": {ByImportance, with(young, func(v *View) { v.SLABreached = true }), old},
		"importance: weight above urgency of a breach": {
			ByImportance, with(young, func(v *View) { v.PriorityWeight = 2000 }), with(old, func(v *View) { v.SLABreached = true }),
		},
		"importance: lower weight of the status": {
			ByImportance, with(young, func(v *View) { v.StatusWeight = 1 }), with(old, func(v *View) { v.StatusWeight = 2 }),
		},
		"importance: active": {ByImportance, with(young, func(v *View) { v.PriorityWeight = 1 }), with(old, over)},
		"importance: resolved like no priority": {
			ByImportance, with(young, func(v *View) { v.StatusWeight = 1 }), with(old, func(v *View) { over(v); v.StatusWeight = 4 }),
		},
		"sla: active":                      {BySLA, young, with(old, over)},
		"importance: due date before none": {ByImportance, with(young, func(v *View) { v.SLADueDate = h(100) }), old},
		"sla: breached": {
			BySLA, with(young, func(v *View) { v.SLABreached = true }), with(old, func(v *View) { v.SLADueDate = h(1) }),
		},
		"sla: due date before none": {BySLA, with(young, func(v *View) { v.SLADueDate = h(1) }), old},
		"sla: higher weight":        {BySLA, with(young, func(v *View) { v.PriorityWeight = 2 }), old},
		"deadline: response deadline before none": {
			ByDeadline, with(young, func(v *View) { v.ResponseDeadline = h(1) }), with(old, func(v *View) { v.DueDate = h(1) }),
		},
		"deadline: due date before none":       {ByDeadline, with(young, func(v *View) { v.DueDate = h(1) }), old},
		"deadline: higher weight":              {ByDeadline, with(young, func(v *View) { v.PriorityWeight = 1 }), old},
		"priority: higher weight":              {ByPriority, with(young, func(v *View) { v.PriorityWeight = 1 }), old},
		"priority: lower weight of the status": {ByPriority, young, with(old, func(v *View) { v.StatusWeight = 1 })},
		"priority: older":                      {ByPriority, old, young},
		"created: newer":                       {ByCreated, young, old},
		"created_by: name": {
			ByCreator, with(old, func(v *View) { v.CreatedByName = "Ana" }), with(young, func(v *View) { v.CreatedByName = "bob" }),
		},
		"created_by: newer": {ByCreator, young, old},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.first.PositionIn(tc.order, noon).Compare(tc.second.PositionIn(tc.order, noon)) >= 0 {
				t.Error("the first ticket does not come first")
			}
		})
	}
}

func TestWordsAreFoldedAndUnique(t *testing.T) {
	got := domain.Words("TKT-20260302-0001: Élan vital, ÉLAN (2x) नमस्ते\n" + strings.Repeat("ж", 70))
	want := []string{"tkt", "20260302", "0001", "élan", "vital", "2x", "नमस्ते", strings.Repeat("ж", 64)}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := len(domain.SearchWords(strings.Repeat("a b c d e f g h i j k l m n o p q r ", 3))); n != 16 {
		t.Errorf("searched for %d words, want 16", n)
	}
	if w := domain.Words(" -'\"*&|!() "); w != nil {
		t.Errorf("%q", w)
	}
}
