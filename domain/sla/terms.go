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
	Minutes     int       // of business time, from 1
	CalendarID  domain.ID // of Terms: the edition of the calendar that holds today
	WarnPercent int       // 1 to 99: when a warning is due, as a part of the promised time; 0: never
}

func (t Target) length() time.Duration { return time.Duration(t.Minutes) * time.Minute }

// Reopening says what becomes of the resolution clock of a ticket that is opened again.
type Reopening string

// The ways to go on.
const (
	ReopenResumes  Reopening = "resume"  // with the time used so far
	ReopenRestarts Reopening = "restart" // with a new clock
)

// Terms are what is promised for one ticket.
type Terms struct {
	PolicyID   domain.ID              // "" where nothing but the priority promises
	PriorityID domain.ID              // whose hours promise; "" under a policy
	Targets    []Target               // at most one for each metric
	PauseTypes []lifecycle.StatusType // in which the clocks stand
	OnReopen   Reopening
	Escalate   bool // a breach escalates the ticket
}

// target gives the promise of a metric.
func (t Terms) target(m Metric) (Target, bool) {
	if i := slices.IndexFunc(t.Targets, func(x Target) bool { return x.Metric == m }); i >= 0 {
		return t.Targets[i], true
	}
	return Target{}, false
}

// promise gives what a clock of a metric is promised; ok is false where it is promised nothing.
func (t Terms) promise(m Metric) (p Promise, ok bool) {
	x, ok := t.target(m)
	p = t.pauseRules()
	p.Target, p.CalendarID, p.WarnPercent = x.length(), x.CalendarID, x.WarnPercent
	return p, ok
}

// pauseRules is what every clock under the terms has in common.
func (t Terms) pauseRules() Promise {
	return Promise{PolicyID: t.PolicyID, PriorityID: t.PriorityID, PauseTypes: t.PauseTypes, OnReopen: t.OnReopen, Escalate: t.Escalate}
}

// Promise is what one clock was promised: all that its course depends on, so that it stays as it was when a policy or a
// calendar changes.
type Promise struct {
	PolicyID    domain.ID              // "" where no policy promises
	PriorityID  domain.ID              // whose hours promise; "" where they do not
	Target      time.Duration          // of business time
	DueAt       time.Time              // set by hand, whatever the calendar says; zero: it is computed
	CalendarID  domain.ID              // the edition of a calendar
	WarnPercent int                    // 1 to 99; 0: no warning
	PauseTypes  []lifecycle.StatusType // in which the clock stands
	OnReopen    Reopening              // of a resolution
	Escalate    bool                   // a breach escalates the ticket
}

// Pauses reports whether the clock stops while the ticket's status is of a type. It panics if there is no such type: a
// clock that ran on in silence would break the promise.
func (p Promise) Pauses(t lifecycle.StatusType) bool {
	if t != "" && !t.Known() {
		panic(fmt.Sprintf("sla: unknown status type %q", t))
	}
	return slices.Contains(p.PauseTypes, t)
}

// under says whether the promise was made by what makes the terms: the same policy, or the hours of the same priority.
func (p Promise) under(t Terms) bool { return p.PolicyID == t.PolicyID && p.PriorityID == t.PriorityID }

// same says whether two promises are the same.
func (p Promise) same(q Promise) bool {
	return p.PolicyID == q.PolicyID && p.PriorityID == q.PriorityID && p.Target == q.Target && p.DueAt.Equal(q.DueAt) &&
		p.CalendarID == q.CalendarID && p.WarnPercent == q.WarnPercent && slices.Equal(p.PauseTypes, q.PauseTypes) &&
		p.OnReopen == q.OnReopen && p.Escalate == q.Escalate
}
