-- What a status does when the requester replies, and after how many days it closes tickets; and follow-ups. Earlier binaries
-- leave the new columns empty: a status without on_requester_reply does what its type does by default. Adding the columns
-- rewrites and reads no row.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE ticket_statuses ADD COLUMN on_requester_reply TEXT
    CONSTRAINT ticket_statuses_on_requester_reply_check CHECK (on_requester_reply IN ('keep', 'open'));
ALTER TABLE ticket_statuses ADD COLUMN auto_close_days INTEGER
    CONSTRAINT ticket_statuses_auto_close_days_check CHECK (auto_close_days BETWEEN 1 AND 365);

-- tickets are never removed, so the foreign key needs no index
ALTER TABLE tickets ADD COLUMN follow_up_of TEXT CONSTRAINT tickets_follow_up_of_fkey REFERENCES tickets (id);
ALTER TABLE tickets ADD COLUMN auto_close_at TIMESTAMP;

-- +goose Down
ALTER TABLE tickets DROP COLUMN auto_close_at;
ALTER TABLE tickets DROP COLUMN follow_up_of;
ALTER TABLE ticket_statuses DROP COLUMN auto_close_days;
ALTER TABLE ticket_statuses DROP COLUMN on_requester_reply;
