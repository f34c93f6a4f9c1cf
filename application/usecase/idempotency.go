package usecase

import (
	"context"
	"errors"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// IdempotencyLifetime is how long a repeated request is answered with the stored response.
const IdempotencyLifetime = 24 * time.Hour

// Idempotency is a request that creates something and that its client may repeat under an Idempotency-Key. What it
// creates and the response are stored in one transaction. A use case that creates something under an Idempotency either
// creates it and stores the response, or fails: as Replayed if the request was answered before, as Reused if the key
// was used for another request, or as Conflict while the first request is running. A nil *Idempotency is a request
// without a key; no response is stored for it.
type Idempotency struct {
	Key         string // derived from the client's key and account; unique
	Fingerprint string // derived from the content of the request
	// Answer turns what the use case created into the response to store.
	Answer func(created any) (ports.IdempotencyRecord, error)
}

// Replayed is the error of a request that was answered before. It holds the stored response.
type Replayed struct{ Record ports.IdempotencyRecord }

func (*Replayed) Error() string { return "the request was answered before" }

var (
	errOtherRequest = domain.Fail(domain.Reused, "The Idempotency-Key was used for another request.")
	errStillRunning = &domain.Error{
		Kind: domain.Conflict, Reason: domain.ReasonRetryInProgress,
		Message: "The request with this Idempotency-Key is still running.", RetryAfter: time.Second,
	}
)

// MayCreate is the first line of every use case that creates something: it checks the permission, and then whether the
// request was answered before.
func MayCreate(ctx context.Context, b Base, actor access.Actor, menu string, once *Idempotency) error {
	if err := May(actor, menu, access.MayCreate); err != nil {
		return err
	}
	return replayed(ctx, b, once)
}

// replayed fails as Replayed or Reused if the key of the request was used already.
func replayed(ctx context.Context, b Base, once *Idempotency) error {
	if once == nil {
		return nil
	}
	return b.Store.View(ctx, func(tx ports.Tx) error {
		kept, err := tx.IdempotencyRecords.Get(ctx, once.Key, b.Clock().Add(-IdempotencyLifetime))
		return once.replay(kept, err)
	})
}

// UnlessReplayed returns err, which occurred between MayCreate and Create, or Replayed if the first request has
// finished in the meantime: what that created may be the reason of err.
func UnlessReplayed(ctx context.Context, b Base, once *Idempotency, err error) error {
	if before := replayed(ctx, b, once); before != nil {
		return before
	}
	return err
}

// Create is Update for a use case that creates something.
func Create[T any](ctx context.Context, b Base, once *Idempotency, fn func(ports.Tx) (T, error)) (T, error) {
	return Update(ctx, b.Store, func(tx ports.Tx) (created T, err error) {
		if err := b.claim(ctx, tx, once); err != nil {
			return created, err
		}
		if created, err = fn(tx); err != nil {
			return created, err
		}
		return created, b.keep(ctx, tx, once, created)
	})
}

// claim keeps other transactions from using the key of the request until this one ends.
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

// replay fails if there is a stored response; err is the error of reading it, ErrNotFound if there is none.
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

// keep stores the response to a request that created something.
func (b Base) keep(ctx context.Context, tx ports.Tx, once *Idempotency, created any) error {
	if once == nil {
		return nil
	}
	response, err := once.Answer(created)
	if err != nil {
		return err
	}
	response.Key, response.Fingerprint, response.CreatedAt = once.Key, once.Fingerprint, b.Clock()
	return tx.IdempotencyRecords.Save(ctx, response)
}

// IdempotencyRecords are the use cases of the stored responses to idempotent requests.
type IdempotencyRecords struct{ Base }

// Purge removes the records that are older than IdempotencyLifetime. It has no actor: the service itself calls it.
func (s *IdempotencyRecords) Purge(ctx context.Context) error {
	old := s.Clock().Add(-IdempotencyLifetime)
	return Purge(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.IdempotencyRecords.Purge(ctx, old, PurgeBatch) })
}
