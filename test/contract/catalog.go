package contract

import (
	"context"
	"errors"
	"testing"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// kind describes statuses or priorities to the test of catalogs.
type kind[T any] struct {
	store     func(ports.Tx) ports.Catalog[T]
	some      func() T
	set       func(x *T, label entry) // sets the fields that are set in label, and isDefault
	id        func(T) domain.ID
	isDefault func(T) bool
	use       func(*ticket.Ticket, domain.ID) // makes a ticket refer to an entry
	rising    bool                            // whether lower weights come first
}

// entry holds the fields that statuses and priorities have in common.
type entry struct {
	id            domain.ID
	nameKey, code string
	weight        int
	isDefault     bool
}

var statusKind = kind[ticket.Status]{
	store: func(tx ports.Tx) ports.Catalog[ticket.Status] { return tx.Statuses },
	some:  someStatus,
	set: func(s *ticket.Status, e entry) {
		s.ID, s.NameKey, s.Code = or(e.id, s.ID), or(e.nameKey, s.NameKey), or(e.code, s.Code)
		s.Weight, s.IsDefault = or(e.weight, s.Weight), e.isDefault
	},
	id:        func(s ticket.Status) domain.ID { return s.ID },
	isDefault: func(s ticket.Status) bool { return s.IsDefault },
	use:       func(t *ticket.Ticket, id domain.ID) { t.StatusID = id },
	rising:    true,
}

var priorityKind = kind[ticket.Priority]{
	store: func(tx ports.Tx) ports.Catalog[ticket.Priority] { return tx.Priorities },
	some:  somePriority,
	set: func(p *ticket.Priority, e entry) {
		p.ID, p.NameKey, p.Code = or(e.id, p.ID), or(e.nameKey, p.NameKey), or(e.code, p.Code)
		p.Weight, p.IsDefault = or(e.weight, p.Weight), e.isDefault
	},
	id:        func(p ticket.Priority) domain.ID { return p.ID },
	isDefault: func(p ticket.Priority) bool { return p.IsDefault },
	use:       func(t *ticket.Ticket, id domain.ID) { t.PriorityID = id },
}

func or[V comparable](v, otherwise V) V {
	var zero V
	if v == zero {
		return otherwise
	}
	return v
}

func (k kind[T]) with(e entry) T {
	x := k.some()
	k.set(&x, e)
	return x
}

func (k kind[T]) add(t *testing.T, d suite, xs ...T) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, x := range xs {
			err = errors.Join(err, k.store(tx).Add(ctx, x))
		}
		return err
	})
}

func (k kind[T]) get(t *testing.T, d suite, id domain.ID) (T, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (T, error) { return k.store(tx).Get(ctx, id) })
}

func catalog[T any](k kind[T]) func(*testing.T, suite) {
	return func(t *testing.T, d suite) {
		t.Run("entries are listed by page, ordered by weight, folded name and id", func(t *testing.T) { k.listed(t, d) })
		t.Run("an entry is read as it was added or saved", func(t *testing.T) {
			x := k.some()
			other := k.with(entry{id: k.id(x), weight: 999_999})
			k.add(t, d, x)
			got, err := k.get(t, d, k.id(x))
			must(t, err)
			same(t, got, x)
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				locked, err := k.store(tx).Lock(ctx, k.id(x))
				same(t, locked, x)
				return errors.Join(err, k.store(tx).Save(ctx, other))
			})
			got, err = k.get(t, d, k.id(x))
			must(t, err)
			same(t, got, other)
		})
		t.Run("an unknown entry is not found", func(t *testing.T) { k.unknown(t, d) })
		t.Run("the folded name and the code of another entry are taken", func(t *testing.T) { k.taken(t, d) })
		t.Run("at most one entry is the default", func(t *testing.T) { k.oneDefault(t, d) })
		t.Run("an entry is not removed while tickets, even deleted ones, refer to it", func(t *testing.T) { k.inUse(t, d) })
	}
}

