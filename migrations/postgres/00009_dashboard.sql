-- The counts of the dashboard, maintained by triggers.
--
-- oldest: 0.1.0

-- +goose Up

-- Whether a ticket is active follows from its status. It is stored in the row for partial indexes. The program writes
-- it; triggers correct it if another writer does not, such as a replica of the previous release, and when a status
-- changes its type.
ALTER TABLE ticket_statuses ADD COLUMN is_active BOOLEAN NOT NULL GENERATED ALWAYS AS (status_type IN ('open', 'in_progress', 'pending')) STORED;
ALTER TABLE tickets ADD COLUMN is_active BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose StatementBegin
CREATE FUNCTION keep_ticket_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_active := COALESCE((SELECT is_active FROM ticket_statuses WHERE id = NEW.status_id), FALSE);
    RETURN NEW;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION keep_tickets_of_status_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tickets SET is_active = NEW.is_active WHERE status_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tickets_active_insert BEFORE INSERT ON tickets
    FOR EACH ROW WHEN (NOT NEW.is_active) EXECUTE FUNCTION keep_ticket_active();
CREATE TRIGGER tickets_active_update BEFORE UPDATE OF status_id ON tickets
    FOR EACH ROW WHEN (OLD.status_id <> NEW.status_id AND OLD.is_active = NEW.is_active) EXECUTE FUNCTION keep_ticket_active();
CREATE TRIGGER ticket_statuses_active AFTER UPDATE OF status_type ON ticket_statuses
    FOR EACH ROW WHEN (OLD.is_active <> NEW.is_active) EXECUTE FUNCTION keep_tickets_of_status_active();

UPDATE tickets SET is_active = TRUE FROM ticket_statuses s WHERE s.id = tickets.status_id AND s.is_active;

-- for three lists, each by importance; a ticket is in one of the first two
CREATE INDEX tickets_active_assigned ON tickets (assigned_to, urgency_rank, status_weight, sla_key, created_at, id)
    WHERE deleted_at IS NULL AND is_active AND assigned_to IS NOT NULL;
CREATE INDEX tickets_active_unassigned ON tickets (urgency_rank, status_weight, sla_key, created_at, id)
    WHERE deleted_at IS NULL AND is_active AND assigned_to IS NULL;
CREATE INDEX tickets_active_urgent ON tickets (urgency_rank, status_weight, sla_key, created_at, id)
    WHERE deleted_at IS NULL AND is_active AND (sla_breached OR is_escalated);

-- The number of tickets by status and priority, so that the dashboard need not count. If all writers of tickets updated
-- the same number, they would wait for each other. So each inserts a row into the changes, which blocks no one; from
-- time to time the changes are added to the totals. The view returns the sum of both.
CREATE TABLE ticket_totals (
    status_id   TEXT COLLATE "C" NOT NULL,
    priority_id TEXT COLLATE "C" NOT NULL,
    n           BIGINT NOT NULL,
    CONSTRAINT ticket_totals_pkey PRIMARY KEY (status_id, priority_id)
);
CREATE TABLE ticket_changes (
    status_id   TEXT COLLATE "C" NOT NULL,
    priority_id TEXT COLLATE "C" NOT NULL,
    n           BIGINT NOT NULL
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_insert_threshold = -1);
CREATE VIEW ticket_counts AS
    SELECT status_id, priority_id, n FROM ticket_totals UNION ALL SELECT status_id, priority_id, n FROM ticket_changes;

-- The number of clocks that run, and of those that were met and breached, by the quarter of an hour since 1970 in which
-- they were decided. Running clocks are counted under a quarter that never comes. Midnight is the beginning of a
-- quarter in every time zone.
CREATE TABLE clock_totals (
    quarter BIGINT NOT NULL,
    metric  TEXT COLLATE "C" NOT NULL,
    state   TEXT COLLATE "C" NOT NULL,
    n       BIGINT NOT NULL,
    CONSTRAINT clock_totals_pkey PRIMARY KEY (quarter, metric, state)
);
CREATE TABLE clock_changes (
    quarter BIGINT NOT NULL,
    metric  TEXT COLLATE "C" NOT NULL,
    state   TEXT COLLATE "C" NOT NULL,
    n       BIGINT NOT NULL
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_insert_threshold = -1);
CREATE VIEW clock_counts AS
    SELECT quarter, metric, state, n FROM clock_totals UNION ALL SELECT quarter, metric, state, n FROM clock_changes;

-- running clocks by due time
CREATE INDEX sla_clocks_due ON sla_clocks (due_at, ticket_id) WHERE due_at IS NOT NULL;

-- +goose StatementBegin
CREATE FUNCTION quarter_of(state TEXT, decided_at TIMESTAMPTZ) RETURNS BIGINT LANGUAGE sql STABLE
    RETURN CASE WHEN state = 'running' THEN 9999999999 WHEN state IN ('met', 'breached') THEN CAST(floor(EXTRACT(EPOCH FROM decided_at) / 900) AS BIGINT) END;
-- +goose StatementEnd

-- Inserts are counted per statement, because COPY adds thousands of rows; updates per row, because most change nothing
-- that is counted, which is cheap to detect there.
-- +goose StatementBegin
CREATE FUNCTION count_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ticket_changes SELECT status_id, priority_id, COUNT(*) FROM added WHERE deleted_at IS NULL GROUP BY 1, 2;
    ELSE
        INSERT INTO ticket_changes SELECT status_id, priority_id, -COUNT(*) FROM removed WHERE deleted_at IS NULL GROUP BY 1, 2;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_changed_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ticket_changes SELECT status_id, priority_id, n FROM (VALUES (OLD.status_id, OLD.priority_id, -1, OLD.deleted_at), (NEW.status_id, NEW.priority_id, 1, NEW.deleted_at))
        AS x (status_id, priority_id, n, deleted_at) WHERE deleted_at IS NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- The clocks of a deleted ticket do not count. So tickets are locked while their clocks are counted: this waits for a
