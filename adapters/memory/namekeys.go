package memory

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/namekey"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

type nameKeys struct{ *tx }

// all returns all rows of a kind, ordered by id.
func (s nameKeys) all(kind ports.DerivedKind) []namekey.Row {
	all := []namekey.Row{}
	add := func(name, key string, id domain.ID, created time.Time) {
		all = append(all, namekey.Row{Name: name, Key: key, ID: id, CreatedAt: created})
	}
	switch kind {
	case ports.UserNames:
		for _, x := range s.accounts.rows {
			add(x.Username, x.UsernameKey, x.ID, x.CreatedAt)
		}
	case ports.UserLooks:
		for _, x := range s.accounts.rows {
			add(x.Username, s.skeletons.rows[x.ID], x.ID, x.CreatedAt)
		}
	case ports.RoleNames:
		for _, x := range s.roles.rows {
			add(x.Name, x.NameKey, x.ID, x.CreatedAt)
		}
	case ports.MenuNames:
		for _, x := range s.menus.rows {
			add(x.Name, x.NameKey, x.ID, x.CreatedAt)
		}
	case ports.StatusNames:
		for _, x := range s.statuses.rows {
			add(x.Name, x.NameKey, x.ID, x.CreatedAt)
		}
	case ports.PriorityNames:
		for _, x := range s.priorities.rows {
			add(x.Name, x.NameKey, x.ID, x.CreatedAt)
		}
	case ports.CalendarNames:
		for _, x := range s.calendars.rows {
			add(x.Name, x.NameKey, x.ID, x.CreatedAt)
		}
	case ports.PolicyNames:
		for _, x := range s.policies.rows {
			add(x.Name, x.NameKey, x.ID, x.CreatedAt)
		}
	default: // no names
	}
	slices.SortFunc(all, func(a, b namekey.Row) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// where returns the rows that match, ordered by id.
func (s nameKeys) where(kind ports.DerivedKind, match func(namekey.Row) bool) []namekey.Row {
	return slices.DeleteFunc(s.all(kind), func(r namekey.Row) bool { return !match(r) })
}

func (s nameKeys) IDs(_ context.Context, kind ports.DerivedKind, after domain.ID, limit int) ([]domain.ID, error) {
	ids := []domain.ID{}
	for _, r := range s.where(kind, func(r namekey.Row) bool { return r.ID > after }) {
		if len(ids) < limit {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

func (s nameKeys) CountAfter(_ context.Context, kind ports.DerivedKind, after domain.ID) (int, error) {
	return len(s.where(kind, func(r namekey.Row) bool { return r.ID > after })), nil
}

func (s nameKeys) Lock(_ context.Context, kind ports.DerivedKind, ids []domain.ID) ([]namekey.Row, error) {
	return s.where(kind, func(r namekey.Row) bool { return slices.Contains(ids, r.ID) }), s.log.writable()
}

func (s nameKeys) LockHolders(ctx context.Context, kind ports.DerivedKind, keys []string) ([]namekey.Row, error) {
	if err := s.log.writable(); err != nil {
		return nil, err
	}
	return s.Holders(ctx, kind, keys)
}

func (s nameKeys) Holders(_ context.Context, kind ports.DerivedKind, keys []string) ([]namekey.Row, error) {
	return s.where(kind, func(r namekey.Row) bool { return r.Key != "" && slices.Contains(keys, r.Key) }), nil
}

func (s nameKeys) Set(_ context.Context, kind ports.DerivedKind, rows []namekey.Row) error {
	for _, r := range rows {
		if err := s.set(kind, r.ID, r.Key); err != nil {
			return err
		}
	}
	return s.log.writable()
}

func (s nameKeys) set(kind ports.DerivedKind, id domain.ID, key string) error {
	switch kind {
	case ports.UserNames:
		return change(s.log, s.accounts, id, func(x *account.Account) { x.SetKey(key) })
	case ports.UserLooks:
		if _, err := s.accounts.get(id); err != nil {
			return err
		}
		return s.skeletons.put(s.log, id, key)
	case ports.RoleNames:
		return change(s.log, s.roles, id, func(x *access.Role) { x.SetKey(key) })
	case ports.MenuNames:
		return change(s.log, s.menus, id, func(x *access.Menu) { x.SetKey(key) })
	case ports.StatusNames:
		return change(s.log, s.statuses, id, func(x *ticket.Status) { x.SetKey(key) })
	case ports.PriorityNames:
		return change(s.log, s.priorities, id, func(x *ticket.Priority) { x.SetKey(key) })
	case ports.CalendarNames:
		return change(s.log, s.calendars, id, func(x *sla.Calendar) { x.SetKey(key) })
	case ports.PolicyNames:
		return change(s.log, s.policies, id, func(x *sla.Policy) { x.SetKey(key) })
	default:
		return fmt.Errorf("memory: no names of the kind %q", kind)
	}
}

// change changes a row of a table.
func change[V any](log *journal, t *table[domain.ID, V], id domain.ID, fn func(*V)) error {
	x, err := t.get(id)
	if err != nil {
		return err
	}
	fn(&x)
	return t.put(log, id, x)
}

// Reserve has nothing to wait for: Updates run one after the other.
func (s nameKeys) Reserve(context.Context, ports.DerivedKind, string) error { return s.log.writable() }

func (s nameKeys) Aside(_ context.Context, kind ports.DerivedKind, after domain.ID, limit int) ([]namekey.Row, error) {
	aside := s.where(kind, func(r namekey.Row) bool { return r.ID > after && namekey.IsAside(r.Key) })
	return aside[:min(limit, len(aside))], nil
}
