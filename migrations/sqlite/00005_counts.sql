-- Counts of zero are removed: each deleted role would leave two.
--
-- oldest: 0.1.0

-- +goose Up

DELETE FROM account_counts WHERE n = 0;

DROP TRIGGER accounts_counts_update;
DROP TRIGGER accounts_counts_delete;
-- +goose StatementBegin
CREATE TRIGGER accounts_counts_update AFTER UPDATE OF role_id, is_active ON accounts WHEN old.role_id IS NOT new.role_id OR old.is_active <> new.is_active BEGIN
    INSERT INTO account_counts VALUES (COALESCE(new.role_id, ''), new.is_active, 1) ON CONFLICT (role_id, is_active) DO UPDATE SET n = n + 1;
    UPDATE account_counts SET n = n - 1 WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active;
    DELETE FROM account_counts WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active AND n = 0;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_counts_delete AFTER DELETE ON accounts BEGIN
    UPDATE account_counts SET n = n - 1 WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active;
    DELETE FROM account_counts WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active AND n = 0;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER accounts_counts_update;
DROP TRIGGER accounts_counts_delete;
-- +goose StatementBegin
CREATE TRIGGER accounts_counts_update AFTER UPDATE OF role_id, is_active ON accounts WHEN old.role_id IS NOT new.role_id OR old.is_active <> new.is_active BEGIN
    INSERT INTO account_counts VALUES (COALESCE(new.role_id, ''), new.is_active, 1) ON CONFLICT (role_id, is_active) DO UPDATE SET n = n + 1;
    UPDATE account_counts SET n = n - 1 WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accounts_counts_delete AFTER DELETE ON accounts BEGIN
    UPDATE account_counts SET n = n - 1 WHERE role_id = COALESCE(old.role_id, '') AND is_active = old.is_active;
END;
-- +goose StatementEnd
