-- The policy by which an open clock runs, so that a policy is not removed while clocks run by it, whatever runs in parallel.
-- NULL: the hours of a priority apply, the clock is over, its policy was removed, or an earlier release wrote the row.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE sla_clocks ADD COLUMN policy_id TEXT REFERENCES sla_policies (id);
CREATE INDEX sla_clocks_policy_id ON sla_clocks (policy_id) WHERE policy_id IS NOT NULL;

-- +goose Down
DROP INDEX sla_clocks_policy_id;
ALTER TABLE sla_clocks DROP COLUMN policy_id;
