-- User names are compared by how they look, too: a new one that is not ASCII must not look like that of another account. The column is
-- derived in Go; every program leaves a mark of a new name.
--
-- oldest: 0.1.0

-- +goose Up
ALTER TABLE accounts ADD COLUMN skeleton TEXT COLLATE "C";
CREATE INDEX accounts_skeleton ON accounts (skeleton);
INSERT INTO derived_walks (kind, rule, position, done) SELECT 'look-alikes', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts);

CREATE TRIGGER accounts_look_inserted AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION mark_derived('look-alikes');
CREATE TRIGGER accounts_look_updated AFTER UPDATE OF username_key ON accounts FOR EACH ROW
    WHEN (NEW.username_key <> OLD.username_key) EXECUTE FUNCTION mark_derived('look-alikes');

-- +goose Down
DROP TRIGGER accounts_look_updated ON accounts;
DROP TRIGGER accounts_look_inserted ON accounts;
DROP INDEX accounts_skeleton;
ALTER TABLE accounts DROP COLUMN skeleton;
DELETE FROM derived_walks WHERE kind = 'look-alikes';
DELETE FROM derived_due WHERE kind = 'look-alikes';
