package ticket

import (
	"time"

	"tickt/domain/sla"
)

// The urgencies that outrank a priority's weight.
const (
	UrgencyBreached  = 1000 // the service level was breached
	UrgencyOverdue   = 800  // the response deadline is past and nobody has responded
	UrgencyEscalated = 600
	UrgencyDueSoon   = 400 // the service level is due within two hours, and nobody has responded
)

// Overdue says whether the response deadline is past without a first response.
func (t Ticket) Overdue(now time.Time) bool {
	return t.FirstResponseAt.IsZero() && sla.Passed(t.ResponseDeadline, now)
}

// UrgencyAt is the ticket's urgency at a moment, the priority's weight where nothing outranks it. The moment may lie
// before the last reckoning: a breach that came in between did not count yet.
func (v View) UrgencyAt(at time.Time) int {
	t := v.Ticket
	if t.UrgencyFrom.After(at) && t.SLADueDate.After(at) {
		t.SLABreached = false
	}
	if u := t.urgency(at); u > 0 {
		return u
	}
	return v.PriorityWeight
}

func (t Ticket) urgency(now time.Time) int {
	switch {
	case t.SLABreached:
		return UrgencyBreached
	case t.Overdue(now):
		return UrgencyOverdue
	case t.IsEscalated:
		return UrgencyEscalated
	case t.FirstResponseAt.IsZero() && !t.SLADueDate.IsZero() && sla.Passed(t.SLADueDate.Add(-sla.Soon), now):
		return UrgencyDueSoon
	default:
		return 0
	}
}

// awaited says whether the promise of a first response runs: unanswered, and not paused or over by the status.
func (t Ticket) awaited(status StatusType) bool {
	return t.FirstResponseAt.IsZero() && (status == Open || status == InProgress)
}

// Pass lets time pass: it records a breach that has come, and reckons the urgency anew together with
// the moment at which it will change by itself. It says whether anything that clients see has changed.
func (v *View) Pass(now time.Time) (changed bool) {
	if !v.SLABreached && v.awaited(v.StatusType) && sla.Passed(v.SLADueDate, now) {
		v.SLABreached, v.UpdatedAt, changed = true, now, true
	}
	v.Urgency, v.UrgencyFrom, v.UrgencyUntil = v.urgency(now), now, Never
	next := func(at time.Time) {
		if at.After(now) && at.Before(v.UrgencyUntil) {
			v.UrgencyUntil = at
		}
	}
	if v.SLABreached {
		return changed
	}
	if v.FirstResponseAt.IsZero() && !v.ResponseDeadline.IsZero() {
		next(v.ResponseDeadline)
	}
	if !v.SLADueDate.IsZero() {
		next(v.SLADueDate.Add(-sla.Soon))
		if v.awaited(v.StatusType) {
			next(v.SLADueDate)
		}
	}
	return changed
}
