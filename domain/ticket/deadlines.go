package ticket

import (
	"time"

	"tickt/domain/sla"
)

// Reminders are what people are told of the dates of a ticket.
type Reminders struct {
	DueSoon        bool // the due date is near
	DuePassed      bool // the due date has passed
	ResponsePassed bool // the response deadline has passed without a first response
}

// ReminderBefore is how long before the due date of an active ticket people are reminded of it. They are not if it is set
// closer than that.
const ReminderBefore = 24 * time.Hour

// passedWithin is how long after a date has passed people are still told of it.
const passedWithin = 24 * time.Hour

// armDates makes people be told of a date that was changed. Of what the change itself says, they are not told again: that the
// due date is near, or that a date is past.
func (v *View) armDates(was View, now time.Time) {
	told := func(date time.Time, at time.Time) time.Time {
		if !date.IsZero() && sla.IsPast(at, now) {
			return date
		}
		return time.Time{}
	}
	if !v.DueDate.Equal(was.DueDate) {
		v.DueReminded, v.DuePassed = told(v.DueDate, v.DueDate.Add(-ReminderBefore)), told(v.DueDate, v.DueDate)
	}
	if !v.ResponseDeadline.Equal(was.ResponseDeadline) {
		v.ResponsePassed = told(v.ResponseDeadline, v.ResponseDeadline)
	}
}

// remind returns what people must be told of the dates at now, and records that they are. They are not told of what is long
// past.
func (v *View) remind(now time.Time) (r Reminders) {
	if sla.IsPast(v.remindAt(), now) {
		v.DueReminded, r.DueSoon = v.DueDate, now.Before(v.DueDate)
	}
	if at := v.duePassesAt(); sla.IsPast(at, now) {
		v.DuePassed, r.DuePassed = at, now.Before(at.Add(passedWithin))
	}
	if at := v.responsePassesAt(); sla.IsPast(at, now) {
		v.ResponsePassed, r.ResponsePassed = at, now.Before(at.Add(passedWithin))
	}
	return r
}

// remindAt returns when people must be reminded of the due date; zero if they were reminded already, or if the ticket is
// not active.
func (v View) remindAt() time.Time {
	if v.DueDate.IsZero() || !v.StatusType.Active() || v.DueReminded.Equal(v.DueDate) {
		return time.Time{}
	}
	return v.DueDate.Add(-ReminderBefore)
}

// duePassesAt returns when people must be told that the due date has passed; zero as remindAt.
func (v View) duePassesAt() time.Time {
	if !v.StatusType.Active() || v.DuePassed.Equal(v.DueDate) {
		return time.Time{}
	}
	return v.DueDate
}

// responsePassesAt returns when people must be told that the response deadline has passed; zero as remindAt, and after the
// first response.
func (v View) responsePassesAt() time.Time {
	if !v.StatusType.Active() || !v.FirstResponseAt.IsZero() || v.ResponsePassed.Equal(v.ResponseDeadline) {
		return time.Time{}
	}
	return v.ResponseDeadline
}
