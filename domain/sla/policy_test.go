package sla_test

import (
	"slices"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
)

const (
	urgent  = domain.ID("00000000000000000000000000000001")
	low     = domain.ID("00000000000000000000000000000002")
	billing = domain.ID("00000000000000000000000000000003")
	always  = domain.ID("00000000000000000000000000000004")
)

var known = sla.Known{
	Priorities: []domain.ID{urgent, low}, Menus: []domain.ID{billing}, Calendars: []domain.ID{always},
	AlwaysOpen: always, LastPosition: 3,
}

var whilePending = []lifecycle.StatusType{lifecycle.Pending}

func goldPatch() sla.PolicyPatch {
	return sla.PolicyPatch{Name: domain.Some("Gold"), Targets: domain.Some([]sla.TargetDraft{{Metric: "resolution", Minutes: 240}})}
}

func TestNewPolicyDefaults(t *testing.T) {
	p, err := sla.NewPolicy("p", goldPatch(), known, monday)
	if err != nil {
		t.Fatal(err)
	}
	if p.Position != 4 || !slices.Equal(p.PauseTypes, whilePending) || p.OnReopen != sla.ReopenResumes || !p.EscalateOnBreach || !p.IsActive {
		t.Errorf("got %+v", p)
	}
	if want := []sla.Target{{Metric: sla.Resolution, Minutes: 240, CalendarID: always, WarnPercent: 80}}; !slices.Equal(p.Targets, want) {
		t.Errorf("targets %v", p.Targets)
	}
	if p.PriorityIDs == nil || p.MenuIDs == nil {
		t.Error("an empty list is nil")
	}
}

