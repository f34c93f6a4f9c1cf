-- Everything except tickets: accounts, access, statuses and priorities. Ids and keys are compared byte by byte, as on
-- SQLite.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE meta (
    key   TEXT COLLATE "C" NOT NULL CONSTRAINT meta_pkey PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE roles (
    id            TEXT COLLATE "C" NOT NULL CONSTRAINT roles_pkey PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL CONSTRAINT roles_name_key UNIQUE,
    ticket_scope  TEXT NOT NULL CONSTRAINT roles_ticket_scope_check CHECK (ticket_scope IN ('own', 'all')),
    is_predefined BOOLEAN NOT NULL,
    grants        TEXT NOT NULL DEFAULT '',
    created_at    TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX roles_by_age ON roles (created_at DESC, id DESC);

-- (id, username_key) is unique so that a foreign key can keep a ticket's copy of its creator's name up to date
CREATE TABLE accounts (
    id            TEXT COLLATE "C" NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    username      TEXT NOT NULL,
    username_key  TEXT COLLATE "C" NOT NULL CONSTRAINT accounts_username_key UNIQUE,
    email         TEXT NOT NULL,
    email_key     TEXT COLLATE "C" NOT NULL CONSTRAINT accounts_email_key UNIQUE,
    phone         TEXT COLLATE "C" NOT NULL CONSTRAINT accounts_phone_key UNIQUE,
    password_hash TEXT NOT NULL,
    address       TEXT NOT NULL,
    role_id       TEXT COLLATE "C" CONSTRAINT accounts_role_id_fkey REFERENCES roles (id),
    grants        TEXT NOT NULL DEFAULT '',
    is_active     BOOLEAN NOT NULL,
    is_staff      BOOLEAN NOT NULL,
    is_superuser  BOOLEAN NOT NULL,
    last_login    TIMESTAMPTZ,
    created_at    TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    CONSTRAINT accounts_id_username_key UNIQUE (id, username_key)
);
CREATE INDEX accounts_role_id ON accounts (role_id) WHERE role_id IS NOT NULL;

CREATE TABLE sessions (
    id          TEXT COLLATE "C" NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
    account_id  TEXT COLLATE "C" NOT NULL CONSTRAINT sessions_account_id_fkey REFERENCES accounts (id) ON DELETE CASCADE,
    refresh_id  TEXT COLLATE "C" NOT NULL,
    previous_id TEXT COLLATE "C",
    rotated_at  TIMESTAMPTZ NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    revoked_at  TIMESTAMPTZ
);
CREATE INDEX sessions_account_id ON sessions (account_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE throttle (
    key   TEXT COLLATE "C" NOT NULL CONSTRAINT throttle_pkey PRIMARY KEY,
    n     BIGINT NOT NULL CONSTRAINT throttle_n_check CHECK (n > 0),
    start TIMESTAMPTZ NOT NULL
);
CREATE INDEX throttle_start ON throttle (start);

CREATE TABLE menus (
    id            TEXT COLLATE "C" NOT NULL CONSTRAINT menus_pkey PRIMARY KEY,
    name          TEXT NOT NULL,
    name_key      TEXT COLLATE "C" NOT NULL CONSTRAINT menus_name_key UNIQUE,
    url           TEXT COLLATE "C" NOT NULL,
    create_url    TEXT NOT NULL,
    list_url      TEXT NOT NULL,
    parent_id     TEXT COLLATE "C" CONSTRAINT menus_parent_id_fkey REFERENCES menus (id),
    icon          TEXT NOT NULL,
    visible       BOOLEAN NOT NULL,
    display_order BIGINT NOT NULL CONSTRAINT menus_display_order_check CHECK (display_order >= 0),
    depth         BIGINT NOT NULL CONSTRAINT menus_depth_check CHECK (depth >= 0),
    is_active     BOOLEAN NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    CONSTRAINT menus_parent_check CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX menus_url_key ON menus (url) WHERE url <> '#';
CREATE INDEX menus_parent_id ON menus (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE role_permissions (
    id         TEXT COLLATE "C" NOT NULL CONSTRAINT role_permissions_pkey PRIMARY KEY,
    role_id    TEXT COLLATE "C" NOT NULL CONSTRAINT role_permissions_role_id_fkey REFERENCES roles (id) ON DELETE CASCADE,
    menu_id    TEXT COLLATE "C" NOT NULL CONSTRAINT role_permissions_menu_id_fkey REFERENCES menus (id),
    actions    SMALLINT NOT NULL CONSTRAINT role_permissions_actions_check CHECK (actions BETWEEN 0 AND 15),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT role_permissions_menu_key UNIQUE (role_id, menu_id)
);
CREATE INDEX role_permissions_menu_id ON role_permissions (menu_id);

CREATE TABLE account_permissions (
    id          TEXT COLLATE "C" NOT NULL CONSTRAINT account_permissions_pkey PRIMARY KEY,
    account_id  TEXT COLLATE "C" NOT NULL CONSTRAINT account_permissions_account_id_fkey REFERENCES accounts (id) ON DELETE CASCADE,
    menu_id     TEXT COLLATE "C" NOT NULL CONSTRAINT account_permissions_menu_id_fkey REFERENCES menus (id),
    actions     SMALLINT NOT NULL CONSTRAINT account_permissions_actions_check CHECK (actions BETWEEN 0 AND 15),
    assigned_by TEXT COLLATE "C" CONSTRAINT account_permissions_assigned_by_fkey REFERENCES accounts (id),
    assigned_at TIMESTAMPTZ NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL,
    CONSTRAINT account_permissions_menu_key UNIQUE (account_id, menu_id)
);
CREATE INDEX account_permissions_menu_id ON account_permissions (menu_id);
CREATE INDEX account_permissions_assigned_by ON account_permissions (assigned_by) WHERE assigned_by IS NOT NULL;
CREATE INDEX account_permissions_by_age ON account_permissions (created_at DESC, id DESC);

-- The grants of each role, and each account's own, are stored in its row as text with one line per grant: the id of the
-- menu, the actions, the URL. Every request reads them. Triggers keep them up to date, whoever writes (except
-- TRUNCATE). The row is locked before its grants are computed, so that no concurrent change is lost.
-- +goose StatementBegin
CREATE FUNCTION keep_role_grants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed TEXT[] := ARRAY[OLD.role_id, NEW.role_id];
BEGIN
    PERFORM 1 FROM roles WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE roles SET grants = COALESCE((SELECT string_agg(p.menu_id || ' ' || p.actions || ' ' || m.url, E'\n' ORDER BY p.menu_id)
        FROM role_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.role_id = roles.id), '')
    WHERE id = ANY (changed);
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION keep_account_grants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed TEXT[] := ARRAY[OLD.account_id, NEW.account_id];
BEGIN
    PERFORM 1 FROM accounts WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE accounts SET grants = COALESCE((SELECT string_agg(p.menu_id || ' ' || p.actions || ' ' || m.url, E'\n' ORDER BY p.menu_id)
        FROM account_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.account_id = accounts.id), '')
    WHERE id = ANY (changed);
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION keep_granted_url() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE role_permissions SET menu_id = menu_id WHERE menu_id = NEW.id;
    UPDATE account_permissions SET menu_id = menu_id WHERE menu_id = NEW.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER role_permissions_grants AFTER INSERT OR UPDATE OR DELETE ON role_permissions
    FOR EACH ROW EXECUTE FUNCTION keep_role_grants();
CREATE TRIGGER account_permissions_grants AFTER INSERT OR UPDATE OR DELETE ON account_permissions
    FOR EACH ROW EXECUTE FUNCTION keep_account_grants();
CREATE TRIGGER menus_granted_url AFTER UPDATE OF url ON menus
    FOR EACH ROW WHEN (OLD.url <> NEW.url) EXECUTE FUNCTION keep_granted_url();

-- (id, weight) is unique so that a foreign key can keep a ticket's copy of the weight up to date
CREATE TABLE ticket_statuses (
    id          TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_statuses_pkey PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_statuses_name_key UNIQUE,
    code        TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_statuses_code_key UNIQUE,
    description TEXT NOT NULL,
    weight      INTEGER NOT NULL CONSTRAINT ticket_statuses_weight_check CHECK (weight BETWEEN 0 AND 1000000),
    status_type TEXT NOT NULL CONSTRAINT ticket_statuses_status_type_check
                CHECK (status_type IN ('open', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled')),
    is_default  BOOLEAN NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL,
    CONSTRAINT ticket_statuses_id_weight_key UNIQUE (id, weight)
);
CREATE UNIQUE INDEX ticket_statuses_default_key ON ticket_statuses (is_default) WHERE is_default;

CREATE TABLE ticket_priorities (
    id          TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_priorities_pkey PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_priorities_name_key UNIQUE,
    code        TEXT COLLATE "C" NOT NULL CONSTRAINT ticket_priorities_code_key UNIQUE,
    description TEXT NOT NULL,
    weight      INTEGER NOT NULL CONSTRAINT ticket_priorities_weight_check CHECK (weight BETWEEN 0 AND 1000000),
    color       TEXT NOT NULL,
    sla_hours   INTEGER NOT NULL CONSTRAINT ticket_priorities_sla_hours_check CHECK (sla_hours >= 0),
    is_default  BOOLEAN NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL,
    CONSTRAINT ticket_priorities_id_weight_key UNIQUE (id, weight)
);
CREATE UNIQUE INDEX ticket_priorities_default_key ON ticket_priorities (is_default) WHERE is_default;

-- +goose Down
DROP TABLE ticket_priorities;
DROP TABLE ticket_statuses;
DROP TABLE account_permissions;
DROP TABLE role_permissions;
DROP TABLE menus;
DROP TABLE throttle;
DROP TABLE sessions;
DROP TABLE accounts;
DROP TABLE roles;
DROP TABLE meta;
DROP FUNCTION keep_role_grants;
DROP FUNCTION keep_account_grants;
DROP FUNCTION keep_granted_url;
