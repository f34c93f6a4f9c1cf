-- Columns that the program derives from others in Go, because no database can: keys of names, words for searching. A program that
-- does not know a derived column does not keep it up to date; triggers then mark the row in derived_due, and a program that
-- knows it derives it again. derived_walks says how far the walk through all rows of a kind has come.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE derived_due (
    seq      INTEGER CONSTRAINT derived_due_pkey PRIMARY KEY,
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at TIMESTAMP NOT NULL DEFAULT '2000-01-01 00:00:00+00:00'
);
CREATE INDEX derived_due_next ON derived_due (kind, retry_at, id);

CREATE TABLE derived_walks (
    kind     TEXT NOT NULL CONSTRAINT derived_walks_pkey PRIMARY KEY,
    rule     INTEGER NOT NULL,
    position TEXT NOT NULL,
    done     BOOLEAN NOT NULL
);

-- A new database has nothing to walk through.
INSERT INTO derived_walks (kind, rule, position, done)
SELECT 'user names', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts)
UNION ALL SELECT 'role names', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts)
UNION ALL SELECT 'menu names', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts)
UNION ALL SELECT 'status names', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts)
UNION ALL SELECT 'priority names', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts)
UNION ALL SELECT 'calendar names', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts)
UNION ALL SELECT 'policy names', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts);

-- The key of a name is NFKC, case-folded. The key of a user name has a column of its own: the former one is copied into tickets, where
-- it would have to be changed too, and is what an earlier release looks up. So has that of a role, whose former key is the name itself.
-- Names of ASCII have the same key as before; the others are derived.
ALTER TABLE accounts ADD COLUMN canonical_username TEXT;
UPDATE accounts SET canonical_username = username_key WHERE length(CAST(username AS BLOB)) = length(username);
CREATE UNIQUE INDEX accounts_canonical_username_key ON accounts (canonical_username) WHERE canonical_username IS NOT NULL;
CREATE INDEX accounts_canonical_username_due ON accounts (id) WHERE canonical_username IS NULL;
ALTER TABLE roles ADD COLUMN canonical_name TEXT;
UPDATE roles SET canonical_name = name WHERE length(CAST(name AS BLOB)) = length(name);
CREATE UNIQUE INDEX roles_canonical_name_key ON roles (canonical_name) WHERE canonical_name IS NOT NULL;

