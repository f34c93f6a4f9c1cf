-- The counts of the dashboard, maintained by triggers.
--
-- oldest: 0.1.0

-- +goose Up

-- Whether a ticket is active follows from its status. It is stored in the row for partial indexes. The program writes
-- it; triggers correct it if another writer does not, and when a status changes its type.
ALTER TABLE ticket_statuses ADD COLUMN is_active BOOLEAN GENERATED ALWAYS AS (status_type IN ('open', 'in_progress', 'pending'));
ALTER TABLE tickets ADD COLUMN is_active BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose StatementBegin
CREATE TRIGGER tickets_active_insert AFTER INSERT ON tickets WHEN NOT new.is_active AND (SELECT is_active FROM ticket_statuses WHERE id = new.status_id) BEGIN
    UPDATE tickets SET is_active = TRUE WHERE seq = new.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER tickets_active_update AFTER UPDATE OF status_id ON tickets WHEN old.status_id <> new.status_id AND old.is_active = new.is_active BEGIN
    UPDATE tickets SET is_active = COALESCE((SELECT is_active FROM ticket_statuses WHERE id = new.status_id), FALSE) WHERE seq = new.seq;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_statuses_active AFTER UPDATE OF status_type ON ticket_statuses WHEN old.is_active <> new.is_active BEGIN
    UPDATE tickets SET is_active = new.is_active WHERE status_id = new.id;
END;
-- +goose StatementEnd

UPDATE tickets SET is_active = TRUE WHERE status_id IN (SELECT id FROM ticket_statuses WHERE is_active);

-- for three lists, each by importance; a ticket is in one of the first two
CREATE INDEX tickets_active_assigned ON tickets (assigned_to, urgency_rank, status_weight, sla_key, created_at, id)
    WHERE deleted_at IS NULL AND is_active AND assigned_to IS NOT NULL;
CREATE INDEX tickets_active_unassigned ON tickets (urgency_rank, status_weight, sla_key, created_at, id)
    WHERE deleted_at IS NULL AND is_active AND assigned_to IS NULL;
CREATE INDEX tickets_active_urgent ON tickets (urgency_rank, status_weight, sla_key, created_at, id)
    WHERE deleted_at IS NULL AND is_active AND (sla_breached OR is_escalated);

-- The number of tickets by status and priority, so that the dashboard need not count.
CREATE TABLE ticket_counts (
    status_id   TEXT NOT NULL,
    priority_id TEXT NOT NULL,
    n           BIGINT NOT NULL,
    CONSTRAINT ticket_counts_pkey PRIMARY KEY (status_id, priority_id)
);
INSERT INTO ticket_counts SELECT status_id, priority_id, COUNT(*) FROM tickets WHERE deleted_at IS NULL GROUP BY 1, 2;

-- The number of clocks that run, and of those that were met and breached, by the quarter of an hour since 1970 in which
-- they were decided. Running clocks are counted under a quarter that never comes. Midnight is the beginning of a
-- quarter in every time zone. The clocks of a deleted ticket do not count.
CREATE TABLE clock_counts (
    quarter BIGINT NOT NULL,
    metric  TEXT NOT NULL,
    state   TEXT NOT NULL,
    n       BIGINT NOT NULL,
    CONSTRAINT clock_counts_pkey PRIMARY KEY (quarter, metric, state)
);
INSERT INTO clock_counts SELECT CASE WHEN state = 'running' THEN 9999999999 WHEN state IN ('met', 'breached') THEN CAST(strftime('%s', substr(decided_at, 1, 19)) AS INTEGER) / 900 END AS quarter, metric, state, COUNT(*)
    FROM sla_clocks WHERE quarter IS NOT NULL AND (SELECT deleted_at FROM tickets WHERE id = sla_clocks.ticket_id) IS NULL GROUP BY 1, 2, 3;

