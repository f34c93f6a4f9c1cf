-- The processes that run on this database, each of which renews its row from time to time.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE processes (
    id         TEXT NOT NULL CONSTRAINT processes_pkey PRIMARY KEY,
    command    TEXT NOT NULL,
    version    TEXT NOT NULL,
    host       TEXT NOT NULL,
    pid        BIGINT NOT NULL,
    pid_space  TEXT NOT NULL, -- where pid names a process, '' if that is not known
    started_at TIMESTAMP NOT NULL,
    seen_at    TIMESTAMP NOT NULL
);

-- +goose Down
DROP TABLE processes;
