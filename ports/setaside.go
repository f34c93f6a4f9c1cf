package ports

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tickt/domain"
)

// SetAside is a ticket that the sweep failed on, and that it leaves out until it tries the ticket again, alone.
type SetAside struct {
	TicketID   domain.ID
	Number     string    // of the ticket; not stored here
	Attempts   int       // how often the sweep failed on it; at least 1
	Reason     string    // of the last failure
	SetAsideAt time.Time // when the sweep failed on it for the first time
	RetryAt    time.Time
}

// SetAsides are the tickets that the sweep has set aside. Every replica sees the same.
type SetAsides interface {
	// Put stores x and reports whether it did. It does not if somebody else counted the same attempt: of two sweeps
	// that fail on a ticket at the same time, one reports it.
	Put(ctx context.Context, x SetAside) (bool, error)
	// Due returns at most limit tickets whose RetryAt is at or before now, the earliest first.
	Due(ctx context.Context, now time.Time, limit int) ([]SetAside, error)
	// Remove makes a ticket an ordinary one again; it is no error if it is one already.
	Remove(ctx context.Context, ticketID domain.ID) error
	// Count returns how many tickets are set aside. Deleted tickets do not count.
	Count(ctx context.Context) (int, error)
}

// SweepFailures is the error of a sweep that had to set tickets aside; the others were processed.
type SweepFailures []SweepFailure

// SweepFailure is a ticket that was set aside, with the error that its processing ended with.
type SweepFailure struct {
	SetAside
	Err error
}

func (f SweepFailures) Error() string {
	said := make([]string, len(f))
	for i, x := range f {
		said[i] = fmt.Sprintf("ticket %s: %v", x.Number, x.Err)
	}
	return "set aside: " + strings.Join(said, "; ")
}

// Unwrap returns the errors of the tickets.
func (f SweepFailures) Unwrap() []error {
	all := make([]error, len(f))
	for i, x := range f {
		all[i] = x.Err
	}
	return all
}

// Err returns f as an error; nil if there is no failure.
func (f SweepFailures) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
