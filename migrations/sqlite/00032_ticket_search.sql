-- What is searched of tickets, in words that the program splits: the texts, for phrases, and an index of their words. Words of
-- internal notes have a mark of their own in it. The program fills the table in the background; until it has, tickets.search
-- answers, and programs that do not know this table search there.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE ticket_search (
    seq    INTEGER CONSTRAINT ticket_search_pkey PRIMARY KEY CONSTRAINT ticket_search_seq_fkey REFERENCES tickets (seq) ON DELETE CASCADE,
    public TEXT NOT NULL,
    notes  TEXT NOT NULL
);
-- The words are split already. The tokenizer ascii takes every character beyond ASCII as part of a word.
CREATE VIRTUAL TABLE ticket_lexemes USING fts5 (lexemes, content = '', contentless_delete = 1, tokenize = 'ascii', detail = none);
-- +goose StatementBegin
CREATE TRIGGER ticket_search_delete AFTER DELETE ON ticket_search BEGIN
    DELETE FROM ticket_lexemes WHERE rowid = old.seq;
END;
-- +goose StatementEnd

-- for the marks of one ticket
CREATE INDEX derived_due_row ON derived_due (kind, id);

INSERT INTO derived_walks (kind, rule, position, done) SELECT 'searched tickets', 1, '', NOT EXISTS (SELECT 1 FROM tickets);

-- A deleted ticket is not found, and tickets are found by the new name of their requester.
-- +goose StatementBegin
CREATE TRIGGER tickets_search_deleted AFTER UPDATE OF deleted_at ON tickets
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    DELETE FROM ticket_search WHERE seq = new.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_search_requester AFTER UPDATE OF username, email ON accounts
WHEN new.username <> old.username OR new.email <> old.email BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('requesters', new.id);
END;
-- +goose StatementEnd

-- Every program's writes are marked; one that keeps the table removes the mark. A text that is no longer there must not be found
-- for a moment.
-- +goose StatementBegin
CREATE TRIGGER tickets_mark_insert AFTER INSERT ON tickets WHEN new.deleted_at IS NULL BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('searched tickets', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER tickets_mark_update AFTER UPDATE OF title, description, created_for ON tickets
WHEN new.deleted_at IS NULL
    AND (new.title <> old.title OR new.description <> old.description OR new.created_for IS NOT old.created_for) BEGIN
    DELETE FROM ticket_search WHERE seq = new.seq;
    INSERT INTO derived_due (kind, id) VALUES ('searched tickets', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_mark_insert AFTER INSERT ON ticket_comments BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('searched tickets', new.ticket_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_mark_update AFTER UPDATE OF body, visibility ON ticket_comments BEGIN
    DELETE FROM ticket_search WHERE seq = (SELECT seq FROM tickets WHERE id = old.ticket_id);
    INSERT INTO derived_due (kind, id) VALUES ('searched tickets', old.ticket_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER comments_mark_delete AFTER DELETE ON ticket_comments BEGIN
    DELETE FROM ticket_search WHERE seq = (SELECT seq FROM tickets WHERE id = old.ticket_id);
    INSERT INTO derived_due (kind, id) VALUES ('searched tickets', old.ticket_id);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER comments_mark_delete;
DROP TRIGGER comments_mark_update;
DROP TRIGGER comments_mark_insert;
DROP TRIGGER tickets_mark_update;
DROP TRIGGER tickets_mark_insert;
DROP TRIGGER accounts_search_requester;
DROP TRIGGER tickets_search_deleted;
DROP TABLE ticket_search;
DROP TABLE ticket_lexemes;
DROP INDEX derived_due_row;
DELETE FROM derived_walks WHERE kind = 'searched tickets';
DELETE FROM derived_due WHERE kind IN ('searched tickets', 'requesters');
-- the words that earlier releases search; this release has left the column empty
UPDATE tickets SET search = lower(number || ' ' || title || ' ' || description) WHERE search = '' AND deleted_at IS NULL;
