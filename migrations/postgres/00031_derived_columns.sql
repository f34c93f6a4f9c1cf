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

-- the number of the rules by which the program of this transaction derives; 0 if it does not
-- +goose StatementBegin
CREATE FUNCTION derives() RETURNS INTEGER LANGUAGE sql STABLE AS $$
    SELECT CAST(COALESCE(NULLIF(current_setting('tickt.derives', TRUE), ''), '0') AS INTEGER)
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION derives();
DROP TABLE derived_walks;
DROP TABLE derived_due;
