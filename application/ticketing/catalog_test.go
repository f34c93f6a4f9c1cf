package ticketing_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"tickt/application/ticketing"
	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// tried are the statuses or the priorities of a desk, as the tests of defaults need them.
type tried[T, C any] struct {
	*ticketing.Catalog[T, C]
	desk  *desk.Desk
	store func(ports.Tx) ports.Catalog[T]
	key   func(T) ticket.CatalogKey
	yield func(*T)
	patch func(isDefault domain.Optional[bool]) C
	whole func(name string, isDefault domain.Optional[bool]) C // has every required field
	kind  string
	use   func(domain.ID) ticket.Patch // opens a ticket that refers to an entry
}

func triedStatuses(t *testing.T) tried[ticket.Status, ticket.StatusPatch] {
	d := desk.New(t)
	return tried[ticket.Status, ticket.StatusPatch]{
		Catalog: d.Statuses, desk: d, key: ticket.Status.CatalogKey, kind: "Ticket status",
		store: func(tx ports.Tx) ports.Catalog[ticket.Status] { return tx.Statuses },
		yield: func(s *ticket.Status) { s.YieldDefault(s.UpdatedAt) },
		patch: func(isDefault domain.Optional[bool]) ticket.StatusPatch {
			return ticket.StatusPatch{IsDefault: isDefault}
		},
		whole: func(name string, isDefault domain.Optional[bool]) ticket.StatusPatch {
			return ticket.StatusPatch{
				Name: domain.Some(name), Code: domain.Some(name), StatusType: domain.Some(string(ticket.Open)), IsDefault: isDefault,
			}
		},
		use: func(id domain.ID) ticket.Patch { return ticket.Patch{StatusID: domain.Some(string(id))} },
	}
}

func triedPriorities(t *testing.T) tried[ticket.Priority, ticket.PriorityPatch] {
	d := desk.New(t)
	return tried[ticket.Priority, ticket.PriorityPatch]{
		Catalog: d.Priorities, desk: d, key: ticket.Priority.CatalogKey, kind: "Ticket priority",
		store: func(tx ports.Tx) ports.Catalog[ticket.Priority] { return tx.Priorities },
		yield: func(p *ticket.Priority) { p.YieldDefault(p.UpdatedAt) },
		patch: func(isDefault domain.Optional[bool]) ticket.PriorityPatch {
			return ticket.PriorityPatch{IsDefault: isDefault}
		},
		whole: func(name string, isDefault domain.Optional[bool]) ticket.PriorityPatch {
			return ticket.PriorityPatch{Name: domain.Some(name), Code: domain.Some(name), IsDefault: isDefault}
		},
		use: func(id domain.ID) ticket.Patch { return ticket.Patch{PriorityID: domain.Some(string(id))} },
	}
}

// inBothCatalogs runs a test on the statuses and on the priorities of new desks.
func inBothCatalogs(
	t *testing.T, statuses func(tried[ticket.Status, ticket.StatusPatch]), priorities func(tried[ticket.Priority, ticket.PriorityPatch]),
) {
	t.Run("statuses", func(t *testing.T) { statuses(triedStatuses(t)) })
	t.Run("priorities", func(t *testing.T) { priorities(triedPriorities(t)) })
}

// split returns the default entries, and the others in list order.
func (c tried[T, C]) split() (defaults, others []ticket.CatalogKey) {
	t := c.desk.T
	t.Helper()
	list := desk.Must(c.List(t.Context(), c.desk.Actor(desk.Root), ports.Page{Number: 1, Size: 100}))(t)
	for _, x := range list.Items {
		if k := c.key(x); k.IsDefault {
			defaults = append(defaults, k)
		} else {
			others = append(others, k)
		}
	}
	return defaults, others
}

// isOnly fails the test unless the entry is the default, and the only one.
func (c tried[T, C]) isOnly(want domain.ID) {
	c.desk.T.Helper()
	if got, _ := c.split(); len(got) != 1 || got[0].ID != want {
		c.desk.T.Errorf("the defaults are %+v, want only %s", got, want)
	}
}

// loseDefault leaves the catalog without a default, as older versions could, and returns the id of the entry that was it.
func (c tried[T, C]) loseDefault() (was domain.ID) {
	c.desk.T.Helper()
	c.desk.Update(func(ctx context.Context, tx ports.Tx) error {
		x, err := c.store(tx).LockDefault(ctx)
		if err != nil {
			return err
		}
		was = c.key(x).ID
		c.yield(&x)
		return c.store(tx).Save(ctx, x)
	})
	return was
}

// Values of IsDefault in a patch.
var asDefault, asOther, unsaid = domain.Some(true), domain.Some(false), domain.Optional[bool]{}

func TestTheDefaultCannotBeTakenAway(t *testing.T) {
	inBothCatalogs(t, tried[ticket.Status, ticket.StatusPatch].keepsDefault, tried[ticket.Priority, ticket.PriorityPatch].keepsDefault)
}

func (c tried[T, C]) keepsDefault() {
	t, root := c.desk.T, c.desk.Actor(desk.Root)
	defaults, _ := c.split()
	held := defaults[0]
	for _, used := range []bool{false, true} {
		for _, take := range []struct {
			name string
			do   func() error
		}{
			{"PATCH", func() error { return desk.Err(c.Update(t.Context(), root, held.ID, c.patch(asOther), nil)) }},
			{"PUT", func() error { return desk.Err(c.Replace(t.Context(), root, held.ID, c.whole("other", asOther), nil)) }},
			{"DELETE", func() error { return c.Delete(t.Context(), root, held.ID, nil) }},
		} {
			err := take.do()
			desk.Fails(t, err, domain.Conflict, c.kind+" '"+held.Name+"' is the default; make another one the default first.")
			if reasonOf(err) != domain.ReasonDefaultNeeded {
				t.Errorf("%s, used %v: the reason is %s", take.name, used, reasonOf(err))
			}
			c.isOnly(held.ID)
		}
		c.desk.Open(desk.Clerk, c.use(held.ID))
	}
}

