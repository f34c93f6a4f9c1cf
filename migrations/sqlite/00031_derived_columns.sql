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

-- +goose Down
DROP TABLE derived_walks;
DROP TABLE derived_due;
