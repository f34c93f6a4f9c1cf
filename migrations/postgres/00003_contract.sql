-- Lists of accounts and of notification logs, and the records of idempotent requests.
--
-- oldest: 0.1.0

-- +goose Up

-- Accounts are found by the beginnings of words. The program writes the words, as it does those of tickets; this
-- migration writes those of existing accounts: the names, split at ASCII characters that are neither letters nor
-- digits, and the phone number with and without a country code of one, two and three digits.
ALTER TABLE accounts ADD COLUMN search TSVECTOR NOT NULL DEFAULT '';
UPDATE accounts SET search = array_to_tsvector(array_remove(
    regexp_split_to_array(username_key || ' ' || email_key, '[\s!-/:-@\[-`{-~]+')
    || ARRAY[ltrim(phone, '+'), substr(ltrim(phone, '+'), 2), substr(ltrim(phone, '+'), 3), substr(ltrim(phone, '+'), 4)], ''));
CREATE INDEX accounts_search ON accounts USING gin (search);

-- for lists, the newest first: of all, of the active or inactive ones, of those with one role, of those with any role
CREATE INDEX accounts_by_age ON accounts (created_at DESC, id DESC);
CREATE INDEX accounts_by_state ON accounts (is_active, created_at DESC, id DESC);
DROP INDEX accounts_role_id;
CREATE INDEX accounts_by_role ON accounts (role_id, created_at DESC, id DESC, is_active) WHERE role_id IS NOT NULL;
CREATE INDEX accounts_in_roles ON accounts (created_at DESC, id DESC) WHERE is_active AND role_id IS NOT NULL;
CREATE INDEX accounts_superusers ON accounts (id) WHERE is_superuser AND is_active;

-- The number of accounts by state and role ('' for none), so that lists need not count. Triggers keep it up to date,
-- whoever writes (except TRUNCATE). They run per statement, because each row of a large statement would leave another
-- version of the same count; and they write only the sums that change, because a sign-in changes none and must not
-- wait.
CREATE TABLE account_counts (
    role_id   TEXT COLLATE "C" NOT NULL,
    is_active BOOLEAN NOT NULL,
    n         BIGINT NOT NULL,
    CONSTRAINT account_counts_pkey PRIMARY KEY (role_id, is_active)
);
INSERT INTO account_counts SELECT COALESCE(role_id, ''), is_active, COUNT(*) FROM accounts GROUP BY 1, 2;

-- +goose StatementBegin
CREATE FUNCTION keep_account_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, COUNT(*) FROM added GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, -COUNT(*) FROM removed GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSE
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, SUM(d)
        FROM (SELECT role_id, is_active, 1 AS d FROM added UNION ALL SELECT role_id, is_active, -1 FROM removed) changed
        GROUP BY 1, 2 HAVING SUM(d) <> 0 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER accounts_counts_insert AFTER INSERT ON accounts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_account_counts();
CREATE TRIGGER accounts_counts_update AFTER UPDATE ON accounts
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION keep_account_counts();
CREATE TRIGGER accounts_counts_delete AFTER DELETE ON accounts
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION keep_account_counts();

CREATE TABLE notification_logs (
    id           TEXT COLLATE "C" NOT NULL CONSTRAINT notification_logs_pkey PRIMARY KEY,
    type         TEXT COLLATE "C" NOT NULL,
    recipient_id TEXT COLLATE "C" NOT NULL CONSTRAINT notification_logs_recipient_id_fkey REFERENCES accounts (id),
    sender_id    TEXT COLLATE "C" CONSTRAINT notification_logs_sender_id_fkey REFERENCES accounts (id),
    ticket_id    TEXT COLLATE "C" NOT NULL CONSTRAINT notification_logs_ticket_id_fkey REFERENCES tickets (id),
    title        TEXT NOT NULL,
    message      TEXT NOT NULL,
    is_read      BOOLEAN NOT NULL,
    is_sent      BOOLEAN NOT NULL,
    sent_at      TIMESTAMPTZ,
    read_at      TIMESTAMPTZ,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL
);

-- for the order, its filters (most logs end up read and sent), and the foreign keys
CREATE INDEX notification_logs_by_age ON notification_logs (created_at DESC, id DESC);
CREATE INDEX notification_logs_unread ON notification_logs (created_at DESC, id DESC) WHERE NOT is_read;
CREATE INDEX notification_logs_unsent ON notification_logs (created_at DESC, id DESC) WHERE NOT is_sent;
CREATE INDEX notification_logs_by_type ON notification_logs (type, created_at DESC, id DESC);
CREATE INDEX notification_logs_by_ticket ON notification_logs (ticket_id, created_at DESC, id DESC);
CREATE INDEX notification_logs_by_recipient ON notification_logs (recipient_id, created_at DESC, id DESC);
CREATE INDEX notification_logs_sender_id ON notification_logs (sender_id) WHERE sender_id IS NOT NULL;

-- deleted tickets, whose logs are not listed
CREATE INDEX tickets_deleted ON tickets (id) WHERE deleted_at IS NOT NULL;

CREATE TABLE replies (
    key         TEXT COLLATE "C" NOT NULL CONSTRAINT replies_pkey PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status      INTEGER NOT NULL,
    location    TEXT NOT NULL,
    body        BYTEA NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX replies_created_at ON replies (created_at);

-- +goose Down
DROP TABLE replies;
DROP INDEX tickets_deleted;
DROP TABLE notification_logs;
DROP TRIGGER accounts_counts_insert ON accounts;
DROP TRIGGER accounts_counts_update ON accounts;
DROP TRIGGER accounts_counts_delete ON accounts;
DROP FUNCTION keep_account_counts;
DROP TABLE account_counts;
DROP INDEX accounts_superusers;
DROP INDEX accounts_in_roles;
DROP INDEX accounts_by_role;
CREATE INDEX accounts_role_id ON accounts (role_id) WHERE role_id IS NOT NULL;
DROP INDEX accounts_by_state;
DROP INDEX accounts_by_age;
ALTER TABLE accounts DROP COLUMN search;
