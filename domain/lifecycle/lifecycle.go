// Package lifecycle says what the status of a ticket means for its life. Tickets and the clocks of their promises share it.
package lifecycle

import "slices"

// StatusType is what a status means. "" stands for that of a status that is gone.
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

// StatusTypes lists every type in the order of their default weights.
var StatusTypes = []StatusType{Open, InProgress, Pending, Resolved, Closed, Cancelled}

// Known reports whether there is such a type.
func (t StatusType) Known() bool { return slices.Contains(StatusTypes, t) }

// Active reports whether somebody still has to do something about a ticket of the type.
func (t StatusType) Active() bool { return t == Open || t == InProgress || t == Pending }

// Done reports whether the work on a ticket of the type is done: resolved or closed.
func (t StatusType) Done() bool { return t == Resolved || t == Closed }

// Over reports whether nothing more is done for a ticket of the type, unless it is reopened.
func (t StatusType) Over() bool { return t == Closed || t == Cancelled }

// MayBecome reports whether a ticket of the type may get a status of the next type: all move freely, but what is over can
// only be taken up again.
func (t StatusType) MayBecome(next StatusType) bool {
	return !t.Over() || next == Open || next == InProgress
}

// DefaultWeight returns 1 for open to 6 for cancelled, and 0 for what is no type.
func (t StatusType) DefaultWeight() int { return slices.Index(StatusTypes, t) + 1 }
