// Package sla computes service levels: when a response or resolution is due, and whether the promise was kept. It is
// pure arithmetic on times: business time (Schedule), calendars, policies, and clocks derived from a ledger of events.
// If no policy matches a ticket, the hours of its priority promise a first response, counted around the clock.
package sla

import "time"

// Soon is how long before its due time a ticket becomes due soon.
const Soon = 2 * time.Hour

// Due returns the time that many hours after start; zero if hours is 0, which promises nothing.
func Due(start time.Time, hours int) time.Time {
	if hours == 0 {
		return time.Time{}
	}
	return start.Add(time.Duration(hours) * time.Hour)
}

// IsPast reports whether due is at or before now. It is false if due is zero.
func IsPast(due, now time.Time) bool { return !due.IsZero() && !now.Before(due) }
