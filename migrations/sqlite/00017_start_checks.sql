-- What a start is checked against: check values of the keys that sign tokens, and the oldest release that may run on each
-- migration after this one. Applying a migration adds its row to schema_requirements, see requirements.go.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE key_checks (
    value TEXT NOT NULL CONSTRAINT key_checks_pkey PRIMARY KEY
);

CREATE TABLE schema_requirements (
    version_id BIGINT NOT NULL CONSTRAINT schema_requirements_pkey PRIMARY KEY,
    oldest     TEXT NOT NULL
);

-- +goose Down
DROP TABLE schema_requirements;
DROP TABLE key_checks;
