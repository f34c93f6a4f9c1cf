-- Mail: how many times each notification was resent, so that an outdated job is recognised.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE notification_logs ADD COLUMN resends INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE notification_logs DROP COLUMN resends;
