-- Mails to people about their own account: links to reset a password or to confirm an e-mail address, and notices. Tokens
-- are stored as hashes. Earlier binaries neither read nor write the table, and do not work the queue of its jobs.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE account_mails (
    id           TEXT NOT NULL CONSTRAINT account_mails_pkey PRIMARY KEY,
    kind         TEXT NOT NULL,
    account_id   TEXT CONSTRAINT account_mails_account_id_fkey REFERENCES accounts (id) ON DELETE CASCADE,
    username_key TEXT NOT NULL,
    email_key    TEXT NOT NULL,
    address      TEXT NOT NULL,
    credentials  TEXT NOT NULL,
    token_hash   TEXT,
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL,
    sent_at      TIMESTAMP
);

CREATE INDEX account_mails_token_hash ON account_mails (token_hash);
CREATE INDEX account_mails_account_id ON account_mails (account_id, kind);
CREATE INDEX account_mails_expires_at ON account_mails (expires_at);

-- +goose Down
DROP TABLE account_mails;
