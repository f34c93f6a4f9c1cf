package memory

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

type roles struct{ *tx }

func newRoles() *table[domain.ID, access.Role] {
	return newTable(uniqueOn("name", func(r access.Role) string { return r.NameKey }),
		uniqueOn("name", func(r access.Role) string { return r.Name }))
}

func (s roles) Add(_ context.Context, r access.Role) error { return s.roles.add(s.log, r.ID, r) }

func (s roles) Get(_ context.Context, id domain.ID) (ports.RoleView, error) {
	r, err := s.roles.get(id)
	if err != nil {
		return ports.RoleView{}, err
	}
	return s.view(r), nil
}

func (s roles) view(r access.Role) ports.RoleView {
	holders := s.accounts.where(func(a account.Account) bool { return a.RoleID == r.ID })
	return ports.RoleView{Role: r, AccountCount: len(holders)}
}

func (s roles) Lock(_ context.Context, id domain.ID) (access.Role, error) {
	return s.roles.lock(s.log, id)
}

func (s roles) Save(_ context.Context, r access.Role) error { return s.roles.save(s.log, r.ID, r) }

func (s roles) Remove(_ context.Context, id domain.ID) error {
	if s.accounts.any(func(a account.Account) bool { return a.RoleID == id }) {
		return ports.ErrInUse
	}
	if err := s.roles.remove(s.log, id); err != nil {
		return err
	}
	_, err := s.rolePermissions.removeWhere(s.log, math.MaxInt, func(p access.RolePermission) bool { return p.RoleID == id })
	return err
}

func (s roles) List(_ context.Context, page ports.Page) ([]ports.RoleView, int, error) {
	all := s.roles.where(func(access.Role) bool { return true })
	slices.SortFunc(all, func(a, b access.Role) int { return newestFirst(a.CreatedAt, b.CreatedAt, a.ID, b.ID) })
	views := []ports.RoleView{}
	for _, r := range pageOf(all, page) {
		views = append(views, s.view(r))
	}
	return views, len(all), nil
}

func newestFirst(a, b time.Time, aID, bID domain.ID) int {
	return cmp.Or(b.Compare(a), cmp.Compare(bID, aID))
}

type menus struct{ *tx }

func newMenus() *table[domain.ID, access.Menu] {
	return newTable(
		uniqueOn("menuName", func(m access.Menu) string { return m.NameKey }),
		uniqueOn("menuUrl", func(m access.Menu) string {
			if m.URL == access.NoURL { // a parent without a page: any number of menus has this URL
				return access.NoURL + string(m.ID)
			}
			return m.URL
		}),
	)
}

func (s menus) Add(_ context.Context, m access.Menu) error { return s.menus.add(s.log, m.ID, m) }

func (s menus) Save(_ context.Context, m access.Menu) error { return s.menus.save(s.log, m.ID, m) }

func (s menus) Remove(_ context.Context, id domain.ID) error {
	if s.menus.any(func(m access.Menu) bool { return m.ParentID == id }) ||
		s.rolePermissions.any(func(p access.RolePermission) bool { return p.MenuID == id }) ||
		s.accountPermissions.any(func(p access.AccountPermission) bool { return p.MenuID == id }) ||
		s.hasPolicyFor(func(x sla.Policy) []domain.ID { return x.MenuIDs }, id) {
		return ports.ErrInUse
	}
	if err := s.menus.remove(s.log, id); err != nil {
		return err
	}
	for _, t := range s.tickets.where(func(t ticket.Ticket) bool { return t.MenuID == id }) {
		t.LoseMenu()
		if err := s.tickets.save(s.log, t.ID, t); err != nil {
			return err
		}
	}
	return nil
}

// All returns the tree depth first, each menu followed by its descendants.
func (s menus) All(context.Context) ([]access.Menu, error) {
	under := map[domain.ID][]access.Menu{}
	for _, m := range s.menus.where(func(access.Menu) bool { return true }) {
		under[m.ParentID] = append(under[m.ParentID], m)
	}
	out := []access.Menu{}
	var walk func(parent domain.ID)
	walk = func(parent domain.ID) {
		siblings := under[parent]
		slices.SortFunc(siblings, func(a, b access.Menu) int {
			return cmp.Or(cmp.Compare(a.DisplayOrder, b.DisplayOrder), cmp.Compare(a.NameKey, b.NameKey))
		})
		for _, m := range siblings {
			out = append(out, m)
			walk(m.ID)
		}
	}
	walk("")
	return out, nil
}

func (s menus) LockAll(ctx context.Context) ([]access.Menu, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	return s.All(ctx)
}
