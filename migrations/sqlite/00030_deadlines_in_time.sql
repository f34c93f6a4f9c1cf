-- Makes the sweep take active tickets when their due date or their response deadline passes. Of dates that have passed before, no
-- one is told any more. It is a migration of its own, as on PostgreSQL.
--
-- oldest: 0.1.0

-- +goose Up
UPDATE tickets SET urgency_until = due_date
    WHERE status_id IN (SELECT id FROM ticket_statuses WHERE status_type IN ('open', 'in_progress', 'pending')) AND deleted_at IS NULL
    AND due_date > strftime('%Y-%m-%d %H:%M:%f+00:00', 'now') AND due_date < urgency_until;
UPDATE tickets SET urgency_until = response_deadline
    WHERE status_id IN (SELECT id FROM ticket_statuses WHERE status_type IN ('open', 'in_progress', 'pending')) AND deleted_at IS NULL
    AND response_deadline > strftime('%Y-%m-%d %H:%M:%f+00:00', 'now') AND response_deadline < urgency_until AND first_response_at IS NULL;

-- +goose Down
SELECT 1; -- the sweep takes a ticket earlier than it must, and finds nothing to do
