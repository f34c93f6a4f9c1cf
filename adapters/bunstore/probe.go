package bunstore

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"tickt/domain"
)

// A database that answers need not take writes: its disk may be full, or a replica may have lost its place as primary. Every
// Update that changed something and committed proves that it does. Only if there was none for probeInterval, Ready tries a
// write of its own, and after one that failed again every probeRetry until something commits.
const (
	probeInterval = time.Minute
	probeRetry    = 5 * time.Second
)

// probeKey is the key of the row in the table meta that Ready rewrites.
const probeKey = "ready"

// writeProbe knows when the database last took a write. Its zero value is not usable; see newWriteProbe.
type writeProbe struct {
	now       func() time.Time
	begun     time.Time
	committed atomic.Int64  // when the last Update committed that changed something: time since begun; 0 if none did
	turn      chan struct{} // holds a value while one Ready reads or writes the fields below
	tried     time.Time
	err       error // of the last try
}

func newWriteProbe() *writeProbe {
	return &writeProbe{now: time.Now, begun: time.Now(), turn: make(chan struct{}, 1)}
}

// commit notes that an Update changed something and committed.
func (p *writeProbe) commit() { p.committed.Store(int64(max(p.now().Sub(p.begun), 1))) }

// lastCommit returns the time of the last commit, zero if there was none.
func (p *writeProbe) lastCommit() time.Time {
	if d := p.committed.Load(); d > 0 {
		return p.begun.Add(time.Duration(d))
	}
	return time.Time{}
}

// check returns nil if the database took a write lately, otherwise the result of try, which it calls at most once per interval
// for any number of callers. The others wait for it.
func (p *writeProbe) check(ctx context.Context, try func(context.Context) error) error {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return unavailable(ctx.Err())
	}
	now, last := p.now(), p.lastCommit()
	if last.After(p.tried) {
		p.tried, p.err = last, nil
	}
	wait := probeInterval
	if p.err != nil {
		wait = probeRetry
	}
	if !p.tried.IsZero() && now.Sub(p.tried) < wait {
		return p.err
	}
	err := try(ctx)
	if errors.Is(ctx.Err(), context.Canceled) {
		return err // it tells nothing about the database
	}
	p.tried, p.err = now, err
	return err
}

// tryWrite tries a write. If the connection is read-only, it replaces all connections and tries once more: they stay read-only
// if they lead to a server that has become a standby, or began while the database was read-only.
func (s *Store) tryWrite(ctx context.Context) error {
	err := s.write(ctx)
	var pg *pgconn.PgError
	if s.engine.postgres && errors.As(err, &pg) && pg.Code == pgReadOnly {
		s.engine.pool.Reset()
		err = s.write(ctx)
	}
	switch {
	case err == nil, domain.KindOf(err) == domain.Unavailable && !s.engine.busy(err):
		return err
	case s.engine.busy(err):
		return nil
	default:
		return s.engine.failed(unavailable(err), "probe")
	}
}

// busy reports whether SQLite only had to wait too long because something else writes, in this process or in another one.
func (e *engine) busy(err error) bool {
	return !e.postgres && (collided(err) || errors.Is(err, context.DeadlineExceeded))
}

// write commits a write that leaves nothing behind but the time in one row.
func (s *Store) write(ctx context.Context) error {
	return s.transact(ctx, func(tx conn) error {
		_, err := exec(ctx, tx, tx.statement(`INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
			probeKey, s.engine.probe.now().Unix()))
		if err != nil || s.engine.postgres {
			return err
		}
		return tryGrowth(ctx, tx)
	})
}

// tryGrowth makes SQLite allocate pages and undoes that. Rewriting a row needs none, and so works in a file that is full.
func tryGrowth(ctx context.Context, c conn) error {
	for _, text := range []string{
		`SAVEPOINT growth`,
		`INSERT INTO meta (key, value) VALUES (hex(zeroblob(8192)), 0)`,
		`ROLLBACK TO growth`,
		`RELEASE growth`,
	} {
		if _, err := c.raw.ExecContext(ctx, text); err != nil {
			return c.failed(err, text)
		}
	}
	return nil
}
