package bunstore

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/domain/ticket"
)

// On PostgreSQL the words of documents are an index on a function, whose high cost keeps the planner from computing it for rows that
// the index can find. The planner draws wrong conclusions from that cost too: it compiles statements that take a millisecond (JIT),
// starts workers for them, and scans the whole table for a word that every ticket has, such as TKT. So searches are read in a
// transaction with settings of its own.

const (
	// The order of joins is as it is written, by primary keys: to try all others takes the planner most of the time of a search.
	searchSettings = `SET LOCAL jit = off; SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0; ` +
		`SET LOCAL join_collapse_limit = 1; SET LOCAL from_collapse_limit = 1`
	// countSettings let workers help to count frequent words.
	countSettings = `SET LOCAL max_parallel_workers_per_gather TO DEFAULT`
)

// searching calls fn with a connection for statements that read the index of words.
func (c conn) searching(ctx context.Context, fn func(conn) error) error {
	if !c.postgres || c.reads == nil { // the latter in Recorded
		return fn(c)
	}
	if c.session != nil {
		if err := c.set(ctx, searchSettings); err != nil {
			return err
		}
		return fn(c)
	}
	session, err := c.reads.Conn(ctx)
	if err != nil {
		return c.failed(err, "connect")
	}
	defer func() { _ = session.Close() }()
	tx, err := c.beginPostgres(ctx, session, beginQuery(ctx, time.Now())+"; "+searchSettings)
	if err != nil {
		return c.failed(err, "begin")
	}
	defer tx.rollback(ctx)
	if err := fn(tx.conn()); err != nil {
		return err
	}
	return c.failed(tx.commit(ctx), "commit")
}

// set runs statements without arguments, together.
func (c conn) set(ctx context.Context, statements string) error {
	_, err := c.raw.ExecContext(ctx, statements, pgx.QueryExecModeSimpleProtocol)
	return c.failed(err, statements)
}

// isFrequent reports whether PostgreSQL knows that a search finds more than one ticket in thirty. It keeps statistics of frequent
// words only, and takes every other one for rarer than that.
func (s tickets) isFrequent(ctx context.Context, query ticket.Query) (bool, error) {
	const frequent = 30
	if !s.postgres || s.reads == nil {
		return false, nil
	}
	q := s.statement(`EXPLAIN (FORMAT JSON) SELECT 1 FROM ticket_search x WHERE search_words(x.public, x.notes) @@ CAST(? AS tsquery)
 UNION ALL SELECT 1 FROM ticket_search`, indexExpression(*query.Filter.Search, query.Notes, true)).unprepared()
	r, err := row[struct {
		Plan string `bun:"QUERY PLAN"`
	}](ctx, s.conn, q)
	if err != nil {
		return false, err
	}
	var explained []struct {
		Plan struct {
			Plans []struct {
				Rows float64 `json:"Plan Rows"`
			}
		}
	}
	if err := json.Unmarshal([]byte(r.Plan), &explained); err != nil || len(explained) != 1 || len(explained[0].Plan.Plans) != 2 {
		return false, s.failed(err, q.String())
	}
	found, all := explained[0].Plan.Plans[0].Rows, explained[0].Plan.Plans[1].Rows
	return found > float64(s.maxFound()) && found > all/frequent, nil
}
