-- Service levels: calendars, policies, and the clocks of tickets.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE calendars (
    id            TEXT NOT NULL CONSTRAINT calendars_pkey PRIMARY KEY,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL CONSTRAINT calendars_name_key UNIQUE,
    time_zone     TEXT NOT NULL,
    hours         TEXT NOT NULL,
    holidays      TEXT NOT NULL,
    edition_id    TEXT NOT NULL,
    is_predefined BOOLEAN NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL
);

-- Versions of calendars. Clocks keep the version that they began with, so a version outlives changes and the calendar.
CREATE TABLE calendar_editions (
    id          TEXT NOT NULL CONSTRAINT calendar_editions_pkey PRIMARY KEY,
    calendar_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    time_zone   TEXT NOT NULL,
    hours       TEXT NOT NULL,
    holidays    TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL
);
CREATE INDEX calendar_editions_calendar_id ON calendar_editions (calendar_id);

-- the calendar that is always open, with fixed ids
INSERT INTO calendars VALUES ('5b0c7d21f4e84a36b9d2608ae1c97f03', '24/7', '24/7', 'UTC',
    '{"fri":[["00:00","24:00"]],"mon":[["00:00","24:00"]],"sat":[["00:00","24:00"]],"sun":[["00:00","24:00"]],"thu":[["00:00","24:00"]],"tue":[["00:00","24:00"]],"wed":[["00:00","24:00"]]}',
    '[]', '9e41d06c7a2b4f58831f5ac4d70be692', TRUE, strftime('%Y-%m-%d %H:%M:%S+00:00', 'now'), strftime('%Y-%m-%d %H:%M:%S+00:00', 'now'));
INSERT INTO calendar_editions SELECT edition_id, id, name, time_zone, hours, holidays, created_at FROM calendars;

CREATE TABLE sla_policies (
    id                 TEXT NOT NULL CONSTRAINT sla_policies_pkey PRIMARY KEY,
    name               TEXT NOT NULL,
    name_key           TEXT NOT NULL CONSTRAINT sla_policies_name_key UNIQUE,
    position           BIGINT NOT NULL CONSTRAINT sla_policies_position_key UNIQUE,
    pause_types        TEXT NOT NULL, -- types of statuses, with commas between them
    on_reopen          TEXT NOT NULL CONSTRAINT sla_policies_on_reopen_check CHECK (on_reopen IN ('resume', 'restart')),
    escalate_on_breach BOOLEAN NOT NULL,
    is_active          BOOLEAN NOT NULL,
    created_at         TIMESTAMP NOT NULL,
    updated_at         TIMESTAMP NOT NULL
);
CREATE TABLE sla_policy_priorities (
    policy_id   TEXT NOT NULL CONSTRAINT sla_policy_priorities_policy_id_fkey REFERENCES sla_policies (id) ON DELETE CASCADE,
    priority_id TEXT NOT NULL CONSTRAINT sla_policy_priorities_priority_id_fkey REFERENCES ticket_priorities (id),
    place       INTEGER NOT NULL,
    CONSTRAINT sla_policy_priorities_pkey PRIMARY KEY (policy_id, priority_id)
);
CREATE INDEX sla_policy_priorities_priority_id ON sla_policy_priorities (priority_id);
CREATE TABLE sla_policy_menus (
    policy_id TEXT NOT NULL CONSTRAINT sla_policy_menus_policy_id_fkey REFERENCES sla_policies (id) ON DELETE CASCADE,
    menu_id   TEXT NOT NULL CONSTRAINT sla_policy_menus_menu_id_fkey REFERENCES menus (id),
    place     INTEGER NOT NULL,
    CONSTRAINT sla_policy_menus_pkey PRIMARY KEY (policy_id, menu_id)
);
CREATE INDEX sla_policy_menus_menu_id ON sla_policy_menus (menu_id);
CREATE TABLE sla_policy_targets (
    policy_id    TEXT NOT NULL CONSTRAINT sla_policy_targets_policy_id_fkey REFERENCES sla_policies (id) ON DELETE CASCADE,
    metric       TEXT NOT NULL CONSTRAINT sla_policy_targets_metric_check CHECK (metric IN ('first_response', 'next_response', 'resolution')),
    place        INTEGER NOT NULL,
    minutes      BIGINT NOT NULL CONSTRAINT sla_policy_targets_minutes_check CHECK (minutes > 0),
    calendar_id  TEXT NOT NULL CONSTRAINT sla_policy_targets_calendar_id_fkey REFERENCES calendars (id),
    warn_percent INTEGER NOT NULL CONSTRAINT sla_policy_targets_warn_percent_check CHECK (warn_percent BETWEEN 1 AND 99),
    CONSTRAINT sla_policy_targets_pkey PRIMARY KEY (policy_id, metric)
);
CREATE INDEX sla_policy_targets_calendar_id ON sla_policy_targets (calendar_id);