func (k kind[T]) listed(t *testing.T, d suite) {
	list := func(p ports.Page, count int) []T {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]T, error) {
			xs, n, err := k.store(tx).List(ctx, p)
			if n != count {
				t.Errorf("%d entries in all, want %d", n, count)
			}
			return xs, err
		})
	}
	same(t, list(ports.Page{Number: 1, Size: 10}, 0), []T{})
	low, high := k.with(entry{weight: 1, nameKey: "z"}), k.with(entry{weight: 9, nameKey: "z2"})
	a, e := k.with(entry{weight: 5, nameKey: "a-b"}), k.with(entry{weight: 5, nameKey: domain.FoldCase("É")})
	b := k.with(entry{weight: 5, nameKey: "aa"})
	k.add(t, d, e, high, b, low, a)
	want := []T{low, a, b, e, high}
	if !k.rising {
		want = []T{high, a, b, e, low}
	}
	same(t, list(ports.Page{Number: 1, Size: 3}, 5), want[:3])
	same(t, list(ports.Page{Number: 2, Size: 3}, 5), want[3:])
	same(t, list(ports.Page{Number: 3, Size: 3}, 5), []T{})
}

func (k kind[T]) unknown(t *testing.T, d suite) {
	_, err := k.get(t, d, newID())
	wantMissing(t, err)
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := k.store(tx).Lock(ctx, newID())
		return err
	}))
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := k.store(tx).LockDefault(ctx)
		return err
	}))
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return k.store(tx).Save(ctx, k.some()) }))
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return k.store(tx).Remove(ctx, newID()) }))
}

func (k kind[T]) taken(t *testing.T, d suite) {
	name := domain.FoldCase("ÉLAN")
	a, b := k.with(entry{nameKey: name, code: "CODE"}), k.some()
	k.add(t, d, a, b)
	for field, clash := range map[string]entry{"name": {nameKey: domain.FoldCase("élan")}, "code": {code: "CODE"}} {
		added, saved := k.with(clash), b
		k.set(&saved, clash)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return k.store(tx).Add(ctx, added) }), field)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return k.store(tx).Save(ctx, saved) }), field)
	}
	taken := func(nameKey, code string, except domain.ID) []string {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]string, error) {
			return k.store(tx).Taken(ctx, nameKey, code, except)
		})
	}
	same(t, taken(name, "CODE", ""), []string{"name", "code"})
	same(t, taken(name, "CODE", k.id(a)), []string{})
	same(t, taken(name, "CODE", k.id(b)), []string{"name", "code"})
	same(t, taken("new", "CODE", ""), []string{"code"})
	same(t, taken("new", "NEW", ""), []string{})
}

func (k kind[T]) oneDefault(t *testing.T, d suite) {
	a, b := k.with(entry{isDefault: true}), k.some()
	k.add(t, d, a, b)
	if d.try(t, func(ctx context.Context, tx ports.Tx) error {
		return k.store(tx).Add(ctx, k.with(entry{isDefault: true}))
	}) == nil {
		t.Error("a second default was added")
	}
	k.makeDefault(t, d, b)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		x, err := k.store(tx).LockDefault(ctx)
		if k.id(x) != k.id(b) {
			t.Error("another entry is the default")
		}
		return err
	})
}

// makeDefault makes x the default instead of the current one.
func (k kind[T]) makeDefault(t *testing.T, d suite, x T) {
	t.Helper()
	must(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return k.replaceDefault(ctx, tx, x) }))
}

func (k kind[T]) replaceDefault(ctx context.Context, tx ports.Tx, x T) error {
	old, err := k.store(tx).LockDefault(ctx)
	if err == nil && k.id(old) != k.id(x) {
		k.set(&old, entry{isDefault: false})
		err = k.store(tx).Save(ctx, old)
	}
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return err
	}
	k.set(&x, entry{isDefault: true})
	return k.store(tx).Save(ctx, x)
}

func (k kind[T]) inUse(t *testing.T, d suite) {
	g, x := d.addFixtures(t), k.some()
	used := g.ticket()
	k.use(&used, k.id(x))
	remove := func(ctx context.Context, tx ports.Tx) error { return k.store(tx).Remove(ctx, k.id(x)) }
	wantUsed := func(want bool) {
		t.Helper()
		same(t, read(t, d, func(ctx context.Context, tx ports.Tx) (bool, error) { return k.store(tx).Used(ctx, k.id(x)) }), want)
	}
	wantUsed(false)
	k.add(t, d, x)
	wantUsed(false)
	d.addTickets(t, used)
	wantInUse(t, d.try(t, remove))
	wantUsed(true)
	used.Delete(noon)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, used) })
	wantInUse(t, d.try(t, remove))
	wantUsed(true)
	free := k.some()
	k.add(t, d, free)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return k.store(tx).Remove(ctx, k.id(free)) })
	_, err := k.get(t, d, k.id(free))
	wantMissing(t, err)
}
