// Package lifecycle defines the status types of tickets and which may follow which. Packages ticket and sla share it.
package lifecycle

import "slices"

// StatusType is what a status means. "" is the type of a status that no longer exists.
type StatusType string

// The types, in the order of their default weights 1 to 6.
const (
	Open       StatusType = "open"
	InProgress StatusType = "in_progress"
	Pending    StatusType = "pending"
	Resolved   StatusType = "resolved"
	Closed     StatusType = "closed"
	Cancelled  StatusType = "cancelled"
)

// StatusTypes is every type, in the order of their default weights.
var StatusTypes = []StatusType{Open, InProgress, Pending, Resolved, Closed, Cancelled}

// Known reports whether t is one of StatusTypes.
func (t StatusType) Known() bool { return slices.Contains(StatusTypes, t) }

// Active reports whether a ticket of the type still needs work: open, in_progress or pending.
func (t StatusType) Active() bool { return t == Open || t == InProgress || t == Pending }

// Done reports whether the work on a ticket of the type was done: resolved or closed.
func (t StatusType) Done() bool { return t == Resolved || t == Closed }

// Over reports whether a ticket of the type is closed or cancelled. It can only be reopened.
func (t StatusType) Over() bool { return t == Closed || t == Cancelled }

// MayBecome reports whether a ticket of the type may get a status of the next type. A ticket that is over may only become
// open or in_progress; all others may become anything.
func (t StatusType) MayBecome(next StatusType) bool {
	return !t.Over() || next == Open || next == InProgress
}

// DefaultWeight returns 1 for open to 6 for cancelled, and 0 for an unknown type.
func (t StatusType) DefaultWeight() int { return slices.Index(StatusTypes, t) + 1 }