-- The events of the clocks of a ticket, in order. An event stores the whole promise that it makes, so that changes of
-- the policy do not affect it; the policy or the priority may have been removed.
CREATE TABLE sla_events (
    ticket_id      TEXT NOT NULL CONSTRAINT sla_events_ticket_id_fkey REFERENCES tickets (id),
    seq            INTEGER NOT NULL,
    metric         TEXT NOT NULL,
    cycle          INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    at             TIMESTAMP NOT NULL,
    recorded_at    TIMESTAMP NOT NULL,
    reason         TEXT NOT NULL,
    policy_id      TEXT,
    priority_id    TEXT,
    target_seconds BIGINT,
    due_at         TIMESTAMP,
    edition_id     TEXT CONSTRAINT sla_events_edition_id_fkey REFERENCES calendar_editions (id),
    warn_percent   INTEGER,
    pause_types    TEXT,
    on_reopen      TEXT,
    escalate       BOOLEAN,
    CONSTRAINT sla_events_pkey PRIMARY KEY (ticket_id, seq)
);

-- events that a clock has at most once, whoever records them
CREATE UNIQUE INDEX sla_events_once ON sla_events (ticket_id, metric, cycle, kind) WHERE kind IN ('activate', 'warn', 'breach');

-- The ledger is append-only, whoever writes. INSERT OR REPLACE removes rows without a DELETE.
-- +goose StatementBegin
CREATE TRIGGER sla_events_update BEFORE UPDATE ON sla_events BEGIN
    SELECT RAISE(ABORT, 'sla_events is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_events_delete BEFORE DELETE ON sla_events BEGIN
    SELECT RAISE(ABORT, 'sla_events is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_events_replace BEFORE INSERT ON sla_events WHEN EXISTS (SELECT 1 FROM sla_events e WHERE e.ticket_id = new.ticket_id AND (e.seq = new.seq OR e.metric = new.metric AND e.cycle = new.cycle AND e.kind = new.kind AND e.kind IN ('activate', 'warn', 'breach'))) BEGIN
    SELECT RAISE(ABORT, 'sla_events is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendar_editions_update BEFORE UPDATE ON calendar_editions BEGIN
    SELECT RAISE(ABORT, 'calendar_editions is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendar_editions_delete BEFORE DELETE ON calendar_editions BEGIN
    SELECT RAISE(ABORT, 'calendar_editions is only added to');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendar_editions_replace BEFORE INSERT ON calendar_editions WHEN EXISTS (SELECT 1 FROM calendar_editions e WHERE e.id = new.id) BEGIN
    SELECT RAISE(ABORT, 'calendar_editions is only added to');
END;
-- +goose StatementEnd

-- The state of each clock, derived from its events and stored with them, for counting. decided_at is when it was
-- breached, or met in time.
CREATE TABLE sla_clocks (
    ticket_id  TEXT NOT NULL CONSTRAINT sla_clocks_ticket_id_fkey REFERENCES tickets (id),
    metric     TEXT NOT NULL,
    cycle      INTEGER NOT NULL,
    state      TEXT NOT NULL,
    due_at     TIMESTAMP,
    decided_at TIMESTAMP,
    CONSTRAINT sla_clocks_pkey PRIMARY KEY (ticket_id, metric, cycle)
);

-- when time will next change a clock of the ticket
ALTER TABLE tickets ADD COLUMN sla_next_at TIMESTAMP;
-- the due date of which people were reminded
ALTER TABLE tickets ADD COLUMN due_reminded TIMESTAMP;
-- when the first breach was recorded
ALTER TABLE tickets ADD COLUMN sla_breached_at TIMESTAMP;

-- Promises from before there were ledgers: a first response within some hours after the ticket was opened. The sweep
-- processes those that still run as soon as it can.
INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, priority_id, target_seconds, due_at, edition_id, warn_percent, pause_types, on_reopen, escalate)
    SELECT t.id, 1, 'first_response', 1, 'activate', t.created_at, t.created_at, '', CASE WHEN NOT t.sla_by_hand THEN t.priority_id END,
        MAX(1, CAST(ROUND((julianday(t.sla_due_date) - julianday(t.created_at)) * 86400) AS INTEGER)), CASE WHEN t.sla_by_hand THEN t.sla_due_date END,
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
UPDATE tickets SET urgency_until = MIN(urgency_until, strftime('%Y-%m-%d %H:%M:%f+00:00', due_date, '-24 hours'))
    WHERE status_id IN (SELECT id FROM ticket_statuses WHERE status_type IN ('open', 'in_progress', 'pending')) AND due_date > strftime('%Y-%m-%d %H:%M:%f+00:00', 'now') AND deleted_at IS NULL;

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
