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

// Clocks applies changes of tickets, and passing time, to their clocks.
type Clocks struct {
	*record.Recorder
	clock     ports.Clock
	schedules scheduleCache
}

// NewClocks returns Clocks that record changes with r.
func NewClocks(clock ports.Clock, r *record.Recorder) *Clocks {
	return &Clocks{Recorder: r, clock: clock}
}

// versions returns calendar versions by id. It reads those that are not cached, in one round trip. It fails if one of
// them does not exist or cannot be used, because time must not be counted by another calendar.
func (x *Clocks) versions(ctx context.Context, tx ports.Tx, ids map[domain.ID]bool) (map[domain.ID]calendarVersion, error) {
	known, missing := x.schedules.lookUp(ids)
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
		x.schedules.add(known[e.ID])
	}
	for _, id := range missing {
		if _, ok := known[id]; !ok {
			return nil, fmt.Errorf("calendar version %q does not exist", id)
		}
	}
	return known, nil
}

// currentTerms returns what is promised today for a ticket whose priority promises so many hours.
func currentTerms(ctx context.Context, tx ports.Tx, v ticket.View, hours int) (sla.Terms, error) {
	policies, err := tx.Policies.Active(ctx)
	return sla.TermsFor(policies, v.PriorityID, v.MenuID, hours), err
}

// openLedgers returns a function that opens the ledgers of tickets. today are terms that may be applied to them.
func (x *Clocks) openLedgers(ctx context.Context, tx ports.Tx, ids []domain.ID, today ...sla.Terms) (func(domain.ID) *sla.Ledger, error) {
	entriesOf := map[domain.ID][]sla.Entry{}
	if len(ids) > 0 {
		var err error
		if entriesOf, err = tx.Ledgers.Of(ctx, ids); err != nil {
			return nil, err
		}
	}
	versions := map[domain.ID]bool{sla.AlwaysOpenVersion: true}
	for _, entries := range entriesOf {
		for _, e := range entries {
			if e.Promises() {
				versions[e.Promise.CalendarID] = true
			}
		}
	}
	for _, t := range today {
		for _, target := range t.Targets {
			versions[target.CalendarID] = true
		}
	}
	known, err := x.versions(ctx, tx, versions)
	if err != nil {
		return nil, err
	}
	schedule := func(id domain.ID) *sla.Schedule { return known[id].schedule }
	return func(id domain.ID) *sla.Ledger { return sla.OpenLedger(entriesOf[id], schedule) }, nil
}

// Apply applies a change to the clocks of its ticket, and the effects on the ticket and its ledger to the change;
// Record stores both. If the change does not concern the clocks, Apply does not read the store. hours are those of the
// ticket's priority.
func (x *Clocks) Apply(ctx context.Context, tx ports.Tx, c *record.Change, hours int) error {
	transition := ticket.SLATransition{Was: c.Before, Is: c.After, Effect: c.Effect, ByRule: c.ByRule}
	if c.Comment != nil {
		transition.Comment = c.Comment.ID
	}
	if !transition.Touches() {
		return nil
	}
	var today sla.Terms
	var err error
	if transition.NeedsTerms() {
		if today, err = currentTerms(ctx, tx, c.After, hours); err != nil {
			return err
		}
	}
	var ids []domain.ID
	if c.Before.ID != "" {
		ids = []domain.ID{c.After.ID}
	}
	ledger, err := x.openLedgers(ctx, tx, ids, today)
	if err != nil {
		return err
	}
	c.Ledger = ledger(c.After.ID)
	reopens := transition.Reopens()
	if reopens || c.Before.ID != "" && transition.NeedsTerms() && c.Ledger.Owes(today, transition.TicketState()) {
		moves, err := tx.History.StatusChanges(ctx, ids)
		if err != nil {
			return err
		}
		transition.StatusChanges = append([]ticket.StatusChange{}, moves[c.After.ID]...)
	}
	if reopens {
		if transition.Sayings, err = tx.Comments.Said(ctx, c.After.ID); err != nil {
			return err
		}
	}
	c.After = transition.Apply(c.Ledger, today, c.At)
	return nil
}

// Retract applies to the clocks of its ticket, and to the ticket, that a comment was taken back: both become what they would be if
// it had never been. was is the comment as it was.
func (x *Clocks) Retract(ctx context.Context, tx ports.Tx, c *record.Change, was ticket.Comment) error {
	r := ticket.Retraction{Comment: was}
	if !r.Heard() {
		return nil
	}
	ids := []domain.ID{c.After.ID}
	moves, err := tx.History.StatusChanges(ctx, ids)
	if err != nil {
		return err
	}
	if r.Sayings, err = tx.Comments.Said(ctx, c.After.ID); err != nil {
		return err
	}
	// the hours of the priority promise a first response only, whose clock never begins here
	if r.Terms, err = currentTerms(ctx, tx, c.After, 0); err != nil {
		return err
	}
	ledger, err := x.openLedgers(ctx, tx, ids, r.Terms)
	if err != nil {
		return err
	}
	r.StatusChanges = moves[c.After.ID]
	c.Ledger = ledger(c.After.ID)
	c.After.Retract(c.Ledger, r, c.At)
	return nil
}

// RecordDue records everything that became due for a locked ticket before now, and returns the ticket. A late alarm is
// thereby not attributed to the actor who changes the ticket.
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

// Advance lets time pass for locked tickets, each until the time that until returns for it: it records what is due,
// reminds people, and recomputes urgencies.
func (x *Clocks) Advance(ctx context.Context, tx ports.Tx, views []ticket.View, until func(ticket.View) time.Time) ([]ticket.View, error) {
	var due []domain.ID
	times := make([]time.Time, len(views))
	for i, v := range views {
		if times[i] = until(v); v.IsDue(times[i]) {
			due = append(due, v.ID)
		}
	}
	ledger, err := x.openLedgers(ctx, tx, due)
	if err != nil {
		return nil, err
	}
	all, saved, out := make([]record.Change, len(views)), make([]ticket.Ticket, len(views)), make([]ticket.View, len(views))
	for i, v := range views {
		now := times[i]
		c := record.Change{Before: v, At: now}
		if v.IsDue(now) {
			c.Ledger = ledger(v.ID)
		}
		c.Remind = v.Advance(c.Ledger, now)
		c.After = v
		all[i], saved[i], out[i] = c, v.Ticket, v
	}
	if err := tx.Tickets.SaveDue(ctx, saved); err != nil {
		return nil, err
	}
	return out, x.Record(ctx, tx, all...)
}

// HoursOf returns the SLA hours of the priority that was found; 0 if there is none.
func HoursOf(found ticket.Found) int {
	if found.Priority == nil {
		return 0
	}
	return found.Priority.SLAHours
}

// Now returns the time at which a locked ticket is changed. It is never before the last change of the ticket or the last
// time at which its clocks were advanced, even if that was done by a replica whose clock is ahead; and it is after
// everything that such a replica recorded, so that history and comments are in the order in which they were made. Events
// that one replica records at the same time are ordered by their ids.
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
