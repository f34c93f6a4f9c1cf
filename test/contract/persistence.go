package contract

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/ports"
)

// Transact runs fn in an Update, or in a part of one.
type Transact func(ctx context.Context, fn func(ports.Tx) error) error

// Check tests whether a store keeps everything that one method is given.
type Check struct {
	Name   string
	Run    func(ctx context.Context, do Transact) error // the error tells what was lost
	method string                                       // as in "Accounts.Add"
	entity reflect.Type                                 // nil if the method takes none
}

// Checks returns the checks of everything that the methods of a ports.Tx write: each column of each row, added and
// changed.
func Checks() []Check {
	return slices.Concat(
		persistedRoles.checks(), persistedMenus.checks(), persistedRolePermissions.checks(), persistedAccountPermissions.checks(),
		persistedAccounts.checks(), persistedSessions.checks(), persistedAddresses.checks(), persistedAccountMails.checks(),
		persistedStatuses.checks(), persistedPriorities.checks(),
		persistedTickets.checks(), persistedComments.checks(), persistedVersions.checks(), persistedEntries.checks(), persistedSetAsides.checks(),
		persistedCalendars.checks(), persistedPolicies.checks(), persistedOperations.checks(), persistedLedgers.checks(), persistedLogs.checks(),
		persistedReplies.checks(),
		[]Check{
			seedsPersist, keyChecksPersist, hitsPersist, deletionPersists, lostMenusPersist, clockStatesPersist,
			openClocksPersist, compactPersists, marksPersist, walksPersist, documentsPersist,
		},
	)
}

func persistence(t *testing.T, d suite) {
	for _, c := range Checks() {
		t.Run(c.Name, func(t *testing.T) {
			if err := c.Run(t.Context(), d.store.Update); err != nil {
				t.Error(err)
			}
		})
	}
}

// call is a transaction with the context for calling its stores.
type call struct {
	context.Context
	ports.Tx
}

// persisted describes how a store keeps the entities of one type.
type persisted[E any] struct {
	// given returns the fields whose values the store restricts, for a round, and adds the entities that they refer to. It
	// may be nil.
	given func(r *referents, round int) Fields
	// fixed names the fields that no method changes.
	fixed   []string
	adds    []addition[E]
	changes []change[E]
	reads   []reading[E]
}

// addition is a way to add entities.
type addition[E any] struct {
	method string
	n      int // how many to add at once; at least Rounds of E
	add    func(c call, all []E) error
}

// change is a way to change entities.
type change[E any] struct {
	method string
	take   func(to *E, from E) // copies the fields that the method changes; nil if it changes all but the fixed ones
	change func(c call, all []E) error
}

// reading is a way to read an entity.
type reading[E any] struct {
	name string
	read func(c call, e E) (E, error)
}

// checks returns a check for each way to add or to change entities.
func (p persisted[E]) checks() (all []Check) {
	add := func(method string, run func(context.Context, Transact) error) {
		all = append(all, Check{method + " of " + reflect.TypeFor[E]().String(), run, method, reflect.TypeFor[E]()})
	}
	for _, a := range p.adds {
		add(a.method, func(ctx context.Context, do Transact) error {
			_, err := p.added(ctx, do, a)
			return err
		})
	}
	for _, x := range p.changes {
		add(x.method, func(ctx context.Context, do Transact) error {
			all, err := p.added(ctx, do, p.adds[0])
			if err != nil {
				return err
			}
			return p.changed(ctx, do, x, all)
		})
	}
	return all
}

// added adds entities, compares them with what is read, and returns them.
func (p persisted[E]) added(ctx context.Context, do Transact, a addition[E]) ([]E, error) {
	all := make([]E, max(a.n, Rounds[E]()))
	err := do(ctx, func(tx ports.Tx) (err error) {
		c := call{ctx, tx}
		for i := range all {
			if all[i], err = p.filled(c, i); err != nil {
				return err
			}
		}
		return errors.Join(a.add(c, all), detach(all))
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.method, err)
	}
	return all, p.compare(ctx, do, a.method, all)
}

func (p persisted[E]) filled(c call, round int) (e E, err error) {
	if p.given == nil {
		return Filled[E](round, nil), nil
	}
	r := referents{call: c}
	given := p.given(&r, round)
	return Filled[E](round, given), r.err
}

// changed changes entities to the values of the next round, for several rounds, and compares them each time.
func (p persisted[E]) changed(ctx context.Context, do Transact, x change[E], all []E) error {
	for step := range Rounds[E]() {
		err := do(ctx, func(tx ports.Tx) error {
			c := call{ctx, tx}
			for i := range all {
				next, err := p.filled(c, step+i+1)
				if err != nil {
					return err
				}
				if x.take != nil {
					x.take(&all[i], next)
					continue
				}
				all[i] = with(next, all[i], p.fixed)
			}
			return errors.Join(x.change(c, all), detach(all))
		})
		if err != nil {
			return fmt.Errorf("%s: %w", x.method, err)
		}
		if err := p.compare(ctx, do, x.method, all); err != nil {
			return err
		}
	}
	return nil
}

// with returns x with some fields taken from y.
func with[E any](x, y E, fields []string) E {
	to, from := reflect.ValueOf(&x).Elem(), reflect.ValueOf(&y).Elem()
	for _, name := range fields {
		to.FieldByName(name).Set(from.FieldByName(name))
	}
	return x
}

// compare reads entities in every way and compares them.
func (p persisted[E]) compare(ctx context.Context, do Transact, after string, all []E) error {
	return do(ctx, func(tx ports.Tx) error {
		var lost []error
		for _, r := range p.reads {
			for _, e := range all {
				if err := r.readAgain(call{ctx, tx}, e); err != nil {
					lost = append(lost, fmt.Errorf("%s after %s: %w", r.name, after, err))
				}
			}
		}
		return errors.Join(lost...)
	})
}

// errExcluded is returned by a reading that rightly does not return the entity.
var errExcluded = errors.New("not meant")

// readAgain reads an entity and compares it. If the result has slices or pointers, it modifies them and reads again:
// the stored entity must not change.
func (r reading[E]) readAgain(c call, e E) error {
	got, err := r.read(c, e)
	if errors.Is(err, errExcluded) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := equal(got, e); err != nil || !spoil(reflect.ValueOf(&got).Elem()) {
		return err
	}
	got, err = r.read(c, e)
	return errors.Join(err, equal(got, e))
}

// hugePage is a page that holds more than a check adds.
var hugePage = ports.Page{Number: 1, Size: 10_000}

// each returns an addition or a change that handles entities one by one.
func each[E any](do func(c call, e E) error) func(call, []E) error {
	return func(c call, all []E) error {
		for _, e := range all {
			if err := do(c, e); err != nil {
				return err
			}
		}
		return nil
	}
}

// equal returns the difference between got and want as an error; nil if there is none.
func equal(got, want any) error {
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("want -, got +:\n%s", diff)
	}
	return nil
}

// findIn returns the first entity that matches; domain.ErrNotFound if none does.
func findIn[E any](all []E, err error, match func(E) bool) (e E, _ error) {
	if err != nil {
		return e, err
	}
	if i := slices.IndexFunc(all, match); i >= 0 {
		return all[i], nil
	}
	return e, domain.ErrNotFound
}
