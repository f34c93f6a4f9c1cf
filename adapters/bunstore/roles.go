package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// roleRow is access.Role with the columns that hold it.
type roleRow struct {
	ID           domain.ID    `bun:"id,pk"`
	Name         string       `bun:"name"`
	TicketScope  access.Scope `bun:"ticket_scope"`
	IsPredefined bool         `bun:"is_predefined"`
	CreatedAt    time.Time    `bun:"created_at"`
	UpdatedAt    time.Time    `bun:"updated_at"`
}

var roleTable = table[roleRow, access.Role]{
	name:   "roles",
	row:    func(r access.Role) roleRow { return roleRow(r) },
	entity: func(r roleRow) access.Role { return access.Role(r) },
}

type roleViewRow struct {
	roleRow
	AccountCount int `bun:"account_count"`
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

// Remove leaves the role's permissions to the foreign key, which takes them along.
func (s roles) Remove(ctx context.Context, id domain.ID) error {
	return roleTable.remove(ctx, s.conn, id)
}

func (s roles) Get(ctx context.Context, id domain.ID) (ports.RoleView, error) {
	var r roleViewRow
	err := s.views(&r).Where("r.id = ?", id).Scan(ctx)
	return r.view(), s.translate(err)
}

func (s roles) List(ctx context.Context, page ports.Page) ([]ports.RoleView, int, error) {
	n, err := s.bun.NewSelect().Table("roles").Count(ctx)
	if err != nil {
		return nil, 0, s.translate(err)
	}
	var rs []roleViewRow
	err = s.views(&rs).OrderExpr("r.created_at DESC, r.id DESC").Limit(int64(page.Size)).Offset(int64(page.Offset())).Scan(ctx)
	return converted(rs, roleViewRow.view), int(n), s.translate(err)
}

func (s roles) views(model any) *bun.SelectQuery {
	return s.bun.NewSelect().Model(model).ModelTableExpr("roles AS r").ColumnExpr("r.id, r.name, r.ticket_scope, r.is_predefined, r.created_at, r.updated_at").
		ColumnExpr("(SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) FROM account_counts c WHERE c.role_id = r.id) AS account_count")
}

// converted gives what each row stands for; it is never nil.
func converted[R, V any](rs []R, to func(R) V) []V {
	out := make([]V, len(rs))
	for i, r := range rs {
		out[i] = to(r)
	}
	return out
}
