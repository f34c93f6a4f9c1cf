-- Lists of accounts and of notification logs, and the records of idempotent requests.
--
-- oldest: 0.1.0

-- +goose Up

-- Accounts are found by the beginnings of words. The program writes the words, as it does those of tickets; this
-- migration writes those of existing accounts: the names, which the index splits, and the phone number with and without
-- a country code of one, two and three digits.
ALTER TABLE accounts ADD COLUMN search TEXT NOT NULL DEFAULT '';
UPDATE accounts SET search = username_key || ' ' || email_key || ' ' || ltrim(phone, '+') || ' ' ||
    substr(ltrim(phone, '+'), 2) || ' ' || substr(ltrim(phone, '+'), 3) || ' ' || substr(ltrim(phone, '+'), 4);

-- The index identifies rows by number only, and SQLite may change the rowids of accounts.
CREATE TABLE account_numbers (
    number     INTEGER CONSTRAINT account_numbers_pkey PRIMARY KEY,
    account_id TEXT NOT NULL CONSTRAINT account_numbers_account_id_key UNIQUE
);
INSERT INTO account_numbers (account_id) SELECT id FROM accounts ORDER BY created_at, id;

-- full text index without content: to remove words, they must be passed to it
CREATE VIRTUAL TABLE accounts_search USING fts5 (search, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
INSERT INTO accounts_search (rowid, search) SELECT k.number, a.search FROM accounts a JOIN account_numbers k ON k.account_id = a.id;

-- +goose StatementBegin
CREATE TRIGGER accounts_search_insert AFTER INSERT ON accounts BEGIN
    INSERT INTO account_numbers (account_id) VALUES (new.id);
    INSERT INTO accounts_search (rowid, search) SELECT number, new.search FROM account_numbers WHERE account_id = new.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_search_update AFTER UPDATE OF search ON accounts WHEN old.search <> new.search BEGIN
    INSERT INTO accounts_search (accounts_search, rowid, search) SELECT 'delete', number, old.search FROM account_numbers WHERE account_id = old.id;
    INSERT INTO accounts_search (rowid, search) SELECT number, new.search FROM account_numbers WHERE account_id = new.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_search_delete AFTER DELETE ON accounts BEGIN
    INSERT INTO accounts_search (accounts_search, rowid, search) SELECT 'delete', number, old.search FROM account_numbers WHERE account_id = old.id;
    DELETE FROM account_numbers WHERE account_id = old.id;
END;
-- +goose StatementEnd

-- for lists, the newest first: of all, of the active or inactive ones, of those with one role, of those with any role
CREATE INDEX accounts_by_age ON accounts (created_at DESC, id DESC);
CREATE INDEX accounts_by_state ON accounts (is_active, created_at DESC, id DESC);
DROP INDEX accounts_role_id;
CREATE INDEX accounts_by_role ON accounts (role_id, created_at DESC, id DESC, is_active) WHERE role_id IS NOT NULL;
CREATE INDEX accounts_in_roles ON accounts (created_at DESC, id DESC) WHERE is_active AND role_id IS NOT NULL;
CREATE INDEX accounts_superusers ON accounts (id) WHERE is_superuser AND is_active;

-- The number of accounts by state and role ('' for none), so that lists need not count. Triggers keep it up to date.
CREATE TABLE account_counts (
    role_id   TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    n         BIGINT NOT NULL,
    CONSTRAINT account_counts_pkey PRIMARY KEY (role_id, is_active)
);
INSERT INTO account_counts SELECT COALESCE(role_id, ''), is_active, COUNT(*) FROM accounts GROUP BY 1, 2;

-- +goose StatementBegin
CREATE TRIGGER accounts_counts_insert AFTER INSERT ON accounts BEGIN
    INSERT INTO account_counts VALUES (COALESCE(new.role_id, ''), new.is_active, 1) ON CONFLICT (role_id, is_active) DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_counts_update AFTER UPDATE OF role_id, is_active ON accounts WHEN old.role_id IS NOT new.role_id OR old.is_active <> new.is_active BEGIN
    INSERT INTO account_counts VALUES (COALESCE(new.role_id, ''), new.is_active, 1) ON CONFLICT (role_id, is_active) DO UPDATE SET n = n + 1;
    UPDATE account_counts SET n = n - 1 WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_counts_delete AFTER DELETE ON accounts BEGIN
    UPDATE account_counts SET n = n - 1 WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active;
END;
-- +goose StatementEnd

CREATE TABLE notification_logs (
    id           TEXT NOT NULL CONSTRAINT notification_logs_pkey PRIMARY KEY,
    type         TEXT NOT NULL,
    recipient_id TEXT NOT NULL CONSTRAINT notification_logs_recipient_id_fkey REFERENCES accounts (id),
    sender_id    TEXT CONSTRAINT notification_logs_sender_id_fkey REFERENCES accounts (id),
    ticket_id    TEXT NOT NULL CONSTRAINT notification_logs_ticket_id_fkey REFERENCES tickets (id),
    title        TEXT NOT NULL,
    message      TEXT NOT NULL,
    is_read      BOOLEAN NOT NULL,
    is_sent      BOOLEAN NOT NULL,
    sent_at      TIMESTAMP,
    read_at      TIMESTAMP,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL
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
    key         TEXT NOT NULL CONSTRAINT replies_pkey PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status      INTEGER NOT NULL,
    location    TEXT NOT NULL,
    body        BLOB NOT NULL,
    created_at  TIMESTAMP NOT NULL
);
CREATE INDEX replies_created_at ON replies (created_at);

-- +goose Down
DROP TABLE replies;
DROP INDEX tickets_deleted;
DROP TABLE notification_logs;
DROP TRIGGER accounts_counts_insert;
DROP TRIGGER accounts_counts_update;
DROP TRIGGER accounts_counts_delete;
DROP TABLE account_counts;
DROP INDEX accounts_superusers;
DROP INDEX accounts_in_roles;
DROP INDEX accounts_by_role;
CREATE INDEX accounts_role_id ON accounts (role_id) WHERE role_id IS NOT NULL;
DROP INDEX accounts_by_state;
DROP INDEX accounts_by_age;
DROP TRIGGER accounts_search_insert;
DROP TRIGGER accounts_search_update;
DROP TRIGGER accounts_search_delete;
DROP TABLE accounts_search;
DROP TABLE account_numbers;
ALTER TABLE accounts DROP COLUMN search;
