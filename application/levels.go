package application

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// maxSchedules is how many versions of calendars are kept ready at most.
const maxSchedules = 1000

// schedules are versions of calendars that were used so far, by id. A version never changes, so that nothing here can be
// out of date. The zero value is ready to use.
type schedules struct {
	mu   sync.Mutex
	kept map[domain.ID]edition
}

// edition is a version of a calendar that is ready for use.
type edition struct {
	sla.Edition
	schedule *sla.Schedule
}

// among returns those of the versions that are kept, and the ids of the others.
func (s *schedules) among(ids map[domain.ID]bool) (known map[domain.ID]edition, missing []domain.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known = make(map[domain.ID]edition, len(ids))
	for id := range ids {
		if e, ok := s.kept[id]; ok {
			known[id] = e
		} else {
			missing = append(missing, id)
		}
	}
	return known, missing
}

// keep keeps a version, if need be in the place of another one.
func (s *schedules) keep(e edition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[domain.ID]edition{}
	}
	for id := range s.kept {
		if len(s.kept) < maxSchedules {
			break
		}
		delete(s.kept, id)
	}
	s.kept[e.ID] = e
}

// editions returns versions of calendars by id; those that are not kept are read, in one round trip. It fails if one of
// them does not exist or cannot be used: time that is counted by a guess would be a promise that nobody made.
func (d Deps) editions(ctx context.Context, tx ports.Tx, ids map[domain.ID]bool) (map[domain.ID]edition, error) {
	known, missing := d.schedules.among(ids)
	if len(missing) == 0 {
		return known, nil
	}
	found, err := tx.Calendars.Editions(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		schedule, err := e.Schedule()
		if err != nil {
			return nil, err
		}
		known[e.ID] = edition{e, schedule}
		d.schedules.keep(known[e.ID])
	}
	for _, id := range missing {
		if _, ok := known[id]; !ok {
			return nil, fmt.Errorf("calendar version %q does not exist", id)
		}
	}
	return known, nil
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
	known, err := d.editions(ctx, tx, editions)
	if err != nil {
		return nil, err
	}
	schedule := func(id domain.ID) *sla.Schedule { return known[id].schedule }
	return func(id domain.ID) *sla.Ledger { return sla.NewLedger(sla.EventsOf(kept[id]), schedule) }, nil
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