func TestPolicyProblems(t *testing.T) {
	targets := func(drafts ...sla.TargetDraft) func(*sla.PolicyPatch) {
		return func(c *sla.PolicyPatch) { c.Targets = domain.Some(drafts) }
	}
	for name, c := range map[string]struct {
		change func(*sla.PolicyPatch)
		want   string
	}{
		"no name":    {func(c *sla.PolicyPatch) { c.Name = domain.Optional[string]{} }, "name: Policy name cannot be blank."},
		"no targets": {targets(), "targets: Targets cannot be blank."},
		"unknown metric": {
			targets(sla.TargetDraft{Metric: "mood", Minutes: 1}),
			"targets[0].metric: Invalid metric. Please choose one of: first_response, next_response, resolution.",
		},
		"two targets of one metric": {
			targets(sla.TargetDraft{Metric: "resolution", Minutes: 1}, sla.TargetDraft{Metric: "resolution", Minutes: 2}),
			"targets[1].metric: Each metric may have only one target.",
		},
		"too many targets": {targets(make([]sla.TargetDraft, 4)...), "targets: A policy may have at most 3 targets."},
		"no minutes":       {targets(sla.TargetDraft{Metric: "resolution"}), "targets[0].minutes: minutes must be from 1 to 2635200."},
		"unknown calendar": {
			targets(sla.TargetDraft{Metric: "resolution", Minutes: 1, CalendarID: "x"}), "targets[0].calendarId: Invalid calendar.",
		},
		"warning at 100 percent": {
			targets(sla.TargetDraft{Metric: "resolution", Minutes: 1, WarnPercent: domain.Some(100)}),
			"targets[0].warnPercent: warnPercent must be from 1 to 99.",
		},
		"position 0": {func(c *sla.PolicyPatch) { c.Position = domain.Some(0) }, "position: position must be from 1 to 1000000."},
		"no position left": {
			func(c *sla.PolicyPatch) { c.Name = domain.Some("After the last") },
			"position: There is no place behind the last policy; choose a position.",
		},
		"unknown priority": {
			func(c *sla.PolicyPatch) { c.PriorityIDs = domain.Some([]string{string(billing)}) }, "match.priorityIds: Invalid ticket priority.",
		},
		"unknown menu": {
			func(c *sla.PolicyPatch) { c.MenuIDs = domain.Some([]string{string(urgent)}) }, "match.menuIds: Invalid menu selected.",
		},
		"unknown status type": {
			func(c *sla.PolicyPatch) { c.PauseTypes = domain.Some([]string{"asleep"}) },
			"pauseStatusTypes: Invalid status type. Please choose one of: open, in_progress, pending, resolved, closed, cancelled.",
		},
		"unknown reopening": {
			func(c *sla.PolicyPatch) { c.OnReopen = domain.Some("later") },
			"onReopen: Invalid way to reopen. Please choose one of: resume, restart.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			patch := goldPatch()
			c.change(&patch)
			known := known
			if name == "no position left" {
				known.LastPosition = 1_000_000
			}
			_, err := sla.NewPolicy("p", patch, known, monday)
			if got := strings.Join(problems(err), "; "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFirstActiveMatchingPolicyApplies(t *testing.T) {
	inactive := sla.Policy{ID: "inactive"}
	forBilling := sla.Policy{ID: "billing", IsActive: true, MenuIDs: []domain.ID{billing}}
	forUrgent := sla.Policy{ID: "urgent", IsActive: true, PriorityIDs: []domain.ID{urgent}}
	both := []sla.Policy{inactive, forBilling, forUrgent}
	for name, c := range map[string]struct {
		policies       []sla.Policy
		priority, menu domain.ID
		want           domain.ID
	}{
		"matches the menu":       {both, low, billing, "billing"},
		"both match":             {both, urgent, billing, "billing"},
		"matches the priority":   {both, urgent, "", "urgent"},
		"none matches":           {both, low, "", ""},
		"policy for all tickets": {append(both, sla.Policy{ID: "rest", IsActive: true}), low, "", "rest"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sla.TermsFor(c.policies, c.priority, c.menu, 0); got.PolicyID != c.want {
				t.Errorf("got %q, want %q", got.PolicyID, c.want)
			}
		})
	}
}

func TestHoursOfThePriorityApplyIfNoPolicyMatches(t *testing.T) {
	terms := sla.TermsFor(nil, urgent, "", 4)
	want := []sla.Target{{Metric: sla.FirstResponse, Minutes: 240, CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80}}
	if !slices.Equal(terms.Targets, want) || !slices.Equal(terms.PauseTypes, whilePending) || terms.PriorityID != urgent {
		t.Errorf("got %+v", terms)
	}
	if terms := sla.TermsFor(nil, urgent, "", 0); len(terms.Targets) != 0 {
		t.Errorf("without hours: %+v", terms)
	}
}

func TestApplyKeepsAbsentFieldsOfAPolicy(t *testing.T) {
	p, err := sla.NewPolicy("p", goldPatch(), known, monday)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Apply(sla.PolicyPatch{EscalateOnBreach: domain.Some(false)}, known, at("12:00")); err != nil {
		t.Fatal(err)
	}
	if p.EscalateOnBreach || p.Position != 4 || len(p.Targets) != 1 || p.Name != "Gold" || !p.UpdatedAt.Equal(at("12:00")) {
		t.Errorf("got %+v", p)
	}
	if err := p.Apply(goldPatch().Replacement(), known, at("13:00")); err != nil || !p.EscalateOnBreach || p.Position != 4 {
		t.Errorf("replaced: %v, %+v", err, p)
	}
}

func TestUnreadableFieldsOfAPolicyAreReportedOnce(t *testing.T) {
	fields := []string{
		"name", "position", "match.priorityIds", "targets[0].metric", "targets[0].minutes", "targets[0].calendarId", "targets[0].warnPercent",
		"pauseStatusTypes", "onReopen",
	}
	c := sla.PolicyPatch{
		Position: domain.Some(0), PriorityIDs: domain.Some([]string{"x"}), PauseTypes: domain.Some([]string{"x"}), OnReopen: domain.Some("x"),
		Targets: domain.Some([]sla.TargetDraft{{CalendarID: "x", WarnPercent: domain.Some(0)}}),
	}
	var want []string
	for _, f := range fields {
		c.Unread.Add(f, "unreadable")
		want = append(want, f+": unreadable")
	}
	_, err := sla.NewPolicy("p", c, known, monday)
	if got := problems(err); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestPolicyPatchNamesOnlyValidIDs(t *testing.T) {
	many := slices.Repeat([]string{string(urgent)}, 101)
	c := sla.PolicyPatch{
		PriorityIDs: domain.Some(many), MenuIDs: domain.Some([]string{"x", string(billing)}),
		Targets: domain.Some([]sla.TargetDraft{{}, {CalendarID: string(always)}}),
	}
	priorities, menus, calendars := c.Named()
	if len(priorities) != 100 || !slices.Equal(menus, []domain.ID{billing}) || !slices.Equal(calendars, []domain.ID{always}) {
		t.Errorf("got %d priorities, %v, %v", len(priorities), menus, calendars)
	}
}
