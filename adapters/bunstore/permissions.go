package bunstore

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// rolePermissionRow is the row of access.RolePermission.
type rolePermissionRow struct {
	ID        domain.ID      `bun:"id,pk"`
	RoleID    domain.ID      `bun:"role_id" group:"parent"`
	MenuID    domain.ID      `bun:"menu_id"`
	Actions   access.Actions `bun:"actions"`
	CreatedAt time.Time      `bun:"created_at"`
	UpdatedAt time.Time      `bun:"updated_at"`
}

var rolePermissionTable = newTable(table[rolePermissionRow, access.RolePermission]{
	name:   "role_permissions",
	row:    func(p access.RolePermission) rolePermissionRow { return rolePermissionRow(p) },
	entity: func(r rolePermissionRow) access.RolePermission { return access.RolePermission(r) },
})

var permissionsOfRole = childrenOf(rolePermissionTable)

type rolePermissionViewRow struct {
	rolePermissionRow
	Role string `bun:"role"`
	Menu string `bun:"menu"`
}

func (r rolePermissionViewRow) view() ports.RolePermissionView {
	return ports.RolePermissionView{RolePermission: access.RolePermission(r.rolePermissionRow), Role: r.Role, Menu: r.Menu}
}

type rolePermissions struct{ conn }

func (s rolePermissions) Get(ctx context.Context, id domain.ID) (ports.RolePermissionView, error) {
	var r rolePermissionViewRow
	err := s.scan(ctx, s.views(&r).Where("p.id = ?", id))
	return r.view(), err
}

func (s rolePermissions) Lock(ctx context.Context, id domain.ID) (ports.RolePermissionView, error) {
	if _, err := rolePermissionTable.lock(ctx, s.conn, "id = ?", id); err != nil {
		return ports.RolePermissionView{}, err
	}
	return s.Get(ctx, id)
}

func (s rolePermissions) Save(ctx context.Context, p access.RolePermission) error {
	return rolePermissionTable.save(ctx, s.conn, p)
}

func (s rolePermissions) Remove(ctx context.Context, id domain.ID) error {
	return rolePermissionTable.remove(ctx, s.conn, id)
}

// Replace locks the role first, so that of two concurrent calls the later one replaces the permissions of the earlier
// one.
func (s rolePermissions) Replace(ctx context.Context, role domain.ID, set []access.RolePermission) error {
	if _, err := roleTable.lock(ctx, s.conn, "id = ?", role); err != nil {
		return err
	}
	return permissionsOfRole.with(set).replace(ctx, s.conn, role)
}

func (s rolePermissions) Of(ctx context.Context, roles []domain.ID) ([]ports.RolePermissionView, error) {
	var rs []rolePermissionViewRow
	err := s.scan(ctx, s.views(&rs).Where("p.role_id IN (?)", bun.List(roles)).OrderExpr("p.role_id, m.url, p.id"))
	return converted(rs, rolePermissionViewRow.view), err
}

func (s rolePermissions) views(model any) *bun.SelectQuery {
	return s.bun.NewSelect().Model(model).ModelTableExpr("role_permissions AS p").
		ColumnExpr(rolePermissionTable.prefixed("p") + ", r.name AS role, m.name AS menu").
		Join("JOIN roles AS r ON r.id = p.role_id").Join("JOIN menus AS m ON m.id = p.menu_id")
}

// accountPermissionRow is the row of access.AccountPermission.
type accountPermissionRow struct {
	ID         domain.ID      `bun:"id,pk"`
	AccountID  domain.ID      `bun:"account_id"`
	MenuID     domain.ID      `bun:"menu_id"`
	Actions    access.Actions `bun:"actions"`
	AssignedBy domain.ID      `bun:"assigned_by,nullzero"`
	AssignedAt time.Time      `bun:"assigned_at"`
	CreatedAt  time.Time      `bun:"created_at"`
	UpdatedAt  time.Time      `bun:"updated_at"`
}

var accountPermissionTable = newTable(table[accountPermissionRow, access.AccountPermission]{
	name:   "account_permissions",
	row:    func(p access.AccountPermission) accountPermissionRow { return accountPermissionRow(p) },
	entity: func(r accountPermissionRow) access.AccountPermission { return access.AccountPermission(r) },
})

type accountPermissionViewRow struct {
	accountPermissionRow
	Account  string `bun:"account"`
	Menu     string `bun:"menu"`
	Assigner string `bun:"assigner"`
	Total    int    `bun:"total"` // in a list
}

func (r accountPermissionViewRow) idAndTotal() (domain.ID, int) { return r.ID, r.Total }

func (r accountPermissionViewRow) view() ports.AccountPermissionView {
	return ports.AccountPermissionView{
		AccountPermission: access.AccountPermission(r.accountPermissionRow), Account: r.Account, Menu: r.Menu, Assigner: r.Assigner,
	}
}

type accountPermissions struct{ conn }

func (s accountPermissions) Add(ctx context.Context, p access.AccountPermission) error {
	return accountPermissionTable.add(ctx, s.conn, p)
}

const assignmentJoins = ` LEFT JOIN accounts a ON a.id = p.account_id LEFT JOIN menus m ON m.id = p.menu_id LEFT JOIN accounts b ON ` +
	`b.id = p.assigned_by`

var (
	assignmentColumns = accountPermissionTable.prefixed("p") + `, a.username AS account, m.name AS menu, b.username AS assigner`

	selectAssignment = textOf(`SELECT ` + assignmentColumns + ` FROM account_permissions p` + assignmentJoins + ` WHERE p.id = ?`)

	// One statement selects the page and, beside each row, the total.
	assignmentPage = `SELECT ` + assignmentColumns + `, counted.total FROM (SELECT count(*) AS total FROM account_permissions) counted
 LEFT JOIN (SELECT p.* FROM account_permissions p ORDER BY p.created_at DESC, p.id DESC`
)

func (s accountPermissions) Get(ctx context.Context, id domain.ID) (ports.AccountPermissionView, error) {
	r, err := row[accountPermissionViewRow](ctx, s.conn, s.fixed(selectAssignment, id))
	return r.view(), err
}

func (s accountPermissions) Lock(ctx context.Context, id domain.ID) (ports.AccountPermissionView, error) {
	if _, err := accountPermissionTable.lock(ctx, s.conn, "id = ?", id); err != nil {
		return ports.AccountPermissionView{}, err
	}
	return s.Get(ctx, id)
}

func (s accountPermissions) Save(ctx context.Context, p access.AccountPermission) error {
	return accountPermissionTable.save(ctx, s.conn, p)
}

func (s accountPermissions) Remove(ctx context.Context, id domain.ID) error {
	return accountPermissionTable.remove(ctx, s.conn, id)
}

func (s accountPermissions) List(ctx context.Context, page ports.Page) ([]ports.AccountPermissionView, int, error) {
	q := s.statement(assignmentPage)
	addLimit(q, page.Size, page.Offset())
	q.add(`) p ON 1 = 1` + assignmentJoins + ` ORDER BY p.created_at DESC, p.id DESC`)
	found, err := rows[accountPermissionViewRow](ctx, s.conn, q)
	views, total := pageWithTotal(found, accountPermissionViewRow.idAndTotal, accountPermissionViewRow.view)
	return views, total, err
}