func reasonOf(err error) domain.Reason {
	var e *domain.Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func TestTheDefaultMovesToAnotherEntry(t *testing.T) {
	inBothCatalogs(t, tried[ticket.Status, ticket.StatusPatch].movesDefault, tried[ticket.Priority, ticket.PriorityPatch].movesDefault)
}

func (c tried[T, C]) movesDefault() {
	t, root := c.desk.T, c.desk.Actor(desk.Root)
	defaults, others := c.split()
	first, second := defaults[0].ID, others[0].ID
	for _, step := range []struct {
		name string
		do   func() error
		now  domain.ID // the default after the step
	}{
		{"PUT without isDefault", func() error { return desk.Err(c.Replace(t.Context(), root, first, c.whole("renamed", unsaid), nil)) }, first},
		{"PUT with it", func() error { return desk.Err(c.Replace(t.Context(), root, first, c.whole("renamed", asDefault), nil)) }, first},
		{"PATCH of the default", func() error { return desk.Err(c.Update(t.Context(), root, first, c.patch(asDefault), nil)) }, first},
		{"PUT of another without isDefault", func() error {
			return desk.Err(c.Replace(t.Context(), root, second, c.whole("second", unsaid), nil))
		}, first},
		{"PATCH of another", func() error { return desk.Err(c.Update(t.Context(), root, second, c.patch(asDefault), nil)) }, second},
		{"PATCH of the former one", func() error { return desk.Err(c.Update(t.Context(), root, first, c.patch(asOther), nil)) }, second},
		{"PUT of the former one", func() error {
			return desk.Err(c.Replace(t.Context(), root, first, c.whole("renamed", asDefault), nil))
		}, first},
		{"DELETE of the former one", func() error { return c.Delete(t.Context(), root, second, nil) }, first},
	} {
		if err := step.do(); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		c.isOnly(step.now)
	}
	made := desk.Must(c.Create(t.Context(), root, c.whole("made", asDefault), nil))(t)
	c.isOnly(c.key(made).ID)
}

func TestACatalogWithoutADefaultGetsOne(t *testing.T) {
	inBothCatalogs(t, tried[ticket.Status, ticket.StatusPatch].regainsDefault, tried[ticket.Priority, ticket.PriorityPatch].regainsDefault)
}

func (c tried[T, C]) regainsDefault() {
	t, root := c.desk.T, c.desk.Actor(desk.Root)
	for _, step := range []struct {
		name string
		give func(id domain.ID) (domain.ID, error) // makes id or a new entry the default
	}{
		{"PATCH", func(id domain.ID) (domain.ID, error) {
			return id, desk.Err(c.Update(t.Context(), root, id, c.patch(asDefault), nil))
		}},
		{"PUT", func(id domain.ID) (domain.ID, error) {
			return id, desk.Err(c.Replace(t.Context(), root, id, c.whole("whole", asDefault), nil))
		}},
		{"POST", func(domain.ID) (domain.ID, error) {
			x, err := c.Create(t.Context(), root, c.whole("new", asDefault), nil)
			return c.key(x).ID, err
		}},
	} {
		was := c.loseDefault()
		if err := desk.Err(c.Update(t.Context(), root, was, c.patch(asOther), nil)); err != nil {
			t.Errorf("%s: an entry that is not the default stays so: %v", step.name, err)
		}
		spare := desk.Must(c.Create(t.Context(), root, c.whole("spare", unsaid), nil))(t)
		if err := c.Delete(t.Context(), root, c.key(spare).ID, nil); err != nil {
			t.Errorf("%s: an entry that is not the default is deleted: %v", step.name, err)
		}
		bare := ticket.Patch{Title: domain.Some("x"), Description: domain.Some("x")}
		_, err := c.desk.Tickets.Open(t.Context(), c.desk.Actor(desk.Clerk), bare, nil)
		desk.Fails(t, err, domain.Invalid, "There is no default")
		now, err := step.give(was)
		desk.Check(t, err)
		c.isOnly(now)
		c.desk.Open(desk.Clerk, ticket.Patch{})
	}
}

func TestConcurrentChangesLeaveOneDefault(t *testing.T) {
	inBothCatalogs(t, tried[ticket.Status, ticket.StatusPatch].raceForDefault, tried[ticket.Priority, ticket.PriorityPatch].raceForDefault)
}

// raceForDefault makes each of several entries the default, and takes it from each and deletes each, all at once.
func (c tried[T, C]) raceForDefault() {
	t, root := c.desk.T, c.desk.Actor(desk.Root)
	for round := range 3 {
		var all sync.WaitGroup
		for i := range 5 {
			x := desk.Must(c.Create(t.Context(), root, c.whole(fmt.Sprintf("race %d %d", round, i), unsaid), nil))(t)
			id := c.key(x).ID
			for _, change := range []func() error{
				func() error { return desk.Err(c.Update(t.Context(), root, id, c.patch(asDefault), nil)) },
				func() error { return desk.Err(c.Update(t.Context(), root, id, c.patch(asOther), nil)) },
				func() error { return c.Delete(t.Context(), root, id, nil) },
			} {
				all.Go(func() {
					if err := change(); err != nil && reasonOf(err) != domain.ReasonDefaultNeeded && !errors.Is(err, domain.ErrNotFound) {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
		}
		all.Wait()
		if defaults, _ := c.split(); len(defaults) != 1 {
			t.Errorf("round %d: the defaults are %+v", round, defaults)
		}
	}
}
