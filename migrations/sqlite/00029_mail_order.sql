-- Mails of a ticket to one recipient are sent in the order of the changes: a mail looks for earlier ones that are queued.
--
-- oldest: 0.1.0

-- +goose Up
CREATE INDEX notification_logs_queued ON notification_logs (ticket_id, recipient_id, created_at, id) WHERE delivery_state = 'queued';

-- +goose Down
DROP INDEX notification_logs_queued;
