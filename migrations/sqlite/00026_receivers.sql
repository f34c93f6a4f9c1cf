-- A role can receive the news of tickets to which no one is assigned; before, that was the supervisor role for alarms. An
-- account chooses how it is told of each type of notification: as JSON, NULL without a choice. A log that is only mailed
-- is not in the inbox. The defaults are for releases that do not know the columns, and rewrite nothing.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE roles ADD COLUMN receives_unassigned BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE roles SET receives_unassigned = TRUE WHERE name = 'supervisor' AND is_predefined;
CREATE INDEX roles_receives_unassigned ON roles (id) WHERE receives_unassigned;

ALTER TABLE accounts ADD COLUMN notify TEXT;
ALTER TABLE notification_logs ADD COLUMN mail_only BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE notification_logs DROP COLUMN mail_only;
ALTER TABLE accounts DROP COLUMN notify;

DROP INDEX roles_receives_unassigned;
ALTER TABLE roles DROP COLUMN receives_unassigned;
