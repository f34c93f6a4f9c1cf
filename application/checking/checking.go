// Package checking checks the data of a whole database, for operators: before a backup is trusted, and after it was
// restored.
package checking

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tickt/domain"
	"tickt/domain/audit"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Checks are the use cases of checking a database.
type Checks struct{ Inspection ports.Inspection }

// pageSize is the number of tickets that are read at a time.
const pageSize = 200

// Report receives what a check finds and how far it is. Progress may be nil.
type Report struct {
	Found    func(audit.Finding)
	Progress func(tickets, total int) // how many tickets of how many were audited
}

// Run checks everything and returns what it has read. It replays the ledger and the history of every ticket, and changes
// nothing. It has no actor: an operator runs it by a command. Findings are no error.
func (c *Checks) Run(ctx context.Context, r Report) (audit.Totals, error) {
	var totals audit.Totals
	if err := c.Inspection.Structure(ctx, r.Found); err != nil {
		return totals, err
	}
	since, err := c.Inspection.LedgersSince(ctx)
	if err != nil {
		return totals, err
	}
	total, err := c.Inspection.CountTickets(ctx)
	if err != nil {
		return totals, err
	}
	numbers := map[string]int{}
	for after := domain.ID(""); ; {
		page, err := c.Inspection.Tickets(ctx, after, pageSize)
		if err != nil {
			return totals, err
		}
		for _, x := range page {
			totals.Add(x)
			for _, f := range x.Findings(since) {
				r.Found(f)
			}
			if day, n, ok := ticket.ParseNumber(x.Ticket.Number); ok {
				numbers[day] = max(numbers[day], n)
			}
		}
		if r.Progress != nil {
			r.Progress(totals.Tickets, max(total, totals.Tickets))
		}
		if len(page) < pageSize {
			break
		}
		after = page[len(page)-1].Ticket.ID
	}
	return totals, c.checkNumbers(ctx, numbers, r.Found)
}

// checkNumbers reports days whose counter of ticket numbers is behind the tickets: a number would be assigned twice.
func (c *Checks) checkNumbers(ctx context.Context, used map[string]int, found func(audit.Finding)) error {
	last, err := c.Inspection.LastNumbers(ctx)
	if err != nil {
		return err
	}
	for _, day := range slices.Sorted(maps.Keys(used)) {
		if last[day] < used[day] {
			found(audit.Finding{Table: "ticket_numbers", Row: day, Problem: fmt.Sprintf("the last number is %d, but there is %s",
				last[day], ticket.NumberOf(day, used[day]))})
		}
	}
	return nil
}
