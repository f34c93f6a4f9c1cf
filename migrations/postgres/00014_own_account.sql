-- The settings that accounts choose themselves, and from where their sessions are used. The defaults are for releases that do
-- not know the columns; sessions that they begin, or that are older, have no client. An account lists its sessions by age.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE accounts ADD COLUMN language TEXT COLLATE "C" NOT NULL DEFAULT 'en' CONSTRAINT accounts_language_check CHECK (language IN ('en', 'ne'));
ALTER TABLE accounts ADD COLUMN time_zone TEXT COLLATE "C";

ALTER TABLE sessions ADD COLUMN address TEXT COLLATE "C";
ALTER TABLE sessions ADD COLUMN user_agent TEXT COLLATE "C";
CREATE INDEX sessions_by_age ON sessions (account_id, created_at DESC, id DESC);
DROP INDEX sessions_account_id;

-- +goose Down
CREATE INDEX sessions_account_id ON sessions (account_id);
DROP INDEX sessions_by_age;
ALTER TABLE sessions DROP COLUMN user_agent;
ALTER TABLE sessions DROP COLUMN address;

ALTER TABLE accounts DROP COLUMN time_zone;
ALTER TABLE accounts DROP COLUMN language;
