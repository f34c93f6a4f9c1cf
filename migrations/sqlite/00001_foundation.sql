-- Everything except tickets: accounts, access, statuses and priorities. Tables and constraints are the same as on
-- PostgreSQL.
--
-- oldest: 0.1.0

-- +goose Up
CREATE TABLE meta (
    key   TEXT NOT NULL CONSTRAINT meta_pkey PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE roles (
    id            TEXT NOT NULL CONSTRAINT roles_pkey PRIMARY KEY,
    name          TEXT NOT NULL CONSTRAINT roles_name_key UNIQUE,
    ticket_scope  TEXT NOT NULL CONSTRAINT roles_ticket_scope_check CHECK (ticket_scope IN ('own', 'all')),
    is_predefined BOOLEAN NOT NULL,
    grants        TEXT NOT NULL DEFAULT '',
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL
);
CREATE INDEX roles_by_age ON roles (created_at DESC, id DESC);

-- (id, username_key) is unique so that a foreign key can keep a ticket's copy of its creator's name up to date
CREATE TABLE accounts (
    id            TEXT NOT NULL CONSTRAINT accounts_pkey PRIMARY KEY,
    username      TEXT NOT NULL,
    username_key  TEXT NOT NULL CONSTRAINT accounts_username_key UNIQUE,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL CONSTRAINT accounts_email_key UNIQUE,
    phone         TEXT NOT NULL CONSTRAINT accounts_phone_key UNIQUE,
    password_hash TEXT NOT NULL,
    address       TEXT NOT NULL,
    role_id       TEXT CONSTRAINT accounts_role_id_fkey REFERENCES roles (id),
    grants        TEXT NOT NULL DEFAULT '',
    is_active     BOOLEAN NOT NULL,
    is_staff      BOOLEAN NOT NULL,
    is_superuser  BOOLEAN NOT NULL,
    last_login    TIMESTAMP,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL,
    CONSTRAINT accounts_id_username_key UNIQUE (id, username_key)
);
CREATE INDEX accounts_role_id ON accounts (role_id) WHERE role_id IS NOT NULL;

CREATE TABLE sessions (
    id          TEXT NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
    account_id  TEXT NOT NULL CONSTRAINT sessions_account_id_fkey REFERENCES accounts (id) ON DELETE CASCADE,
    refresh_id  TEXT NOT NULL,
    previous_id TEXT,
    rotated_at  TIMESTAMP NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    revoked_at  TIMESTAMP
);
CREATE INDEX sessions_account_id ON sessions (account_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE throttle (
    key   TEXT NOT NULL CONSTRAINT throttle_pkey PRIMARY KEY,
    n     BIGINT NOT NULL CONSTRAINT throttle_n_check CHECK (n > 0),
    start TIMESTAMP NOT NULL
);
CREATE INDEX throttle_start ON throttle (start);

CREATE TABLE menus (
    id            TEXT NOT NULL CONSTRAINT menus_pkey PRIMARY KEY,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL CONSTRAINT menus_name_key UNIQUE,
    url           TEXT NOT NULL,
    create_url    TEXT NOT NULL,
    list_url      TEXT NOT NULL,
    parent_id     TEXT CONSTRAINT menus_parent_id_fkey REFERENCES menus (id),
    icon          TEXT NOT NULL,
    visible       BOOLEAN NOT NULL,
    display_order BIGINT NOT NULL CONSTRAINT menus_display_order_check CHECK (display_order >= 0),
    depth         BIGINT NOT NULL CONSTRAINT menus_depth_check CHECK (depth >= 0),
    is_active     BOOLEAN NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL,
    CONSTRAINT menus_parent_check CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX menus_url_key ON menus (url) WHERE url <> '#';
CREATE INDEX menus_parent_id ON menus (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE role_permissions (
    id         TEXT NOT NULL CONSTRAINT role_permissions_pkey PRIMARY KEY,
    role_id    TEXT NOT NULL CONSTRAINT role_permissions_role_id_fkey REFERENCES roles (id) ON DELETE CASCADE,
    menu_id    TEXT NOT NULL CONSTRAINT role_permissions_menu_id_fkey REFERENCES menus (id),
    actions    SMALLINT NOT NULL CONSTRAINT role_permissions_actions_check CHECK (actions BETWEEN 0 AND 15),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CONSTRAINT role_permissions_menu_key UNIQUE (role_id, menu_id)
);
CREATE INDEX role_permissions_menu_id ON role_permissions (menu_id);

CREATE TABLE account_permissions (
    id          TEXT NOT NULL CONSTRAINT account_permissions_pkey PRIMARY KEY,
    account_id  TEXT NOT NULL CONSTRAINT account_permissions_account_id_fkey REFERENCES accounts (id) ON DELETE CASCADE,
    menu_id     TEXT NOT NULL CONSTRAINT account_permissions_menu_id_fkey REFERENCES menus (id),
    actions     SMALLINT NOT NULL CONSTRAINT account_permissions_actions_check CHECK (actions BETWEEN 0 AND 15),
    assigned_by TEXT CONSTRAINT account_permissions_assigned_by_fkey REFERENCES accounts (id),
    assigned_at TIMESTAMP NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    CONSTRAINT account_permissions_menu_key UNIQUE (account_id, menu_id)
);
CREATE INDEX account_permissions_menu_id ON account_permissions (menu_id);
CREATE INDEX account_permissions_assigned_by ON account_permissions (assigned_by) WHERE assigned_by IS NOT NULL;
CREATE INDEX account_permissions_by_age ON account_permissions (created_at DESC, id DESC);

-- The grants of each role, and each account's own, are stored in its row as text with one line per grant: the id of the
-- menu, the actions, the URL. Every request reads them. Triggers keep them up to date, whoever writes.
-- +goose StatementBegin
CREATE TRIGGER role_permissions_grants_insert AFTER INSERT ON role_permissions BEGIN
    UPDATE roles SET grants = COALESCE((SELECT group_concat(p.menu_id || ' ' || p.actions || ' ' || m.url, char(10)) FROM role_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.role_id = roles.id), '') WHERE id = NEW.role_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER role_permissions_grants_update AFTER UPDATE ON role_permissions BEGIN
    UPDATE roles SET grants = COALESCE((SELECT group_concat(p.menu_id || ' ' || p.actions || ' ' || m.url, char(10)) FROM role_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.role_id = roles.id), '') WHERE id IN (OLD.role_id, NEW.role_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER role_permissions_grants_delete AFTER DELETE ON role_permissions BEGIN
    UPDATE roles SET grants = COALESCE((SELECT group_concat(p.menu_id || ' ' || p.actions || ' ' || m.url, char(10)) FROM role_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.role_id = roles.id), '') WHERE id = OLD.role_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_permissions_grants_insert AFTER INSERT ON account_permissions BEGIN
    UPDATE accounts SET grants = COALESCE((SELECT group_concat(p.menu_id || ' ' || p.actions || ' ' || m.url, char(10)) FROM account_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.account_id = accounts.id), '') WHERE id = NEW.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_permissions_grants_update AFTER UPDATE ON account_permissions BEGIN
    UPDATE accounts SET grants = COALESCE((SELECT group_concat(p.menu_id || ' ' || p.actions || ' ' || m.url, char(10)) FROM account_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.account_id = accounts.id), '') WHERE id IN (OLD.account_id, NEW.account_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER account_permissions_grants_delete AFTER DELETE ON account_permissions BEGIN
    UPDATE accounts SET grants = COALESCE((SELECT group_concat(p.menu_id || ' ' || p.actions || ' ' || m.url, char(10)) FROM account_permissions p JOIN menus m ON m.id = p.menu_id WHERE p.account_id = accounts.id), '') WHERE id = OLD.account_id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER menus_granted_url AFTER UPDATE OF url ON menus WHEN old.url <> new.url BEGIN
    UPDATE role_permissions SET menu_id = menu_id WHERE menu_id = new.id;
    UPDATE account_permissions SET menu_id = menu_id WHERE menu_id = new.id;
END;
-- +goose StatementEnd

-- (id, weight) is unique so that a foreign key can keep a ticket's copy of the weight up to date
CREATE TABLE ticket_statuses (
    id          TEXT NOT NULL CONSTRAINT ticket_statuses_pkey PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL CONSTRAINT ticket_statuses_name_key UNIQUE,
    code        TEXT NOT NULL CONSTRAINT ticket_statuses_code_key UNIQUE,
    description TEXT NOT NULL,
    weight      INTEGER NOT NULL CONSTRAINT ticket_statuses_weight_check CHECK (weight BETWEEN 0 AND 1000000),
    status_type TEXT NOT NULL CONSTRAINT ticket_statuses_status_type_check
                CHECK (status_type IN ('open', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled')),
    is_default  BOOLEAN NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    CONSTRAINT ticket_statuses_id_weight_key UNIQUE (id, weight)
);
CREATE UNIQUE INDEX ticket_statuses_default_key ON ticket_statuses (is_default) WHERE is_default;

CREATE TABLE ticket_priorities (
    id          TEXT NOT NULL CONSTRAINT ticket_priorities_pkey PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL CONSTRAINT ticket_priorities_name_key UNIQUE,
    code        TEXT NOT NULL CONSTRAINT ticket_priorities_code_key UNIQUE,
    description TEXT NOT NULL,
    weight      INTEGER NOT NULL CONSTRAINT ticket_priorities_weight_check CHECK (weight BETWEEN 0 AND 1000000),
    color       TEXT NOT NULL,
    sla_hours   INTEGER NOT NULL CONSTRAINT ticket_priorities_sla_hours_check CHECK (sla_hours >= 0),
    is_default  BOOLEAN NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
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
