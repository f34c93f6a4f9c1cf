-- People are told once that the due date or the response deadline of an active ticket has passed; the columns hold of which
-- date they were told. Adding the columns rewrites and reads no row.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE tickets ADD COLUMN due_passed TIMESTAMPTZ;
ALTER TABLE tickets ADD COLUMN response_passed TIMESTAMPTZ;

-- +goose Down
ALTER TABLE tickets DROP COLUMN response_passed;
ALTER TABLE tickets DROP COLUMN due_passed;
