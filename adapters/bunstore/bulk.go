package bunstore

import (
	"context"
	"iter"
	"time"

	"golang.org/x/sync/errgroup"

	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

const (
	bulkBatch   = 5000 // rows per transaction
	bulkWriters = 2    // concurrent batches on PostgreSQL, which uses one process for each
)

// BulkAccounts writes accounts in batches; batches written before a failure stay. written, which may be nil, is
// called with the size of each batch, from any goroutine.
func (s *Store) BulkAccounts(ctx context.Context, all iter.Seq2[account.Account, error], written func(int)) error {
	return inBatches(ctx, s.writers(), all, written, func(ctx context.Context, batch []account.Account) error {
		if s.engine.postgres {
			return s.copyRows(ctx, newCopyBatch(completeAccounts, batch))
		}
		return s.Update(ctx, func(tx ports.Tx) error {
			return forEach(batch, func(a account.Account) error { return tx.Accounts.Add(ctx, a) })
		})
	})
}

// BulkTickets writes new tickets, in the same way as BulkAccounts. Each gets the next number of its day in zone; the
// numbers of a failed batch are lost.
func (s *Store) BulkTickets(ctx context.Context, zone *time.Location, all iter.Seq2[ports.Dossier, error], written func(int)) error {
	return inBatches(ctx, s.writers(), all, written, func(ctx context.Context, batch []ports.Dossier) error {
		if err := s.assignNumbers(ctx, zone, batch); err != nil {
			return err
		}
		if s.engine.postgres {
			return s.copyTickets(ctx, batch)
		}
		return s.Update(ctx, func(tx ports.Tx) error {
			return addDossiers(ctx, tx, batch)
		})
	})
}

// addDossiers adds tickets one by one, then everything else about them at once.
func addDossiers(ctx context.Context, tx ports.Tx, batch []ports.Dossier) error {
	for _, d := range batch {
		if err := tx.Tickets.Add(ctx, d.Ticket); err != nil {
			return err
		}
	}
	entries, states, history := parts(batch)
	if err := tx.Ledgers.Add(ctx, entries); err != nil {
		return err
	}
	if err := tx.Ledgers.SaveClockStates(ctx, states); err != nil {
		return err
	}
	return tx.History.Add(ctx, history)
}

// Analyze updates the statistics of PostgreSQL's planner, which autovacuum does only some time after many rows were
// written.
func (s *Store) Analyze(ctx context.Context) error {
	if !s.engine.postgres {
		return nil
	}
	_, err := s.engine.pool.Exec(ctx, "VACUUM (ANALYZE) accounts, tickets, sla_events, sla_clocks, ticket_history")
	return s.engine.failed(err, "VACUUM (ANALYZE)")
}

func (s *Store) writers() int {
	if s.engine.postgres {
		return bulkWriters
	}
	return 1
}

// inBatches passes a sequence to write in batches, up to writers of them concurrently. The first failure ends it.
func inBatches[T any](ctx context.Context, writers int, all iter.Seq2[T, error], written func(int),
	write func(context.Context, []T) error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	submit := func(batch []T) {
		group.Go(func() error {
			if err := write(ctx, batch); err != nil {
				return err
			}
			if written != nil {
				written(len(batch))
			}
			return nil
		})
	}
	batch := make([]T, 0, bulkBatch)
	for x, err := range all {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			group.Go(func() error { return err })
			return group.Wait()
		}
		if batch = append(batch, x); len(batch) == bulkBatch {
			submit(batch)
			batch = make([]T, 0, bulkBatch)
		}
	}
	if len(batch) > 0 {
		submit(batch)
	}
	return group.Wait()
}

func forEach[T any](batch []T, do func(T) error) error {
	for _, x := range batch {
		if err := do(x); err != nil {
			return err
		}
	}
	return nil
}

// assignNumbers assigns each ticket of a batch the next number of its day.
func (s *Store) assignNumbers(ctx context.Context, zone *time.Location, batch []ports.Dossier) error {
	days := make([]string, len(batch))
	counts := map[string]int{}
	for i, v := range batch {
		days[i] = v.CreatedAt.In(zone).Format("20060102")
		counts[days[i]]++
	}
	next := make(map[string]int, len(counts))
	for day, n := range counts {
		last, err := s.reserveNumbers(ctx, day, n)
		if err != nil {
			return err
		}
		next[day] = last - n + 1
	}
	for i, day := range days {
		batch[i].View = batch[i].Numbered(ticket.NumberOf(day, next[day]))
		next[day]++
	}
	return nil
}

// reserveNumbers reserves n numbers of a day and returns the last of them. It is not part of the batch's transaction,
// so that opening a ticket never waits for a batch.
func (s *Store) reserveNumbers(ctx context.Context, day string, n int) (last int, err error) {
	db := s.engine.writes
	c := conn{bun: db, raw: db.DB, engine: s.engine}
	r, err := row[struct {
		Last int `bun:"last"`
	}](ctx, c, c.statement(`INSERT INTO ticket_numbers AS n (day, last) VALUES (?, ?)
 ON CONFLICT (day) DO UPDATE SET last = n.last + excluded.last RETURNING last`, day, n))
	return r.Last, settle(ctx, err)
}
