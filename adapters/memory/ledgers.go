package memory

import (
	"context"
	"fmt"

	"tickt/domain/sla"
)

type ledgers struct{ *tx }

func (s ledgers) Stand(_ context.Context, all []sla.Standing) error {
	for _, c := range all {
		if err := s.clocks.put(s.log, clockKey(c), c); err != nil {
			return err
		}
	}
	return nil
}

// clockKey names a clock.
func clockKey(c sla.Standing) string { return fmt.Sprintf("%s %s %d", c.TicketID, c.Metric, c.Cycle) }
