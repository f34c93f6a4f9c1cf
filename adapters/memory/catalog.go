package memory

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// catalog is statuses or priorities.
type catalog[T any] struct {
	*tx
	rows *table[domain.ID, T]
	keys[T]
}

// keys says where a catalog finds what it must know of an entry.
type keys[T any] struct {
	id      func(T) domain.ID
	name    func(T) string
	code    func(T) string
	isFirst func(T) bool // the default
	rank    func(T) int  // what comes first has the lower one
	used    func(ticket.Ticket) domain.ID
	matched func(sla.Policy) []domain.ID // what a policy is for of its kind
}

var statusKeys = keys[ticket.Status]{
	id:      func(s ticket.Status) domain.ID { return s.ID },
	name:    func(s ticket.Status) string { return s.NameKey },
	code:    func(s ticket.Status) string { return s.Code },
	isFirst: func(s ticket.Status) bool { return s.IsDefault },
	rank:    func(s ticket.Status) int { return s.Weight },
	used:    func(t ticket.Ticket) domain.ID { return t.StatusID },
	matched: func(sla.Policy) []domain.ID { return nil },
}

var priorityKeys = keys[ticket.Priority]{
	id:      func(p ticket.Priority) domain.ID { return p.ID },
	name:    func(p ticket.Priority) string { return p.NameKey },
	code:    func(p ticket.Priority) string { return p.Code },
	isFirst: func(p ticket.Priority) bool { return p.IsDefault },
	rank:    func(p ticket.Priority) int { return -p.Weight },
	used:    func(t ticket.Ticket) domain.ID { return t.PriorityID },
	matched: func(x sla.Policy) []domain.ID { return x.PriorityIDs },
}

var errTwoDefaults = errors.New("memory: there is a default already")

func (k keys[T]) unique() []unique[domain.ID, T] {
	return []unique[domain.ID, T]{oneOf("name", k.name), oneOf("code", k.code)}
}

func (s catalog[T]) Add(_ context.Context, x T) error {
	if err := s.oneDefault(x); err != nil {
		return err
	}
	return s.rows.add(s.log, s.id(x), x)
}

func (s catalog[T]) oneDefault(x T) error {
	if s.isFirst(x) && s.rows.any(func(y T) bool { return s.isFirst(y) && s.id(y) != s.id(x) }) {
		return errTwoDefaults
	}
	return nil
}

func (s catalog[T]) Get(_ context.Context, id domain.ID) (T, error) { return s.rows.get(id) }

func (s catalog[T]) Lock(_ context.Context, id domain.ID) (T, error) { return s.rows.lock(s.log, id) }

func (s catalog[T]) LockDefault(context.Context) (T, error) {
	for _, x := range s.rows.rows {
		if s.isFirst(x) {
			return s.rows.lock(s.log, s.id(x))
		}
	}
	return s.rows.lock(s.log, "")
}

func (s catalog[T]) Save(_ context.Context, x T) error {
	if err := s.oneDefault(x); err != nil {
		return err
	}
	return s.rows.save(s.log, s.id(x), x)
}

func (s catalog[T]) Remove(ctx context.Context, id domain.ID) error {
	used, err := s.Used(ctx, id)
	if err != nil {
		return err
	}
	if used || s.promises(s.matched, id) {
		return ports.ErrInUse
	}
	return s.rows.remove(s.log, id)
}

func (s catalog[T]) Used(_ context.Context, id domain.ID) (bool, error) {
	return s.tickets.any(func(t ticket.Ticket) bool { return s.used(t) == id }), nil
}

func (s catalog[T]) Taken(_ context.Context, nameKey, code string, except domain.ID) ([]string, error) {
	return s.rows.taken(except, nameKey, code), nil
}

func (s catalog[T]) List(_ context.Context, page ports.Page) ([]T, int, error) {
	all := s.rows.where(func(T) bool { return true })
	slices.SortFunc(all, func(a, b T) int {
		return cmp.Or(cmp.Compare(s.rank(a), s.rank(b)), cmp.Compare(s.name(a), s.name(b)), cmp.Compare(s.id(a), s.id(b)))
	})
	return part(all, page), len(all), nil
}
