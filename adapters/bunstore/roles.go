package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// roleRow is the row of access.Role.
type roleRow struct {
	ID                 domain.ID    `bun:"id,pk"`
	Name               string       `bun:"name"`
	NameKey            string       `bun:"canonical_name,nullzero"`
	TicketScope        access.Scope `bun:"ticket_scope"`
	ReceivesUnassigned bool         `bun:"receives_unassigned"`
	IsPredefined       bool         `bun:"is_predefined"`
	CreatedAt          time.Time    `bun:"created_at"`
	UpdatedAt          time.Time    `bun:"updated_at"`
}

var roleTable = newTable(table[roleRow, access.Role]{
	name:   "roles",
	row:    func(r access.Role) roleRow { return roleRow(r) },
	entity: func(r roleRow) access.Role { return access.Role(r) },
})

type roleViewRow struct {
	roleRow
	AccountCount int `bun:"account_count"`
	Total        int `bun:"total"` // of a list
}

func (r roleViewRow) view() ports.RoleView {
	return ports.RoleView{Role: access.Role(r.roleRow), AccountCount: r.AccountCount}
}

type roles struct{ conn }

func (s roles) Add(ctx context.Context, r access.Role) error { return roleTable.add(ctx, s.conn, r) }

func (s roles) Lock(ctx context.Context, id domain.ID) (access.Role, error) {
	return roleTable.lock(ctx, s.conn, "id = ?", id)
}

func (s roles) Save(ctx context.Context, r access.Role) error { return roleTable.save(ctx, s.conn, r) }

// Remove relies on the foreign key to remove the role's permissions.
func (s roles) Remove(ctx context.Context, id domain.ID) error {
	return roleTable.remove(ctx, s.conn, id)
}

var (
	roleViewColumns = roleTable.prefixed("r") + `,
 (SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) FROM account_counts c WHERE c.role_id = r.id) AS account_count`

	selectRole = textOf(`SELECT ` + roleViewColumns + ` FROM roles r WHERE r.id = ?`)

	// One statement selects the page and, beside each row, the total.
	rolePage = `SELECT ` + roleViewColumns + `, counted.total FROM (SELECT count(*) AS total FROM roles) counted
 LEFT JOIN (SELECT r.* FROM roles r ORDER BY r.created_at DESC, r.id DESC`
)

func (s roles) Get(ctx context.Context, id domain.ID) (ports.RoleView, error) {
	r, err := row[roleViewRow](ctx, s.conn, s.fixed(selectRole, id))
	return r.view(), err
}

func (s roles) List(ctx context.Context, page ports.Page) ([]ports.RoleView, int, error) {
	q := s.statement(rolePage)
	addLimit(q, page.Size, page.Offset())
	found, err := rows[roleViewRow](ctx, s.conn, q.add(`) r ON 1 = 1 ORDER BY r.created_at DESC, r.id DESC`))
	views, total := pageWithTotal(found, roleViewRow.idAndTotal, roleViewRow.view)
	return views, total, err
}

func (r roleViewRow) idAndTotal() (domain.ID, int) { return r.ID, r.Total }
