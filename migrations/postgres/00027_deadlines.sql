-- People are told once that the due date or the response deadline of an active ticket has passed; the columns hold of which
-- date they were told. Of dates that have passed before, no one is told any more; for those that follow, the sweep takes the
-- tickets in time.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE tickets ADD COLUMN due_passed TIMESTAMPTZ;
ALTER TABLE tickets ADD COLUMN response_passed TIMESTAMPTZ;
UPDATE tickets SET urgency_until = LEAST(urgency_until, CASE WHEN due_date > now() THEN due_date END,
        CASE WHEN response_deadline > now() AND first_response_at IS NULL THEN response_deadline END)
    FROM ticket_statuses s WHERE s.id = tickets.status_id AND s.status_type IN ('open', 'in_progress', 'pending') AND deleted_at IS NULL
    AND (due_date > now() AND due_date < urgency_until
        OR response_deadline > now() AND response_deadline < urgency_until AND first_response_at IS NULL);

-- +goose Down
ALTER TABLE tickets DROP COLUMN response_passed;
ALTER TABLE tickets DROP COLUMN due_passed;
