package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/text"
)

// accountRow is the row of account.Account.
type accountRow struct {
	accountColumns
	// Folded is the folded user name: earlier releases look it up, and tickets have a copy, by which they are ordered.
	Folded string `bun:"username_key"`
}

func newAccountRow(a account.Account) accountRow {
	return accountRow{accountColumns(a), domain.FoldCase(a.Username)}
}

func (r accountRow) account() account.Account { return account.Account(r.accountColumns) }

// accountColumns are the fields of account.Account.
type accountColumns struct {
	ID           domain.ID             `bun:"id,pk"`
	Username     string                `bun:"username"`
	UsernameKey  string                `bun:"canonical_username,nullzero"`
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
	row:    newAccountRow,
	entity: accountRow.account,
	sought: searchedOf,
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

// Named finds at most two accounts.
func (s accounts) Named(ctx context.Context, name account.Lookup) (account.Account, error) {
	var r accountRow
	err := s.scan(ctx, accountTable.query(s.conn, &r).Where("username_key = ? OR canonical_username = ?", name.Folded, name.Key).
		OrderExpr("CASE WHEN username_key = ? THEN 0 ELSE 1 END", name.Folded).Limit(1))
	return r.account(), err
}

func (s accounts) WithEmail(ctx context.Context, emailKey string) (account.Account, error) {
	return accountTable.get(ctx, s.conn, "email_key = ?", emailKey)
}

func (s accounts) Save(ctx context.Context, a account.Account) error {
	return accountTable.save(ctx, s.conn, a)
}

// maxUnderived is how many accounts without a derived key Taken compares. There are more only while the walk that derives them
// after an upgrade has just begun.
const maxUnderived = 1000

func (s accounts) Taken(ctx context.Context, a account.Account) ([]string, error) {
	folded, key := domain.FoldCase(a.Username), text.Key(a.Username)
	var others []accountRow
	err := s.scan(ctx, accountTable.query(s.conn, &others).Where("id <> ?", a.ID).
		Where("username_key = ? OR canonical_username = ? OR email_key = ? OR phone = ?", folded, a.UsernameKey, a.EmailKey, a.Phone))
	if err != nil {
		return nil, err
	}
	var username, email, number bool
	for _, o := range others {
		username = username || a.UsernameKey != "" && (o.Folded == folded || o.UsernameKey == a.UsernameKey)
		email, number = email || o.EmailKey == a.EmailKey, number || o.Phone == a.Phone
	}
	if !username && a.UsernameKey == key {
		if username, err = s.underivedHas(ctx, key, a.ID); err != nil {
			return nil, err
		}
	}
	return takenFields(uniqueField{"username", username}, uniqueField{"email", email}, uniqueField{"phoneNumber", number}), nil
}

// underivedHas reports whether the user name of another account has a key that is not derived yet.
func (s accounts) underivedHas(ctx context.Context, key string, except domain.ID) (bool, error) {
	if key == "" {
		return false, nil
	}
	found, err := rows[struct {
		Username string `bun:"username"`
	}](ctx, s.conn, s.statement(`SELECT username FROM accounts WHERE canonical_username IS NULL AND id <> ?
 ORDER BY id LIMIT ?`, except, maxUnderived))
	for _, r := range found {
		if text.Key(r.Username) == key {
			return true, err
		}
	}
	return false, err
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
