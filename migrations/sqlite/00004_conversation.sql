-- Comments and history of tickets.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE ticket_comments (
    id         TEXT NOT NULL CONSTRAINT ticket_comments_pkey PRIMARY KEY,
    ticket_id  TEXT NOT NULL CONSTRAINT ticket_comments_ticket_id_fkey REFERENCES tickets (id),
    body       TEXT NOT NULL,
    visibility TEXT NOT NULL CONSTRAINT ticket_comments_visibility_check CHECK (visibility IN ('public', 'internal')),
    author_id  TEXT NOT NULL CONSTRAINT ticket_comments_author_id_fkey REFERENCES accounts (id),
    created_at TIMESTAMP NOT NULL,
    edited_at  TIMESTAMP
);

-- for the list, and for the foreign key to accounts
CREATE INDEX ticket_comments_by_age ON ticket_comments (ticket_id, created_at, id);
CREATE INDEX ticket_comments_author_id ON ticket_comments (author_id);

-- Entries remain when their comment is removed, so comment_id is not a foreign key. Accounts that an entry refers to
-- cannot be removed.
CREATE TABLE ticket_history (
    id         TEXT NOT NULL CONSTRAINT ticket_history_pkey PRIMARY KEY,
    ticket_id  TEXT NOT NULL CONSTRAINT ticket_history_ticket_id_fkey REFERENCES tickets (id),
    at         TIMESTAMP NOT NULL,
    actor_id   TEXT CONSTRAINT ticket_history_actor_id_fkey REFERENCES accounts (id),
    via        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    field      TEXT NOT NULL,
    from_value TEXT NOT NULL,
    to_value   TEXT NOT NULL,
    from_name  TEXT NOT NULL,
    to_name    TEXT NOT NULL,
    comment_id TEXT,
    internal   BOOLEAN NOT NULL,
    from_account TEXT GENERATED ALWAYS AS (CASE WHEN field IN ('createdFor', 'assignedTo') THEN NULLIF(from_value, '') END) STORED
                 CONSTRAINT ticket_history_from_account_fkey REFERENCES accounts (id),
    to_account   TEXT GENERATED ALWAYS AS (CASE WHEN field IN ('createdFor', 'assignedTo') THEN NULLIF(to_value, '') END) STORED
                 CONSTRAINT ticket_history_to_account_fkey REFERENCES accounts (id)
);

-- for the list, and for the foreign key to accounts
CREATE INDEX ticket_history_by_age ON ticket_history (ticket_id, at DESC, id DESC);
CREATE INDEX ticket_history_actor_id ON ticket_history (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX ticket_history_from_account ON ticket_history (from_account) WHERE from_account IS NOT NULL;
CREATE INDEX ticket_history_to_account ON ticket_history (to_account) WHERE to_account IS NOT NULL;

-- existing tickets get a first entry, as new ones do
INSERT INTO ticket_history (id, ticket_id, at, actor_id, via, kind, field, from_value, to_value, from_name, to_name, comment_id, internal)
    SELECT lower(hex(randomblob(16))), id, created_at, created_by, 'api', 'created', '', '', number, '', '', NULL, FALSE FROM tickets;

-- History is append-only, whoever writes. INSERT OR REPLACE removes rows without a DELETE.
-- +goose StatementBegin
CREATE TRIGGER ticket_history_update BEFORE UPDATE ON ticket_history BEGIN
    SELECT RAISE(ABORT, 'ticket_history is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_history_delete BEFORE DELETE ON ticket_history BEGIN
    SELECT RAISE(ABORT, 'ticket_history is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_history_replace BEFORE INSERT ON ticket_history WHEN EXISTS (SELECT 1 FROM ticket_history h WHERE h.id = new.id) BEGIN
    SELECT RAISE(ABORT, 'ticket_history is only added to');
END;
-- +goose StatementEnd

-- logs about internal notes are for readers who see every ticket
ALTER TABLE notification_logs ADD COLUMN internal BOOLEAN NOT NULL DEFAULT FALSE;

-- unread logs of a recipient, with all columns for counting them; notification_logs_by_recipient has the whole inbox
CREATE INDEX notification_logs_inbox ON notification_logs (recipient_id, created_at DESC, id DESC, ticket_id) WHERE NOT is_read;

-- +goose Down
DROP INDEX notification_logs_inbox;
ALTER TABLE notification_logs DROP COLUMN internal;
DROP TABLE ticket_history;
DROP TABLE ticket_comments;
