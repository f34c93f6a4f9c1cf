package application

import (
	"context"
	"sync"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// schedules are the editions of calendars that were reckoned with so far, by id. An edition never changes, so that
// nothing here can be out of date.
type schedules struct{ known sync.Map }

// knowing gives the schedules of editions; those that were not asked for before are read, in one round trip.
func (d Deps) knowing(ctx context.Context, tx ports.Tx, editions map[domain.ID]bool) (sla.Schedules, error) {
	var missing []domain.ID
	for id := range editions {
		if _, ok := d.schedules.known.Load(id); !ok {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		found, err := tx.Calendars.Editions(ctx, missing)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			d.schedules.known.Store(e.ID, edition{e, e.Schedule()})
		}
	}
	return func(id domain.ID) *sla.Schedule {
		if e, ok := d.schedules.known.Load(id); ok {
			return e.(edition).schedule
		}
		return sla.AlwaysOpenSchedule()
	}, nil
}

// edition is one that is ready to reckon with.
type edition struct {
	sla.Edition
	schedule *sla.Schedule
}

// terms gives what is promised today to a ticket whose priority has so many hours.
func terms(ctx context.Context, tx ports.Tx, v ticket.View, hours int) (sla.Terms, error) {
	policies, err := tx.Policies.Active(ctx)
	return sla.TermsFor(policies, v.PriorityID, v.MenuID, hours), err
}

// ledgers takes up the ledgers of tickets, for terms that may be applied to them.
func (d Deps) ledgers(ctx context.Context, tx ports.Tx, ids []domain.ID, today ...sla.Terms) (func(domain.ID) *sla.Ledger, error) {
	kept := map[domain.ID][]sla.Entry{}
	if len(ids) > 0 {
		var err error
		if kept, err = tx.Ledgers.Of(ctx, ids); err != nil {
			return nil, err
		}
	}
	editions := map[domain.ID]bool{sla.AlwaysOpenEdition: true}
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
	known, err := d.knowing(ctx, tx, editions)
	if err != nil {
		return nil, err
	}
	return func(id domain.ID) *sla.Ledger { return sla.NewLedger(sla.EventsOf(kept[id]), known) }, nil
}

// follow carries a change over to the clocks of its ticket, and what becomes of these to the change; record keeps both.
// Where the change does nothing to the clocks, nothing is asked of the store. hours are those of the ticket's priority.
func (d Deps) follow(ctx context.Context, tx ports.Tx, c *changed, hours int) error {
	course := ticket.Course{Was: c.before, Is: c.after, Said: c.said}
	if !course.Touches() {
		return nil
	}
	var today sla.Terms
	var err error
	if course.NeedsTerms() {
		if today, err = terms(ctx, tx, c.after, hours); err != nil {
			return err
		}
	}
	var ids []domain.ID
	if c.before.ID != "" {
		ids = []domain.ID{c.after.ID}
	}
	ledger, err := d.ledgers(ctx, tx, ids, today)
	if err != nil {
		return err
	}
	c.ledger = ledger(c.after.ID)
	if c.before.ID != "" && course.NeedsTerms() && c.ledger.Owes(today, course.Situation()) {
		moves, err := tx.History.Moves(ctx, ids)
		if err != nil {
			return err
		}
		course.Moves = append([]ticket.Move{}, moves[c.after.ID]...)
	}
	c.after = course.Follow(c.ledger, today, c.cause.At)
	return nil
}

// overtaken gives a ticket, which is locked, as passing time has left it, so that what comes late is not taken for the
// doing of who comes.
func (d Deps) overtaken(ctx context.Context, tx ports.Tx, v ticket.View, now time.Time) (ticket.View, error) {
	if !v.Overtaken(now) {
		return v, nil
	}
	all, err := d.elapse(ctx, tx, []ticket.View{v}, func(ticket.View) time.Time { return now })
	if err != nil {
		return v, err
	}
	return all[0], nil
}

// elapse lets time pass for tickets, which are locked, until what is now for each: what is due of their clocks is
// recorded, people are reminded, urgencies reckoned anew.
func (d Deps) elapse(ctx context.Context, tx ports.Tx, views []ticket.View, until func(ticket.View) time.Time) ([]ticket.View, error) {
	var overtaken []domain.ID
	times := make([]time.Time, len(views))
	for i, v := range views {
		if times[i] = until(v); v.Overtaken(times[i]) {
			overtaken = append(overtaken, v.ID)
		}
	}
	ledger, err := d.ledgers(ctx, tx, overtaken)
	if err != nil {
		return nil, err
	}
	all, due, out := make([]changed, len(views)), make([]ticket.Ticket, len(views)), make([]ticket.View, len(views))
	for i, v := range views {
		now := times[i]
		c := changed{before: v, cause: causedBy(access.Actor{}, now)}
		if v.Overtaken(now) {
			c.ledger = ledger(v.ID)
		}
		c.remind = v.Elapse(c.ledger, now)
		c.after = v
		all[i], due[i], out[i] = c, v.Ticket, v
	}
	if err := tx.Tickets.SaveDue(ctx, due); err != nil {
		return nil, err
	}
	return out, d.record(ctx, tx, all...)
}

// hoursOf gives the hours that a priority promises; 0 where there is none.
func hoursOf(found ticket.Found) int {
	if found.Priority == nil {
		return 0
	}
	return found.Priority.SLAHours
}

// now is the time at which a ticket, which is locked, is changed: never before its last change, nor before time was last
// seen to pass for it, though another machine did that whose clock is ahead; and after whatever that machine put on
// record, so that history and comments are in the order in which they were made. Two things of one moment of one
// machine are ordered by their ids.
func (d Deps) now(v ticket.View) time.Time {
	now := d.Clock()
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

// keepLedgers keeps what has happened to the clocks of tickets that were changed.
func keepLedgers(ctx context.Context, tx ports.Tx, all []changed) error {
	var entries []sla.Entry
	var standings []sla.Standing
	for _, c := range all {
		if c.ledger != nil {
			entries = append(entries, c.ledger.AddedTo(c.after.ID, c.cause.At)...)
			standings = append(standings, c.ledger.Standings(c.after.ID)...)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	if err := tx.Ledgers.Add(ctx, entries); err != nil {
		return err
	}
	return tx.Ledgers.Stand(ctx, standings)
}
