package servicelevel

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// sweepBatch is how many tickets one transaction of Sweep takes.
const sweepBatch = 500

// retriesAtOnce is how many tickets that are set aside one call of Sweep tries again.
const retriesAtOnce = 50

// How long a ticket that the sweep failed on is left alone: at first, twice as long after each further failure, at most.
const (
	firstRetryAfter = time.Minute
	lastRetryAfter  = time.Hour
)

// retryAfter returns how long to wait after a number of failed attempts, of which there is at least one.
func retryAfter(attempts int) time.Duration {
	delay := firstRetryAfter
	for range attempts - 1 {
		if delay *= 2; delay >= lastRetryAfter {
			return lastRetryAfter
		}
	}
	return delay
}

// maxReason is how much of an error is stored as the reason of a failure, in bytes.
const maxReason = 2000

// Sweep processes a batch of the tickets that passing time has changed and returns how many it took; every replica may
// run it at any time. If the batch fails, its tickets are taken one by one, each in its own transaction, and those that
// fail are set aside: they are tried again after a delay that grows, and the error is
// ports.SweepFailures. Sweep has no actor:
// the service itself calls it.
func (s *ServiceLevels) Sweep(ctx context.Context) (int, error) {
	n, err := s.sweepMany(ctx)
	if err == nil && n > 0 {
		return n, nil
	}
	var alone []ports.SetAside
	if err != nil {
		if passes(ctx, err) {
			return 0, err
		}
		due, missing := s.dueAlone(ctx)
		if missing != nil || len(due) == 0 {
			return 0, errors.Join(err, missing)
		}
		alone = due
	}
	again, err := usecase.View(ctx, s.Store, func(tx ports.Tx) ([]ports.SetAside, error) {
		return tx.SetAsides.Due(ctx, s.Clock(), retriesAtOnce)
	})
	if err != nil {
		return 0, err
	}
	return s.sweepAlone(ctx, append(alone, again...))
}

// sweepMany processes a batch in one transaction.
func (s *ServiceLevels) sweepMany(ctx context.Context) (int, error) {
	return withoutPanic(func() (int, error) {
		return usecase.Update(ctx, s.Store, func(tx ports.Tx) (int, error) {
			due, err := tx.Tickets.LockDue(ctx, s.Clock(), sweepBatch)
			if err != nil || len(due) == 0 {
				return 0, err
			}
			_, err = s.Clocks.Advance(ctx, tx, due, s.Clocks.Now)
			return len(due), err
		})
	})
}

// dueAlone names the tickets of the batch that failed, as if each had been set aside before its first attempt.
func (s *ServiceLevels) dueAlone(ctx context.Context) ([]ports.SetAside, error) {
	due, err := usecase.View(ctx, s.Store, func(tx ports.Tx) ([]ports.TicketRef, error) {
		return tx.Tickets.Due(ctx, s.Clock(), sweepBatch)
	})
	all := make([]ports.SetAside, len(due))
	for i, t := range due {
		all[i] = ports.SetAside{TicketID: t.ID, Number: t.Number}
	}
	return all, err
}

// sweepAlone processes tickets one by one. It stops at once if an error concerns more than one ticket.
func (s *ServiceLevels) sweepAlone(ctx context.Context, all []ports.SetAside) (int, error) {
	var failures ports.SweepFailures
	for i, x := range all {
		_, err := withoutPanic(func() (struct{}, error) { return struct{}{}, s.sweepOne(ctx, x.TicketID) })
		if err == nil {
			continue
		}
		if passes(ctx, err) {
			return i, errors.Join(err, failures.Err())
		}
		put, stored := s.setAside(ctx, &x, err)
		if stored != nil {
			return i, errors.Join(err, stored, failures.Err())
		}
		if put {
			failures = append(failures, ports.SweepFailure{SetAside: x, Err: err})
		}
	}
	return len(all), failures.Err()
}

// sweepOne processes one ticket and makes it an ordinary one again.
func (s *ServiceLevels) sweepOne(ctx context.Context, id domain.ID) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, id, access.EveryTicket)
		switch {
		case err == nil:
			_, err = s.Clocks.RecordDue(ctx, tx, v, s.Clocks.Now(v))
		case errors.Is(err, domain.ErrNotFound): // deleted, nothing is due
			err = nil
		}
		if err != nil {
			return err
		}
		return tx.SetAsides.Remove(ctx, id)
	})
}

// setAside counts a failed attempt in x and stores it; it reports false if another replica counted the same one.
func (s *ServiceLevels) setAside(ctx context.Context, x *ports.SetAside, cause error) (bool, error) {
	now := s.Clock()
	x.Attempts++
	if x.Attempts == 1 {
		x.SetAsideAt = now
	}
	x.RetryAt, x.Reason = now.Add(retryAfter(x.Attempts)), storable(cause.Error())
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (bool, error) { return tx.SetAsides.Put(ctx, *x) })
}

// storable returns a text as every store takes it: valid UTF-8 without NUL, of at most maxReason bytes.
func storable(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}

// passes reports whether an error says nothing about the ticket that was processed: the work was cut short, or the store
// cannot be reached.
func passes(ctx context.Context, err error) bool {
	return ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// withoutPanic calls fn and returns a panic of it as an error: one damaged row must not end the process.
func withoutPanic[T any](fn func() (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

// Lag returns how late the oldest thing is that passing time has brought and Sweep has not processed yet; 0 if there is
// none. Tickets that are set aside do not count. It has no actor: the service itself is measured.
func (s *ServiceLevels) Lag(ctx context.Context) (time.Duration, error) {
	next, err := usecase.View(ctx, s.Store, func(tx ports.Tx) (time.Time, error) { return tx.Tickets.NextDue(ctx) })
	if err != nil || next.Equal(ticket.Never) {
		return 0, err
	}
	return max(0, s.Clock().Sub(next)), nil
}

// SetAside returns how many tickets are set aside. It has no actor: the service itself is measured.
func (s *ServiceLevels) SetAside(ctx context.Context) (int, error) {
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (int, error) { return tx.SetAsides.Count(ctx) })
}
