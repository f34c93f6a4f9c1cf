// Package sla reckons what was promised: when a response is due, and whether the promise was kept.
// It is pure arithmetic on times. Calendars, policies and the ledger of clocks have their place here;
// today a promise is a number of hours around the clock, from the ticket's creation to its first response.
package sla

import "time"

// Soon is how long before a due time a ticket counts as due soon.
const Soon = 2 * time.Hour

// Due gives when a promise of so many hours, made at start, falls due; zero where hours is 0: nothing was promised.
func Due(start time.Time, hours int) time.Time {
	if hours == 0 {
		return time.Time{}
	}
	return start.Add(time.Duration(hours) * time.Hour)
}

// Passed says whether a due time has come; a zero one never does.
func Passed(due, now time.Time) bool { return !due.IsZero() && !now.Before(due) }
