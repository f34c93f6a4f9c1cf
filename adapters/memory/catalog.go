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

// catalog is the store of statuses or of priorities.
type catalog[T any] struct {
	*tx
	rows *table[domain.ID, T]
	keys[T]
}

// keys are the functions with which a catalog reads its entries, and what refers to them.
type keys[T any] struct {
	id         func(T) domain.ID
	name       func(T) string
	code       func(T) string
	isDefault  func(T) bool
	sortKey    func(T) int // lower keys come first in lists
	ticketRef  func(ticket.Ticket) domain.ID
	policyRefs func(sla.Policy) []domain.ID // the entries that a policy refers to
}

var statusKeys = keys[ticket.Status]{
	id:         func(s ticket.Status) domain.ID { return s.ID },
	name:       func(s ticket.Status) string { return s.NameKey },
	code:       func(s ticket.Status) string { return s.Code },
	isDefault:  func(s ticket.Status) bool { return s.IsDefault },
	sortKey:    func(s ticket.Status) int { return s.Weight },
	ticketRef:  func(t ticket.Ticket) domain.ID { return t.StatusID },
	policyRefs: func(sla.Policy) []domain.ID { return nil },
}

var priorityKeys = keys[ticket.Priority]{
	id:         func(p ticket.Priority) domain.ID { return p.ID },
	name:       func(p ticket.Priority) string { return p.NameKey },
	code:       func(p ticket.Priority) string { return p.Code },
	isDefault:  func(p ticket.Priority) bool { return p.IsDefault },
	sortKey:    func(p ticket.Priority) int { return -p.Weight },
	ticketRef:  func(t ticket.Ticket) domain.ID { return t.PriorityID },
	policyRefs: func(x sla.Policy) []domain.ID { return x.PriorityIDs },
}

var errSecondDefault = errors.New("memory: another entry is the default")

func (k keys[T]) unique() []unique[domain.ID, T] {
	return []unique[domain.ID, T]{uniqueOn("name", k.name), uniqueOn("code", k.code)}
}

func (s catalog[T]) Add(_ context.Context, x T) error {
	if err := s.checkDefault(x); err != nil {
		return err
	}
	return s.rows.add(s.log, s.id(x), x)
}

func (s catalog[T]) checkDefault(x T) error {
	if s.isDefault(x) && s.rows.any(func(y T) bool { return s.isDefault(y) && s.id(y) != s.id(x) }) {
		return errSecondDefault
	}
	return nil
}

func (s catalog[T]) Get(_ context.Context, id domain.ID) (T, error) { return s.rows.get(id) }

func (s catalog[T]) Lock(_ context.Context, id domain.ID) (T, error) { return s.rows.lock(s.log, id) }

func (s catalog[T]) LockDefault(context.Context) (T, error) {
	for _, x := range s.rows.rows {
		if s.isDefault(x) {
			return s.rows.lock(s.log, s.id(x))
		}
	}
	return s.rows.lock(s.log, "")
}

func (s catalog[T]) Save(_ context.Context, x T) error {
	if err := s.checkDefault(x); err != nil {
		return err
	}
	return s.rows.save(s.log, s.id(x), x)
}

func (s catalog[T]) Remove(ctx context.Context, id domain.ID) error {
	used, err := s.Used(ctx, id)
	if err != nil {
		return err
	}
	if used || s.hasPolicyFor(s.policyRefs, id) {
		return ports.ErrInUse
	}
	return s.rows.remove(s.log, id)
}

func (s catalog[T]) Used(_ context.Context, id domain.ID) (bool, error) {
	return s.tickets.any(func(t ticket.Ticket) bool { return s.ticketRef(t) == id }), nil
}

func (s catalog[T]) Taken(_ context.Context, nameKey, code string, except domain.ID) ([]string, error) {
	return s.rows.taken(except, nameKey, code), nil
}

func (s catalog[T]) List(_ context.Context, page ports.Page) ([]T, int, error) {
	all := s.rows.where(func(T) bool { return true })
	slices.SortFunc(all, func(a, b T) int {
		return cmp.Or(cmp.Compare(s.sortKey(a), s.sortKey(b)), cmp.Compare(s.name(a), s.name(b)), cmp.Compare(s.id(a), s.id(b)))
	})
	return pageOf(all, page), len(all), nil
}