-- running clocks by due time
CREATE INDEX sla_clocks_due ON sla_clocks (due_at, ticket_id) WHERE due_at IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER tickets_counts_insert AFTER INSERT ON tickets BEGIN
    INSERT INTO ticket_counts SELECT new.status_id, new.priority_id, 1 WHERE new.deleted_at IS NULL ON CONFLICT (status_id, priority_id) DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER tickets_counts_update AFTER UPDATE OF status_id, priority_id, deleted_at ON tickets WHEN old.status_id <> new.status_id OR old.priority_id <> new.priority_id OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) BEGIN
    UPDATE ticket_counts SET n = n - 1 WHERE status_id = old.status_id AND priority_id = old.priority_id AND old.deleted_at IS NULL;
    INSERT INTO ticket_counts SELECT new.status_id, new.priority_id, 1 WHERE new.deleted_at IS NULL ON CONFLICT (status_id, priority_id) DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER tickets_counts_delete AFTER DELETE ON tickets BEGIN
    UPDATE ticket_counts SET n = n - 1 WHERE status_id = old.status_id AND priority_id = old.priority_id AND old.deleted_at IS NULL;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER tickets_counts_clocks AFTER UPDATE OF deleted_at ON tickets WHEN (old.deleted_at IS NULL) <> (new.deleted_at IS NULL) BEGIN
    INSERT INTO clock_counts SELECT CASE WHEN state = 'running' THEN 9999999999 WHEN state IN ('met', 'breached') THEN CAST(strftime('%s', substr(decided_at, 1, 19)) AS INTEGER) / 900 END AS quarter, metric, state, CASE WHEN new.deleted_at IS NULL THEN COUNT(*) ELSE -COUNT(*) END
        FROM sla_clocks WHERE ticket_id = new.id AND quarter IS NOT NULL GROUP BY 1, 2, 3
        ON CONFLICT (quarter, metric, state) DO UPDATE SET n = n + excluded.n;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_clocks_counts_insert AFTER INSERT ON sla_clocks BEGIN
    INSERT INTO clock_counts SELECT CASE WHEN new.state = 'running' THEN 9999999999 WHEN new.state IN ('met', 'breached') THEN CAST(strftime('%s', substr(new.decided_at, 1, 19)) AS INTEGER) / 900 END AS quarter, new.metric, new.state, 1 WHERE quarter IS NOT NULL AND (SELECT deleted_at FROM tickets WHERE id = new.ticket_id) IS NULL
        ON CONFLICT (quarter, metric, state) DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_clocks_counts_update AFTER UPDATE ON sla_clocks WHEN old.state <> new.state OR old.decided_at IS NOT new.decided_at BEGIN
    UPDATE clock_counts SET n = n - 1 WHERE quarter = CASE WHEN old.state = 'running' THEN 9999999999 WHEN old.state IN ('met', 'breached') THEN CAST(strftime('%s', substr(old.decided_at, 1, 19)) AS INTEGER) / 900 END
        AND metric = old.metric AND state = old.state AND (SELECT deleted_at FROM tickets WHERE id = old.ticket_id) IS NULL;
    INSERT INTO clock_counts SELECT CASE WHEN new.state = 'running' THEN 9999999999 WHEN new.state IN ('met', 'breached') THEN CAST(strftime('%s', substr(new.decided_at, 1, 19)) AS INTEGER) / 900 END AS quarter, new.metric, new.state, 1 WHERE quarter IS NOT NULL AND (SELECT deleted_at FROM tickets WHERE id = new.ticket_id) IS NULL
        ON CONFLICT (quarter, metric, state) DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sla_clocks_counts_delete AFTER DELETE ON sla_clocks BEGIN
    UPDATE clock_counts SET n = n - 1 WHERE quarter = CASE WHEN old.state = 'running' THEN 9999999999 WHEN old.state IN ('met', 'breached') THEN CAST(strftime('%s', substr(old.decided_at, 1, 19)) AS INTEGER) / 900 END
        AND metric = old.metric AND state = old.state AND (SELECT deleted_at FROM tickets WHERE id = old.ticket_id) IS NULL;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER sla_clocks_counts_delete;
DROP TRIGGER sla_clocks_counts_update;
DROP TRIGGER sla_clocks_counts_insert;
DROP TRIGGER tickets_counts_clocks;
DROP TRIGGER tickets_counts_delete;
DROP TRIGGER tickets_counts_update;
DROP TRIGGER tickets_counts_insert;
DROP TRIGGER ticket_statuses_active;
DROP TRIGGER tickets_active_update;
DROP TRIGGER tickets_active_insert;
DROP INDEX sla_clocks_due;
DROP TABLE clock_counts;
DROP TABLE ticket_counts;
DROP INDEX tickets_active_urgent;
DROP INDEX tickets_active_unassigned;
DROP INDEX tickets_active_assigned;
ALTER TABLE tickets DROP COLUMN is_active;
ALTER TABLE ticket_statuses DROP COLUMN is_active;
