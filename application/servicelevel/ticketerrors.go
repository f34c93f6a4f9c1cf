package servicelevel

import (
	"fmt"

	"tickt/ports"
)

// maxLeftOut is how many tickets leftOut names.
const maxLeftOut = 100

// leftOut collects the errors of tickets that a batch went on without: the first maxLeftOut by name, the others counted.
// The zero value has none.
type leftOut struct {
	named []error
	more  int
}

// add adds the error of an operation on a ticket.
func (l *leftOut) add(operation string, t ports.TicketRef, err error) {
	if len(l.named) == maxLeftOut {
		l.more++
		return
	}
	l.named = append(l.named, fmt.Errorf("%s ticket %s: %w", operation, t.Number, err))
}

// errs returns the errors, the last of which says how many more tickets failed; nil if none did.
func (l *leftOut) errs() []error {
	if l.more == 0 {
		return l.named
	}
	return append(l.named[:len(l.named):len(l.named)], fmt.Errorf("%d more tickets failed", l.more))
}
