-- Counts of zero are removed: each deleted role would leave two.
--
-- oldest: 0.1.0

-- +goose Up

-- no statement may count with the old triggers during the migration
LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM account_counts WHERE n = 0;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION keep_account_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, COUNT(*) FROM added GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, -COUNT(*) FROM removed GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSE
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, SUM(d)
        FROM (SELECT role_id, is_active, 1 AS d FROM added UNION ALL SELECT role_id, is_active, -1 FROM removed) changed
        GROUP BY 1, 2 HAVING SUM(d) <> 0 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    END IF;
    IF FOUND AND TG_OP <> 'INSERT' THEN
        DELETE FROM account_counts WHERE n = 0; -- none but those just counted: nobody leaves another
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION keep_account_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, COUNT(*) FROM added GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, -COUNT(*) FROM removed GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    ELSE
        INSERT INTO account_counts AS c SELECT COALESCE(role_id, ''), is_active, SUM(d)
        FROM (SELECT role_id, is_active, 1 AS d FROM added UNION ALL SELECT role_id, is_active, -1 FROM removed) changed
        GROUP BY 1, 2 HAVING SUM(d) <> 0 ORDER BY 1, 2
        ON CONFLICT (role_id, is_active) DO UPDATE SET n = c.n + excluded.n;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
