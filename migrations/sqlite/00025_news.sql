-- What a notification tells is stored as facts too, so that it is told in the language and the time zone of its reader. Rows
-- of earlier releases have none; those read title and message, which are still written. Adding a column without a default
-- rewrites nothing.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE notification_logs ADD COLUMN news TEXT;

-- +goose Down
ALTER TABLE notification_logs DROP COLUMN news;
