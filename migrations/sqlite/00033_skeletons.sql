-- User names are compared by how they look, too: a new one that is not ASCII must not look like that of another account. The column is
-- derived in Go; every program leaves a mark of a new name.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE accounts ADD COLUMN skeleton TEXT;
CREATE INDEX accounts_skeleton ON accounts (skeleton);
INSERT INTO derived_walks (kind, rule, position, done) SELECT 'look-alikes', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts);

-- +goose StatementBegin
CREATE TRIGGER accounts_look_inserted AFTER INSERT ON accounts BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('look-alikes', NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_look_updated AFTER UPDATE OF username_key ON accounts WHEN NEW.username_key <> OLD.username_key BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('look-alikes', NEW.id);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER accounts_look_updated;
DROP TRIGGER accounts_look_inserted;
DROP INDEX accounts_skeleton;
ALTER TABLE accounts DROP COLUMN skeleton;
DELETE FROM derived_walks WHERE kind = 'look-alikes';
DELETE FROM derived_due WHERE kind = 'look-alikes';
