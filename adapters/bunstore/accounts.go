package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
)

// accountRow is the row of account.Account.
type accountRow struct {
	ID           domain.ID             `bun:"id,pk"`
	Username     string                `bun:"username"`
	UsernameKey  string                `bun:"username_key"`
	Email        string                `bun:"email"`
	EmailKey     string                `bun:"email_key"`
	Phone        string                `bun:"phone"`
	PasswordHash string                `bun:"password_hash"`
	Address      string                `bun:"address"`
	RoleID       domain.ID             `bun:"role_id,nullzero"`
	IsActive     bool                  `bun:"is_active"`
	IsStaff      bool                  `bun:"is_staff"`
	IsSuperuser  bool                  `bun:"is_superuser"`
	Language     account.Language      `bun:"language"`
	Notify       *notification.Choices `bun:"notify,type:text"`
	TimeZone     string                `bun:"time_zone,nullzero"`
	LastLogin    time.Time             `bun:"last_login,nullzero"`

	MailSuspendedAt time.Time `bun:"mail_suspended_at,nullzero"`
	MailRefusals    string    `bun:"mail_refusals,nullzero"`

	CreatedAt time.Time `bun:"created_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

var accountTable = newTable(table[accountRow, account.Account]{
	name:   "accounts",
	row:    func(a account.Account) accountRow { return accountRow(a) },
	entity: func(r accountRow) account.Account { return account.Account(r) },
	search: account.Account.SearchText,
})

type accounts struct{ conn }

func (s accounts) Add(ctx context.Context, a account.Account) error {
	return accountTable.add(ctx, s.conn, a)
}

func (s accounts) Get(ctx context.Context, id domain.ID) (account.Account, error) {
	return accountTable.get(ctx, s.conn, "id = ?", id)
}

func (s accounts) Lock(ctx context.Context, id domain.ID) (account.Account, error) {
	return accountTable.lock(ctx, s.conn, "id = ?", id)
}

func (s accounts) Named(ctx context.Context, usernameKey string) (account.Account, error) {
	return accountTable.get(ctx, s.conn, "username_key = ?", usernameKey)
}

func (s accounts) WithEmail(ctx context.Context, emailKey string) (account.Account, error) {
	return accountTable.get(ctx, s.conn, "email_key = ?", emailKey)
}

func (s accounts) Save(ctx context.Context, a account.Account) error {
	return accountTable.save(ctx, s.conn, a)
}

func (s accounts) Taken(ctx context.Context, usernameKey, emailKey, phone string, except domain.ID) ([]string, error) {
	var others []accountRow
	err := s.scan(ctx,
		accountTable.query(s.conn, &others).Where("username_key = ? OR email_key = ? OR phone = ?", usernameKey, emailKey, phone))
	if err != nil {
		return nil, err
	}
	var username, email, number bool
	for _, o := range others {
		if o.ID != except {
			username, email, number = username || o.UsernameKey == usernameKey, email || o.EmailKey == emailKey, number || o.Phone == phone
		}
	}
	return takenFields(uniqueField{"username", username}, uniqueField{"email", email}, uniqueField{"phoneNumber", number}), nil
}

// Remove relies on the foreign keys to remove sessions and assignments.
func (s accounts) Remove(ctx context.Context, id domain.ID) error {
	return accountTable.remove(ctx, s.conn, id)
}

func (s accounts) ActiveSuperusers(ctx context.Context) (int, error) {
	return s.count(ctx, s.bun.NewSelect().Table(accountTable.name).Where("is_superuser AND is_active"))
}

// LockSuperusers counts the rows that it has locked: after waiting for a row, PostgreSQL evaluates the conditions
// again.
func (s accounts) LockSuperusers(ctx context.Context) (int, error) {
	held, err := rows[idRow](ctx, s.conn,
		s.statement(`SELECT a.id FROM accounts a WHERE a.is_superuser AND a.is_active ORDER BY a.id`+s.forUpdate("a")))
	return len(held), err
}

func (s accounts) Holdings(ctx context.Context, ids []domain.ID) (map[domain.ID]access.Holding, error) {
	held := make(map[domain.ID]access.Holding, len(ids))
	if len(ids) == 0 {
		return held, nil
	}
	var found []struct {
		ID    domain.ID    `bun:"id"`
		Scope access.Scope `bun:"scope"`
		Own   string       `bun:"own_grants"`
		Role  string       `bun:"role_grants"`
	}
	q := s.bun.NewSelect().TableExpr("accounts AS a").Join("LEFT JOIN roles AS r ON r.id = a.role_id").
		ColumnExpr("a.id, "+scopeOfRole+", a.grants AS own_grants, COALESCE(r.grants, '') AS role_grants").
		Where("a.id IN (?)", bun.List(ids))
	if err := s.scan(ctx, q, &found); err != nil {
		return nil, err
	}
	for _, r := range found {
		own, role, err := readBoth(r.Own, r.Role)
		if err != nil {
			return nil, s.failedQuery(err, q)
		}
		held[r.ID] = access.Holding{Own: own, Role: role, Scope: r.Scope}
	}
	return held, nil
}

func (s accounts) OwnInRole(ctx context.Context, role domain.ID) (access.Grants, error) {
	type grantRow struct {
		MenuID  domain.ID      `bun:"menu_id"`
		Actions access.Actions `bun:"actions"`
	}
	found, err := rows[grantRow](ctx, s.conn, s.statement(`SELECT DISTINCT p.menu_id, p.actions FROM account_permissions p
 JOIN accounts a ON a.id = p.account_id WHERE a.role_id = ? AND NOT a.is_superuser`, role))
	return converted(found, func(r grantRow) access.Grant { return access.Grant{MenuID: r.MenuID, Actions: r.Actions} }), err
}

// uniqueField is a unique field of an entity; taken is set if another entity has its value.
type uniqueField struct {
	name  string
	taken bool
}

func takenFields(fields ...uniqueField) []string {
	out := []string{}
	for _, f := range fields {
		if f.taken {
			out = append(out, f.name)
		}
	}
	return out
}
