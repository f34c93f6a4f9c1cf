package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

type accountViewRow struct {
	accountRow
	Role  string `bun:"role"`
	Total int    `bun:"total"` // in a list
}

func (r accountViewRow) view() ports.AccountView {
	return ports.AccountView{Account: r.account(), Role: r.Role}
}

func (r accountViewRow) idAndTotal() (domain.ID, int) { return r.ID, r.Total }

var (
	accountViewColumns = accountTable.prefixed("a") + `, r.name AS role`

	selectAccount = textOf(`SELECT ` + accountViewColumns + ` FROM accounts a` + accountViewJoin + ` WHERE a.id = ?`)

	// A list is one statement: the total, which triggers maintain so that its cost does not depend on the number of
	// accounts, and beside it the page, to whose few rows the names are joined.
	accountPage       = `SELECT ` + accountViewColumns + `, counted.total FROM (`
	selectAccounts    = textOf(accountPage + accountCount)
	selectRoleHolders = textOf(accountPage + accountCount + ` AND c.is_active AND c.role_id <> ''` + joinAccounts +
		` AND a.is_active AND a.role_id IS NOT NULL`)
)

const (
	accountViewJoin = ` LEFT JOIN roles r ON r.id = a.role_id`

	accountCount = `SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) AS total FROM account_counts c WHERE 1 = 1`
	joinAccounts = `) counted LEFT JOIN (SELECT a.* FROM accounts a WHERE 1 = 1`
)

func (s accounts) View(ctx context.Context, id domain.ID) (ports.AccountView, error) {
	r, err := row[accountViewRow](ctx, s.conn, s.fixed(selectAccount, id))
	return r.view(), err
}

// List with a search first collects all matches: PostgreSQL cannot estimate their number, and would otherwise scan
// accounts from the newest, hoping to meet some.
func (s accounts) List(ctx context.Context, f ports.AccountFilter, page ports.Page) ([]ports.AccountView, int, error) {
	if f.Search == nil {
		q := s.fixed(selectAccounts)
		accountsMatching(q, "c", f)
		q.add(joinAccounts)
		accountsMatching(q, "a", f)
		return s.listAccounts(ctx, q, page, pageOfRows)
	}
	q := s.statement(`WITH found AS MATERIALIZED (SELECT a.id, a.created_at FROM accounts a WHERE 1 = 1`).unprepared()
	accountsMatching(q, "a", f)
	s.addAccountSearch(q, f)
	q.add(`) ` + accountPage + `SELECT count(*) AS total FROM found) counted LEFT JOIN (SELECT a.id FROM found a`)
	return s.listAccounts(ctx, q, page, pageOfIDs)
}

// accountsMatching limits a statement over accounts, or over their counts, to a state and a role. The state is part
// of the text, so that PostgreSQL can see that an index provides the order.
func accountsMatching(q *statement, alias string, f ports.AccountFilter) {
	if f.Active != nil && *f.Active {
		q.add(` AND ` + alias + `.is_active = TRUE`)
	} else if f.Active != nil {
		q.add(` AND ` + alias + `.is_active = FALSE`)
	}
	if f.Role != "" {
		q.add(` AND `+alias+`.role_id = ?`, f.Role)
	}
}

// The ends of the join of the total and a page of accounts: of whole rows, or of ids.
const (
	pageOfRows = `) a ON 1 = 1`
	pageOfIDs  = `) p ON 1 = 1 LEFT JOIN accounts a ON a.id = p.id`
)

// listAccounts completes a statement that begins with accountPage and selects accounts a or their ids, and returns
// its page, the newest first.
func (c conn) listAccounts(ctx context.Context, q *statement, page ports.Page, joined string) ([]ports.AccountView, int, error) {
	q.add(` ORDER BY a.created_at DESC, a.id DESC`)
	addLimit(q, page.Size, page.Offset())
	q.add(joined + accountViewJoin + ` ORDER BY a.created_at DESC, a.id DESC`)
	found, err := rows[accountViewRow](ctx, c, q)
	views, total := pageWithTotal(found, accountViewRow.idAndTotal, accountViewRow.view)
	return views, total, err
}

type accountRoles struct{ conn }

func (s accountRoles) List(ctx context.Context, page ports.Page) ([]ports.AccountView, int, error) {
	return s.listAccounts(ctx, s.fixed(selectRoleHolders), page, pageOfRows)
}

// Lock locks the rows in the order of their ids, so that concurrent calls cannot deadlock.
func (s accountRoles) Lock(ctx context.Context, ids []domain.ID) ([]account.Account, error) {
	var rs []accountRow
	err := s.scan(ctx, accountTable.query(s.conn, &rs).Where("id IN (?)", bun.List(ids)).OrderExpr("id").Apply(s.locking))
	return converted(rs, accountTable.entity), err
}

func (s accountRoles) Give(ctx context.Context, ids []domain.ID, role domain.ID, now time.Time) error {
	return s.run(ctx, s.bun.NewUpdate().Table(accountTable.name).Set("role_id = ?, updated_at = ?", nullable(role), now).
		Where("id IN (?)", bun.List(ids)))
}
