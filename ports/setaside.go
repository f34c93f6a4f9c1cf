package ports

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tickt/domain"
)

// SetAside is a ticket that the sweep failed on. The sweep leaves it out, and tries it again later, alone.
type SetAside struct {
	TicketID   domain.ID
	Number     string    // of the ticket; not stored here
	Attempts   int       // how many times the sweep failed on it; at least 1
	Reason     string    // of the last failure
	SetAsideAt time.Time // when the sweep failed on it for the first time
	RetryAt    time.Time
}

// SetAsides are the tickets that the sweep has set aside. All replicas share them.
type SetAsides interface {
	// Put stores x and reports whether it did. It does not if another sweep has counted the same attempt: of two sweeps
	// that fail on a ticket at the same time, only one reports it.
	Put(ctx context.Context, x SetAside) (bool, error)
	// Due returns at most limit tickets whose RetryAt is at or before now, the earliest first.
	Due(ctx context.Context, now time.Time, limit int) ([]SetAside, error)
	// Remove makes a ticket ordinary again. It is no error if the ticket is not set aside.
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
	messages := make([]string, len(f))
	for i, x := range f {
		messages[i] = fmt.Sprintf("ticket %s: %v", x.Number, x.Err)
	}
	return "set aside: " + strings.Join(messages, "; ")
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
