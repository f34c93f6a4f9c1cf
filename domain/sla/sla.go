// Package sla reckons what was promised: when a response is due, and whether the promise was kept.
// It is pure arithmetic on times: business time (Schedule), calendars, policies, and clocks that follow from a ledger of
// events. Where no policy promises, the hours of a priority do: a first response, around the clock, from the ticket's
// opening.
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

// IsPast says whether a due time has come; a zero one never does.
func IsPast(due, now time.Time) bool { return !due.IsZero() && !now.Before(due) }
