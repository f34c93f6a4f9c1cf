package bunstore

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
)

// sessionRow is account.Session with the columns that hold it.
type sessionRow struct {
	ID         domain.ID `bun:"id,pk"`
	AccountID  domain.ID `bun:"account_id"`
	RefreshID  domain.ID `bun:"refresh_id"`
	PreviousID domain.ID `bun:"previous_id,nullzero"`
	RotatedAt  time.Time `bun:"rotated_at"`
	CreatedAt  time.Time `bun:"created_at"`
	ExpiresAt  time.Time `bun:"expires_at"`
	RevokedAt  time.Time `bun:"revoked_at,nullzero"`
}

var sessionTable = table[sessionRow, account.Session]{
	name:   "sessions",
	row:    func(s account.Session) sessionRow { return sessionRow(s) },
	entity: func(r sessionRow) account.Session { return account.Session(r) },
}

type sessions struct{ conn }

func (s sessions) Add(ctx context.Context, x account.Session) error {
	return sessionTable.add(ctx, s.conn, x)
}

func (s sessions) Get(ctx context.Context, id domain.ID) (account.Session, error) {
	return sessionTable.get(ctx, s.conn, "id = ?", id)
}

func (s sessions) Lock(ctx context.Context, id domain.ID) (account.Session, error) {
	return sessionTable.lock(ctx, s.conn, "id = ?", id)
}

func (s sessions) Save(ctx context.Context, x account.Session) error {
	return sessionTable.save(ctx, s.conn, x)
}

func (s sessions) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.expires_at < ? OR s.revoked_at < ? LIMIT ?`,
		before, before, limit).add(s.forUpdateSkipLocked("s")+`)`))
	return int(n), err
}

// actorRow is access.Actor with the columns that hold it, but for the grants, which come as text: a line for each
// menu with its id, the actions as a number, and its URL.
type actorRow struct {
	ID        domain.ID    `bun:"id"`
	Username  string       `bun:"username"`
	Session   domain.ID    `bun:"session"`
	RoleID    domain.ID    `bun:"role_id"`
	RoleName  string       `bun:"role_name"`
	Scope     access.Scope `bun:"scope"`
	Superuser bool         `bun:"superuser"`
	Staff     bool         `bun:"staff"`
	Grants    string       `bun:"grants"`
}

// findActor runs on every request. An assignment of the account's own replaces what its role says of the menu; a
// superuser needs no grants.
const findActor = `SELECT a.id, a.username, s.id AS session, a.role_id, r.name AS role_name, COALESCE(r.ticket_scope, 'own') AS scope,
 a.is_superuser AS superuser, a.is_staff AS staff,
 CASE WHEN NOT a.is_superuser THEN (SELECT string_agg(m.id || ' ' || g.actions || ' ' || m.url, '` + "\n" + `') FROM (
   SELECT ap.menu_id, ap.actions FROM account_permissions ap WHERE ap.account_id = a.id
   UNION ALL
   SELECT rp.menu_id, rp.actions FROM role_permissions rp WHERE rp.role_id = a.role_id
    AND NOT EXISTS (SELECT 1 FROM account_permissions own WHERE own.account_id = a.id AND own.menu_id = rp.menu_id)
  ) g JOIN menus m ON m.id = g.menu_id) END AS grants
 FROM sessions s JOIN accounts a ON a.id = s.account_id LEFT JOIN roles r ON r.id = a.role_id
 WHERE s.id = ? AND s.revoked_at IS NULL AND s.expires_at > ? AND a.is_active`

func (s sessions) Actor(ctx context.Context, session domain.ID, now time.Time) (access.Actor, error) {
	r, err := row[actorRow](ctx, s.conn, s.statement(findActor, session, now))
	if err != nil {
		return access.Actor{}, err
	}
	grants, err := readGrants(r.Grants)
	return access.Actor{
		ID: r.ID, Username: r.Username, Session: r.Session, RoleID: r.RoleID, RoleName: r.RoleName, Scope: r.Scope,
		Superuser: r.Superuser, Staff: r.Staff, Grants: grants,
	}, err
}

func readGrants(text string) (access.Grants, error) {
	if text == "" {
		return nil, nil
	}
	out := make(access.Grants, 0, strings.Count(text, "\n")+1)
	for line := range strings.SplitSeq(text, "\n") {
		id, rest, _ := strings.Cut(line, " ")
		number, url, found := strings.Cut(rest, " ")
		actions, err := strconv.ParseUint(number, 10, 8)
		if err != nil || !found {
			return nil, fmt.Errorf("an unreadable grant: %q", line)
		}
		out = append(out, access.Grant{MenuID: domain.ID(id), URL: url, Actions: access.Actions(actions)})
	}
	return out, nil
}
