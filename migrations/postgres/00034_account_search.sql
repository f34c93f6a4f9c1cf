-- Accounts are searched by tokens that the program splits, as tickets are. The column search is derived again in the background; one that
-- an earlier release wrote has no U+E002, which ends each text in it.
--
-- oldest: 0.1.0

-- +goose Up
INSERT INTO derived_walks (kind, rule, position, done) SELECT 'searched accounts', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts);

-- +goose StatementBegin
CREATE FUNCTION accounts_mark_search() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('searched accounts', NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER accounts_search_written AFTER INSERT OR UPDATE OF search ON accounts FOR EACH ROW
    WHEN (NOT NEW.search @@ CAST(U&'''\E002''' AS tsquery)) EXECUTE FUNCTION accounts_mark_search();

-- +goose Down
DROP TRIGGER accounts_search_written ON accounts;
DROP FUNCTION accounts_mark_search();
DELETE FROM derived_walks WHERE kind = 'searched accounts';
DELETE FROM derived_due WHERE kind = 'searched accounts';
