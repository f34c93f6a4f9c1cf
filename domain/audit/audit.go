// Package audit decides whether what is stored about a ticket agrees: its ledger, the states of its clocks, its history and
// the ticket itself. It derives the expected values from the ledger and the history alone.
package audit

import (
	"time"

	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// Finding is one thing that is wrong with stored data.
type Finding struct {
	Table   string
	Row     string // what identifies the row to a person: the number of a ticket, a name, or the key
	Problem string
}

// String returns the finding as one line.
func (f Finding) String() string { return f.Table + " " + f.Row + ": " + f.Problem }

// Records are everything that is stored about one ticket and that must agree.
type Records struct {
	Ticket     ticket.Ticket
	Ledger     []sla.Entry // in the order of their numbers
	Clocks     []sla.ClockState
	History    []ticket.Entry // the oldest first
	Schedules  sla.Schedules  // nil for a calendar version that does not exist or cannot be used
	Unreadable []string       // what could not be read of the rows
}

// Totals counts what was audited.
type Totals struct {
	Tickets  int
	Events   int // of ledgers
	Entries  int // of histories
	Warnings int
	Breaches int
}

// Add counts the records of a ticket.
func (t *Totals) Add(r Records) {
	t.Tickets++
	t.Events += len(r.Ledger)
	t.Entries += len(r.History)
	for _, e := range r.Ledger {
		switch e.Kind {
		case sla.Warned:
			t.Warnings++
		case sla.Breached:
			t.Breaches++
		default:
		}
	}
}

// Findings returns what is wrong with the records. ledgersSince is when the database got ledgers: alarms that were recorded
// until then have no entry in the history.
func (r Records) Findings(ledgersSince time.Time) []Finding {
	x := auditor{Records: r}
	for _, text := range r.Unreadable {
		x.report("%s", text)
	}
	if len(r.Unreadable) == 0 {
		x.checkLedger()
		x.checkAlarms(ledgersSince)
	}
	for _, text := range ticket.ReplayHistory(r.Ticket, r.History) {
		x.report("%s", text)
	}
	return x.found
}
