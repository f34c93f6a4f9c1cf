package ports

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tickt/domain"
)

// DerivedKind names what is derived from the rows of one table, such as the keys of the names of roles.
type DerivedKind string

// DerivedMark says that what is derived from a row is out of date. A row may have several.
type DerivedMark struct {
	Seq      int64 // identifies the mark; the store chooses it
	Kind     DerivedKind
	ID       domain.ID // of the row, which may be gone
	Attempts int       // how many times deriving failed
	RetryAt  time.Time // not tried before; the zero value for at once
}

// DerivedWalk is how far the walk through the existing rows of a kind has come.
type DerivedWalk struct {
	Kind     DerivedKind
	Rule     int       // the number of the rule by which the walk derives
	Position domain.ID // of the last row that the walk has passed, in the order of ids
	Done     bool
}

// Derived is the work of deriving columns again that programs have written which do not keep them. All replicas share it.
type Derived interface {
	// Unmark removes marks as Marks or LockMarks returned them. It is no error if one is gone.
	Unmark(ctx context.Context, marks []DerivedMark) error
	// Postpone stores the Attempts and RetryAt of a mark that exists, or else adds it, also if the row has others.
	Postpone(ctx context.Context, mark DerivedMark) error
	// Marks returns at most limit marks of a kind whose RetryAt is at or before now, the earliest first, then ordered by row.
	Marks(ctx context.Context, kind DerivedKind, now time.Time, limit int) ([]DerivedMark, error)
	// LockMarks is Marks without those that another Update has locked, and locks them.
	LockMarks(ctx context.Context, kind DerivedKind, now time.Time, limit int) ([]DerivedMark, error)
	// MarkedKinds returns the kinds of which a mark's RetryAt is at or before now.
	MarkedKinds(ctx context.Context, now time.Time) ([]DerivedKind, error)
	// CountMarks returns how many marks there are by kind.
	CountMarks(ctx context.Context) (map[DerivedKind]int, error)
	// Walks returns all walks by kind.
	Walks(ctx context.Context) (map[DerivedKind]DerivedWalk, error)
	// LockWalk returns the walk of a kind, the zero value with that kind if there is none yet. ok is false if another Update
	// has locked it.
	LockWalk(ctx context.Context, kind DerivedKind) (w DerivedWalk, ok bool, err error)
	// SaveWalk adds or replaces a walk that LockWalk has locked.
	SaveWalk(ctx context.Context, w DerivedWalk) error
}

// DerivedLeft is how many rows of a kind are still to be derived.
type DerivedLeft struct {
	Kind   DerivedKind
	Marked int // marks
	Ahead  int // rows that the walk has not passed
}

// DerivedFailures is the error of deriving if single rows failed; the others are done. Each is tried again later.
type DerivedFailures []DerivedFailure

// DerivedFailure is a row from which nothing could be derived.
type DerivedFailure struct {
	DerivedMark
	Err error
}

func (f DerivedFailures) Error() string {
	messages := make([]string, len(f))
	for i, x := range f {
		messages[i] = fmt.Sprintf("%s %s: %v", x.Kind, x.ID, x.Err)
	}
	return "not derived: " + strings.Join(messages, "; ")
}
