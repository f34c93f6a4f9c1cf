package usecase

import (
	"context"
	"errors"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// IdempotencyLifetime is how long a request that was repeated under its key is answered with the kept reply.
const IdempotencyLifetime = 24 * time.Hour

// Idempotency is a request that makes something and that its client may repeat under a key of its own. What it makes and
// what it was answered are kept together or not at all: a use case that makes something under a Once either makes it and
// keeps the answer, or fails as Replayed, as Reused if something else was asked under the key, or as a Conflict while
// the first request still runs. A nil *Once is a request without a key, of which nothing is kept.
type Idempotency struct {
	Key         string // stands for the client's key and account; unique
	Fingerprint string // stands for what was asked
	// Answer turns what a use case made into the reply to keep.
	Answer func(made any) (ports.IdempotencyRecord, error)
}

// Replayed is what a use case answers where the request was answered before.
type Replayed struct{ Record ports.IdempotencyRecord }

func (*Replayed) Error() string { return "the request was answered before" }

var (
	errOtherRequest = domain.Fail(domain.Reused, "The Idempotency-Key was used for another request.")
	errStillRunning = &domain.Error{
		Kind: domain.Conflict, Message: "The request with this Idempotency-Key is still running.", RetryAfter: time.Second,
	}
)

// MayCreate is the first line of every use case that makes something.
func MayCreate(ctx context.Context, b Base, actor access.Actor, menu string, once *Idempotency) error {
	if err := May(actor, menu, access.MayCreate); err != nil {
		return err
	}
	return replayed(ctx, b, once)
}

// replayed fails as Replayed or Reused where the request's key was used already.
func replayed(ctx context.Context, b Base, once *Idempotency) error {
	if once == nil {
		return nil
	}
	return b.Store.View(ctx, func(tx ports.Tx) error {
		kept, err := tx.IdempotencyRecords.Get(ctx, once.Key, b.Clock().Add(-IdempotencyLifetime))
		return once.replay(kept, err)
	})
}

// UnlessReplayed is for what fails between MayCreate and Create: where the first request ended meanwhile, what it made
// may be all that is wrong with the second.
func UnlessReplayed(ctx context.Context, b Base, once *Idempotency, err error) error {
	if before := replayed(ctx, b, once); before != nil {
		return before
	}
	return err
}

// Create is Update for a use case that makes something.
func Create[T any](ctx context.Context, b Base, once *Idempotency, fn func(ports.Tx) (T, error)) (T, error) {
	return Update(ctx, b.Store, func(tx ports.Tx) (made T, err error) {
		if err := b.claim(ctx, tx, once); err != nil {
			return made, err
		}
		if made, err = fn(tx); err != nil {
			return made, err
		}
		return made, b.keep(ctx, tx, once, made)
	})
}

// claim keeps everybody else off the request's key until the transaction ends.
func (b Base) claim(ctx context.Context, tx ports.Tx, once *Idempotency) error {
	if once == nil {
		return nil
	}
	kept, err := tx.IdempotencyRecords.Claim(ctx, once.Key, b.Clock().Add(-IdempotencyLifetime))
	if errors.Is(err, ports.ErrClaimed) {
		return errStillRunning
	}
	return once.replay(kept, err)
}

// replay fails where there is a reply already; err is what looking for it gave.
func (o *Idempotency) replay(kept ports.IdempotencyRecord, err error) error {
	switch {
	case errors.Is(err, domain.ErrNotFound):
		return nil
	case err != nil:
		return err
	case kept.Fingerprint != o.Fingerprint:
		return errOtherRequest
	}
	return &Replayed{kept}
}

// keep stores the answer beside what was made.
func (b Base) keep(ctx context.Context, tx ports.Tx, once *Idempotency, made any) error {
	if once == nil {
		return nil
	}
	reply, err := once.Answer(made)
	if err != nil {
		return err
	}
	reply.Key, reply.Fingerprint, reply.CreatedAt = once.Key, once.Fingerprint, b.Clock()
	return tx.IdempotencyRecords.Save(ctx, reply)
}

// IdempotencyRecords are the use cases of what requests under a key were answered.
type IdempotencyRecords struct{ Base }

// Purge removes the replies that are given to nobody any more. It has no actor: the service itself asks.
func (s *IdempotencyRecords) Purge(ctx context.Context) error {
	old := s.Clock().Add(-IdempotencyLifetime)
	return Purge(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.IdempotencyRecords.Purge(ctx, old, PurgeBatch) })
}
