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

// catalogSpec describes how entries of a catalog are imported. T is an entry, R its record.
type catalogSpec[T, R any] struct {
	rows        ports.Rows[R]
	store       ports.Catalog[T]
	column      ports.ImportKey
	used        ports.ImportKey // the column by which tickets refer to entries
	restore     func(f missingRow[R]) (T, domain.Notes)
	key         func(T) ticket.CatalogKey
	distinguish func(*T, string)
	yield       func(*T)
	inherit     func(*T)
	remember    func(key string, x T)
	batch       func(all []T) ports.ImportBatch
}

func (t *importRun) importStatuses(ctx context.Context) error {
	return importCatalog(ctx, t, catalogSpec[ticket.Status, ticket.StatusRecord]{
		rows: t.From.Statuses, store: t.tx.Statuses, column: ports.StatusID, used: ports.TicketStatus,
		restore: func(f missingRow[ticket.StatusRecord]) (ticket.Status, domain.Notes) {
			return ticket.RestoreStatus(f.id, f.rec, t.Clock())
		},
		key: ticket.Status.CatalogKey, distinguish: (*ticket.Status).Distinguish,
		yield:    func(s *ticket.Status) { s.YieldDefault(s.UpdatedAt) },
		inherit:  func(s *ticket.Status) { s.InheritDefault(s.UpdatedAt) },
		remember: func(key string, s ticket.Status) { t.statuses[key] = s },
		batch:    func(all []ticket.Status) ports.ImportBatch { return ports.ImportBatch{Statuses: all} },
	})
}

func (t *importRun) importPriorities(ctx context.Context) error {
	return importCatalog(ctx, t, catalogSpec[ticket.Priority, ticket.PriorityRecord]{
		rows: t.From.Priorities, store: t.tx.Priorities, column: ports.PriorityID, used: ports.TicketPriority,
		restore: func(f missingRow[ticket.PriorityRecord]) (ticket.Priority, domain.Notes) {
			return ticket.RestorePriority(f.id, f.rec, t.Clock())
		},
		key: ticket.Priority.CatalogKey, distinguish: (*ticket.Priority).Distinguish,
		yield:    func(p *ticket.Priority) { p.YieldDefault(p.UpdatedAt) },
		inherit:  func(p *ticket.Priority) { p.InheritDefault(p.UpdatedAt) },
		remember: func(key string, p ticket.Priority) { t.priorities[key] = p },
		batch:    func(all []ticket.Priority) ports.ImportBatch { return ports.ImportBatch{Priorities: all} },
	})
}

// catalogImport is the state of importing a catalog.
type catalogImport[T, R any] struct {
	catalogSpec[T, R]
	existing []T                // entries that were not imported and still exist
	used     map[domain.ID]bool // those of existing to which tickets refer
	imported []T                // entries that were imported, in this run or before
	heir     domain.ID          // the imported entry that replaced the default, "" if none did
}

// importCatalog adds the original's entries to those that exist. An entry with the code of an existing one replaces it,
// with its own id, unless tickets refer to the existing one, which then stays and represents it. An entry that replaces the
// default becomes it if the original has no default.
func importCatalog[T, R any](ctx context.Context, t *importRun, e catalogSpec[T, R]) error {
	c, err := newCatalogImport(ctx, t, e)
	if err != nil {
		return err
	}
	var table *Table
	err = importTable(ctx, t, e.rows, e.column, func(missing []missingRow[R], there []domain.ID, r *Table) error {
		table = r
		c.markImported(there)
		var added []T
		for _, f := range missing {
			x, notes := e.restore(f)
			if same, ok := c.find(func(k ticket.CatalogKey) bool { return k.Code == e.key(x).Code && c.used[k.ID] }); ok {
				e.remember(f.key, same)
				r.There++
				r.note(e.key(x).Code, domain.Note{Text: "tickets have the entry of this code that is here: it keeps its id", Was: f.key})
				continue
			}
			r.note(e.key(x).Code, notes...)
			if err := c.makeRoom(ctx, &x, r); err != nil {
				return err
			}
			e.remember(f.key, x)
			c.imported = append(c.imported, x)
			added = append(added, x)
			r.Written++
		}
		return t.tx.Imports.Add(ctx, e.batch(added))
	})
	if err != nil {
		return err
	}
	return c.passOnDefault(ctx, table)
}

// passOnDefault makes the entry the default that replaced it, unless another is.
func (c *catalogImport[T, R]) passOnDefault(ctx context.Context, r *Table) error {
	all := slices.Concat(c.existing, c.imported)
	if slices.ContainsFunc(all, func(x T) bool { return c.key(x).IsDefault }) {
		return nil
	}
	for _, x := range c.imported {
		if k := c.key(x); k.ID == c.heir {
			c.inherit(&x)
			r.note(k.Code, domain.Note{Text: "is_default: the original has none; it replaced the default"})
			return c.store.Save(ctx, x)
		}
	}
	return nil
}

func newCatalogImport[T, R any](ctx context.Context, t *importRun, e catalogSpec[T, R]) (*catalogImport[T, R], error) {
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
	return &catalogImport[T, R]{catalogSpec: e, existing: here, used: used}, err
}

// markImported moves entries that an earlier import has written from existing to imported.
func (c *catalogImport[T, R]) markImported(there []domain.ID) {
	c.existing = slices.DeleteFunc(c.existing, func(x T) bool {
		id := c.key(x).ID
		if !slices.Contains(there, id) {
			return false
		}
		c.remember(string(id), x)
		c.imported = append(c.imported, x)
		return true
	})
}

func (c *catalogImport[T, R]) find(match func(ticket.CatalogKey) bool) (x T, ok bool) {
	for _, x := range c.existing {
		if match(c.key(x)) {
			return x, true
		}
	}
	return x, false
}

// makeRoom removes existing entries that have the code or name of x and to which no ticket refers, and takes the
// default from an unused entry. If something must stay, x gets another code or name, or is not the default.
func (c *catalogImport[T, R]) makeRoom(ctx context.Context, x *T, r *Table) error {
	k := c.key(*x)
	kept := c.existing[:0:0]
	for _, y := range c.existing {
		if o := c.key(y); c.used[o.ID] || o.Code != k.Code && o.NameKey != k.NameKey {
			kept = append(kept, y)
			continue
		}
		if c.key(y).IsDefault {
			c.heir = k.ID
		}
		if err := c.store.Remove(ctx, c.key(y).ID); err != nil {
			return err
		}
	}
	c.existing = kept
	c.makeDistinct(x, r)
	if !k.IsDefault {
		return nil
	}
	free, err := c.freeDefault(ctx)
	if err == nil && !free {
		c.yield(x)
		r.note(c.key(*x).Code, domain.Note{Text: "is_default: another is the default"})
	}
	return err
}

// makeDistinct changes the code or name of x if its own is taken.
func (c *catalogImport[T, R]) makeDistinct(x *T, r *Table) {
	k := c.key(*x)
	var code, name bool
	for _, y := range slices.Concat(c.existing, c.imported) {
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

// freeDefault takes the default from an entry to which no ticket refers. It reports whether there is no default now.
func (c *catalogImport[T, R]) freeDefault(ctx context.Context) (free bool, err error) {
	for _, y := range c.imported {
		if c.key(y).IsDefault {
			return false, nil
		}
	}
	for i, y := range c.existing {
		switch k := c.key(y); {
		case !k.IsDefault:
		case c.used[k.ID]:
			return false, nil
		default:
			c.yield(&y)
			c.existing[i] = y
			return true, c.store.Save(ctx, y)
		}
	}
	return true, nil
}
