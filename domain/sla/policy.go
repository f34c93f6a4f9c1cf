package sla

import (
	"fmt"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
)

// Policy promises times to the tickets that it matches. Of the active policies the first that matches, by position,
// applies.
type Policy struct {
	ID               domain.ID
	Name             string
	NameKey          string // folded, unique
	Position         int    // unique; lower comes first
	PriorityIDs      []domain.ID
	MenuIDs          []domain.ID
	Targets          []Target // at most one for each metric
	PauseTypes       []lifecycle.StatusType
	OnReopen         Reopening
	EscalateOnBreach bool
	IsActive         bool
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Limits of a policy.
const (
	maxPolicyName     = 100
	maxPosition       = 1_000_000
	maxMinutes        = 5 * 366 * 24 * 60 // of a target: five years
	defaultWarning    = 80                // percent
	defaultPause      = lifecycle.Pending
	maxMatches        = 100
	maxWarningPercent = 99
)

// PolicyChange is what a client says of a policy. Ids are held as they came.
type PolicyChange struct {
	Name             domain.Change[string]
	Position         domain.Change[int] // by default behind all others
	PriorityIDs      domain.Change[[]string]
	MenuIDs          domain.Change[[]string]
	Targets          domain.Change[[]TargetDraft]
	PauseTypes       domain.Change[[]string] // pending by default
	OnReopen         domain.Change[string]   // resume by default
	EscalateOnBreach domain.Change[bool]     // true by default
	IsActive         domain.Change[bool]     // true by default
	Unread           domain.Problems         // what could not be read of it
}

// TargetDraft is what a client says of a target.
type TargetDraft struct {
	Metric      string
	Minutes     int
	CalendarID  string // the one that is always open by default
	WarnPercent domain.Change[int]
}

// Replaced is what PUT means: everything that was left out returns to its default, or is missed.
func (c PolicyChange) Replaced() PolicyChange {
	c.Name, c.Position = c.Name.Replaced(), c.Position.Replaced()
	c.PriorityIDs, c.MenuIDs = c.PriorityIDs.Replaced(), c.MenuIDs.Replaced()
	c.Targets, c.PauseTypes, c.OnReopen = c.Targets.Replaced(), c.PauseTypes.Replaced(), c.OnReopen.Replaced()
	c.EscalateOnBreach, c.IsActive = c.EscalateOnBreach.Replaced(), c.IsActive.Replaced()
	return c
}

// Named gives what the change names, as far as it can be anything: priorities, menus and calendars.
func (c PolicyChange) Named() (priorities, menus, calendars []domain.ID) {
	var targets []string
	for _, t := range c.Targets.Value {
		targets = append(targets, t.CalendarID)
	}
	return readIDs(c.PriorityIDs.Value), readIDs(c.MenuIDs.Value), readIDs(targets)
}

// readIDs gives the ids among texts, as many as are ever looked at.
func readIDs(texts []string) (ids []domain.ID) {
	for _, text := range texts[:min(len(texts), maxMatches)] {
		if id, ok := domain.ParseID(text); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// Known are what the ids in a change of a policy may name, and where a new one stands by default.
type Known struct {
	Priorities []domain.ID
	Menus      []domain.ID
	Calendars  []domain.ID
	AlwaysOpen domain.ID // the calendar of targets that name none
	LastPlace  int       // the highest position that is taken; 0 where there is none
}

// NewPolicy makes a policy from what a client says of it.
func NewPolicy(id domain.ID, c PolicyChange, known Known, now time.Time) (Policy, error) {
	x := Policy{ID: id, CreatedAt: now}
	err := x.Apply(c.Replaced(), known, now)
	return x, err
}

// Apply changes the policy. The error lists every problem; the policy is then as it was.
func (x *Policy) Apply(c PolicyChange, known Known, now time.Time) error {
	p := slices.Clone(c.Unread)
	n := *x
	n.Name = p.Text("name", "Policy name", c.Name.Or(x.Name), maxPolicyName, domain.Required)
	n.NameKey = domain.Fold(n.Name)
	n.Position = x.place(&p, c.Position, known)
	if c.PriorityIDs.Set {
		n.PriorityIDs = members(&p, "match.priorityIds", c.PriorityIDs.Value, known.Priorities, "Invalid ticket priority.")
	}
	if c.MenuIDs.Set {
		n.MenuIDs = members(&p, "match.menuIds", c.MenuIDs.Value, known.Menus, "Invalid menu selected.")
	}
	if c.Targets.Set {
		n.Targets = readTargets(&p, c.Targets.Value, known)
	}
	if c.PauseTypes.Set {
		n.PauseTypes = readPauses(&p, c.PauseTypes)
	}
	if c.OnReopen.Set {
		n.OnReopen = readReopening(&p, c.OnReopen)
	}
	if c.EscalateOnBreach.Set {
		n.EscalateOnBreach = c.EscalateOnBreach.Null || c.EscalateOnBreach.Value
	}
	if c.IsActive.Set {
		n.IsActive = c.IsActive.Null || c.IsActive.Value
	}
	if err := p.Err(); err != nil {
		return err
	}
	n.UpdatedAt = now
	*x = n
	return nil
}

// Matches says whether the policy is for tickets of a priority and a menu, "" where a ticket has none.
func (x Policy) Matches(priority, menu domain.ID) bool {
	return x.IsActive &&
		(len(x.PriorityIDs) == 0 || slices.Contains(x.PriorityIDs, priority)) &&
		(len(x.MenuIDs) == 0 || slices.Contains(x.MenuIDs, menu))
}

// UseEditions lets each target name the edition of its calendar that a clock goes by, in place of the calendar.
func (x *Policy) UseEditions(edition func(calendar domain.ID) domain.ID) {
	x.Targets = slices.Clone(x.Targets)
	for i, t := range x.Targets {
		x.Targets[i].CalendarID = edition(t.CalendarID)
	}
}

// Terms gives what the policy promises.
func (x Policy) Terms() Terms {
	return Terms{
		PolicyID: x.ID, Targets: slices.Clone(x.Targets), PauseTypes: slices.Clone(x.PauseTypes),
		OnReopen: x.OnReopen, Escalate: x.EscalateOnBreach,
	}
}

// TermsFor returns what holds for a ticket: the terms of the first of the policies, which are by position, that matches
// it; else its priority's hours, as a promise of the first response around the clock, whose breach escalates nothing.
// The calendars of the policies' targets are editions.
func TermsFor(policies []Policy, priority, menu domain.ID, hours int) Terms {
	for _, x := range policies {
		if x.Matches(priority, menu) {
			return x.Terms()
		}
	}
	t := Terms{PriorityID: priority, PauseTypes: []lifecycle.StatusType{defaultPause}, OnReopen: ReopenResumes}
	if hours > 0 {
		t.Targets = []Target{{Metric: FirstResponse, Minutes: hours * 60, CalendarID: AlwaysOpenEdition, WarnPercent: defaultWarning}}
	}
	return t
}

func (x *Policy) place(p *domain.Problems, c domain.Change[int], known Known) int {
	position := c.Value
	switch {
	case !c.Set, c.Null && x.Position > 0:
		position = x.Position
	case c.Null:
		if position = known.LastPlace + 1; position > maxPosition {
			addOnce(p, "position", domain.CodeRange, "There is no place behind the last policy; choose a position.")
		}
	}
	if position < 1 || position > maxPosition {
		addOnce(p, "position", domain.CodeRange, fmt.Sprintf("position must be from 1 to %d.", maxPosition))
	}
	return position
}

// members reads ids, each once, of things that are known.
func members(p *domain.Problems, field string, given []string, known []domain.ID, invalid string) []domain.ID {
	out := []domain.ID{}
	if p.Has(field) {
		return out
	}
	if len(given) > maxMatches {
		p.Add(field, domain.CodeTooLong, fmt.Sprintf("%s may list at most %d values.", field, maxMatches))
		return out
	}
	for _, text := range given {
		id, ok := domain.ParseID(text)
		if !ok || !slices.Contains(known, id) {
			p.Add(field, domain.CodeUnknown, invalid)
			return out
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func readTargets(p *domain.Problems, given []TargetDraft, known Known) []Target {
	out := []Target{}
	switch {
	case p.Has("targets"):
		return out
	case len(given) == 0:
		p.Add("targets", domain.CodeRequired, "Targets cannot be blank.")
	case len(given) > len(Metrics):
		p.Add("targets", domain.CodeTooLong, fmt.Sprintf("A policy may have at most %d targets.", len(Metrics)))
		return out
	}
	for n, d := range given {
		t := readTarget(p, fmt.Sprintf("targets[%d]", n), d, known)
		if slices.ContainsFunc(out, func(other Target) bool { return other.Metric == t.Metric }) {
			addOnce(p, fmt.Sprintf("targets[%d].metric", n), domain.CodeDuplicate, "Each metric may have only one target.")
		}
		out = append(out, t)
	}
	return out
}

func readTarget(p *domain.Problems, field string, d TargetDraft, known Known) Target {
	t := Target{Metric: Metric(d.Metric), Minutes: d.Minutes, WarnPercent: defaultWarning, CalendarID: known.AlwaysOpen}
	if !slices.Contains(Metrics, t.Metric) {
		addOnce(p, field+".metric", domain.CodeInvalid, "Invalid metric. Please choose one of: first_response, next_response, resolution.")
	}
	if d.Minutes < 1 || d.Minutes > maxMinutes {
		addOnce(p, field+".minutes", domain.CodeRange, fmt.Sprintf("minutes must be from 1 to %d.", maxMinutes))
	}
	if d.CalendarID != "" {
		t.CalendarID = domain.ID(d.CalendarID)
		if !slices.Contains(known.Calendars, t.CalendarID) {
			addOnce(p, field+".calendarId", domain.CodeUnknown, "Invalid calendar.")
		}
	}
	if d.WarnPercent.Given() {
		t.WarnPercent = d.WarnPercent.Value
	}
	if t.WarnPercent < 1 || t.WarnPercent > maxWarningPercent {
		addOnce(p, field+".warnPercent", domain.CodeRange, fmt.Sprintf("warnPercent must be from 1 to %d.", maxWarningPercent))
	}
	return t
}

// addOnce notes a problem of a field that has none yet.
func addOnce(p *domain.Problems, field, code, message string) {
	if !p.Has(field) {
		p.Add(field, code, message)
	}
}

func readPauses(p *domain.Problems, c domain.Change[[]string]) []lifecycle.StatusType {
	if c.Null {
		return []lifecycle.StatusType{defaultPause}
	}
	out := []lifecycle.StatusType{}
	for _, name := range c.Value {
		t := lifecycle.StatusType(name)
		if !t.Known() {
			addOnce(p, "pauseStatusTypes", domain.CodeInvalid, lifecycle.InvalidType)
			return out
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func readReopening(p *domain.Problems, c domain.Change[string]) Reopening {
	if c.Null {
		return ReopenResumes
	}
	r := Reopening(c.Value)
	if r != ReopenResumes && r != ReopenRestarts {
		addOnce(p, "onReopen", domain.CodeInvalid, "Invalid way to reopen. Please choose one of: resume, restart.")
	}
	return r
}
