package bunstore

import (
	"context"
	"fmt"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
)

// clockRow is the row of sla.ClockState.
type clockRow struct {
	TicketID  domain.ID  `bun:"ticket_id,pk"`
	Metric    sla.Metric `bun:"metric,pk"`
	Cycle     int        `bun:"cycle,pk"`
	State     sla.State  `bun:"state"`
	DueAt     time.Time  `bun:"due_at,nullzero"`
	DecidedAt time.Time  `bun:"decided_at,nullzero"`
	PolicyID  domain.ID  `bun:"policy_id,nullzero"`
}

// ledgerRow is the row of sla.Entry; the columns of the promise are NULL if the event makes none.
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
	VersionID     domain.ID     `bun:"edition_id,nullzero"`
	WarnPercent   *int          `bun:"warn_percent"`
	PauseTypes    *string       `bun:"pause_types"`
	OnReopen      sla.Reopening `bun:"on_reopen,nullzero"`
	Escalate      *bool         `bun:"escalate"`
	ActorID       domain.ID     `bun:"actor_id,nullzero"`
	Cause         sla.VoidCause `bun:"cause,nullzero"`
	CommentID     domain.ID     `bun:"comment_id,nullzero"`
	SaidAt        time.Time     `bun:"said_at,nullzero"`
}

// ledgerReadRow is a ledgerRow with whether the policy of its promise was removed.
type ledgerReadRow struct {
	ledgerRow
	PolicyGone bool `bun:"policy_gone"`
}

func ledgerRowOf(e sla.Entry) ledgerRow {
	r := ledgerRow{
		TicketID: e.TicketID, Seq: e.Seq, Metric: e.Metric, Cycle: e.Cycle, Kind: e.Kind, At: e.At, RecordedAt: e.RecordedAt, Reason: e.Reason,
		ActorID: e.ActorID, Cause: e.Cause, CommentID: e.CommentID, SaidAt: e.SaidAt,
	}
	if e.Promises() {
		p := e.Promise
		seconds, types := int64(p.Target/time.Second), string(joinStatusTypes(p.PauseTypes))
		r.PolicyID, r.PriorityID, r.TargetSeconds, r.DueAt, r.VersionID = p.PolicyID, p.PriorityID, &seconds, p.DueAt, p.CalendarID
		r.WarnPercent, r.PauseTypes, r.OnReopen, r.Escalate = &p.WarnPercent, &types, p.OnReopen, &p.Escalate
	}
	return r
}

// entry fails if the row is one of a promise, by its kind or its target, and lacks a part that every promise has.
func (r ledgerRow) entry() (sla.Entry, error) {
	e := sla.Entry{
		TicketID: r.TicketID, Seq: r.Seq, RecordedAt: r.RecordedAt,
		Event: sla.Event{
			Metric: r.Metric, Cycle: r.Cycle, Kind: r.Kind, At: r.At, Reason: r.Reason, ActorID: r.ActorID, Cause: r.Cause,
			CommentID: r.CommentID, SaidAt: r.SaidAt,
		},
	}
	if r.TargetSeconds == nil && !e.Promises() {
		return e, nil
	}
	if r.TargetSeconds == nil || r.VersionID == "" || r.WarnPercent == nil || r.PauseTypes == nil || r.Escalate == nil {
		return e, fmt.Errorf("the promise of event %d of ticket %s is incomplete", r.Seq, r.TicketID)
	}
	e.Promise = sla.Promise{
		PolicyID: r.PolicyID, PriorityID: r.PriorityID, Target: time.Duration(*r.TargetSeconds) * time.Second, DueAt: r.DueAt,
		CalendarID: r.VersionID, WarnPercent: *r.WarnPercent, OnReopen: r.OnReopen, Escalate: *r.Escalate,
	}
	if *r.PauseTypes != "" {
		e.Promise.PauseTypes = statusTypes(*r.PauseTypes).split()
	}
	return e, nil
}

var ledgerTable = newTable(table[ledgerRow, sla.Entry]{name: "sla_events", hot: true, row: ledgerRowOf})

var clockTable = newTable(table[clockRow, sla.ClockState]{
	name: "sla_clocks", hot: true, replaces: true,
	row:    func(x sla.ClockState) clockRow { return clockRow(x) },
	entity: func(r clockRow) sla.ClockState { return sla.ClockState(r) },
})

var (
	selectLedgers = `SELECT ` + ledgerTable.prefixed("e") + ` FROM sla_events e WHERE 1 = 1`

	// readLedgers is selectLedgers for ledgers to which events may be added.
	readLedgers = `SELECT ` + ledgerTable.prefixed("e") + `, e.policy_id IS NOT NULL AND p.id IS NULL AS policy_gone
 FROM sla_events e LEFT JOIN sla_policies p ON p.id = e.policy_id WHERE 1 = 1`
)

type ledgers struct{ conn }

func (s ledgers) Of(ctx context.Context, tickets []domain.ID) (map[domain.ID][]sla.Entry, error) {
	out := map[domain.ID][]sla.Entry{}
	if len(tickets) == 0 {
		return out, nil
	}
	q := s.statement(readLedgers)
	s.andIDIn(q, `e.ticket_id`, tickets)
	found, err := rows[ledgerReadRow](ctx, s.conn, q.add(` ORDER BY e.ticket_id, e.seq`))
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		e, err := r.entry()
		if err != nil {
			return nil, s.failed(err, q.String())
		}
		e.Promise.PolicyGone = r.PolicyGone
		out[r.TicketID] = append(out[r.TicketID], e)
	}
	return out, nil
}

func (s ledgers) Add(ctx context.Context, entries []sla.Entry) error {
	return ledgerTable.addAll(ctx, s.conn, entries)
}

func (s ledgers) SaveClockStates(ctx context.Context, all []sla.ClockState) error {
	return clockTable.addAll(ctx, s.conn, all)
}
