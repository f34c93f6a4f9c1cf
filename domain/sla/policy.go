package sla

import (
	"fmt"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/namekey"
)

// Policy defines what is promised for the tickets that it matches. Of the active policies that match a ticket, the one
// with the lowest position applies.
type Policy struct {
	ID               domain.ID
	Name             string
	NameKey          string // key of Name, unique
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
	maxMinutes        = 5 * 366 * 24 * 60 // five years, for a target
	defaultWarning    = 80                // percent
	defaultPause      = lifecycle.Pending
	maxMatches        = 100 // ids in one list
	maxWarningPercent = 99
)

// PolicyPatch is what a client sends of a policy. Its ids are unchecked.
type PolicyPatch struct {
	Name             domain.Optional[string]
	Position         domain.Optional[int] // after all others by default
	PriorityIDs      domain.Optional[[]string]
	MenuIDs          domain.Optional[[]string]
	Targets          domain.Optional[[]TargetDraft]
	PauseTypes       domain.Optional[[]string] // pending by default
	OnReopen         domain.Optional[string]   // resume by default
	EscalateOnBreach domain.Optional[bool]     // true by default
	IsActive         domain.Optional[bool]     // true by default
	Unread           domain.Problems           // with fields that could not be read
}

// TargetDraft is what a client sends of a target.
type TargetDraft struct {
	Metric      string
	Minutes     int
	CalendarID  string // "": the calendar that is always open
	WarnPercent domain.Optional[int]
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing.
func (c PolicyPatch) Replacement() PolicyPatch {
	c.Name, c.Position = c.Name.OrNull(), c.Position.OrNull()
	c.PriorityIDs, c.MenuIDs = c.PriorityIDs.OrNull(), c.MenuIDs.OrNull()
	c.Targets, c.PauseTypes, c.OnReopen = c.Targets.OrNull(), c.PauseTypes.OrNull(), c.OnReopen.OrNull()
	c.EscalateOnBreach, c.IsActive = c.EscalateOnBreach.OrNull(), c.IsActive.OrNull()
	return c
}

// Named returns the priorities, menus and calendars that the patch refers to. Texts that are not ids are left out.
func (c PolicyPatch) Named() (priorities, menus, calendars []domain.ID) {
	var targets []string
	for _, t := range c.Targets.Value {
		targets = append(targets, t.CalendarID)
	}
	return readIDs(c.PriorityIDs.Value), readIDs(c.MenuIDs.Value), readIDs(targets)
}

// readIDs returns the ids among the first maxMatches texts; more are rejected anyway.
func readIDs(texts []string) (ids []domain.ID) {
	for _, text := range texts[:min(len(texts), maxMatches)] {
		if id, ok := domain.ParseID(text); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// Known is what a patch of a policy may refer to, and the last position, after which a new policy comes by default.
type Known struct {
	Priorities   []domain.ID
	Menus        []domain.ID
	Calendars    []domain.ID
	AlwaysOpen   domain.ID // the calendar of targets that name none
	LastPosition int       // the highest position that is taken; 0 if none is
}

// NewPolicy returns a new policy. The error lists every problem.
func NewPolicy(id domain.ID, c PolicyPatch, known Known, now time.Time) (Policy, error) {
	x := Policy{ID: id, CreatedAt: now}
	err := x.Apply(c.Replacement(), known, now)
	return x, err
}

// Apply changes the policy. The error lists every problem; the policy is then unchanged. If nothing changes, UpdatedAt stays.
func (x *Policy) Apply(c PolicyPatch, known Known, now time.Time) error {
	p := slices.Clone(c.Unread)
	n := *x
	n.Name = p.ChangedText("name", "Policy name", c.Name, x.Name, maxPolicyName, domain.Required)
	n.NameKey = namekey.Of(x.NameKey, x.Name, n.Name)
	n.Position = x.readPosition(&p, c.Position, known)
	if c.PriorityIDs.Set {
		n.PriorityIDs = readMembers(&p, "match.priorityIds", c.PriorityIDs.Value, known.Priorities, domain.CodePriorityToMatch)
	}
	if c.MenuIDs.Set {
		n.MenuIDs = readMembers(&p, "match.menuIds", c.MenuIDs.Value, known.Menus, domain.CodeMenuToMatch)
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
	if !domain.Same(n, *x) {
		n.UpdatedAt = now
	}
	*x = n
	return nil
}

// Matches reports whether the policy is active and applies to tickets with a priority and a menu; menu may be "".
func (x Policy) Matches(priority, menu domain.ID) bool {
	return x.IsActive &&
		(len(x.PriorityIDs) == 0 || slices.Contains(x.PriorityIDs, priority)) &&
		(len(x.MenuIDs) == 0 || slices.Contains(x.MenuIDs, menu))
}

// UseVersions replaces the calendar of each target by the version that clocks are to use.
func (x *Policy) UseVersions(version func(calendar domain.ID) domain.ID) {
	x.Targets = slices.Clone(x.Targets)
	for i, t := range x.Targets {
		x.Targets[i].CalendarID = version(t.CalendarID)
	}
}

// Terms returns what the policy promises.
func (x Policy) Terms() Terms {
	return Terms{
		PolicyID: x.ID, Targets: slices.Clone(x.Targets), PauseTypes: slices.Clone(x.PauseTypes),
		OnReopen: x.OnReopen, Escalate: x.EscalateOnBreach,
	}
}

// TermsFor returns the terms of the first of the policies that matches the ticket. If none does, the hours of its
// priority are the promise of a first response, counted around the clock; its breach does not escalate the ticket. The
// policies are by position, and their targets have calendar versions (UseVersions).
func TermsFor(policies []Policy, priority, menu domain.ID, hours int) Terms {
	for _, x := range policies {
		if x.Matches(priority, menu) {
			return x.Terms()
		}
	}
	t := Terms{PriorityID: priority, PauseTypes: []lifecycle.StatusType{defaultPause}, OnReopen: ReopenResumes}
	if hours > 0 {
		t.Targets = []Target{{Metric: FirstResponse, Minutes: hours * 60, CalendarID: AlwaysOpenVersion, WarnPercent: defaultWarning}}
	}
	return t
}

// readPosition returns the position of the policy after the patch: by default its own, or that after the last one.
func (x *Policy) readPosition(p *domain.Problems, c domain.Optional[int], known Known) int {
	position := c.Value
	switch {
	case !c.Set, c.Null && x.Position > 0:
		position = x.Position
	case c.Null:
		if position = known.LastPosition + 1; position > maxPosition {
			p.AddOnce("position", domain.CodeNoPlace)
		}
	}
	if position < 1 || position > maxPosition {
		p.AddOnce("position", domain.CodeBounds, domain.Params{"name": "position", "least": 1, "most": maxPosition})
	}
	return position
}

// readMembers reads ids of known entries, and removes duplicates.
func readMembers(p *domain.Problems, field string, given []string, known []domain.ID, unknown domain.Code) []domain.ID {
	out := []domain.ID{}
	if p.Has(field) {
		return out
	}
	if len(given) > maxMatches {
		p.Add(field, domain.CodeTooManyValues, domain.Params{"limit": maxMatches})
		return out
	}
	for _, text := range given {
		id, ok := domain.ParseID(text)
		if !ok || !slices.Contains(known, id) {
			p.Add(field, unknown)
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
		p.Add("targets", domain.CodeBlank, domain.Params{"label": domain.TermTargets})
	case len(given) > len(Metrics):
		p.Add("targets", domain.CodeTooManyTargets, domain.Params{"limit": len(Metrics)})
		return out
	}
	for n, d := range given {
		t := readTarget(p, fmt.Sprintf("targets[%d]", n), d, known)
		if slices.ContainsFunc(out, func(other Target) bool { return other.Metric == t.Metric }) {
			p.AddOnce(fmt.Sprintf("targets[%d].metric", n), domain.CodeMetricTwice)
		}
		out = append(out, t)
	}
	return out
}

func readTarget(p *domain.Problems, field string, d TargetDraft, known Known) Target {
	t := Target{Metric: Metric(d.Metric), Minutes: d.Minutes, WarnPercent: defaultWarning, CalendarID: known.AlwaysOpen}
	if !slices.Contains(Metrics, t.Metric) {
		p.AddOnce(field+".metric", domain.CodeChoice, domain.Params{"what": domain.TermMetric, "choices": domain.Names(Metrics)})
	}
	if d.Minutes < 1 || d.Minutes > maxMinutes {
		p.AddOnce(field+".minutes", domain.CodeBounds, domain.Params{"name": "minutes", "least": 1, "most": maxMinutes})
	}
	if d.CalendarID != "" {
		t.CalendarID = domain.ID(d.CalendarID)
		if !slices.Contains(known.Calendars, t.CalendarID) {
			p.AddOnce(field+".calendarId", domain.CodeUnknownCalendar)
		}
	}
	if d.WarnPercent.Given() {
		t.WarnPercent = d.WarnPercent.Value
	}
	if t.WarnPercent < 1 || t.WarnPercent > maxWarningPercent {
		p.AddOnce(field+".warnPercent", domain.CodeBounds, domain.Params{"name": "warnPercent", "least": 1, "most": maxWarningPercent})
	}
	return t
}

func readPauses(p *domain.Problems, c domain.Optional[[]string]) []lifecycle.StatusType {
	if c.Null {
		return []lifecycle.StatusType{defaultPause}
	}
	out := []lifecycle.StatusType{}
	for _, name := range c.Value {
		t := lifecycle.StatusType(name)
		if !t.Known() {
			p.AddOnce("pauseStatusTypes", domain.CodeChoice,
				domain.Params{"what": domain.TermStatusType, "choices": domain.Names(lifecycle.StatusTypes)})
			return out
		}
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func readReopening(p *domain.Problems, c domain.Optional[string]) Reopening {
	if c.Null {
		return ReopenResumes
	}
	r := Reopening(c.Value)
	if r != ReopenResumes && r != ReopenRestarts {
		p.AddOnce("onReopen", domain.CodeChoice,
			domain.Params{"what": domain.TermReopening, "choices": domain.Names([]Reopening{ReopenResumes, ReopenRestarts})})
	}
	return r
}

// SetKey sets the key of the name to one that was derived again.
func (x *Policy) SetKey(key string) { x.NameKey = key }
