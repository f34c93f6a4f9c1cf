package ticketing

import (
	"context"
	"errors"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/namekey"
	"tickt/domain/text"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Catalog are the use cases of the statuses or the priorities. T is an entry, C its patch.
type Catalog[T, C any] struct {
	usecase.Base
	kind           string      // in messages: "Ticket status"
	term           domain.Term // the kind, in problems
	others         string      // in messages: what refers to entries besides tickets; "" for nothing
	menu           string
	store          func(ports.Tx) ports.Catalog[T]
	make           func(domain.ID, C, time.Time) (T, error)
	edit           func(*T, C, time.Time) error
	clearDefault   func(*T, time.Time)
	checkWhileUsed func(before, after T) error // fails if tickets that refer to the entry forbid the change
	jobs           func(before, after T) []ports.Job
	replacement    func(C) C
	key            func(T) ticket.CatalogKey
	nameAndCode    func(C) (name, code domain.Optional[string])
}

// Statuses are the use cases of ticket statuses.
type Statuses = Catalog[ticket.Status, ticket.StatusPatch]

// Priorities are the use cases of ticket priorities.
type Priorities = Catalog[ticket.Priority, ticket.PriorityPatch]

// NewStatuses returns the use cases of ticket statuses.
func NewStatuses(base usecase.Base) *Statuses {
	return &Statuses{
		Base: base, kind: "Ticket status", term: domain.TermStatus, menu: access.StatusesMenu,
		store: func(tx ports.Tx) ports.Catalog[ticket.Status] { return tx.Statuses },
		make:  ticket.NewStatus, edit: (*ticket.Status).Apply, clearDefault: (*ticket.Status).YieldDefault,
		replacement:    ticket.StatusPatch.Replacement,
		checkWhileUsed: ticket.Status.WhileUsed,
		jobs: func(before, after ticket.Status) []ports.Job {
			if before.AutoCloseDays == after.AutoCloseDays {
				return nil
			}
			return []ports.Job{{Kind: ports.AutoCloseJob, ID: after.ID}}
		},
		key:         ticket.Status.CatalogKey,
		nameAndCode: func(c ticket.StatusPatch) (name, code domain.Optional[string]) { return c.Name, c.Code },
	}
}

// NewPriorities returns the use cases of ticket priorities.
func NewPriorities(base usecase.Base) *Priorities {
	return &Priorities{
		Base: base, kind: "Ticket priority", term: domain.TermPriority, others: "SLA policies", menu: access.PrioritiesMenu,
		store: func(tx ports.Tx) ports.Catalog[ticket.Priority] { return tx.Priorities },
		make:  ticket.NewPriority, edit: (*ticket.Priority).Apply, clearDefault: (*ticket.Priority).YieldDefault,
		replacement:    ticket.PriorityPatch.Replacement,
		checkWhileUsed: func(_, _ ticket.Priority) error { return nil },
		jobs:           func(_, _ ticket.Priority) []ports.Job { return nil },
		key:            ticket.Priority.CatalogKey,
		nameAndCode:    func(c ticket.PriorityPatch) (name, code domain.Optional[string]) { return c.Name, c.Code },
	}
}

// List returns a page of the entries in their order.
func (s *Catalog[T, C]) List(ctx context.Context, actor access.Actor, page ports.Page) (usecase.List[T], error) {
	if err := actor.RequireCatalog(s.menu); err != nil {
		return usecase.List[T]{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (usecase.List[T], error) {
		return usecase.Listed(s.store(tx).List(ctx, page))
	})
}

// Get returns one entry.
func (s *Catalog[T, C]) Get(ctx context.Context, actor access.Actor, id domain.ID) (x T, err error) {
	if err := actor.RequireCatalog(s.menu); err != nil {
		return x, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (T, error) { return s.store(tx).Get(ctx, id) })
}

// Create creates an entry.
func (s *Catalog[T, C]) Create(ctx context.Context, actor access.Actor, c C, once *usecase.Idempotency) (x T, err error) {
	if err := usecase.MayCreate(ctx, s.Base, actor, s.menu, once); err != nil {
		return x, err
	}
	return usecase.Create(ctx, s.Base, once, func(tx ports.Tx) (T, error) {
		x, invalid := s.make(s.NewID(), c, s.Clock())
		if err := s.validate(ctx, tx, x, c, invalid); err != nil {
			return x, err
		}
		if err := s.takeDefault(ctx, tx, x); err != nil {
			return x, err
		}
		return x, s.orTaken(x, s.store(tx).Add(ctx, x))
	})
}

// Update changes the fields that are set in c.
func (s *Catalog[T, C]) Update(ctx context.Context, actor access.Actor, id domain.ID, c C, match usecase.Match[T]) (x T, err error) {
	if err := usecase.May(actor, s.menu, access.MayUpdate); err != nil {
		return x, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (T, error) {
		x, err := s.store(tx).Lock(ctx, id)
		if err != nil {
			return x, err
		}
		if err := match.Holds(x); err != nil {
			return x, err
		}
		before := x
		invalid := s.edit(&x, c, s.Clock())
		if err := s.validate(ctx, tx, x, c, invalid); err != nil {
			return x, err
		}
		if domain.Same(before, x) {
			return x, nil
		}
		if err := s.checkUse(ctx, tx, before, x); err != nil {
			return x, err
		}
		switch was, is := s.key(before), s.key(x); {
		case was.IsDefault && !is.IsDefault:
			return x, s.defaultNeeded(was)
		case !was.IsDefault:
			if err := s.takeDefault(ctx, tx, x); err != nil {
				return x, err
			}
		}
		if err := s.store(tx).Save(ctx, x); err != nil {
			return x, s.orTaken(x, err)
		}
		return x, tx.Jobs.Add(ctx, s.jobs(before, x)...)
	})
}

// Replace replaces the entry by c: absent fields other than IsDefault return to their defaults.
func (s *Catalog[T, C]) Replace(ctx context.Context, actor access.Actor, id domain.ID, c C, match usecase.Match[T]) (T, error) {
	return s.Update(ctx, actor, id, s.replacement(c), match)
}

// Delete removes an entry. It fails as Conflict if it is the default, or if tickets or policies refer to it.
func (s *Catalog[T, C]) Delete(ctx context.Context, actor access.Actor, id domain.ID, match usecase.Match[T]) error {
	if err := usecase.May(actor, s.menu, access.MayDelete); err != nil {
		return err
	}
	err := s.Store.Update(ctx, func(tx ports.Tx) error {
		x, err := s.store(tx).Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := match.Holds(x); err != nil {
			return err
		}
		if key := s.key(x); key.IsDefault {
			return s.defaultNeeded(key)
		}
		return s.store(tx).Remove(ctx, id)
	})
	if errors.Is(err, ports.ErrInUse) {
		return s.inUseError(ctx, id)
	}
	return err
}

// defaultNeeded is the error of taking the default away without giving it to another entry.
func (s *Catalog[T, C]) defaultNeeded(key ticket.CatalogKey) error {
	return domain.FailFor(domain.ReasonDefaultNeeded, s.kind+" '"+key.Name+"' is the default; make another one the default first.")
}

// inUseError returns the error that names what refers to an entry that could not be removed.
func (s *Catalog[T, C]) inUseError(ctx context.Context, id domain.ID) error {
	byTickets, err := usecase.View(ctx, s.Store, func(tx ports.Tx) (bool, error) { return s.store(tx).Used(ctx, id) })
	switch {
	case err != nil:
		return err
	case byTickets || s.others == "":
		return domain.FailFor(domain.ReasonInUse, s.kind+" is in use by tickets.")
	default:
		return domain.FailFor(domain.ReasonInUse, s.kind+" is in use by "+s.others+".")
	}
}

// validate adds taken names and codes to the problems of x, the error invalid.
func (s *Catalog[T, C]) validate(ctx context.Context, tx ports.Tx, x T, c C, invalid error) error {
	p, err := usecase.ProblemsOf(invalid)
	if err != nil {
		return err
	}
	key := s.key(x)
	name, code := s.nameAndCode(c)
	former := key.Name
	key.Name, _ = text.Line.Clean(name.Or(key.Name))
	cleanCode, _ := text.Line.Clean(code.Or(key.Code))
	key.NameKey, key.Code = namekey.Of(key.NameKey, former, key.Name), text.Upper(cleanCode)
	if p.Has("name") {
		key.NameKey = ""
	}
	if p.Has("code") {
		key.Code = ""
	}
	taken, err := s.store(tx).Taken(ctx, key.NameKey, key.Code, key.ID)
	if err != nil {
		return err
	}
	for _, field := range taken {
		s.addTaken(&p, key, field)
	}
	return p.Err()
}

// checkUse fails if tickets refer to the entry and forbid its change.
func (s *Catalog[T, C]) checkUse(ctx context.Context, tx ports.Tx, before, after T) error {
	refusal := s.checkWhileUsed(before, after)
	if refusal == nil {
		return nil
	}
	used, err := s.store(tx).Used(ctx, s.key(before).ID)
	if err != nil || !used {
		return err
	}
	return refusal
}

// takeDefault takes the default from the entry that has it if x is the new default.
func (s *Catalog[T, C]) takeDefault(ctx context.Context, tx ports.Tx, x T) error {
	if !s.key(x).IsDefault {
		return nil
	}
	old, err := s.store(tx).LockDefault(ctx)
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.clearDefault(&old, s.Clock())
	return s.store(tx).Save(ctx, old)
}

// orTaken turns a lost race for a name or code into the error of an ordinary duplicate.
func (s *Catalog[T, C]) orTaken(x T, err error) error {
	return usecase.Raced(err, func(p *domain.Problems, field string) { s.addTaken(p, s.key(x), field) })
}

func (s *Catalog[T, C]) addTaken(p *domain.Problems, key ticket.CatalogKey, field string) {
	by, value := domain.TermName, key.Name
	if field == "code" {
		by, value = domain.TermCode, key.Code
	}
	p.Add(field, domain.CodeTakenBy, domain.Params{"thing": s.term, "by": by, "value": value})
}

// Seed adds the entries whose name and code are both unused. None of them takes the default from another entry.
func (s *Catalog[T, C]) Seed(ctx context.Context, tx ports.Tx, seeds []C) (added int, err error) {
	_, err = s.store(tx).LockDefault(ctx)
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		return 0, err
	}
	hasDefault := err == nil
	for _, seed := range seeds {
		x, err := s.make(s.NewID(), seed, s.Clock())
		if err != nil {
			return 0, err
		}
		key := s.key(x)
		taken, err := s.store(tx).Taken(ctx, key.NameKey, key.Code, key.ID)
		if err != nil {
			return 0, err
		}
		if len(taken) > 0 {
			continue
		}
		if hasDefault && key.IsDefault {
			s.clearDefault(&x, s.Clock())
		}
		if err := s.store(tx).Add(ctx, x); err != nil {
			return 0, err
		}
		added++
	}
	return added, nil
}
