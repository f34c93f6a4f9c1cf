package sla

import (
	"time"

	"tickt/domain"
)

// ClockState is the state of a clock. It is derived from the ledger, and stored so that clocks can be counted.
type ClockState struct {
	TicketID  domain.ID
	Metric    Metric
	Cycle     int // number of the clock among those of its metric, from 1
	State     State
	DueAt     time.Time // zero unless the state is running
	DecidedAt time.Time // when the promise was breached, or met in time; zero if it is undecided
	PolicyID  domain.ID // the policy by which the clock is open; "" if there is none, or the clock is over
}

// SameClock reports whether s and t belong to the same clock.
func (s ClockState) SameClock(t ClockState) bool {
	return s.TicketID == t.TicketID && s.Metric == t.Metric && s.Cycle == t.Cycle
}

func (c Clock) clockState(ticketID domain.ID, s *Schedule) ClockState {
	x := ClockState{TicketID: ticketID, Metric: c.Metric, Cycle: c.Cycle, State: c.State()}
	if c.open() && !c.PolicyGone {
		x.PolicyID = c.PolicyID
	}
	switch x.State {
	case StateRunning:
		x.DueAt = c.DueAt(s)
	case StateMet:
		x.DecidedAt = c.FulfilledAt
	case StateBreached:
		x.DecidedAt = c.BreachedAt
	case StatePaused, StateCancelled:
	}
	return x
}

// Entry is an event as it is stored in the ledger of a ticket.
type Entry struct {
	TicketID   domain.ID
	Seq        int       // number of the event in the ledger, from 1
	RecordedAt time.Time // when it was noticed; At may be earlier
	Event
}

// Alarms returns the warnings and breaches among events.
func Alarms(events []Event) (out []Event) {
	for _, e := range events {
		if e.Kind == Warned || e.Kind == Breached {
			out = append(out, e)
		}
	}
	return out
}

// EventsOf returns the events of entries.
func EventsOf(entries []Entry) []Event {
	out := make([]Event, len(entries))
	for i, e := range entries {
		out[i] = e.Event
	}
	return out
}

// Once reports whether events of this kind happen to a clock at most once.
func (e Event) Once() bool {
	return e.Kind == Activated || e.Kind == Warned || e.Kind == Breached || e.Kind == Voided
}

// Same reports whether e and f have the same kind and clock.
func (e Entry) Same(f Entry) bool {
	return e.TicketID == f.TicketID && e.Metric == f.Metric && e.Cycle == f.Cycle && e.Kind == f.Kind
}
