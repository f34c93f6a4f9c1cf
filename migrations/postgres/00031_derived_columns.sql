-- Columns that the program derives from others in Go, because no database can: keys of names, words for searching. A program that
-- does not know a derived column does not keep it up to date; triggers then mark the row in derived_due, and a program that
-- knows it derives it again. A program that keeps derived columns says so in each transaction, by SET LOCAL tickt.derives = the number
-- of its rules; a trigger marks what is written by a lower one. derived_walks says how far the walk through all rows of a kind has
-- come. Every mark is a row of its own: writers never wait for each other, or for the program that works marks off.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE derived_due (
    seq      BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT derived_due_pkey PRIMARY KEY,
    kind     TEXT COLLATE "C" NOT NULL,
    id       TEXT COLLATE "C" NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at TIMESTAMPTZ NOT NULL DEFAULT '2000-01-01 00:00:00+00'
);
CREATE INDEX derived_due_next ON derived_due (kind, retry_at, id);

CREATE TABLE derived_walks (
    kind     TEXT COLLATE "C" NOT NULL CONSTRAINT derived_walks_pkey PRIMARY KEY,
    rule     INTEGER NOT NULL,
    position TEXT COLLATE "C" NOT NULL,
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

-- the number of the rules by which the program of this transaction derives; 0 if it does not
-- +goose StatementBegin
CREATE FUNCTION derives() RETURNS INTEGER LANGUAGE sql STABLE AS $$
    SELECT CAST(COALESCE(NULLIF(current_setting('tickt.derives', TRUE), ''), '0') AS INTEGER)
$$;
-- +goose StatementEnd

-- The key of a name is NFKC, case-folded. The key of a user name has a column of its own: the former one is copied into tickets, where
-- it would have to be changed too, and is what an earlier release looks up. So has that of a role, whose former key is the name itself.
-- Names of ASCII have the same key as before; the others are derived.
ALTER TABLE accounts ADD COLUMN canonical_username TEXT COLLATE "C";
UPDATE accounts SET canonical_username = username_key WHERE octet_length(username) = length(username);
CREATE UNIQUE INDEX accounts_canonical_username_key ON accounts (canonical_username) WHERE canonical_username IS NOT NULL;
CREATE INDEX accounts_canonical_username_due ON accounts (id) WHERE canonical_username IS NULL;
ALTER TABLE roles ADD COLUMN canonical_name TEXT COLLATE "C";
UPDATE roles SET canonical_name = name WHERE octet_length(name) = length(name);
CREATE UNIQUE INDEX roles_canonical_name_key ON roles (canonical_name) WHERE canonical_name IS NOT NULL;

-- a name that a program wrote which does not keep its key
-- +goose StatementBegin
CREATE FUNCTION accounts_derive() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' OR NEW.username_key <> OLD.username_key THEN
        NEW.canonical_username := NULL;
        INSERT INTO derived_due (kind, id) VALUES ('user names', NEW.id);
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER accounts_derive BEFORE INSERT OR UPDATE OF username_key ON accounts FOR EACH ROW WHEN (derives() < 1)
    EXECUTE FUNCTION accounts_derive();
-- +goose StatementBegin
CREATE FUNCTION roles_derive() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' OR NEW.name <> OLD.name THEN
        NEW.canonical_name := NULL;
        INSERT INTO derived_due (kind, id) VALUES ('role names', NEW.id);
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER roles_derive BEFORE INSERT OR UPDATE OF name ON roles FOR EACH ROW WHEN (derives() < 1) EXECUTE FUNCTION roles_derive();
-- +goose StatementBegin
CREATE FUNCTION mark_derived() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO derived_due (kind, id) VALUES (TG_ARGV[0], NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER menus_derive AFTER INSERT OR UPDATE OF name ON menus FOR EACH ROW
    WHEN (derives() < 1 AND octet_length(NEW.name) <> length(NEW.name)) EXECUTE FUNCTION mark_derived('menu names');
CREATE TRIGGER ticket_statuses_derive AFTER INSERT OR UPDATE OF name ON ticket_statuses FOR EACH ROW
    WHEN (derives() < 1 AND octet_length(NEW.name) <> length(NEW.name)) EXECUTE FUNCTION mark_derived('status names');
CREATE TRIGGER ticket_priorities_derive AFTER INSERT OR UPDATE OF name ON ticket_priorities FOR EACH ROW
    WHEN (derives() < 1 AND octet_length(NEW.name) <> length(NEW.name)) EXECUTE FUNCTION mark_derived('priority names');
CREATE TRIGGER calendars_derive AFTER INSERT OR UPDATE OF name ON calendars FOR EACH ROW
    WHEN (derives() < 1 AND octet_length(NEW.name) <> length(NEW.name)) EXECUTE FUNCTION mark_derived('calendar names');
CREATE TRIGGER sla_policies_derive AFTER INSERT OR UPDATE OF name ON sla_policies FOR EACH ROW
    WHEN (derives() < 1 AND octet_length(NEW.name) <> length(NEW.name)) EXECUTE FUNCTION mark_derived('policy names');
-- a key that was given up: rows that are set aside may have it
-- +goose StatementBegin
CREATE FUNCTION key_freed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE former TEXT := to_jsonb(OLD) ->> TG_ARGV[1];
BEGIN
    IF former IS NOT NULL AND (TG_OP = 'DELETE' OR former IS DISTINCT FROM to_jsonb(NEW) ->> TG_ARGV[1]) THEN
        EXECUTE format('INSERT INTO derived_due (kind, id) SELECT %L, id FROM %I WHERE %I >= $1 AND %I < $2',
            TG_ARGV[0], TG_TABLE_NAME, TG_ARGV[1], TG_ARGV[1]) USING former || chr(1), former || chr(2);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER accounts_key_freed AFTER DELETE OR UPDATE OF canonical_username ON accounts FOR EACH ROW
    EXECUTE FUNCTION key_freed('user names', 'canonical_username');
CREATE TRIGGER roles_key_freed AFTER DELETE OR UPDATE OF canonical_name ON roles FOR EACH ROW
    EXECUTE FUNCTION key_freed('role names', 'canonical_name');
CREATE TRIGGER menus_key_freed AFTER DELETE OR UPDATE OF name_key ON menus FOR EACH ROW
    EXECUTE FUNCTION key_freed('menu names', 'name_key');
CREATE TRIGGER ticket_statuses_key_freed AFTER DELETE OR UPDATE OF name_key ON ticket_statuses FOR EACH ROW
    EXECUTE FUNCTION key_freed('status names', 'name_key');
CREATE TRIGGER ticket_priorities_key_freed AFTER DELETE OR UPDATE OF name_key ON ticket_priorities FOR EACH ROW
    EXECUTE FUNCTION key_freed('priority names', 'name_key');
CREATE TRIGGER calendars_key_freed AFTER DELETE OR UPDATE OF name_key ON calendars FOR EACH ROW
    EXECUTE FUNCTION key_freed('calendar names', 'name_key');
CREATE TRIGGER sla_policies_key_freed AFTER DELETE OR UPDATE OF name_key ON sla_policies FOR EACH ROW
    EXECUTE FUNCTION key_freed('policy names', 'name_key');

-- +goose Down
DROP TRIGGER sla_policies_key_freed ON sla_policies;
DROP TRIGGER sla_policies_derive ON sla_policies;
DROP TRIGGER calendars_key_freed ON calendars;
DROP TRIGGER calendars_derive ON calendars;
DROP TRIGGER ticket_priorities_key_freed ON ticket_priorities;
DROP TRIGGER ticket_priorities_derive ON ticket_priorities;
DROP TRIGGER ticket_statuses_key_freed ON ticket_statuses;
DROP TRIGGER ticket_statuses_derive ON ticket_statuses;
DROP TRIGGER menus_key_freed ON menus;
DROP TRIGGER menus_derive ON menus;
DROP TRIGGER roles_key_freed ON roles;
DROP TRIGGER roles_derive ON roles;
DROP TRIGGER accounts_key_freed ON accounts;
DROP TRIGGER accounts_derive ON accounts;
DROP FUNCTION key_freed();
DROP FUNCTION mark_derived();
DROP FUNCTION roles_derive();
DROP FUNCTION accounts_derive();
DROP INDEX roles_canonical_name_key;
ALTER TABLE roles DROP COLUMN canonical_name;
DROP INDEX accounts_canonical_username_due;
DROP INDEX accounts_canonical_username_key;
ALTER TABLE accounts DROP COLUMN canonical_username;
DROP FUNCTION derives();
DROP TABLE derived_walks;
DROP TABLE derived_due;
