-- Tickets that the sweep failed on. They are retried one by one, so that they do not stop the others.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE tickets_set_aside (
    ticket_id    TEXT COLLATE "C" NOT NULL CONSTRAINT tickets_set_aside_pkey PRIMARY KEY
                 CONSTRAINT tickets_set_aside_ticket_id_fkey REFERENCES tickets (id) ON DELETE CASCADE,
    attempts     INTEGER NOT NULL CONSTRAINT tickets_set_aside_attempts_check CHECK (attempts > 0),
    reason       TEXT NOT NULL,
    set_aside_at TIMESTAMPTZ NOT NULL,
    retry_at     TIMESTAMPTZ NOT NULL
);

CREATE INDEX tickets_set_aside_retry_at_idx ON tickets_set_aside (retry_at);

-- +goose Down
DROP TABLE tickets_set_aside;
