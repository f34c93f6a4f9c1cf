package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/ports"
)

type ledgers struct{ *tx }

var errDuplicateEvent = errors.New("memory: an event that can occur only once, or a sequence number, already exists")

func (s ledgers) Of(_ context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error) {
	out := map[domain.ID][]sla.Entry{}
	for _, id := range tickets {
		if kept, err := s.ledgers.get(id); err == nil {
			out[id] = s.withPolicies(kept)
		}
	}
	return out, nil
}

// withPolicies returns entries with whether the policies of their promises were removed.
func (s ledgers) withPolicies(kept []sla.Entry) []sla.Entry {
	out := slices.Clone(kept)
	for i, e := range out {
		_, exists := s.policies.rows[e.Promise.PolicyID]
		out[i].Promise.PolicyGone = e.Promise.PolicyID != "" && !exists
	}
	return out
}

func (s ledgers) Add(_ context.Context, entries []sla.Entry) error {
	for _, e := range entries {
		kept := s.ledgers.rows[e.TicketID]
		if slices.ContainsFunc(kept, func(k sla.Entry) bool { return k.Seq == e.Seq || k.Once() && k.Same(e) }) {
			return errDuplicateEvent
		}
		if err := s.ledgers.put(s.log, e.TicketID, append(slices.Clone(kept), e)); err != nil {
			return err
		}
	}
	return nil
}

func (s ledgers) SaveClockStates(_ context.Context, all []sla.ClockState) error {
	for _, c := range all {
		if _, exists := s.policies.rows[c.PolicyID]; c.PolicyID != "" && !exists {
			return ports.ErrGone
		}
		if err := s.clocks.put(s.log, clockKey(c), c); err != nil {
			return err
		}
	}
	return nil
}

// clockKey returns the key of a clock.
func clockKey(c sla.ClockState) string { return fmt.Sprintf("%s %s %d", c.TicketID, c.Metric, c.Cycle) }
