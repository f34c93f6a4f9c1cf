package importing

import (
	"context"
	"errors"
	"math"
	"slices"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// takenEntry is how an import takes entries of a catalog over: T is the entry, R its record.
type takenEntry[T, R any] struct {
	rows        ports.Rows[R]
	store       ports.Catalog[T]
	column      ports.ImportKey
	used        ports.ImportKey // where tickets refer to it
	restore     func(f fresh[R]) (T, domain.Notes)
	key         func(T) ticket.CatalogKey
	distinguish func(*T, string)
	yield       func(*T)
	keep        func(key string, x T)
	batch       func(all []T) ports.ImportBatch
}

func (t *takeover) takeStatuses(ctx context.Context) error {
	return takeCatalog(ctx, t, takenEntry[ticket.Status, ticket.StatusRecord]{
		rows: t.From.Statuses, store: t.tx.Statuses, column: ports.StatusID, used: ports.TicketStatus,
		restore: func(f fresh[ticket.StatusRecord]) (ticket.Status, domain.Notes) {
			return ticket.RestoreStatus(f.id, f.rec, t.Clock())
		},
		key: ticket.Status.CatalogKey, distinguish: (*ticket.Status).Distinguish,
		yield: func(s *ticket.Status) { s.YieldDefault(s.UpdatedAt) },
		keep:  func(key string, s ticket.Status) { t.statuses[key] = s },
		batch: func(all []ticket.Status) ports.ImportBatch { return ports.ImportBatch{Statuses: all} },
	})
}

func (t *takeover) takePriorities(ctx context.Context) error {
	return takeCatalog(ctx, t, takenEntry[ticket.Priority, ticket.PriorityRecord]{
		rows: t.From.Priorities, store: t.tx.Priorities, column: ports.PriorityID, used: ports.TicketPriority,
		restore: func(f fresh[ticket.PriorityRecord]) (ticket.Priority, domain.Notes) {
			return ticket.RestorePriority(f.id, f.rec, t.Clock())
		},
		key: ticket.Priority.CatalogKey, distinguish: (*ticket.Priority).Distinguish,
		yield: func(p *ticket.Priority) { p.YieldDefault(p.UpdatedAt) },
		keep:  func(key string, p ticket.Priority) { t.priorities[key] = p },
		batch: func(all []ticket.Priority) ports.ImportBatch { return ports.ImportBatch{Priorities: all} },
	})
}

// takenCatalog is a catalog while entries are taken over.
type takenCatalog[T, R any] struct {
	takenEntry[T, R]
	here  []T                // what was here by itself and still is
	used  map[domain.ID]bool // of those, what tickets refer to
	taken []T                // what was imported, in this run or before
}

// takeCatalog keeps the original's entries beside those that are here. One of the code of an entry that no ticket
// refers to comes in its place, id and all; where tickets refer to that, it is the one that stays.
func takeCatalog[T, R any](ctx context.Context, t *takeover, e takenEntry[T, R]) error {
	c, err := openCatalog(ctx, t, e)
	if err != nil {
		return err
	}
	return take(ctx, t, e.rows, e.column, func(missing []fresh[R], there []domain.ID, r *Table) error {
		c.imported(there)
		var added []T
		for _, f := range missing {
			x, notes := e.restore(f)
			if same, ok := c.find(func(k ticket.CatalogKey) bool { return k.Code == e.key(x).Code && c.used[k.ID] }); ok {
				e.keep(f.key, same)
				r.There++
				r.note(e.key(x).Code, domain.Note{Text: "tickets have the entry of this code that is here: it keeps its id", Was: f.key})
				continue
			}
			r.note(e.key(x).Code, notes...)
			if err := c.makeRoom(ctx, &x, r); err != nil {
				return err
			}
			e.keep(f.key, x)
			c.taken = append(c.taken, x)
			added = append(added, x)
			r.Written++
		}
		return t.tx.Imports.Add(ctx, e.batch(added))
	})
}

func openCatalog[T, R any](ctx context.Context, t *takeover, e takenEntry[T, R]) (*takenCatalog[T, R], error) {
	if _, err := e.store.LockDefault(ctx); err != nil && !errors.Is(err, domain.ErrNotFound) {
		return nil, err
	}
	here, _, err := e.store.List(ctx, ports.Page{Number: 1, Size: math.MaxInt32})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(here))
	for i, x := range here {
		ids[i] = string(e.key(x).ID)
	}
	found, err := t.present(ctx, e.used, ids)
	used := make(map[domain.ID]bool, len(found))
	for id := range found {
		used[domain.ID(id)] = true
	}
	return &takenCatalog[T, R]{takenEntry: e, here: here, used: used}, err
}

// imported tells apart what an import before this one has written.
func (c *takenCatalog[T, R]) imported(there []domain.ID) {
	c.here = slices.DeleteFunc(c.here, func(x T) bool {
		id := c.key(x).ID
		if !slices.Contains(there, id) {
			return false
		}
		c.keep(string(id), x)
		c.taken = append(c.taken, x)
		return true
	})
}

func (c *takenCatalog[T, R]) find(match func(ticket.CatalogKey) bool) (x T, ok bool) {
	for _, x := range c.here {
		if match(c.key(x)) {
			return x, true
		}
	}
	return x, false
}

// makeRoom removes what no ticket refers to and has the entry's code or name, and takes the default from what is
// unused; where something must stay, it is the entry that yields.
func (c *takenCatalog[T, R]) makeRoom(ctx context.Context, x *T, r *Table) error {
	k := c.key(*x)
	kept := c.here[:0:0]
	for _, y := range c.here {
		if o := c.key(y); c.used[o.ID] || o.Code != k.Code && o.NameKey != k.NameKey {
			kept = append(kept, y)
			continue
		}
		if err := c.store.Remove(ctx, c.key(y).ID); err != nil {
			return err
		}
	}
	c.here = kept
	c.differ(x, r)
	if !k.IsDefault {
		return nil
	}
	free, err := c.settleDefault(ctx)
	if err == nil && !free {
		c.yield(x)
		r.note(c.key(*x).Code, domain.Note{Text: "is_default: another is the default"})
	}
	return err
}

// differ gives the entry another code or name where its own is taken.
func (c *takenCatalog[T, R]) differ(x *T, r *Table) {
	k := c.key(*x)
	var code, name bool
	for _, y := range slices.Concat(c.here, c.taken) {
		o := c.key(y)
		code, name = code || o.Code == k.Code, name || o.NameKey == k.NameKey
	}
	if code {
		c.distinguish(x, "code")
		r.note(c.key(*x).Code, domain.Note{Text: "code: another has it; it became <code>-<end of the reference_id>", Was: k.Code})
	}
	if name {
		c.distinguish(x, "name")
		r.note(c.key(*x).Code, domain.Note{Text: "name: another has it; it became <name> <reference_id>", Was: k.Name})
	}
}

// settleDefault takes the default from an entry that no ticket refers to; it says whether none has it now.
func (c *takenCatalog[T, R]) settleDefault(ctx context.Context) (free bool, err error) {
	for _, y := range c.taken {
		if c.key(y).IsDefault {
			return false, nil
		}
	}
	for i, y := range c.here {
		switch k := c.key(y); {
		case !k.IsDefault:
		case c.used[k.ID]:
			return false, nil
		default:
			c.yield(&y)
			c.here[i] = y
			return true, c.store.Save(ctx, y)
		}
	}
	return true, nil
}
