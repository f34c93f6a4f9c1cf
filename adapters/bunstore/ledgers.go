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

// ledgerRow is sla.Entry with the columns that hold it; those of a promise are NULL where an event makes none.
type ledgerRow struct {
	TicketID      domain.ID     `bun:"ticket_id"`
	Seq           int           `bun:"seq"`
	Metric        sla.Metric    `bun:"metric"`
	Cycle         int           `bun:"cycle"`
	Kind          sla.EventKind `bun:"kind"`
	At            time.Time     `bun:"at"`
	RecordedAt    time.Time     `bun:"recorded_at"`
	Reason        string        `bun:"reason"`
	PolicyID      domain.ID     `bun:"policy_id,nullzero"`
	PriorityID    domain.ID     `bun:"priority_id,nullzero"`
	TargetSeconds *int64        `bun:"target_seconds"`
	DueAt         time.Time     `bun:"due_at,nullzero"`
	EditionID     domain.ID     `bun:"edition_id,nullzero"`
	WarnPercent   *int          `bun:"warn_percent"`
	PauseTypes    *string       `bun:"pause_types"`
	OnReopen      sla.Reopening `bun:"on_reopen,nullzero"`
	Escalate      *bool         `bun:"escalate"`
}

func ledgerRowOf(e sla.Entry) ledgerRow {
	r := ledgerRow{
		TicketID: e.TicketID, Seq: e.Seq, Metric: e.Metric, Cycle: e.Cycle, Kind: e.Kind, At: e.At, RecordedAt: e.RecordedAt, Reason: e.Reason,
	}
	if e.Promises() {
		p := e.Promise
		seconds, types := int64(p.Target/time.Second), string(joined(p.PauseTypes))
		r.PolicyID, r.PriorityID, r.TargetSeconds, r.DueAt, r.EditionID = p.PolicyID, p.PriorityID, &seconds, p.DueAt, p.CalendarID
		r.WarnPercent, r.PauseTypes, r.OnReopen, r.Escalate = &p.WarnPercent, &types, p.OnReopen, &p.Escalate
	}
	return r
}

func (r ledgerRow) entry() sla.Entry {
	e := sla.Entry{
		TicketID: r.TicketID, Seq: r.Seq, RecordedAt: r.RecordedAt,
		Event: sla.Event{Metric: r.Metric, Cycle: r.Cycle, Kind: r.Kind, At: r.At, Reason: r.Reason},
	}
	if r.TargetSeconds != nil {
		e.Promise = sla.Promise{
			PolicyID: r.PolicyID, PriorityID: r.PriorityID, Target: time.Duration(*r.TargetSeconds) * time.Second, DueAt: r.DueAt,
			CalendarID: r.EditionID, WarnPercent: *r.WarnPercent, OnReopen: r.OnReopen, Escalate: *r.Escalate,
		}
		if *r.PauseTypes != "" {
			e.Promise.PauseTypes = statusTypes(*r.PauseTypes).split()
		}
	}
	return e
}

var ledgerTable = table[ledgerRow, sla.Entry]{name: "sla_events", row: ledgerRowOf, entity: ledgerRow.entry}

const (
	selectLedgers = `SELECT e.ticket_id, e.seq, e.metric, e.cycle, e.kind, e.at, e.recorded_at, e.reason, e.policy_id, e.priority_id, e.target_seconds,
 e.due_at, e.edition_id, e.warn_percent, e.pause_types, e.on_reopen, e.escalate FROM sla_events e WHERE 1 = 1`

	insertLedger = `INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, policy_id, priority_id, target_seconds,
 due_at, edition_id, warn_percent, pause_types, on_reopen, escalate) VALUES `

	insertClocks = `INSERT INTO sla_clocks (ticket_id, metric, cycle, state, due_at, decided_at) VALUES `

	clockKey = `(ticket_id, metric, cycle)`
	newState = `state = excluded.state, due_at = excluded.due_at, decided_at = excluded.decided_at`
)

type ledgers struct{ conn }

func (s ledgers) Of(ctx context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error) {
	out := map[domain.ID][]sla.Entry{}
	if len(tickets) == 0 {
		return out, nil
	}
	q := s.statement(selectLedgers)
	s.oneOf(q, `e.ticket_id`, tickets)
	found, err := rows[ledgerRow](ctx, s.conn, q.add(` ORDER BY e.ticket_id, e.seq`))
	for _, r := range found {
		out[r.TicketID] = append(out[r.TicketID], r.entry())
	}
	return out, err
}

func (s ledgers) Add(ctx context.Context, entries []sla.Entry) error {
	return addFew(ctx, s.conn, ledgerTable, entries, insertLedger, func(e sla.Entry) []any {
		r := ledgerRowOf(e)
		return []any{
			r.TicketID, r.Seq, r.Metric, r.Cycle, r.Kind, r.At, r.RecordedAt, r.Reason, opt(r.PolicyID), opt(r.PriorityID), r.TargetSeconds,
			opt(r.DueAt), opt(r.EditionID), r.WarnPercent, r.PauseTypes, opt(r.OnReopen), r.Escalate,
		}
	})
}

// Stand is a hot statement where clocks are few.
func (s ledgers) Stand(ctx context.Context, all []sla.Standing) error {
	if len(all) == 0 {
		return nil
	}
	if len(all) > fewRows {
		rs := converted(all, func(c sla.Standing) clockRow { return clockRow(c) })
		return s.run(ctx, s.bun.NewInsert().Model(&rs).ModelTableExpr("sla_clocks AS ?TableAlias").
			On("CONFLICT "+clockKey+" DO UPDATE").Set(newState).Returning("NULL"))
	}
	q := s.statement(insertClocks)
	valuesOf(q, all, func(c sla.Standing) []any {
		return []any{c.TicketID, c.Metric, c.Cycle, c.State, opt(c.DueAt), opt(c.DecidedAt)}
	})
	_, err := exec(ctx, s.conn, q.add(` ON CONFLICT `+clockKey+` DO UPDATE SET `+newState))
	return err
}
