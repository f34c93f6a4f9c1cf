package servicelevel

import (
	"context"
	"fmt"
	"time"

	"tickt/application/record"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Clocks carry changes of tickets, and passing time, over to the clocks of service levels.
type Clocks struct {
	*record.Recorder
	clock     ports.Clock
	schedules schedules
}

// NewClocks returns clocks that record what happens to them.
func NewClocks(clock ports.Clock, r *record.Recorder) *Clocks {
	return &Clocks{Recorder: r, clock: clock}
}

// versions returns versions of calendars by id; those that are not kept are read, in one round trip. It fails if one of
// them does not exist or cannot be used: time that is counted by a guess would be a promise that nobody made.
func (x *Clocks) versions(ctx context.Context, tx ports.Tx, ids map[domain.ID]bool) (map[domain.ID]calendarVersion, error) {
	known, missing := x.schedules.among(ids)
	if len(missing) == 0 {
		return known, nil
	}
	found, err := tx.Calendars.Versions(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		schedule, err := e.Schedule()
		if err != nil {
			return nil, err
		}
		known[e.ID] = calendarVersion{e, schedule}
		x.schedules.keep(known[e.ID])
	}
	for _, id := range missing {
		if _, ok := known[id]; !ok {
			return nil, fmt.Errorf("calendar version %q does not exist", id)
		}
	}
	return known, nil
}

// terms returns what is promised today to a ticket whose priority has so many hours.
func terms(ctx context.Context, tx ports.Tx, v ticket.View, hours int) (sla.Terms, error) {
	policies, err := tx.Policies.Active(ctx)
	return sla.TermsFor(policies, v.PriorityID, v.MenuID, hours), err
}

// ledgers takes up the ledgers of tickets, for terms that may be applied to them.
func (x *Clocks) ledgers(ctx context.Context, tx ports.Tx, ids []domain.ID, today ...sla.Terms) (func(domain.ID) *sla.Ledger, error) {
	kept := map[domain.ID][]sla.Entry{}
	if len(ids) > 0 {
		var err error
		if kept, err = tx.Ledgers.Of(ctx, ids); err != nil {
			return nil, err
		}
	}
	editions := map[domain.ID]bool{sla.AlwaysOpenVersion: true}
	for _, entries := range kept {
		for _, e := range entries {
			if e.Promises() {
				editions[e.Promise.CalendarID] = true
			}
		}
	}
	for _, t := range today {
		for _, target := range t.Targets {
			editions[target.CalendarID] = true
		}
	}
	known, err := x.versions(ctx, tx, editions)
	if err != nil {
		return nil, err
	}
	schedule := func(id domain.ID) *sla.Schedule { return known[id].schedule }
	return func(id domain.ID) *sla.Ledger { return sla.NewLedger(sla.EventsOf(kept[id]), schedule) }, nil
}

// Apply carries a change over to the clocks of its ticket, and what becomes of these to the change; Record keeps both.
// Where the change does nothing to the clocks, nothing is asked of the store. hours are those of the ticket's priority.
func (x *Clocks) Apply(ctx context.Context, tx ports.Tx, c *record.Change, hours int) error {
	course := ticket.SLATransition{Was: c.Before, Is: c.After, Effect: c.Effect}
	if !course.Touches() {
		return nil
	}
	var today sla.Terms
	var err error
	if course.NeedsTerms() {
		if today, err = terms(ctx, tx, c.After, hours); err != nil {
			return err
		}
	}
	var ids []domain.ID
	if c.Before.ID != "" {
		ids = []domain.ID{c.After.ID}
	}
	ledger, err := x.ledgers(ctx, tx, ids, today)
	if err != nil {
		return err
	}
	c.Ledger = ledger(c.After.ID)
	if c.Before.ID != "" && course.NeedsTerms() && c.Ledger.Owes(today, course.TicketState()) {
		moves, err := tx.History.StatusChanges(ctx, ids)
		if err != nil {
			return err
		}
		course.StatusChanges = append([]ticket.StatusChange{}, moves[c.After.ID]...)
	}
	c.After = course.Apply(c.Ledger, today, c.At)
	return nil
}

// RecordDue returns a locked ticket with everything recorded that was due before now, so that a late alarm is not
// attributed to whoever changes the ticket.
func (x *Clocks) RecordDue(ctx context.Context, tx ports.Tx, v ticket.View, now time.Time) (ticket.View, error) {
	if !v.IsDue(now) {
		return v, nil
	}
	all, err := x.Advance(ctx, tx, []ticket.View{v}, func(ticket.View) time.Time { return now })
	if err != nil {
		return v, err
	}
	return all[0], nil
}

// Advance lets time pass for tickets, which are locked, until what is now for each: what is due of their clocks is
// recorded, people are reminded, urgencies are computed again.
func (x *Clocks) Advance(ctx context.Context, tx ports.Tx, views []ticket.View, until func(ticket.View) time.Time) ([]ticket.View, error) {
	var overtaken []domain.ID
	times := make([]time.Time, len(views))
	for i, v := range views {
		if times[i] = until(v); v.IsDue(times[i]) {
			overtaken = append(overtaken, v.ID)
		}
	}
	ledger, err := x.ledgers(ctx, tx, overtaken)
	if err != nil {
		return nil, err
	}
	all, due, out := make([]record.Change, len(views)), make([]ticket.Ticket, len(views)), make([]ticket.View, len(views))
	for i, v := range views {
		now := times[i]
		c := record.Change{Before: v, At: now}
		if v.IsDue(now) {
			c.Ledger = ledger(v.ID)
		}
		c.Remind = v.Advance(c.Ledger, now)
		c.After = v
		all[i], due[i], out[i] = c, v.Ticket, v
	}
	if err := tx.Tickets.SaveDue(ctx, due); err != nil {
		return nil, err
	}
	return out, x.Record(ctx, tx, all...)
}

// HoursOf returns the hours that a priority promises; 0 if there is none.
func HoursOf(found ticket.Found) int {
	if found.Priority == nil {
		return 0
	}
	return found.Priority.SLAHours
}

// Now is the time at which a ticket, which is locked, is changed: never before its last change, nor before time was last
// seen to pass for it, though another machine did that whose clock is ahead; and after whatever that machine put on
// record, so that history and comments are in the order in which they were made. Two things of one moment of one
// machine are ordered by their ids.
func (x *Clocks) Now(v ticket.View) time.Time {
	now := x.clock()
	if now.Before(v.LastAt) {
		now = v.LastAt.Add(time.Microsecond)
	}
	for _, seen := range [...]time.Time{v.UpdatedAt, v.UrgencyFrom} {
		if now.Before(seen) {
			now = seen
		}
	}
	return now
}
