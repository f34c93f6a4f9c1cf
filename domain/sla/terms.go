package sla

import (
	"fmt"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
)

// Target is the promise of one metric.
type Target struct {
	Metric      Metric
	Minutes     int       // of business time, at least 1
	CalendarID  domain.ID // in Terms: the id of the current version of the calendar
	WarnPercent int       // 1 to 99: percentage of the promised time after which a warning is due; 0: no warning
}

func (t Target) length() time.Duration { return time.Duration(t.Minutes) * time.Minute }

// Reopening is what reopening a ticket does to its resolution clock.
type Reopening string

const (
	ReopenResumes  Reopening = "resume"  // the clock continues with the time used so far
	ReopenRestarts Reopening = "restart" // a new clock starts
)

// Terms are what is promised for one ticket.
type Terms struct {
	PolicyID   domain.ID              // "" if the hours of the priority apply
	PriorityID domain.ID              // the priority whose hours apply; "" under a policy
	Targets    []Target               // at most one for each metric
	PauseTypes []lifecycle.StatusType // status types in which the clocks are paused
	OnReopen   Reopening
	Escalate   bool // a breach escalates the ticket
}

// Source is what makes a promise: a policy, or the hours of a priority. Exactly one field is set.
type Source struct{ PolicyID, PriorityID domain.ID }

// Source returns where the terms come from.
func (t Terms) Source() Source { return Source{t.PolicyID, t.PriorityID} }

// target returns the target of a metric; false if there is none.
func (t Terms) target(m Metric) (Target, bool) {
	if i := slices.IndexFunc(t.Targets, func(x Target) bool { return x.Metric == m }); i >= 0 {
		return t.Targets[i], true
	}
	return Target{}, false
}

// promise returns the promise for a clock of a metric. If the terms have no target for the metric, ok is false, and p has
// only what all promises of the terms have in common.
func (t Terms) promise(m Metric) (p Promise, ok bool) {
	x, ok := t.target(m)
	p = t.commonPromise()
	p.Target, p.CalendarID, p.WarnPercent = x.length(), x.CalendarID, x.WarnPercent
	return p, ok
}

// commonPromise returns what all promises of the terms have in common.
func (t Terms) commonPromise() Promise {
	return Promise{PolicyID: t.PolicyID, PriorityID: t.PriorityID, PauseTypes: t.PauseTypes, OnReopen: t.OnReopen, Escalate: t.Escalate}
}

// Promise is everything that one clock was promised. The clock depends on nothing else, so that it stays as it is when a
// policy or a calendar changes.
type Promise struct {
	PolicyID    domain.ID              // "" if no policy made the promise
	PolicyGone  bool                   // the policy was removed since; the store derives it when it reads
	PriorityID  domain.ID              // the priority whose hours made the promise; "" if none
	Target      time.Duration          // of business time
	DueAt       time.Time              // due time by hand, regardless of the calendar; zero: it is computed
	CalendarID  domain.ID              // the id of a calendar version
	WarnPercent int                    // 1 to 99; 0: no warning
	PauseTypes  []lifecycle.StatusType // status types in which the clock is paused
	OnReopen    Reopening              // of a resolution
	Escalate    bool                   // a breach escalates the ticket
}

// Pauses reports whether the clock is paused while the status has type t; "" pauses nothing. It panics if t is unknown: a
// clock that silently ran on would break the promise.
func (p Promise) Pauses(t lifecycle.StatusType) bool {
	if t != "" && !t.Known() {
		panic(fmt.Sprintf("sla: unknown status type %q", t))
	}
	return slices.Contains(p.PauseTypes, t)
}

// under reports whether the promise and the terms come from the same policy, or from the hours of the same priority.
func (p Promise) under(t Terms) bool { return Source{p.PolicyID, p.PriorityID} == t.Source() }

// same reports whether two promises are equal, whether or not their policy still exists.
func (p Promise) same(q Promise) bool {
	return p.PolicyID == q.PolicyID && p.PriorityID == q.PriorityID && p.Target == q.Target && p.DueAt.Equal(q.DueAt) &&
		p.CalendarID == q.CalendarID && p.WarnPercent == q.WarnPercent && slices.Equal(p.PauseTypes, q.PauseTypes) &&
		p.OnReopen == q.OnReopen && p.Escalate == q.Escalate
}
