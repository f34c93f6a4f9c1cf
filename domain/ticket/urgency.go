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
	UrgencyDueSoon   = 400 // the service level is due within two hours
)

// Overdue says whether the response deadline is past without a first response.
func (t Ticket) Overdue(now time.Time) bool {
	return t.FirstResponseAt.IsZero() && sla.IsPast(t.ResponseDeadline, now)
}

// UrgencyAt is the ticket's urgency at a moment, the priority's weight where nothing outranks it. The moment may lie
// before the last reckoning: a breach that came in between did not count yet.
func (v View) UrgencyAt(at time.Time) int {
	t := v.Ticket
	t.SLABreached = t.SLABreached && !t.SLABreachedAt.After(at)
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
	case t.dueRuns() && sla.IsPast(t.SLADueDate.Add(-sla.Soon), now):
		return UrgencyDueSoon
	default:
		return 0
	}
}

// dueRuns says whether there is a due time that somebody must keep: one that was set by hand is for the first response.
func (t Ticket) dueRuns() bool {
	return !t.SLADueDate.IsZero() && (t.FirstResponseAt.IsZero() || !t.SLAByHand)
}

// RecomputeUrgency reckons the urgency anew, together with the moment at which passing time changes it, or the ticket, again.
func (v *View) RecomputeUrgency(now time.Time) {
	v.Urgency, v.UrgencyFrom, v.UrgencyUntil = v.urgency(now), now, Never
	next := func(at time.Time) {
		if at.After(now) && at.Before(v.UrgencyUntil) {
			v.UrgencyUntil = at
		}
	}
	if !v.SLABreached {
		if v.FirstResponseAt.IsZero() && !v.ResponseDeadline.IsZero() {
			next(v.ResponseDeadline)
		}
		if v.dueRuns() {
			next(v.SLADueDate.Add(-sla.Soon))
		}
	}
	for _, at := range [...]time.Time{v.SLANextAt, v.remindAt()} {
		switch {
		case sla.IsPast(at, now):
			v.UrgencyUntil = now // the next sweep sees to it
		case !at.IsZero():
			next(at)
		}
	}
}

// CopyTimeDerived copies from another ticket the fields that passing time changes.
func (t *Ticket) CopyTimeDerived(from Ticket) {
	t.SLADueDate, t.SLABreached, t.SLABreachedAt, t.SLANextAt = from.SLADueDate, from.SLABreached, from.SLABreachedAt, from.SLANextAt
	t.IsEscalated, t.DueReminded, t.UpdatedAt = from.IsEscalated, from.DueReminded, from.UpdatedAt
	t.Urgency, t.UrgencyFrom, t.UrgencyUntil = from.Urgency, from.UrgencyFrom, from.UrgencyUntil
}
