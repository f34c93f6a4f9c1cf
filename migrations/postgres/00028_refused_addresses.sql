-- An address that the mail server refuses for good gets no more mail: since when, and which mails were refused until then. Releases
-- that do not know the columns send on. Adding columns without a default rewrites nothing.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE accounts ADD COLUMN mail_suspended_at TIMESTAMPTZ;
ALTER TABLE accounts ADD COLUMN mail_refusals TEXT COLLATE "C";

-- +goose Down
ALTER TABLE accounts DROP COLUMN mail_refusals;
ALTER TABLE accounts DROP COLUMN mail_suspended_at;
