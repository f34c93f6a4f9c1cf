-- Indexes for the orders of lists in which tickets that are over come last, for tickets that will be closed, and for tickets
-- without an assignee. They are in a transaction of their own, as on PostgreSQL.
--
-- oldest: 0.1.0

-- +goose Up
-- tickets that will be closed
CREATE INDEX tickets_auto_close ON tickets (auto_close_at) WHERE deleted_at IS NULL AND auto_close_at IS NOT NULL;

-- The orders by importance and by due time, in which the type of the status counts first. Earlier binaries read
-- tickets_by_importance and tickets_by_sla.
CREATE INDEX tickets_by_rank ON tickets ((CASE WHEN is_active THEN urgency_rank ELSE 0 END), status_weight, sla_key, created_at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_open_sla ON tickets ((CASE WHEN is_active THEN 0 ELSE 1 END), breach_rank, sla_key, priority_rank, created_at, id)
    WHERE deleted_at IS NULL;

-- for the filter, and its count; tickets of deactivated assignees are found by tickets_assigned_to
CREATE INDEX tickets_unassigned ON tickets (created_at, id) WHERE deleted_at IS NULL AND assigned_to IS NULL;

-- +goose Down
DROP INDEX tickets_unassigned;
DROP INDEX tickets_by_open_sla;
DROP INDEX tickets_by_rank;
DROP INDEX tickets_auto_close;
