-- The addresses from which accounts signed in, so that strangers cannot lock them out there, and a group of counts that can
-- be cleared at once. Addresses are stored as digests. Earlier binaries add counts without a group and know no addresses.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE known_addresses (
    account_id   TEXT NOT NULL
                 CONSTRAINT known_addresses_account_id_fkey REFERENCES accounts (id) ON DELETE CASCADE,
    address      TEXT NOT NULL,
    signed_in_at TIMESTAMP NOT NULL,
    CONSTRAINT known_addresses_pkey PRIMARY KEY (account_id, address)
);
CREATE INDEX known_addresses_signed_in_at_idx ON known_addresses (signed_in_at);

ALTER TABLE throttle ADD COLUMN group_key TEXT;
CREATE INDEX throttle_group_key_idx ON throttle (group_key) WHERE group_key IS NOT NULL;

-- +goose Down
DROP INDEX throttle_group_key_idx;
ALTER TABLE throttle DROP COLUMN group_key;
DROP TABLE known_addresses;
