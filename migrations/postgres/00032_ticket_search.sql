-- What is searched of tickets, in words that the program splits: the texts, for phrases, and an index of their words. Words of
-- internal notes have a mark of their own in it. The column pad makes every row longer than the 2 kB from which PostgreSQL moves
-- values out of line, so that reading many rows reads few pages. The program fills the table in the background; until it has,
-- tickets.search answers, and programs that do not know this table search there.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE ticket_search (
    ticket_id TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_search_pkey PRIMARY KEY
        CONSTRAINT ticket_search_ticket_id_fkey REFERENCES tickets (id) ON DELETE CASCADE,
    public    TEXT COLLATE "C" NOT NULL,
    notes     TEXT COLLATE "C" NOT NULL,
    pad       TEXT COLLATE "C" NOT NULL DEFAULT repeat(' ', 2100)
) WITH (toast_tuple_target = 128);
ALTER TABLE ticket_search ALTER COLUMN pad SET STORAGE MAIN;

-- The words of a document; those of notes begin with U+E001. The cost keeps the planner from computing them for every row: the index
-- holds them.
-- +goose StatementBegin
CREATE FUNCTION search_words(public TEXT, notes TEXT) RETURNS TSVECTOR LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100000 AS $$
BEGIN
    RETURN array_to_tsvector(array_remove(array_remove(
        string_to_array(translate(public, E'\n', ''), ' ')
            || string_to_array(replace(translate(notes, E'\n', ''), ' ', U&' \E001'), ' '), ''), U&'\E001'));
END $$;
-- +goose StatementEnd
CREATE INDEX ticket_search_words ON ticket_search USING gin (search_words(public, notes));

-- for the marks of one ticket
CREATE INDEX derived_due_row ON derived_due (kind, id);

INSERT INTO derived_walks (kind, rule, position, done) SELECT 'searched tickets', 1, '', NOT EXISTS (SELECT 1 FROM tickets);

-- Whatever program writes: a deleted ticket is not found, and tickets are found by the new name of their requester.
-- +goose StatementBegin
CREATE FUNCTION tickets_unsearch() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ticket_search WHERE ticket_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_search_deleted AFTER UPDATE OF deleted_at ON tickets FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL) EXECUTE FUNCTION tickets_unsearch();
-- +goose StatementBegin
CREATE FUNCTION accounts_mark_requester() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('requesters', NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER accounts_search_requester AFTER UPDATE OF username, email ON accounts FOR EACH ROW
    WHEN (NEW.username <> OLD.username OR NEW.email <> OLD.email) EXECUTE FUNCTION accounts_mark_requester();

-- What a program writes that does not keep the table. A text that is no longer there must not be found for a moment.
-- +goose StatementBegin
CREATE FUNCTION tickets_mark_search() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM ticket_search WHERE ticket_id = NEW.id;
    INSERT INTO derived_due (kind, id) VALUES ('searched tickets', NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_search_insert AFTER INSERT ON tickets FOR EACH ROW
    WHEN (derives() < 1 AND NEW.deleted_at IS NULL) EXECUTE FUNCTION tickets_mark_search();
CREATE TRIGGER tickets_search_update AFTER UPDATE OF title, description, created_for ON tickets FOR EACH ROW
    WHEN (derives() < 1 AND NEW.deleted_at IS NULL AND (NEW.title <> OLD.title OR NEW.description <> OLD.description
        OR NEW.created_for IS DISTINCT FROM OLD.created_for)) EXECUTE FUNCTION tickets_mark_search();
-- +goose StatementBegin
CREATE FUNCTION comments_mark_search() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM ticket_search WHERE ticket_id = OLD.ticket_id;
        INSERT INTO derived_due (kind, id) VALUES ('searched tickets', OLD.ticket_id);
    ELSE
        INSERT INTO derived_due (kind, id) VALUES ('searched tickets', NEW.ticket_id);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER comments_search_insert AFTER INSERT ON ticket_comments FOR EACH ROW
    WHEN (derives() < 1) EXECUTE FUNCTION comments_mark_search();
CREATE TRIGGER comments_search_update AFTER UPDATE OF body, visibility ON ticket_comments FOR EACH ROW
    WHEN (derives() < 1) EXECUTE FUNCTION comments_mark_search();
CREATE TRIGGER comments_search_delete AFTER DELETE ON ticket_comments FOR EACH ROW
    WHEN (derives() < 1) EXECUTE FUNCTION comments_mark_search();

-- +goose Down
DROP TRIGGER comments_search_delete ON ticket_comments;
DROP TRIGGER comments_search_update ON ticket_comments;
DROP TRIGGER comments_search_insert ON ticket_comments;
DROP FUNCTION comments_mark_search();
DROP TRIGGER tickets_search_update ON tickets;
DROP TRIGGER tickets_search_insert ON tickets;
DROP FUNCTION tickets_mark_search();
DROP TRIGGER accounts_search_requester ON accounts;
DROP FUNCTION accounts_mark_requester();
DROP TRIGGER tickets_search_deleted ON tickets;
DROP FUNCTION tickets_unsearch();
DROP TABLE ticket_search;
DROP FUNCTION search_words(TEXT, TEXT);
DROP INDEX derived_due_row;
DELETE FROM derived_walks WHERE kind = 'searched tickets';
DELETE FROM derived_due WHERE kind IN ('searched tickets', 'requesters');
-- the words that earlier releases search; this release has left the column empty
UPDATE tickets SET search = array_to_tsvector(ARRAY(SELECT DISTINCT left(w, 64)
        FROM regexp_split_to_table(lower(number || ' ' || title || ' ' || description), '[^[:alnum:]]+') w WHERE w <> ''))
    WHERE search = '' AND deleted_at IS NULL;
