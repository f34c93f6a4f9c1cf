package servicelevel

import (
	"context"
	"errors"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// batches is work on tickets in the order of their ids, in batches.
type batches struct {
	lock func(ctx context.Context, tx ports.Tx, after domain.ID) ([]ticket.View, error)     // locks the next tickets
	refs func(ctx context.Context, tx ports.Tx, after domain.ID) ([]ports.TicketRef, error) // finds the same ones
	// concerns reports whether a ticket that refs found is still one of them.
	concerns func(ticket.View) bool
	do       func(ctx context.Context, tx ports.Tx, batch []ticket.View) error
	what     string // do, in errors about a ticket
}

// work does the work, each batch in a transaction of its own. If a batch fails, its tickets are processed one by one. After all
// tickets, work returns the errors of those that failed: 100 of them with their ticket numbers, and a count of the others.
func (b batches) work(ctx context.Context, store ports.Store) error {
	var failures ticketErrors
	for after := domain.ID(""); ; {
		last, err := b.together(ctx, store, after)
		if err != nil && !isTransient(ctx, err) {
			last, err = b.each(ctx, store, after, &failures)
		}
		if err != nil || last == "" {
			return errors.Join(append(failures.errs(), err)...)
		}
		after = last
	}
}

// together processes a batch of tickets after a ticket, in one transaction. It returns the last of them; "" if there are no
// more.
func (b batches) together(ctx context.Context, store ports.Store, after domain.ID) (domain.ID, error) {
	return recoverPanic(func() (domain.ID, error) {
		return usecase.Update(ctx, store, func(tx ports.Tx) (domain.ID, error) {
			batch, err := b.lock(ctx, tx, after)
			if err != nil || len(batch) == 0 {
				return "", err
			}
			return batch[len(batch)-1].ID, b.do(ctx, tx, batch)
		})
	})
}

// each is together with a transaction for each ticket. It adds the errors of tickets to failed.
func (b batches) each(ctx context.Context, store ports.Store, after domain.ID, failed *ticketErrors) (last domain.ID, err error) {
	refs, err := usecase.View(ctx, store, func(tx ports.Tx) ([]ports.TicketRef, error) { return b.refs(ctx, tx, after) })
	for _, x := range refs {
		_, ticketErr := recoverPanic(func() (struct{}, error) { return struct{}{}, b.one(ctx, store, x.ID) })
		switch {
		case ticketErr == nil:
		case isTransient(ctx, ticketErr):
			return x.ID, ticketErr
		default:
			failed.add(b.what, x, ticketErr)
		}
		last = x.ID
	}
	return last, err
}

// one processes a ticket that is still concerned; it ignores other tickets.
func (b batches) one(ctx context.Context, store ports.Store, id domain.ID) error {
	return store.Update(ctx, func(tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, id, access.EveryTicket)
		if errors.Is(err, domain.ErrNotFound) || err == nil && !b.concerns(v) {
			return nil
		}
		if err != nil {
			return err
		}
		return b.do(ctx, tx, []ticket.View{v})
	})
}
