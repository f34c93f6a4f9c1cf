-- Tickets. The values that lists are ordered by are stored in the row, so that every order reads one index: cascading
-- foreign keys keep the weights and the creator's name up to date, and generated columns hold keys for unset times and
-- descending numbers.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE ticket_numbers (
    day  TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_numbers_pkey PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE tickets (
    id                    TEXT COLLATE "C" NOT NULL CONSTRAINT tickets_pkey PRIMARY KEY,
    number                TEXT COLLATE "C" NOT NULL CONSTRAINT tickets_number_key UNIQUE,
    title                 TEXT NOT NULL,
    description           TEXT NOT NULL,
    menu_id               TEXT COLLATE "C" CONSTRAINT tickets_menu_id_fkey REFERENCES menus (id) ON DELETE SET NULL,
    status_id             TEXT COLLATE "C" NOT NULL,
    status_weight         INTEGER NOT NULL,
    priority_id           TEXT COLLATE "C" NOT NULL,
    priority_weight       INTEGER NOT NULL,
    created_for           TEXT COLLATE "C" CONSTRAINT tickets_created_for_fkey REFERENCES accounts (id),
    assigned_to           TEXT COLLATE "C" CONSTRAINT tickets_assigned_to_fkey REFERENCES accounts (id),
    created_by            TEXT COLLATE "C",
    creator               TEXT COLLATE "C" NOT NULL,
    response_deadline     TIMESTAMPTZ,
    due_date              TIMESTAMPTZ,
    first_response_at     TIMESTAMPTZ,
    resolved_at           TIMESTAMPTZ,
    sla_due_date          TIMESTAMPTZ,
    sla_by_hand           BOOLEAN NOT NULL,
    sla_breached          BOOLEAN NOT NULL,
    is_escalated          BOOLEAN NOT NULL,
    customer_satisfaction INTEGER CONSTRAINT tickets_customer_satisfaction_check CHECK (customer_satisfaction BETWEEN 1 AND 5),
    urgency               INTEGER NOT NULL,
    urgency_from          TIMESTAMPTZ NOT NULL,
    urgency_until         TIMESTAMPTZ NOT NULL,
    created_at            TIMESTAMPTZ NOT NULL,
    updated_at            TIMESTAMPTZ NOT NULL,
    deleted_at            TIMESTAMPTZ,
    search                TSVECTOR NOT NULL,
    breach_rank   INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN sla_breached THEN 0 ELSE 1 END) STORED,
    urgency_rank  INTEGER NOT NULL GENERATED ALWAYS AS (CASE WHEN urgency > 0 THEN -urgency ELSE -priority_weight END) STORED,
    priority_rank INTEGER NOT NULL GENERATED ALWAYS AS (-priority_weight) STORED,
    sla_key       TIMESTAMPTZ NOT NULL GENERATED ALWAYS AS (COALESCE(sla_due_date, TIMESTAMPTZ '9999-12-31 00:00:00+00')) STORED,
    deadline_key  TIMESTAMPTZ NOT NULL GENERATED ALWAYS AS (COALESCE(response_deadline, TIMESTAMPTZ '9999-12-31 00:00:00+00')) STORED,
    due_key       TIMESTAMPTZ NOT NULL GENERATED ALWAYS AS (COALESCE(due_date, TIMESTAMPTZ '9999-12-31 00:00:00+00')) STORED,
    CONSTRAINT tickets_status_fkey FOREIGN KEY (status_id, status_weight) REFERENCES ticket_statuses (id, weight) ON UPDATE CASCADE,
    CONSTRAINT tickets_priority_fkey FOREIGN KEY (priority_id, priority_weight) REFERENCES ticket_priorities (id, weight) ON UPDATE CASCADE,
    CONSTRAINT tickets_creator_fkey FOREIGN KEY (created_by, creator) REFERENCES accounts (id, username_key) ON UPDATE CASCADE
);

-- the orders of lists
CREATE INDEX tickets_by_importance ON tickets (urgency_rank, status_weight, sla_key, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_sla ON tickets (breach_rank, sla_key, priority_rank, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_deadline ON tickets (deadline_key, due_key, priority_rank, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_priority ON tickets (priority_rank, status_weight, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_created ON tickets (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_creator ON tickets (creator, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- tickets whose urgency will expire, and those whose urgency was recomputed after a walk began
CREATE INDEX tickets_by_urgency_from ON tickets (urgency_from) WHERE deleted_at IS NULL;
CREATE INDEX tickets_by_urgency_until ON tickets (urgency_until) WHERE deleted_at IS NULL AND urgency_until < TIMESTAMPTZ '9999-12-31 00:00:00+00';

-- for filters and their counts, and for the foreign keys
CREATE INDEX tickets_status ON tickets (status_id, priority_id, deleted_at);
CREATE INDEX tickets_priority ON tickets (priority_id, deleted_at);
CREATE INDEX tickets_created_by ON tickets (created_by);
CREATE INDEX tickets_created_for ON tickets (created_for) WHERE created_for IS NOT NULL;
CREATE INDEX tickets_assigned_to ON tickets (assigned_to) WHERE assigned_to IS NOT NULL;
CREATE INDEX tickets_menu_id ON tickets (menu_id) WHERE menu_id IS NOT NULL;

CREATE INDEX tickets_search ON tickets USING gin (search);

-- +goose Down
DROP TABLE tickets;
DROP TABLE ticket_numbers;
