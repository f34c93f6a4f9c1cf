package sla

import (
	"time"

	"tickt/domain"
)

// OperationState is the state of an Operation, as clients name it.
type OperationState string

// The states of an operation.
const (
	OperationRunning OperationState = "running"
	OperationDone    OperationState = "done"
	OperationFailed  OperationState = "failed"
)

// OperationLifetime is how long an operation is kept after its last change.
const OperationLifetime = 24 * time.Hour

// Operation is a forecast that goes on in the background because it takes longer than a request may. Its tickets are
// processed in the order of their ids, so that it can be resumed after any of them.
type Operation struct {
	ID         domain.ID
	AccountID  domain.ID // who started it; only this account sees it
	PolicyID   domain.ID // what the forecast is of, as in Source
	PriorityID domain.ID
	State      OperationState
	Progress   int       // how many open tickets have been processed
	Total      int       // how many there were when it started, more or less
	After      domain.ID // the last ticket that was processed
	Tickets    int       // with the next three: the Forecast so far
	Moved      int
	Added      int
	Removed    int
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// NewOperation returns an operation of an account that has processed no ticket yet.
func NewOperation(id, account domain.ID, of Source, now time.Time) Operation {
	return Operation{
		ID: id, AccountID: account, PolicyID: of.PolicyID, PriorityID: of.PriorityID, State: OperationRunning, CreatedAt: now, UpdatedAt: now,
	}
}

// Expect states how many open tickets there are.
func (x *Operation) Expect(tickets int) { x.Total = max(tickets, x.Progress) }

// Source returns what the forecast is of.
func (x Operation) Source() Source { return Source{x.PolicyID, x.PriorityID} }

// Forecast returns the forecast so far.
func (x Operation) Forecast() Forecast {
	return Forecast{Tickets: x.Tickets, DueTimesMoved: x.Moved, BreachesAdded: x.Added, BreachesRemoved: x.Removed}
}

// Advance records that n more tickets were processed, the last of them after, and that the forecast is now f.
func (x *Operation) Advance(n int, after domain.ID, f Forecast, now time.Time) {
	x.Progress, x.After, x.UpdatedAt = x.Progress+n, after, now
	x.Total = max(x.Total, x.Progress)
	x.Tickets, x.Moved, x.Added, x.Removed = f.Tickets, f.DueTimesMoved, f.BreachesAdded, f.BreachesRemoved
}

// End ends the operation: as done, after all tickets, or as failed.
func (x *Operation) End(state OperationState, now time.Time) {
	x.State, x.UpdatedAt = state, now
	if state == OperationDone {
		x.Total = x.Progress
	}
}
