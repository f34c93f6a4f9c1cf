-- Comments and history of tickets.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE ticket_comments (
    id         TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_comments_pkey PRIMARY KEY,
    ticket_id  TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_comments_ticket_id_fkey REFERENCES tickets (id),
    body       TEXT NOT NULL,
    visibility TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_comments_visibility_check CHECK (visibility IN ('public', 'internal')),
    author_id  TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_comments_author_id_fkey REFERENCES accounts (id),
    created_at TIMESTAMPTZ NOT NULL,
    edited_at  TIMESTAMPTZ
);

-- for the list, and for the foreign key to accounts
CREATE INDEX ticket_comments_by_age ON ticket_comments (ticket_id, created_at, id);
CREATE INDEX ticket_comments_author_id ON ticket_comments (author_id);

-- Entries remain when their comment is removed, so comment_id is not a foreign key. Accounts that an entry refers to
-- cannot be removed.
CREATE TABLE ticket_history (
    id         TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_history_pkey PRIMARY KEY,
    ticket_id  TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_history_ticket_id_fkey REFERENCES tickets (id),
    at         TIMESTAMPTZ NOT NULL,
    actor_id   TEXT COLLATE "C" CONSTRAINT ticket_history_actor_id_fkey REFERENCES accounts (id),
    via        TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    field      TEXT COLLATE "C" NOT NULL,
    from_value TEXT NOT NULL,
    to_value   TEXT NOT NULL,
    from_name  TEXT NOT NULL,
    to_name    TEXT NOT NULL,
    comment_id TEXT COLLATE "C",
    internal   BOOLEAN NOT NULL,
    from_account TEXT COLLATE "C" GENERATED ALWAYS AS (CASE WHEN field IN ('createdFor', 'assignedTo') THEN NULLIF(from_value, '') END) STORED
                 CONSTRAINT ticket_history_from_account_fkey REFERENCES accounts (id),
    to_account   TEXT COLLATE "C" GENERATED ALWAYS AS (CASE WHEN field IN ('createdFor', 'assignedTo') THEN NULLIF(to_value, '') END) STORED
                 CONSTRAINT ticket_history_to_account_fkey REFERENCES accounts (id)
);

-- for the list, and for the foreign key to accounts
CREATE INDEX ticket_history_by_age ON ticket_history (ticket_id, at DESC, id DESC);
CREATE INDEX ticket_history_actor_id ON ticket_history (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX ticket_history_from_account ON ticket_history (from_account) WHERE from_account IS NOT NULL;
CREATE INDEX ticket_history_to_account ON ticket_history (to_account) WHERE to_account IS NOT NULL;

-- existing tickets get a first entry, as new ones do
INSERT INTO ticket_history (id, ticket_id, at, actor_id, via, kind, field, from_value, to_value, from_name, to_name, comment_id, internal)
    SELECT md5('created ' || id), id, created_at, created_by, 'api', 'created', '', '', number, '', '', NULL, FALSE FROM tickets;

-- History is append-only, whoever writes.
-- +goose StatementBegin
CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ticket_history is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER ticket_history_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_change();

-- logs about internal notes are for readers who see every ticket
ALTER TABLE notification_logs ADD COLUMN internal BOOLEAN NOT NULL DEFAULT FALSE;

-- unread logs of a recipient, with all columns for counting them; notification_logs_by_recipient has the whole inbox
CREATE INDEX notification_logs_inbox ON notification_logs (recipient_id, created_at DESC, id DESC, ticket_id) WHERE NOT is_read;

-- +goose Down
DROP INDEX notification_logs_inbox;
ALTER TABLE notification_logs DROP COLUMN internal;
DROP TABLE ticket_history;
DROP FUNCTION refuse_history_change;
DROP TABLE ticket_comments;
