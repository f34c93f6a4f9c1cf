package servicelevel

import (
	"fmt"

	"tickt/ports"
)

// maxNamedErrors is how many tickets ticketErrors names.
const maxNamedErrors = 100

// ticketErrors collects the errors of tickets that a batch leaves out: the first maxNamedErrors with their ticket
// numbers; the others are only counted. The zero value is empty.
type ticketErrors struct {
	first []error
	more  int
}

// add adds the error of an operation on a ticket.
func (l *ticketErrors) add(operation string, t ports.TicketRef, err error) {
	if len(l.first) == maxNamedErrors {
		l.more++
		return
	}
	l.first = append(l.first, fmt.Errorf("%s ticket %s: %w", operation, t.Number, err))
}

// errs returns the errors; the last one states how many more tickets failed. It returns nil if none did.
func (l *ticketErrors) errs() []error {
	if l.more == 0 {
		return l.first
	}
	return append(l.first[:len(l.first):len(l.first)], fmt.Errorf("%d more tickets failed", l.more))
}