-- deletion in progress, and a later deletion finds all of the clocks.
-- +goose StatementBegin
CREATE FUNCTION count_clocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM tickets WHERE id IN (SELECT ticket_id FROM added) ORDER BY id FOR SHARE;
        INSERT INTO clock_changes SELECT quarter_of(state, decided_at), metric, state, COUNT(*) FROM added
        WHERE quarter_of(state, decided_at) IS NOT NULL AND ticket_id IN (SELECT id FROM tickets t WHERE t.id = ticket_id AND deleted_at IS NULL) GROUP BY 1, 2, 3;
    ELSE
        PERFORM 1 FROM tickets WHERE id IN (SELECT ticket_id FROM removed) ORDER BY id FOR SHARE;
        INSERT INTO clock_changes SELECT quarter_of(state, decided_at), metric, state, -COUNT(*) FROM removed
        WHERE quarter_of(state, decided_at) IS NOT NULL AND ticket_id IN (SELECT id FROM tickets t WHERE t.id = ticket_id AND deleted_at IS NULL) GROUP BY 1, 2, 3;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_changed_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM tickets WHERE id = NEW.ticket_id AND deleted_at IS NULL FOR SHARE;
    IF FOUND THEN
        INSERT INTO clock_changes SELECT quarter, metric, state, n
        FROM (VALUES (quarter_of(OLD.state, OLD.decided_at), OLD.metric, OLD.state, -1), (quarter_of(NEW.state, NEW.decided_at), NEW.metric, NEW.state, 1))
            AS x (quarter, metric, state, n) WHERE quarter IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_clocks_of_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO clock_changes SELECT quarter_of(state, decided_at), metric, state, CASE WHEN NEW.deleted_at IS NULL THEN COUNT(*) ELSE -COUNT(*) END
    FROM sla_clocks WHERE ticket_id = NEW.id AND quarter_of(state, decided_at) IS NOT NULL GROUP BY 1, 2, 3;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER tickets_counts_insert AFTER INSERT ON tickets
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_tickets();
CREATE TRIGGER tickets_counts_delete AFTER DELETE ON tickets
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_tickets();
CREATE TRIGGER tickets_counts_update AFTER UPDATE OF status_id, priority_id, deleted_at ON tickets
    FOR EACH ROW WHEN (OLD.status_id <> NEW.status_id OR OLD.priority_id <> NEW.priority_id OR (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))
    EXECUTE FUNCTION count_changed_ticket();
CREATE TRIGGER tickets_counts_clocks AFTER UPDATE OF deleted_at ON tickets
    FOR EACH ROW WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL)) EXECUTE FUNCTION count_clocks_of_ticket();
CREATE TRIGGER sla_clocks_counts_insert AFTER INSERT ON sla_clocks
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_clocks();
CREATE TRIGGER sla_clocks_counts_update AFTER UPDATE OF state, decided_at ON sla_clocks
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.decided_at IS DISTINCT FROM NEW.decided_at) EXECUTE FUNCTION count_changed_clock();
CREATE TRIGGER sla_clocks_counts_delete AFTER DELETE ON sla_clocks
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_clocks();

-- Creating the triggers has locked the tables: no one writes until the migration ends.
INSERT INTO ticket_totals SELECT status_id, priority_id, COUNT(*) FROM tickets WHERE deleted_at IS NULL GROUP BY 1, 2;
INSERT INTO clock_totals SELECT quarter_of(state, decided_at), metric, state, COUNT(*) FROM sla_clocks c JOIN tickets t ON t.id = c.ticket_id
    WHERE t.deleted_at IS NULL AND quarter_of(state, decided_at) IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- +goose Down
DROP TRIGGER sla_clocks_counts_delete ON sla_clocks;
DROP TRIGGER sla_clocks_counts_update ON sla_clocks;
DROP TRIGGER sla_clocks_counts_insert ON sla_clocks;
DROP TRIGGER tickets_counts_clocks ON tickets;
DROP TRIGGER tickets_counts_update ON tickets;
DROP TRIGGER tickets_counts_delete ON tickets;
DROP TRIGGER tickets_counts_insert ON tickets;
DROP TRIGGER ticket_statuses_active ON ticket_statuses;
DROP TRIGGER tickets_active_update ON tickets;
DROP TRIGGER tickets_active_insert ON tickets;
DROP FUNCTION count_clocks_of_ticket;
DROP FUNCTION count_changed_clock;
DROP FUNCTION count_clocks;
DROP FUNCTION count_changed_ticket;
DROP FUNCTION count_tickets;
DROP FUNCTION quarter_of;
DROP FUNCTION keep_tickets_of_status_active;
DROP FUNCTION keep_ticket_active;
DROP INDEX sla_clocks_due;
DROP VIEW clock_counts;
DROP TABLE clock_changes;
DROP TABLE clock_totals;
DROP VIEW ticket_counts;
DROP TABLE ticket_changes;
DROP TABLE ticket_totals;
DROP INDEX tickets_active_urgent;
DROP INDEX tickets_active_unassigned;
DROP INDEX tickets_active_assigned;
ALTER TABLE tickets DROP COLUMN is_active;
ALTER TABLE ticket_statuses DROP COLUMN is_active;
