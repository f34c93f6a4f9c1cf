package bunstore

import (
	"context"

	"tickt/domain"
)

// A release before migration 23 writes clocks without their policy: it leaves the column of a new clock NULL, and that of
// one that it ends as it was. So what OpenClocks finds is compared with the ledger before a policy is removed.
const (
	// lastPromise is the policy of the last promise of a clock c.
	lastPromise = `(SELECT e.policy_id FROM sla_events e WHERE e.ticket_id = c.ticket_id AND e.metric = c.metric AND e.cycle = c.cycle
 AND e.target_seconds IS NOT NULL ORDER BY e.seq DESC LIMIT 1)`

	// isOver reports whether a clock c with one of the states openStates is over: a breached one may be. It looks only for
	// what a release before migration 23 writes.
	isOver = `COALESCE((SELECT e.kind FROM sla_events e WHERE e.ticket_id = c.ticket_id AND e.metric = c.metric AND e.cycle = c.cycle
 AND e.kind NOT IN ('warn', 'breach', 'void') ORDER BY e.seq DESC LIMIT 1), '') IN ('fulfil', 'cancel')`

	openStates = `('running', 'paused', 'breached')`

	countOpenClocks = `SELECT COUNT(*) AS n FROM sla_clocks c JOIN tickets t ON t.id = c.ticket_id
 WHERE c.policy_id = ? AND c.state IN ` + openStates + ` AND t.deleted_at IS NULL`

	// clearClocks takes the policy from clocks that are over or promised by another policy, and from those of deleted tickets.
	clearClocks = `UPDATE sla_clocks SET policy_id = NULL FROM (SELECT c.ticket_id, c.metric, c.cycle
 FROM sla_clocks c JOIN tickets t ON t.id = c.ticket_id
 WHERE c.policy_id = ? AND (c.state NOT IN ` + openStates + ` OR t.deleted_at IS NOT NULL OR ` + isOver + `
 OR ` + lastPromise + ` <> c.policy_id)) x ` + sameClock

	// fillClocks sets the policy of open clocks that lack it. It begins with the events of the policy, in this order on SQLite
	// too, where CROSS JOIN keeps it.
	fillClocks = `UPDATE sla_clocks SET policy_id = x.policy_id FROM (SELECT c.ticket_id, c.metric, c.cycle, p.policy_id
 FROM sla_events p CROSS JOIN sla_clocks c CROSS JOIN tickets t
 WHERE p.policy_id = ? AND p.target_seconds IS NOT NULL
 AND c.ticket_id = p.ticket_id AND c.metric = p.metric AND c.cycle = p.cycle AND c.policy_id IS NULL AND c.state IN ` + openStates + `
 AND t.id = c.ticket_id AND t.is_active AND t.deleted_at IS NULL
 AND NOT EXISTS (SELECT 1 FROM sla_events e WHERE e.ticket_id = p.ticket_id AND e.seq > p.seq AND e.metric = p.metric AND e.cycle = p.cycle
 AND e.target_seconds IS NOT NULL) AND NOT ` + isOver + `) x ` + sameClock

	sameClock = `WHERE sla_clocks.ticket_id = x.ticket_id AND sla_clocks.metric = x.metric AND sla_clocks.cycle = x.cycle`
)

// manyClocks is a number of clocks above which OpenClocks does not compare them with the ledger.
const manyClocks = 100

// OpenClocks waits for Updates that store a clock that is open by the policy; others then wait until this one ends.
func (s policies) OpenClocks(ctx context.Context, id domain.ID) (int, error) {
	if err := s.lockForRemoval(ctx, policyTable.name, id); err != nil {
		return 0, err
	}
	n, err := s.countOpenClocks(ctx, id)
	if err != nil || n > manyClocks {
		return n, err
	}
	for _, text := range []string{clearClocks, fillClocks} {
		if _, err := exec(ctx, s.conn, s.statement(text, id)); err != nil {
			return 0, err
		}
		if n, err = s.countOpenClocks(ctx, id); err != nil || n > 0 {
			return n, err
		}
	}
	return 0, nil
}

func (s policies) countOpenClocks(ctx context.Context, id domain.ID) (int, error) {
	r, err := row[struct {
		N int `bun:"n"`
	}](ctx, s.conn, s.statement(countOpenClocks, id))
	return r.N, err
}
