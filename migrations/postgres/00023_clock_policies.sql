-- The policy by which an open clock runs, so that a policy is not removed while clocks run by it, whatever runs in parallel.
-- NULL: the hours of a priority apply, the clock is over, its policy was removed, or an earlier release wrote the row.
-- And forecasts that go on in the background, which earlier binaries neither read nor write.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE sla_clocks ADD COLUMN policy_id TEXT COLLATE "C" CONSTRAINT sla_clocks_policy_id_fkey REFERENCES sla_policies (id);

CREATE TABLE operations (
    id               TEXT COLLATE "C" NOT NULL CONSTRAINT operations_pkey PRIMARY KEY,
    account_id       TEXT COLLATE "C" NOT NULL CONSTRAINT operations_account_id_fkey REFERENCES accounts (id) ON DELETE CASCADE,
    policy_id        TEXT COLLATE "C",
    priority_id      TEXT COLLATE "C",
    state            TEXT COLLATE "C" NOT NULL,
    progress         BIGINT NOT NULL,
    total            BIGINT NOT NULL,
    after_id         TEXT COLLATE "C",
    tickets          BIGINT NOT NULL,
    due_times_moved  BIGINT NOT NULL,
    breaches_added   BIGINT NOT NULL,
    breaches_removed BIGINT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX operations_account_id ON operations (account_id);
CREATE INDEX operations_updated_at ON operations (updated_at);

-- +goose Down
DROP TABLE operations;
ALTER TABLE sla_clocks DROP COLUMN policy_id;
