package bunstore

import (
	"context"
	"iter"
	"time"

	"golang.org/x/sync/errgroup"

	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

const (
	bulkBatch   = 5000 // rows that are written at once, all or none
	bulkWriters = 2    // batches that PostgreSQL takes at a time; each has a process of its own there
)

// BulkAccounts writes many accounts, in batches; those written before a failure stay. written is told the size of each
// batch, from any goroutine; it may be nil.
func (s *Store) BulkAccounts(ctx context.Context, all iter.Seq2[account.Account, error], written func(int)) error {
	return inBatches(ctx, s.writers(), all, written, func(ctx context.Context, batch []account.Account) error {
		if s.engine.postgres {
			return s.copy(ctx, bulkOf(wholeAccounts, batch))
		}
		return s.Update(ctx, func(tx ports.Tx) error {
			return eachOf(batch, func(a account.Account) error { return tx.Accounts.Add(ctx, a) })
		})
	})
}

// BulkTickets writes many new tickets as BulkAccounts does accounts. Each gets the next number of its day in zone;
// a batch that fails has used its numbers up.
func (s *Store) BulkTickets(ctx context.Context, zone *time.Location, all iter.Seq2[ports.Dossier, error], written func(int)) error {
	return inBatches(ctx, s.writers(), all, written, func(ctx context.Context, batch []ports.Dossier) error {
		if err := s.number(ctx, zone, batch); err != nil {
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

// addDossiers writes tickets one by one, and what was promised for them all at once.
func addDossiers(ctx context.Context, tx ports.Tx, batch []ports.Dossier) error {
	var entries []sla.Entry
	var standings []sla.ClockState
	for _, d := range batch {
		if err := tx.Tickets.Add(ctx, d.Ticket); err != nil {
			return err
		}
		entries, standings = append(entries, d.Entries...), append(standings, d.Standings...)
	}
	if err := tx.Ledgers.Add(ctx, entries); err != nil {
		return err
	}
	return tx.Ledgers.SaveClockStates(ctx, standings)
}

// Analyze brings up to date what the planner of PostgreSQL knows, which it does by itself only some time after many
// rows were written.
func (s *Store) Analyze(ctx context.Context) error {
	if !s.engine.postgres {
		return nil
	}
	_, err := s.engine.pool.Exec(ctx, "VACUUM (ANALYZE) accounts, tickets, sla_events, sla_clocks")
	return s.engine.failed(err, "VACUUM (ANALYZE)")
}

func (s *Store) writers() int {
	if s.engine.postgres {
		return bulkWriters
	}
	return 1
}

// inBatches hands a sequence over in batches, to so many at a time. The first failure ends it.
func inBatches[T any](ctx context.Context, writers int, all iter.Seq2[T, error], written func(int),
	write func(context.Context, []T) error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	hand := func(batch []T) {
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
			hand(batch)
			batch = make([]T, 0, bulkBatch)
		}
	}
	if len(batch) > 0 {
		hand(batch)
	}
	return group.Wait()
}

func eachOf[T any](batch []T, do func(T) error) error {
	for _, x := range batch {
		if err := do(x); err != nil {
			return err
		}
	}
	return nil
}

// number gives each ticket of a batch the next number of its day.
func (s *Store) number(ctx context.Context, zone *time.Location, batch []ports.Dossier) error {
	days := make([]string, len(batch))
	counts := map[string]int{}
	for i, v := range batch {
		days[i] = v.CreatedAt.In(zone).Format("20060102")
		counts[days[i]]++
	}
	next := make(map[string]int, len(counts))
	for day, n := range counts {
		last, err := s.reserve(ctx, day, n)
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

// reserve takes n numbers of a day and gives the last of them. It stands alone, so that nobody who opens a ticket
// meanwhile has to wait for the batch.
func (s *Store) reserve(ctx context.Context, day string, n int) (last int, err error) {
	db := s.engine.writes
	c := conn{bun: db, raw: db.DB, engine: s.engine}
	r, err := row[struct {
		Last int `bun:"last"`
	}](ctx, c, c.statement(`INSERT INTO ticket_numbers AS n (day, last) VALUES (?, ?)
 ON CONFLICT (day) DO UPDATE SET last = n.last + excluded.last RETURNING last`, day, n))
	return r.Last, settle(ctx, err)
}
