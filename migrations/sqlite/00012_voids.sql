-- A breach can be voided: the ledger gets an event with the account that did it and with the cause. The history entry of
-- the same transaction refers to the account too, so that it cannot be removed. Earlier binaries ignore such events.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE sla_events ADD COLUMN actor_id TEXT;
ALTER TABLE sla_events ADD COLUMN cause TEXT;

-- a breach becomes void at most once, as in sla_events_once
CREATE UNIQUE INDEX sla_events_void_once ON sla_events (ticket_id, metric, cycle) WHERE kind = 'void';
DROP TRIGGER sla_events_replace;
-- +goose StatementBegin
CREATE TRIGGER sla_events_replace BEFORE INSERT ON sla_events WHEN EXISTS (SELECT 1 FROM sla_events e WHERE e.ticket_id = new.ticket_id AND (e.seq = new.seq OR e.metric = new.metric AND e.cycle = new.cycle AND e.kind = new.kind AND e.kind IN ('activate', 'warn', 'breach', 'void'))) BEGIN
    SELECT RAISE(ABORT, 'sla_events is only added to');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER sla_events_replace;
-- +goose StatementBegin
CREATE TRIGGER sla_events_replace BEFORE INSERT ON sla_events WHEN EXISTS (SELECT 1 FROM sla_events e WHERE e.ticket_id = new.ticket_id AND (e.seq = new.seq OR e.metric = new.metric AND e.cycle = new.cycle AND e.kind = new.kind AND e.kind IN ('activate', 'warn', 'breach'))) BEGIN
    SELECT RAISE(ABORT, 'sla_events is only added to');
END;
-- +goose StatementEnd
DROP INDEX sla_events_void_once;
ALTER TABLE sla_events DROP COLUMN cause;
ALTER TABLE sla_events DROP COLUMN actor_id;
