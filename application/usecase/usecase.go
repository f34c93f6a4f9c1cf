// Package usecase holds what use cases of every area share: transactions, idempotent requests, and conditions on what a
// client saw.
package usecase

import (
	"context"

	"tickt/domain/access"
	"tickt/ports"
)

// Base is what nearly every use case needs from outside.
type Base struct {
	Store ports.Store
	Clock ports.Clock
	NewID ports.NewID
}

// View runs fn, which only reads, and returns its result. Each of its reads sees what was committed when it ran, so two
// of them may see different states.
func View[T any](ctx context.Context, s ports.Store, fn func(ports.Tx) (T, error)) (out T, err error) {
	err = s.View(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	return out, err
}

// Update runs fn in a transaction that keeps everything or nothing, and returns its result. The store may run fn again,
// so fn must not change what it captures.
func Update[T any](ctx context.Context, s ports.Store, fn func(ports.Tx) (T, error)) (out T, err error) {
	err = s.Update(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	return out, err
}

// PurgeBatch is how many rows one transaction of Purge removes.
const PurgeBatch = 500

// Purge calls batch, each time in a transaction of its own, until it removes fewer than PurgeBatch rows. Small
// transactions keep others from waiting long for a lock.
func Purge(ctx context.Context, s ports.Store, batch func(ports.Tx) (int, error)) error {
	for {
		n, err := Update(ctx, s, batch)
		if err != nil || n < PurgeBatch {
			return err
		}
	}
}

// List is one page of a list, with the count of all entries.
type List[T any] struct {
	Items []T
	Count int
}

// Listed makes a List of what a store returns.
func Listed[T any](items []T, count int, err error) (List[T], error) {
	return List[T]{items, count}, err
}

// May fails as Forbidden unless the actor may do the actions on a menu. It is the first line of every use case that
// needs a permission.
func May(actor access.Actor, menu string, actions access.Actions) error {
	return actor.Require(menu, actions)
}
