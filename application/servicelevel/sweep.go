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

// retriesAtOnce is how many tickets that are set aside one call of Sweep tries again, at most.
const retriesAtOnce = 50

// The first and the greatest delay after which a ticket that is set aside is tried again. The delay doubles with each
// failure.
const (
	firstRetryAfter = time.Minute
	lastRetryAfter  = time.Hour
)

// retryAfter returns the delay after a number of failed attempts, which is at least 1.
func retryAfter(attempts int) time.Duration {
	delay := firstRetryAfter
	for range attempts - 1 {
		if delay *= 2; delay >= lastRetryAfter {
			return lastRetryAfter
		}
	}
	return delay
}

// maxReason is how many bytes of an error are stored as the reason of a failure.
const maxReason = 2000

// Sweep processes a batch of the tickets that passing time has changed, or else of those that must be closed, and returns how
// many it took. Every replica may call it at any time. If the batch fails, its tickets are processed one by one, each in its own
// transaction, and those that fail are set aside; the error is then ports.SweepFailures. Tickets that are set aside are tried
// again after a growing delay, by calls that find nothing else due or whose batch fails. Sweep has no actor: the service itself
// calls it.
func (s *ServiceLevels) Sweep(ctx context.Context) (int, error) {
	var alone []ports.SetAside
	for _, w := range s.works() {
		n, err := s.sweepTogether(ctx, w)
		if err == nil && n > 0 {
			return n, nil
		}
		if err != nil {
			if isTransient(ctx, err) {
				return 0, err
			}
			due, dueErr := s.dueTickets(ctx, w)
			if dueErr != nil || len(due) == 0 {
				return 0, errors.Join(err, dueErr)
			}
			alone = due
			break
		}
	}
	again, err := usecase.View(ctx, s.Store, func(tx ports.Tx) ([]ports.SetAside, error) {
		return tx.SetAsides.Due(ctx, s.Clock(), retriesAtOnce)
	})
	if err != nil {
		return 0, err
	}
	return s.sweepEach(ctx, append(alone, again...))
}

// work is one kind of what the sweep does.
type work struct {
	lock func(ports.Tickets, context.Context, time.Time, int) ([]ticket.View, error)
	due  func(ports.Tickets, context.Context, time.Time, int) ([]ports.TicketRef, error) // without locking
	do   func(context.Context, ports.Tx, []ticket.View) error
}

// works returns what the sweep does. Breaches come first: they must be recorded within seconds, however many tickets must be
// closed.
func (s *ServiceLevels) works() []work {
	advance := func(ctx context.Context, tx ports.Tx, due []ticket.View) error {
		_, err := s.Clocks.Advance(ctx, tx, due, s.Clocks.Now)
		return err
	}
	return []work{
		{lock: ports.Tickets.LockDue, due: ports.Tickets.Due, do: advance},
		{lock: ports.Tickets.LockClosable, due: ports.Tickets.Closable, do: s.Clocks.close},
	}
}

// sweepTogether does a batch of a work in one transaction.
func (s *ServiceLevels) sweepTogether(ctx context.Context, w work) (int, error) {
	return recoverPanic(func() (int, error) {
		return usecase.Update(ctx, s.Store, func(tx ports.Tx) (int, error) {
			due, err := w.lock(tx.Tickets, ctx, s.Clock(), sweepBatch)
			if err != nil || len(due) == 0 {
				return 0, err
			}
			return len(due), w.do(ctx, tx, due)
		})
	})
}

// dueTickets returns the tickets of the batch that failed, as set aside but not yet attempted.
func (s *ServiceLevels) dueTickets(ctx context.Context, w work) ([]ports.SetAside, error) {
	due, err := usecase.View(ctx, s.Store, func(tx ports.Tx) ([]ports.TicketRef, error) {
		return w.due(tx.Tickets, ctx, s.Clock(), sweepBatch)
	})
	all := make([]ports.SetAside, len(due))
	for i, t := range due {
		all[i] = ports.SetAside{TicketID: t.ID, Number: t.Number}
	}
	return all, err
}

// sweepEach processes tickets one by one. It stops at the first error that does not concern a single ticket.
func (s *ServiceLevels) sweepEach(ctx context.Context, all []ports.SetAside) (int, error) {
	var failures ports.SweepFailures
	for i, x := range all {
		_, err := recoverPanic(func() (struct{}, error) { return struct{}{}, s.sweepOne(ctx, x.TicketID) })
		if err == nil {
			continue
		}
		if isTransient(ctx, err) {
			return i, errors.Join(err, failures.Err())
		}
		put, putErr := s.setAside(ctx, &x, err)
		if putErr != nil {
			return i, errors.Join(err, putErr, failures.Err())
		}
		if put {
			failures = append(failures, ports.SweepFailure{SetAside: x, Err: err})
		}
	}
	return len(all), failures.Err()
}

// sweepOne processes one ticket, which is then no longer set aside.
func (s *ServiceLevels) sweepOne(ctx context.Context, id domain.ID) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, id, access.EveryTicket)
		switch {
		case err == nil:
			err = s.advanceOne(ctx, tx, v)
		case errors.Is(err, domain.ErrNotFound): // the ticket was deleted; nothing is due
			err = nil
		}
		if err != nil {
			return err
		}
		return tx.SetAsides.Remove(ctx, id)
	})
}

// advanceOne does all that passing time does to a ticket, of which a due clock is only one thing.
func (s *ServiceLevels) advanceOne(ctx context.Context, tx ports.Tx, v ticket.View) error {
	now := s.Clocks.Now(v)
	all, err := s.Clocks.Advance(ctx, tx, []ticket.View{v}, func(ticket.View) time.Time { return now })
	if err != nil || all[0].AutoCloseAt.IsZero() || all[0].AutoCloseAt.After(now) {
		return err
	}
	return s.Clocks.close(ctx, tx, all)
}

// setAside counts a failed attempt in x and stores it. It returns false if another replica counted the same attempt.
func (s *ServiceLevels) setAside(ctx context.Context, x *ports.SetAside, cause error) (bool, error) {
	now := s.Clock()
	x.Attempts++
	if x.Attempts == 1 {
		x.SetAsideAt = now
	}
	x.RetryAt, x.Reason = now.Add(retryAfter(x.Attempts)), validReason(cause.Error())
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (bool, error) { return tx.SetAsides.Put(ctx, *x) })
}

// validReason returns a text in a form that every store accepts: valid UTF-8 without NUL, of at most maxReason bytes.
func validReason(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}

// isTransient reports whether an error tells nothing about the ticket being processed: the work was interrupted, or the
// store cannot be reached.
func isTransient(ctx context.Context, err error) bool {
	return ctx.Err() != nil || domain.KindOf(err) == domain.Unavailable ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// recoverPanic calls fn and returns its panic as an error, so that one damaged row does not end the process.
func recoverPanic[T any](fn func() (T, error)) (out T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}

// Lag returns how late the oldest time-driven change is that is due and not recorded; 0 if there is none. Tickets that
// are set aside do not count. It has no actor: the service itself is measured.
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
