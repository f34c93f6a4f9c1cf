-- Fills the policies of the clocks that are open, and adds the index that finds the clocks of a policy.
--
-- oldest: 0.1.0

-- +goose Up
LOCK TABLE sla_clocks IN SHARE ROW EXCLUSIVE MODE; -- writers wait for the seconds that this takes, and none dies in a deadlock
UPDATE sla_clocks SET policy_id = x.policy_id FROM (
    SELECT c.ticket_id, c.metric, c.cycle, p.policy_id
    FROM sla_events p CROSS JOIN sla_clocks c CROSS JOIN tickets t
    WHERE p.policy_id IN (SELECT id FROM sla_policies) AND p.target_seconds IS NOT NULL
        AND c.ticket_id = p.ticket_id AND c.metric = p.metric AND c.cycle = p.cycle AND c.state IN ('running', 'paused', 'breached')
        AND t.id = c.ticket_id AND t.is_active AND t.deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM sla_events e
            WHERE e.ticket_id = p.ticket_id AND e.seq > p.seq AND e.metric = p.metric AND e.cycle = p.cycle AND e.target_seconds IS NOT NULL)
        AND COALESCE((SELECT e.kind FROM sla_events e
            WHERE e.ticket_id = c.ticket_id AND e.metric = c.metric AND e.cycle = c.cycle AND e.kind NOT IN ('warn', 'breach', 'void')
            ORDER BY e.seq DESC LIMIT 1), '') NOT IN ('fulfil', 'cancel')) x
WHERE sla_clocks.ticket_id = x.ticket_id AND sla_clocks.metric = x.metric AND sla_clocks.cycle = x.cycle;
CREATE INDEX sla_clocks_policy_id ON sla_clocks (policy_id) WHERE policy_id IS NOT NULL;

-- +goose Down
DROP INDEX sla_clocks_policy_id; -- migration 23 removes the column
