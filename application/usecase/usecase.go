// Package usecase holds what use cases of every area share: how they read and change the store, how they answer a repeated
// request, and conditions on what a client saw.
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

// View runs one read, or several that need not agree.
func View[T any](ctx context.Context, s ports.Store, fn func(ports.Tx) (T, error)) (out T, err error) {
	err = s.View(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	return out, err
}

// Update runs one change: all or nothing. The store may run fn again, so fn must not change what it captures.
func Update[T any](ctx context.Context, s ports.Store, fn func(ports.Tx) (T, error)) (out T, err error) {
	err = s.Update(ctx, func(tx ports.Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	return out, err
}

// PurgeBatch is how many rows one transaction of Purge removes.
const PurgeBatch = 500

// Purge removes batch after batch, each in its own transaction, so that nobody waits long for a lock.
func Purge(ctx context.Context, s ports.Store, batch func(ports.Tx) (int, error)) error {
	for {
		n, err := Update(ctx, s, batch)
		if err != nil || n < PurgeBatch {
			return err
		}
	}
}

// List is one page of a list, with the count of all.
type List[T any] struct {
	Items []T
	Count int
}

// Listed puts what a store returns of a page into a List.
func Listed[T any](items []T, count int, err error) (List[T], error) {
	return List[T]{items, count}, err
}

// May is the first line of every use case that needs a permission; it fails as Forbidden.
func May(actor access.Actor, menu string, actions access.Actions) error {
	return actor.Require(menu, actions)
}
