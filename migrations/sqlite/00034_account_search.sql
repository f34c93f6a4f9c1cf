-- Accounts are searched by tokens that the program splits, as tickets are. The column search is derived again in the background; one that
-- an earlier release wrote has no U+E002, which ends each text in it.
-- Tokens are split already, and the tokenizer ascii keeps every other character, of whatever release of Unicode.
--
-- oldest: 0.1.0

-- +goose Up
INSERT INTO derived_walks (kind, rule, position, done) SELECT 'searched accounts', 1, '', TRUE WHERE NOT EXISTS (SELECT 1 FROM accounts);

DROP TABLE accounts_search;
CREATE VIRTUAL TABLE accounts_search USING fts5 (search, content = '', tokenize = 'ascii');
INSERT INTO accounts_search (rowid, search) SELECT k.number, a.search FROM accounts a JOIN account_numbers k ON k.account_id = a.id;

-- +goose StatementBegin
CREATE TRIGGER accounts_search_mark_insert AFTER INSERT ON accounts WHEN instr(new.search, char(57346)) = 0 BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('searched accounts', new.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_search_mark_update AFTER UPDATE OF search ON accounts WHEN instr(new.search, char(57346)) = 0 BEGIN
    INSERT INTO derived_due (kind, id) VALUES ('searched accounts', new.id);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER accounts_search_mark_update;
DROP TRIGGER accounts_search_mark_insert;
DELETE FROM derived_walks WHERE kind = 'searched accounts';
DELETE FROM derived_due WHERE kind = 'searched accounts';
DROP TABLE accounts_search;
CREATE VIRTUAL TABLE accounts_search USING fts5 (search, content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
INSERT INTO accounts_search (rowid, search) SELECT k.number, a.search FROM accounts a JOIN account_numbers k ON k.account_id = a.id;
