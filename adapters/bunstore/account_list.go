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
	Total int    `bun:"total"` // of a list
}

func (r accountViewRow) view() ports.AccountView {
	return ports.AccountView{Account: account.Account(r.accountRow), Role: r.Role}
}

func (r accountViewRow) counted() (domain.ID, int) { return r.ID, r.Total }

var (
	accountViewColumns = accountTable.of("a") + `, r.name AS role`

	selectAccount = textOf(`SELECT ` + accountViewColumns + ` FROM accounts a` + accountViewJoin + ` WHERE a.id = ?`)

	// A list is one statement: the number, which triggers keep ready so that it costs the same however many there are,
	// and beside it the page, whose names are joined to its few rows after.
	accountPage  = `SELECT ` + accountViewColumns + `, counted.total FROM (`
	accountsKept = textOf(accountPage + keptCount)
	holdersKept  = textOf(accountPage + keptCount + ` AND c.is_active AND c.role_id <> ''` + besideAccounts +
		` AND a.is_active AND a.role_id IS NOT NULL`)
)

const (
	accountViewJoin = ` LEFT JOIN roles r ON r.id = a.role_id`

	keptCount      = `SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) AS total FROM account_counts c WHERE 1 = 1`
	besideAccounts = `) counted LEFT JOIN (SELECT a.* FROM accounts a WHERE 1 = 1`
)

func (s accounts) View(ctx context.Context, id domain.ID) (ports.AccountView, error) {
	r, err := row[accountViewRow](ctx, s.conn, s.asked(selectAccount, id))
	return r.view(), err
}

// List looks first for what a search finds, all of it: PostgreSQL, which cannot know how much that will be, would walk
// through the newest in the hope that they are among it.
func (s accounts) List(ctx context.Context, f ports.AccountFilter, page ports.Page) ([]ports.AccountView, int, error) {
	if f.Search == nil {
		q := s.asked(accountsKept)
		among(q, "c", f)
		q.add(besideAccounts)
		among(q, "a", f)
		return s.accountsOf(ctx, q, page, pageAsItIs)
	}
	q := s.statement(`WITH found AS MATERIALIZED (SELECT a.id, a.created_at FROM accounts a WHERE 1 = 1`)
	among(q, "a", f)
	s.searching(q, "a", accountsInFile, f.Search)
	q.add(`) ` + accountPage + `SELECT count(*) AS total FROM found) counted LEFT JOIN (SELECT a.id FROM found a`)
	return s.accountsOf(ctx, q, page, pageOfIDs)
}

// among keeps a statement to a state and a role, of accounts or of their counts. The state stands in the text, for
// PostgreSQL to see that an index has the rest in order.
func among(q *statement, alias string, f ports.AccountFilter) {
	if f.Active != nil && *f.Active {
		q.add(` AND ` + alias + `.is_active = TRUE`)
	} else if f.Active != nil {
		q.add(` AND ` + alias + `.is_active = FALSE`)
	}
	if f.Role != "" {
		q.add(` AND `+alias+`.role_id = ?`, f.Role)
	}
}

// What joins a page of accounts to their number: whole rows, or ids alone.
const (
	pageAsItIs = `) a ON 1 = 1`
	pageOfIDs  = `) p ON 1 = 1 LEFT JOIN accounts a ON a.id = p.id`
)

// accountsOf ends a statement that selects, with accountPage before it, accounts a or their ids, and gives its page,
// the newest first.
func (c conn) accountsOf(ctx context.Context, q *statement, page ports.Page, joined string) ([]ports.AccountView, int, error) {
	q.add(` ORDER BY a.created_at DESC, a.id DESC`)
	cut(q, page.Size, page.Offset())
	q.add(joined + accountViewJoin + ` ORDER BY a.created_at DESC, a.id DESC`)
	found, err := rows[accountViewRow](ctx, c, q)
	views, total := counted(found, accountViewRow.counted, accountViewRow.view)
	return views, total, err
}

type accountRoles struct{ conn }

func (s accountRoles) List(ctx context.Context, page ports.Page) ([]ports.AccountView, int, error) {
	return s.accountsOf(ctx, s.asked(holdersKept), page, pageAsItIs)
}

// Lock takes the rows in the order of their ids, so that two at once wait for each other and never in a circle.
func (s accountRoles) Lock(ctx context.Context, ids []domain.ID) ([]account.Account, error) {
	var rs []accountRow
	err := s.scan(ctx, accountTable.query(s.conn, &rs).Where("id IN (?)", bun.List(ids)).OrderExpr("id").Apply(s.locking))
	return converted(rs, accountTable.entity), err
}

func (s accountRoles) Give(ctx context.Context, ids []domain.ID, role domain.ID, now time.Time) error {
	return s.run(ctx, s.bun.NewUpdate().Table(accountTable.name).Set("role_id = ?, updated_at = ?", opt(role), now).
		Where("id IN (?)", bun.List(ids)))
}
