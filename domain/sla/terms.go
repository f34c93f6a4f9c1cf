package sla

import (
	"slices"
	"time"

	"tickt/domain"
)

// Target is the promise of one metric.
type Target struct {
	Metric      Metric
	Minutes     int // of business time, from 1
	CalendarID  domain.ID
	WarnPercent int // 1 to 99: when a warning is due, as a part of the promised time; 0: never
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
	PolicyID   domain.ID // "" where nothing but the priority promises
	Targets    []Target  // at most one for each metric
	PauseTypes []string  // of statuses, in which the clocks stand
	OnReopen   Reopening
	Escalate   bool // a breach escalates the ticket
}

// Target gives the promise of a metric.
func (t Terms) Target(m Metric) (Target, bool) {
	if i := slices.IndexFunc(t.Targets, func(x Target) bool { return x.Metric == m }); i >= 0 {
		return t.Targets[i], true
	}
	return Target{}, false
}

// Pauses says whether the clocks stand while the ticket's status is of a type.
func (t Terms) Pauses(statusType string) bool { return slices.Contains(t.PauseTypes, statusType) }
