package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// menuRow is the row of access.Menu.
type menuRow struct {
	ID           domain.ID `bun:"id,pk"`
	Name         string    `bun:"name"`
	NameKey      string    `bun:"name_key"`
	URL          string    `bun:"url"`
	CreateURL    string    `bun:"create_url"`
	ListURL      string    `bun:"list_url"`
	ParentID     domain.ID `bun:"parent_id,nullzero"`
	Icon         string    `bun:"icon"`
	Visible      bool      `bun:"visible"`
	DisplayOrder int       `bun:"display_order"`
	Depth        int       `bun:"depth"`
	IsActive     bool      `bun:"is_active"`
	CreatedAt    time.Time `bun:"created_at"`
	UpdatedAt    time.Time `bun:"updated_at"`
}

var menuTable = newTable(table[menuRow, access.Menu]{
	name:   "menus",
	row:    func(m access.Menu) menuRow { return menuRow(m) },
	entity: func(r menuRow) access.Menu { return access.Menu(r) },
})

type menus struct{ conn }

func (s menus) Add(ctx context.Context, m access.Menu) error { return menuTable.add(ctx, s.conn, m) }

func (s menus) Save(ctx context.Context, m access.Menu) error { return menuTable.save(ctx, s.conn, m) }

func (s menus) Remove(ctx context.Context, id domain.ID) error {
	return menuTable.remove(ctx, s.conn, id)
}

func (s menus) All(ctx context.Context) ([]access.Menu, error) {
	var rs []menuRow
	err := s.scan(ctx, menuTable.query(s.conn, &rs).OrderExpr("depth, display_order, name_key, id"))
	return converted(rs, menuTable.entity), err
}

func (s menus) LockAll(ctx context.Context) ([]access.Menu, error) {
	if err := s.lockTable(ctx, menuTable.name); err != nil {
		return nil, err
	}
	return s.All(ctx)
}
