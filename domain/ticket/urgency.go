package ticket

import (
	"time"

	"tickt/domain/sla"
)

// The urgencies that replace the weight of the priority, the highest first.
const (
	UrgencyBreached  = 1000 // a promise was breached
	UrgencyOverdue   = 800  // the response deadline is past without a first response
	UrgencyEscalated = 600
	UrgencyDueSoon   = 400 // SLADueDate is within two hours, or past
)

// Overdue reports whether the ticket is active, and the response deadline is past without a first response.
func (v View) Overdue(now time.Time) bool {
	return v.StatusType.Active() && v.unanswered(now)
}

// unanswered reports whether the response deadline is past without a first response.
func (t Ticket) unanswered(now time.Time) bool {
	return t.FirstResponseAt.IsZero() && sla.IsPast(t.ResponseDeadline, now)
}

// UrgencyAt returns the urgency at a time: 0 if the ticket is not active, and the weight of the priority if none of the
// constants applies. The time may be before the urgency was last computed: a breach that was recorded later does not count.
func (v View) UrgencyAt(at time.Time) int {
	if !v.StatusType.Active() {
		return 0
	}
	t := v.Ticket
	t.SLABreached = t.SLABreached && !t.SLABreachedAt.After(at)
	if u := t.urgency(at); u > 0 {
		return u
	}
	return v.PriorityWeight
}

// urgency returns the urgency that is stored, whatever the type of the status: 0 if none of the constants applies.
func (t Ticket) urgency(now time.Time) int {
	switch {
	case t.SLABreached:
		return UrgencyBreached
	case t.unanswered(now):
		return UrgencyOverdue
	case t.IsEscalated:
		return UrgencyEscalated
	case t.dueOwed() && sla.IsPast(t.SLADueDate.Add(-sla.Soon), now):
		return UrgencyDueSoon
	default:
		return 0
	}
}

// dueOwed reports whether the due time must still be kept; one by hand is only for the first response.
func (t Ticket) dueOwed() bool {
	return !t.SLADueDate.IsZero() && (t.FirstResponseAt.IsZero() || !t.SLAByHand)
}

// RecomputeUrgency computes the urgency at now, and when passing time next changes it or the ticket.
func (v *View) RecomputeUrgency(now time.Time) {
	v.ScheduleClosing()
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
		if v.dueOwed() {
			next(v.SLADueDate.Add(-sla.Soon))
		}
	}
	for _, at := range [...]time.Time{v.SLANextAt, v.remindAt(), v.duePassesAt(), v.responsePassesAt()} {
		switch {
		case sla.IsPast(at, now):
			v.UrgencyUntil = now // the next sweep takes the ticket
		case !at.IsZero():
			next(at)
		}
	}
}

// CopyTimeDerived copies from another ticket the fields that passing time changes.
func (t *Ticket) CopyTimeDerived(from Ticket) {
	t.SLADueDate, t.SLABreached, t.SLABreachedAt, t.SLANextAt = from.SLADueDate, from.SLABreached, from.SLABreachedAt, from.SLANextAt
	t.IsEscalated, t.UpdatedAt = from.IsEscalated, from.UpdatedAt
	t.DueReminded, t.DuePassed, t.ResponsePassed = from.DueReminded, from.DuePassed, from.ResponsePassed
	t.Urgency, t.UrgencyFrom, t.UrgencyUntil = from.Urgency, from.UrgencyFrom, from.UrgencyUntil
	t.AutoCloseAt = from.AutoCloseAt
}
