-- Mail: the delivery state of each notification.
--
-- oldest: 0.1.0

-- +goose Up
-- logs sent until now only went to inboxes; unsent ones came from another system, and no one waits for them
ALTER TABLE notification_logs ADD COLUMN delivery_state TEXT NOT NULL DEFAULT 'sent';
ALTER TABLE notification_logs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notification_logs ADD COLUMN last_error TEXT NOT NULL DEFAULT '';
UPDATE notification_logs SET delivery_state = 'dead', last_error = 'It was never sent.' WHERE NOT is_sent;

-- +goose Down
ALTER TABLE notification_logs DROP COLUMN last_error;
ALTER TABLE notification_logs DROP COLUMN attempts;
ALTER TABLE notification_logs DROP COLUMN delivery_state;
