-- What is taken back has not been said: events of ledgers name the comment that caused them, and comments tell what the
-- clocks heard from them and when. Earlier binaries ignore events of the new kind; what their comments meant is derived from
-- the author.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE sla_events ADD COLUMN comment_id TEXT;
ALTER TABLE sla_events ADD COLUMN said_at TIMESTAMP;
ALTER TABLE ticket_comments ADD COLUMN effect TEXT;
ALTER TABLE ticket_comments ADD COLUMN said_at TIMESTAMP;

-- +goose Down
ALTER TABLE ticket_comments DROP COLUMN said_at;
ALTER TABLE ticket_comments DROP COLUMN effect;
ALTER TABLE sla_events DROP COLUMN said_at;
ALTER TABLE sla_events DROP COLUMN comment_id;
