package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// sessionRow is the row of account.Session.
type sessionRow struct {
	ID         domain.ID `bun:"id,pk"`
	AccountID  domain.ID `bun:"account_id"`
	RefreshID  domain.ID `bun:"refresh_id"`
	PreviousID domain.ID `bun:"previous_id,nullzero"`
	RotatedAt  time.Time `bun:"rotated_at"`
	CreatedAt  time.Time `bun:"created_at"`
	ExpiresAt  time.Time `bun:"expires_at"`
	RevokedAt  time.Time `bun:"revoked_at,nullzero"`
	Address    string    `bun:"address,nullzero"`
	UserAgent  string    `bun:"user_agent,nullzero"`
}

var sessionTable = newTable(table[sessionRow, account.Session]{
	name:   "sessions",
	row:    func(s account.Session) sessionRow { return sessionRow(s) },
	entity: func(r sessionRow) account.Session { return account.Session(r) },
})

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

// ListOf reads the sessions of an account by the index that has their order.
func (s sessions) ListOf(ctx context.Context, holder domain.ID, now time.Time, page ports.Page) ([]account.Session, int, error) {
	const live = "account_id = ? AND revoked_at IS NULL AND expires_at > ?"
	n, err := s.count(ctx, s.bun.NewSelect().Table(sessionTable.name).Where(live, holder, now))
	if err != nil {
		return nil, 0, err
	}
	var found []sessionRow
	err = s.scan(ctx, sessionTable.query(s.conn, &found).Where(live, holder, now).OrderExpr("created_at DESC, id DESC").
		Limit(int64(page.Size)).Offset(int64(page.Offset())))
	return converted(found, sessionTable.entity), n, err
}

func (s sessions) RevokeOf(ctx context.Context, account, kept domain.ID, now time.Time) error {
	_, err := exec(ctx, s.conn,
		s.statement(`UPDATE sessions SET revoked_at = ? WHERE account_id = ? AND id <> ? AND revoked_at IS NULL AND expires_at > ?`,
			now, account, kept, now))
	return err
}

// RevokeOldest reads the sessions in the order of the index sessions_by_age, up to the last that it revokes.
func (s sessions) RevokeOldest(ctx context.Context, holder domain.ID, keep, limit int, now time.Time) error {
	_, err := exec(ctx, s.conn, s.statement(`UPDATE sessions SET revoked_at = ? WHERE id IN (SELECT s.id FROM sessions s
 WHERE s.account_id = ? AND s.revoked_at IS NULL AND s.expires_at > ? ORDER BY s.created_at DESC, s.id DESC LIMIT ? OFFSET ?)`,
		now, holder, now, limit, keep).unprepared())
	return err
}

func (s sessions) RevokeAll(ctx context.Context, now time.Time) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`UPDATE sessions SET revoked_at = ? WHERE revoked_at IS NULL AND expires_at > ?`, now, now))
	return int(n), err
}

func (s sessions) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn,
		s.statement(`DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.expires_at < ? OR s.revoked_at < ? LIMIT ?`,
			before, before, limit).add(s.forUpdateSkipLocked("s")+`)`))
	return int(n), err
}
