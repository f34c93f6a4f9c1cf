-- Mail: how often each notification was sent anew, so that a job of an earlier time is known.

-- +goose Up
ALTER TABLE notification_logs ADD COLUMN resends INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE notification_logs DROP COLUMN resends;
