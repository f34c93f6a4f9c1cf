-- A breach can be voided: the ledger gets an event with the account that did it and with the cause. The history entry of
-- the same transaction refers to the account too, so that it cannot be removed. Earlier binaries ignore such events.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE sla_events ADD COLUMN actor_id TEXT COLLATE "C";
ALTER TABLE sla_events ADD COLUMN cause TEXT COLLATE "C";

-- a breach becomes void at most once, as in sla_events_once
CREATE UNIQUE INDEX sla_events_void_once ON sla_events (ticket_id, metric, cycle) WHERE kind = 'void';

-- +goose Down
DROP INDEX sla_events_void_once;
ALTER TABLE sla_events DROP COLUMN cause;
ALTER TABLE sla_events DROP COLUMN actor_id;
