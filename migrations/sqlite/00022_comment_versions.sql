-- Former versions of comments that were edited or deleted. Earlier binaries write none.
--
-- oldest: 0.1.0

-- +goose Up
-- Versions remain when their comment is removed, so comment_id is not a foreign key.
CREATE TABLE comment_versions (
    id         TEXT NOT NULL CONSTRAINT comment_versions_pkey PRIMARY KEY,
    comment_id TEXT NOT NULL,
    ticket_id  TEXT NOT NULL CONSTRAINT comment_versions_ticket_id_fkey REFERENCES tickets (id),
    body       TEXT NOT NULL,
    visibility TEXT NOT NULL CONSTRAINT comment_versions_visibility_check CHECK (visibility IN ('public', 'internal')),
    editor_id  TEXT NOT NULL CONSTRAINT comment_versions_editor_id_fkey REFERENCES accounts (id),
    at         TIMESTAMP NOT NULL,
    until      TIMESTAMP NOT NULL,
    deleted    BOOLEAN NOT NULL
);

-- for the list, and for the foreign keys
CREATE INDEX comment_versions_by_age ON comment_versions (comment_id, until, id);
CREATE INDEX comment_versions_ticket_id ON comment_versions (ticket_id);
CREATE INDEX comment_versions_editor_id ON comment_versions (editor_id);

-- +goose Down
DROP TABLE comment_versions;
