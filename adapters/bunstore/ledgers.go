package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// clockRow is sla.Standing with the columns that hold it.
type clockRow struct {
	TicketID  domain.ID  `bun:"ticket_id"`
	Metric    sla.Metric `bun:"metric"`
	Cycle     int        `bun:"cycle"`
	State     sla.State  `bun:"state"`
	DueAt     time.Time  `bun:"due_at,nullzero"`
	DecidedAt time.Time  `bun:"decided_at,nullzero"`
}

const (
	insertClocks = `INSERT INTO sla_clocks (ticket_id, metric, cycle, state, due_at, decided_at) VALUES `

	clockKey = `(ticket_id, metric, cycle)`
	newState = `state = excluded.state, due_at = excluded.due_at, decided_at = excluded.decided_at`
)

type ledgers struct{ conn }

// Stand is a hot statement where clocks are few.
func (s ledgers) Stand(ctx context.Context, all []sla.Standing) error {
	if len(all) == 0 {
		return nil
	}
	if len(all) > fewRows {
		rs := converted(all, func(c sla.Standing) clockRow { return clockRow(c) })
		_, err := s.bun.NewInsert().Model(&rs).ModelTableExpr("sla_clocks AS ?TableAlias").
			On("CONFLICT " + clockKey + " DO UPDATE").Set(newState).Returning("NULL").Exec(ctx)
		return s.translate(err)
	}
	q := s.statement(insertClocks)
	valuesOf(q, all, func(c sla.Standing) []any {
		return []any{c.TicketID, c.Metric, c.Cycle, c.State, opt(c.DueAt), opt(c.DecidedAt)}
	})
	_, err := exec(ctx, s.conn, q.add(` ON CONFLICT `+clockKey+` DO UPDATE SET `+newState))
	return err
}
