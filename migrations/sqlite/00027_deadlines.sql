-- People are told once that the due date or the response deadline of an active ticket has passed; the columns hold of which
-- date they were told. Of dates that have passed before, no one is told any more; for those that follow, the sweep takes the
-- tickets in time.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE tickets ADD COLUMN due_passed TIMESTAMP;
ALTER TABLE tickets ADD COLUMN response_passed TIMESTAMP;
UPDATE tickets SET urgency_until = due_date
    WHERE status_id IN (SELECT id FROM ticket_statuses WHERE status_type IN ('open', 'in_progress', 'pending')) AND deleted_at IS NULL
    AND due_date > strftime('%Y-%m-%d %H:%M:%f+00:00', 'now') AND due_date < urgency_until;
UPDATE tickets SET urgency_until = response_deadline
    WHERE status_id IN (SELECT id FROM ticket_statuses WHERE status_type IN ('open', 'in_progress', 'pending')) AND deleted_at IS NULL
    AND response_deadline > strftime('%Y-%m-%d %H:%M:%f+00:00', 'now') AND response_deadline < urgency_until AND first_response_at IS NULL;

-- +goose Down
ALTER TABLE tickets DROP COLUMN response_passed;
ALTER TABLE tickets DROP COLUMN due_passed;
