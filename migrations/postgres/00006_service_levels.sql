-- Service levels: calendars, policies, and the clocks of tickets.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE calendars (
    id            TEXT COLLATE "C" NOT NULL CONSTRAINT calendars_pkey PRIMARY KEY,
    name          TEXT NOT NULL,
    name_key      TEXT COLLATE "C" NOT NULL CONSTRAINT calendars_name_key UNIQUE,
    time_zone     TEXT NOT NULL,
    hours         TEXT NOT NULL,
    holidays      TEXT NOT NULL,
    edition_id    TEXT COLLATE "C" NOT NULL,
    is_predefined BOOLEAN NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL
);

-- Versions of calendars. Clocks keep the version that they began with, so a version outlives changes and the calendar.
CREATE TABLE calendar_editions (
    id          TEXT COLLATE "C" NOT NULL CONSTRAINT calendar_editions_pkey PRIMARY KEY,
    calendar_id TEXT COLLATE "C" NOT NULL,
    name        TEXT NOT NULL,
    time_zone   TEXT NOT NULL,
    hours       TEXT NOT NULL,
    holidays    TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX calendar_editions_calendar_id ON calendar_editions (calendar_id);

-- the calendar that is always open, with fixed ids
INSERT INTO calendars VALUES ('5b0c7d21f4e84a36b9d2608ae1c97f03', '24/7', '24/7', 'UTC',
    '{"fri":[["00:00","24:00"]],"mon":[["00:00","24:00"]],"sat":[["00:00","24:00"]],"sun":[["00:00","24:00"]],"thu":[["00:00","24:00"]],"tue":[["00:00","24:00"]],"wed":[["00:00","24:00"]]}',
    '[]', '9e41d06c7a2b4f58831f5ac4d70be692', TRUE, date_trunc('second', now()), date_trunc('second', now()));
INSERT INTO calendar_editions SELECT edition_id, id, name, time_zone, hours, holidays, created_at FROM calendars;

CREATE TABLE sla_policies (
    id                 TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policies_pkey PRIMARY KEY,
    name               TEXT NOT NULL,
    name_key           TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policies_name_key UNIQUE,
    position           BIGINT NOT NULL CONSTRAINT sla_policies_position_key UNIQUE,
    pause_types        TEXT NOT NULL, -- types of statuses, with commas between them
    on_reopen          TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policies_on_reopen_check CHECK (on_reopen IN ('resume', 'restart')),
    escalate_on_breach BOOLEAN NOT NULL,
    is_active          BOOLEAN NOT NULL,
    created_at         TIMESTAMPTZ NOT NULL,
    updated_at         TIMESTAMPTZ NOT NULL
);
CREATE TABLE sla_policy_priorities (
    policy_id   TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policy_priorities_policy_id_fkey REFERENCES sla_policies (id) ON DELETE CASCADE,
    priority_id TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policy_priorities_priority_id_fkey REFERENCES ticket_priorities (id),
    place       INTEGER NOT NULL,
    CONSTRAINT sla_policy_priorities_pkey PRIMARY KEY (policy_id, priority_id)
);
CREATE INDEX sla_policy_priorities_priority_id ON sla_policy_priorities (priority_id);
CREATE TABLE sla_policy_menus (
    policy_id TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policy_menus_policy_id_fkey REFERENCES sla_policies (id) ON DELETE CASCADE,
    menu_id   TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policy_menus_menu_id_fkey REFERENCES menus (id),
    place     INTEGER NOT NULL,
    CONSTRAINT sla_policy_menus_pkey PRIMARY KEY (policy_id, menu_id)
);
CREATE INDEX sla_policy_menus_menu_id ON sla_policy_menus (menu_id);
CREATE TABLE sla_policy_targets (
    policy_id    TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policy_targets_policy_id_fkey REFERENCES sla_policies (id) ON DELETE CASCADE,
    metric       TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policy_targets_metric_check CHECK (metric IN ('first_response', 'next_response', 'resolution')),
    place        INTEGER NOT NULL,
    minutes      BIGINT NOT NULL CONSTRAINT sla_policy_targets_minutes_check CHECK (minutes > 0),
    calendar_id  TEXT COLLATE "C" NOT NULL CONSTRAINT sla_policy_targets_calendar_id_fkey REFERENCES calendars (id),
    warn_percent INTEGER NOT NULL CONSTRAINT sla_policy_targets_warn_percent_check CHECK (warn_percent BETWEEN 1 AND 99),
    CONSTRAINT sla_policy_targets_pkey PRIMARY KEY (policy_id, metric)
);
CREATE INDEX sla_policy_targets_calendar_id ON sla_policy_targets (calendar_id);

-- The events of the clocks of a ticket, in order. An event stores the whole promise that it makes, so that changes of
-- the policy do not affect it; the policy or the priority may have been removed.
CREATE TABLE sla_events (
    ticket_id      TEXT COLLATE "C" NOT NULL CONSTRAINT sla_events_ticket_id_fkey REFERENCES tickets (id),
    seq            INTEGER NOT NULL,
    metric         TEXT COLLATE "C" NOT NULL,
    cycle          INTEGER NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL,
    at             TIMESTAMPTZ NOT NULL,
    recorded_at    TIMESTAMPTZ NOT NULL,
    reason         TEXT NOT NULL,
    policy_id      TEXT COLLATE "C",
    priority_id    TEXT COLLATE "C",
    target_seconds BIGINT,
    due_at         TIMESTAMPTZ,
    edition_id     TEXT COLLATE "C" CONSTRAINT sla_events_edition_id_fkey REFERENCES calendar_editions (id),
    warn_percent   INTEGER,
    pause_types    TEXT,
    on_reopen      TEXT COLLATE "C",
    escalate       BOOLEAN,
    CONSTRAINT sla_events_pkey PRIMARY KEY (ticket_id, seq)
);

-- events that a clock has at most once, whoever records them
CREATE UNIQUE INDEX sla_events_once ON sla_events (ticket_id, metric, cycle, kind) WHERE kind IN ('activate', 'warn', 'breach');

-- The ledger is append-only, whoever writes.
-- +goose StatementBegin
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER sla_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON sla_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER calendar_editions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON calendar_editions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

-- The state of each clock, derived from its events and stored with them, for counting. decided_at is when it was
-- breached, or met in time.
CREATE TABLE sla_clocks (
    ticket_id  TEXT COLLATE "C" NOT NULL CONSTRAINT sla_clocks_ticket_id_fkey REFERENCES tickets (id),
    metric     TEXT COLLATE "C" NOT NULL,
    cycle      INTEGER NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    due_at     TIMESTAMPTZ,
    decided_at TIMESTAMPTZ,
    CONSTRAINT sla_clocks_pkey PRIMARY KEY (ticket_id, metric, cycle)
);

-- when time will next change a clock of the ticket
ALTER TABLE tickets ADD COLUMN sla_next_at TIMESTAMPTZ;
-- the due date of which people were reminded
ALTER TABLE tickets ADD COLUMN due_reminded TIMESTAMPTZ;
-- when the first breach was recorded
ALTER TABLE tickets ADD COLUMN sla_breached_at TIMESTAMPTZ;

-- Promises from before there were ledgers: a first response within some hours after the ticket was opened. The sweep
-- processes those that still run as soon as it can.
INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, priority_id, target_seconds, due_at, edition_id, warn_percent, pause_types, on_reopen, escalate)
    SELECT t.id, 1, 'first_response', 1, 'activate', t.created_at, t.created_at, '', CASE WHEN NOT t.sla_by_hand THEN t.priority_id END,
        GREATEST(1, CAST(EXTRACT(EPOCH FROM t.sla_due_date - t.created_at) AS BIGINT)), CASE WHEN t.sla_by_hand THEN t.sla_due_date END,
        '9e41d06c7a2b4f58831f5ac4d70be692', 80, 'pending', 'resume', FALSE
    FROM tickets t JOIN ticket_statuses s ON s.id = t.status_id
    WHERE t.deleted_at IS NULL AND t.first_response_at IS NULL AND t.sla_due_date IS NOT NULL AND s.status_type IN ('open', 'in_progress', 'pending');
INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason)
    SELECT e.ticket_id, 2, e.metric, e.cycle, CASE WHEN t.sla_breached THEN 'breach' ELSE 'pause' END,
        CASE WHEN t.sla_breached THEN t.sla_due_date ELSE t.updated_at END, t.updated_at, CASE WHEN t.sla_breached THEN '' ELSE 'pending' END
    FROM sla_events e JOIN tickets t ON t.id = e.ticket_id JOIN ticket_statuses s ON s.id = t.status_id
    WHERE t.sla_breached OR s.status_type = 'pending';
INSERT INTO sla_clocks (ticket_id, metric, cycle, state, due_at, decided_at)
    SELECT e.ticket_id, e.metric, e.cycle, CASE x.kind WHEN 'breach' THEN 'breached' WHEN 'pause' THEN 'paused' ELSE 'running' END,
        CASE WHEN x.kind IS NULL THEN t.sla_due_date END, CASE WHEN x.kind = 'breach' THEN t.sla_due_date END
    FROM sla_events e JOIN tickets t ON t.id = e.ticket_id LEFT JOIN sla_events x ON x.ticket_id = e.ticket_id AND x.seq = 2
    WHERE e.seq = 1;
UPDATE tickets SET sla_next_at = created_at, urgency_until = created_at
    WHERE id IN (SELECT ticket_id FROM sla_clocks WHERE state = 'running');
-- due dates of which no one has been reminded yet
UPDATE tickets SET urgency_until = LEAST(urgency_until, due_date - INTERVAL '24 hours')
    FROM ticket_statuses s WHERE s.id = tickets.status_id AND s.status_type IN ('open', 'in_progress', 'pending') AND due_date > now() AND deleted_at IS NULL;

-- +goose Down
ALTER TABLE tickets DROP COLUMN sla_breached_at;
ALTER TABLE tickets DROP COLUMN due_reminded;
ALTER TABLE tickets DROP COLUMN sla_next_at;
DROP TABLE sla_clocks;
DROP TABLE sla_events;
DROP TABLE sla_policy_targets;
DROP TABLE sla_policy_menus;
DROP TABLE sla_policy_priorities;
DROP TABLE sla_policies;
DROP TABLE calendar_editions;
DROP TABLE calendars;
DROP FUNCTION refuse_ledger_change;