-- a name that a program wrote which does not keep its key
-- +goose StatementBegin
CREATE TRIGGER accounts_derive_insert AFTER INSERT ON accounts WHEN NEW.canonical_username IS NULL BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('user names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_derive_update AFTER UPDATE OF username_key ON accounts
    WHEN NEW.username_key <> OLD.username_key AND NEW.canonical_username IS OLD.canonical_username BEGIN
    UPDATE accounts SET canonical_username = NULL WHERE id = NEW.id;
    INSERT INTO derived_due (kind, id) VALUES ('user names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roles_derive_insert AFTER INSERT ON roles WHEN NEW.canonical_name IS NULL BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('role names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roles_derive_update AFTER UPDATE OF name ON roles
    WHEN NEW.name <> OLD.name AND NEW.canonical_name IS OLD.canonical_name BEGIN
    UPDATE roles SET canonical_name = NULL WHERE id = NEW.id;
    INSERT INTO derived_due (kind, id) VALUES ('role names', NEW.id);
END;
-- +goose StatementEnd
-- these names have no column of their own for the key: every program leaves a mark of a name that is not ASCII
-- +goose StatementBegin
CREATE TRIGGER menus_derive_insert AFTER INSERT ON menus WHEN length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('menu names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER menus_derive_update AFTER UPDATE OF name ON menus
    WHEN NEW.name <> OLD.name AND length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('menu names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_statuses_derive_insert AFTER INSERT ON ticket_statuses WHEN length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('status names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_statuses_derive_update AFTER UPDATE OF name ON ticket_statuses
    WHEN NEW.name <> OLD.name AND length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('status names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_priorities_derive_insert AFTER INSERT ON ticket_priorities
    WHEN length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('priority names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_priorities_derive_update AFTER UPDATE OF name ON ticket_priorities
    WHEN NEW.name <> OLD.name AND length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('priority names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendars_derive_insert AFTER INSERT ON calendars WHEN length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('calendar names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendars_derive_update AFTER UPDATE OF name ON calendars
    WHEN NEW.name <> OLD.name AND length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('calendar names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_policies_derive_insert AFTER INSERT ON sla_policies WHEN length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('policy names', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_policies_derive_update AFTER UPDATE OF name ON sla_policies
    WHEN NEW.name <> OLD.name AND length(CAST(NEW.name AS BLOB)) <> length(NEW.name) BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('policy names', NEW.id);
END;
-- +goose StatementEnd

-- a key that was given up: rows that are set aside may have it
-- +goose StatementBegin
CREATE TRIGGER accounts_key_freed_delete AFTER DELETE ON accounts BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'user names', id FROM accounts
        WHERE canonical_username >= OLD.canonical_username || char(1) AND canonical_username < OLD.canonical_username || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_key_freed_update AFTER UPDATE OF canonical_username ON accounts
    WHEN OLD.canonical_username IS NOT NEW.canonical_username BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'user names', id FROM accounts
        WHERE canonical_username >= OLD.canonical_username || char(1) AND canonical_username < OLD.canonical_username || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roles_key_freed_delete AFTER DELETE ON roles BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'role names', id FROM roles
        WHERE canonical_name >= OLD.canonical_name || char(1) AND canonical_name < OLD.canonical_name || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roles_key_freed_update AFTER UPDATE OF canonical_name ON roles WHEN OLD.canonical_name IS NOT NEW.canonical_name BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'role names', id FROM roles
        WHERE canonical_name >= OLD.canonical_name || char(1) AND canonical_name < OLD.canonical_name || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER menus_key_freed_delete AFTER DELETE ON menus BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'menu names', id FROM menus
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER menus_key_freed_update AFTER UPDATE OF name_key ON menus WHEN OLD.name_key IS NOT NEW.name_key BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'menu names', id FROM menus
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_statuses_key_freed_delete AFTER DELETE ON ticket_statuses BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'status names', id FROM ticket_statuses
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_statuses_key_freed_update AFTER UPDATE OF name_key ON ticket_statuses WHEN OLD.name_key IS NOT NEW.name_key BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'status names', id FROM ticket_statuses
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_priorities_key_freed_delete AFTER DELETE ON ticket_priorities BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'priority names', id FROM ticket_priorities
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_priorities_key_freed_update AFTER UPDATE OF name_key ON ticket_priorities WHEN OLD.name_key IS NOT NEW.name_key BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'priority names', id FROM ticket_priorities
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendars_key_freed_delete AFTER DELETE ON calendars BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'calendar names', id FROM calendars
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendars_key_freed_update AFTER UPDATE OF name_key ON calendars WHEN OLD.name_key IS NOT NEW.name_key BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'calendar names', id FROM calendars
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_policies_key_freed_delete AFTER DELETE ON sla_policies BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'policy names', id FROM sla_policies
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_policies_key_freed_update AFTER UPDATE OF name_key ON sla_policies WHEN OLD.name_key IS NOT NEW.name_key BEGIN
    INSERT INTO derived_due (kind, id) SELECT 'policy names', id FROM sla_policies
        WHERE name_key >= OLD.name_key || char(1) AND name_key < OLD.name_key || char(2);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER sla_policies_key_freed_update;
DROP TRIGGER sla_policies_key_freed_delete;
DROP TRIGGER sla_policies_derive_update;
DROP TRIGGER sla_policies_derive_insert;
DROP TRIGGER calendars_key_freed_update;
DROP TRIGGER calendars_key_freed_delete;
DROP TRIGGER calendars_derive_update;
DROP TRIGGER calendars_derive_insert;
DROP TRIGGER ticket_priorities_key_freed_update;
DROP TRIGGER ticket_priorities_key_freed_delete;
DROP TRIGGER ticket_priorities_derive_update;
DROP TRIGGER ticket_priorities_derive_insert;
DROP TRIGGER ticket_statuses_key_freed_update;
DROP TRIGGER ticket_statuses_key_freed_delete;
DROP TRIGGER ticket_statuses_derive_update;
DROP TRIGGER ticket_statuses_derive_insert;
DROP TRIGGER menus_key_freed_update;
DROP TRIGGER menus_key_freed_delete;
DROP TRIGGER menus_derive_update;
DROP TRIGGER menus_derive_insert;
DROP TRIGGER roles_key_freed_update;
DROP TRIGGER roles_key_freed_delete;
DROP TRIGGER roles_derive_update;
DROP TRIGGER roles_derive_insert;
DROP TRIGGER accounts_key_freed_update;
DROP TRIGGER accounts_key_freed_delete;
DROP TRIGGER accounts_derive_update;
DROP TRIGGER accounts_derive_insert;
DROP INDEX roles_canonical_name_key;
ALTER TABLE roles DROP COLUMN canonical_name;
DROP INDEX accounts_canonical_username_due;
DROP INDEX accounts_canonical_username_key;
ALTER TABLE accounts DROP COLUMN canonical_username;
DROP TABLE derived_walks;
DROP TABLE derived_due;
