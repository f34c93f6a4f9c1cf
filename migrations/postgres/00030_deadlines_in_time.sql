-- Makes the sweep take active tickets when their due date or their response deadline passes. Of dates that have passed before, no
-- one is told any more. It is not in migration 27: no one could read tickets while it reads them all.
--
-- oldest: 0.1.0

-- +goose Up
LOCK TABLE tickets IN SHARE ROW EXCLUSIVE MODE; -- writers wait for the seconds that this takes, and none dies in a deadlock
UPDATE tickets SET urgency_until = LEAST(urgency_until, CASE WHEN due_date > now() THEN due_date END,
        CASE WHEN response_deadline > now() AND first_response_at IS NULL THEN response_deadline END)
    FROM ticket_statuses s WHERE s.id = tickets.status_id AND s.status_type IN ('open', 'in_progress', 'pending') AND deleted_at IS NULL
    AND (due_date > now() AND due_date < urgency_until
        OR response_deadline > now() AND response_deadline < urgency_until AND first_response_at IS NULL);

-- +goose Down
SELECT 1; -- the sweep takes a ticket earlier than it must, and finds nothing to do
