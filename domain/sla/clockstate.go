package sla

import (
	"time"

	"tickt/domain"
)

// ClockState is where a clock stands: what follows from its ledger, kept beside it so that clocks can be counted.
type ClockState struct {
	TicketID  domain.ID
	Metric    Metric
	Cycle     int // counts the clocks of a metric from 1
	State     State
	DueAt     time.Time // zero unless it runs
	DecidedAt time.Time // when it was breached, or, in time, met; zero where neither has happened
}

// SameClock says whether two are of the same clock.
func (s ClockState) SameClock(t ClockState) bool {
	return s.TicketID == t.TicketID && s.Metric == t.Metric && s.Cycle == t.Cycle
}

func (c Clock) clockState(of domain.ID, s *Schedule) ClockState {
	x := ClockState{TicketID: of, Metric: c.Metric, Cycle: c.Cycle, State: c.State()}
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

// Entry is an event as it is kept in the ledger of a ticket.
type Entry struct {
	TicketID   domain.ID
	Seq        int       // counts the events of a ticket from 1
	RecordedAt time.Time // when it was noticed
	Event
}

// Alarms gives the warnings and breaches among events.
func Alarms(events []Event) (out []Event) {
	for _, e := range events {
		if e.Kind == Warned || e.Kind == Breached {
			out = append(out, e)
		}
	}
	return out
}

// EventsOf gives the events of entries.
func EventsOf(entries []Entry) []Event {
	out := make([]Event, len(entries))
	for i, e := range entries {
		out[i] = e.Event
	}
	return out
}

// Once says whether such an event happens to a clock at most once.
func (e Event) Once() bool { return e.Kind == Activated || e.Kind == Warned || e.Kind == Breached }

// Same says whether two entries are of the same kind and the same clock.
func (e Entry) Same(f Entry) bool {
	return e.TicketID == f.TicketID && e.Metric == f.Metric && e.Cycle == f.Cycle && e.Kind == f.Kind
}
