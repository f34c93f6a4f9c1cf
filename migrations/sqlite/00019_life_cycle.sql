-- What a status does when the requester replies, and after how many days it closes tickets; follow-ups; and the orders of
-- lists in which tickets that are over come last. Earlier binaries leave the new columns empty: a status without
-- on_requester_reply does what its type does by default.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE ticket_statuses ADD COLUMN on_requester_reply TEXT
    CONSTRAINT ticket_statuses_on_requester_reply_check CHECK (on_requester_reply IN ('keep', 'open'));
ALTER TABLE ticket_statuses ADD COLUMN auto_close_days INTEGER
    CONSTRAINT ticket_statuses_auto_close_days_check CHECK (auto_close_days BETWEEN 1 AND 365);

-- tickets are never removed, so the foreign key needs no index
ALTER TABLE tickets ADD COLUMN follow_up_of TEXT CONSTRAINT tickets_follow_up_of_fkey REFERENCES tickets (id);
ALTER TABLE tickets ADD COLUMN auto_close_at TIMESTAMP;

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
ALTER TABLE tickets DROP COLUMN auto_close_at;
ALTER TABLE tickets DROP COLUMN follow_up_of;
ALTER TABLE ticket_statuses DROP COLUMN auto_close_days;
ALTER TABLE ticket_statuses DROP COLUMN on_requester_reply;
