package bunstore

import (
	"context"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// The counts of all tickets are read from ticket_counts and clock_counts, which triggers maintain. The tickets of one
// account are counted by the statement.
const (
	countsByCatalog = `SELECT 1 AS kind, s.id, s.name, s.code, s.weight AS place, s.name_key, COALESCE(x.n, 0) AS n
 FROM ticket_statuses s LEFT JOIN (SELECT status_id, SUM(n) AS n FROM counted GROUP BY status_id) x ON x.status_id = s.id
 UNION ALL SELECT 2, p.id, p.name, p.code, -p.weight, p.name_key, COALESCE(x.n, 0)
 FROM ticket_priorities p LEFT JOIN (SELECT priority_id, SUM(n) AS n FROM counted GROUP BY priority_id) x ON x.priority_id = p.id
 ORDER BY kind, place, name_key, id`

	countsOfAll = `WITH counted AS (SELECT status_id, priority_id, CAST(SUM(n) AS BIGINT) AS n FROM ticket_counts ` +
		`GROUP BY status_id, priority_id) ` + countsByCatalog

	countsOfOwn = `WITH counted AS (SELECT t.status_id, t.priority_id, COUNT(*) AS n FROM tickets t WHERE t.deleted_at IS NULL`

	isRunning  = `state = '` + string(sla.StateRunning) + `'`
	isMet      = `state = '` + string(sla.StateMet) + `'`
	isBreached = `state = '` + string(sla.StateBreached) + `'`

	// The quarters from the first one on hold what was decided since then; the last possible quarter holds what runs.
	// Ranges with two ends keep PostgreSQL from estimating a third of the table and starting parallel workers.
	levelsOfAll = `SELECT metric, CAST(COALESCE(SUM(n) FILTER (WHERE ` + isRunning + `), 0) AS BIGINT) AS running,
 CAST(COALESCE(SUM(n) FILTER (WHERE ` + isMet + `), 0) AS BIGINT) AS met,
 CAST(COALESCE(SUM(n) FILTER (WHERE ` + isBreached + `), 0) AS BIGINT) AS breached,
 CAST(COALESCE(SUM(n) FILTER (WHERE ` + isBreached + ` AND quarter >= ?), 0) AS BIGINT) AS today,
 (SELECT COUNT(*) FROM sla_clocks c WHERE c.due_at IS NOT NULL AND c.due_at > '-infinity' AND c.due_at <= `

	levelsSince = ` AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = c.ticket_id AND t.deleted_at IS NOT NULL)) AS soon
 FROM clock_counts WHERE quarter >= ? AND quarter <= 9999999999 GROUP BY metric`

	levelsOfOwn = `SELECT c.metric, COUNT(*) FILTER (WHERE ` + isRunning + `) AS running,
 COUNT(*) FILTER (WHERE ` + isMet + ` AND c.decided_at >= ?) AS met,
 COUNT(*) FILTER (WHERE ` + isBreached + ` AND c.decided_at >= ?) AS breached,
 COUNT(*) FILTER (WHERE ` + isBreached + ` AND c.decided_at >= ?) AS today,
 CAST(SUM(COUNT(*) FILTER (WHERE c.due_at <= ?)) OVER () AS BIGINT) AS soon
 FROM tickets t JOIN sla_clocks c ON c.ticket_id = t.id WHERE t.deleted_at IS NULL`

	compactTickets = `WITH gone AS (DELETE FROM ticket_changes RETURNING status_id, priority_id, n)
 INSERT INTO ticket_totals AS x SELECT status_id, priority_id, SUM(n) FROM gone GROUP BY 1, 2 HAVING SUM(n) <> 0
 ON CONFLICT (status_id, priority_id) DO UPDATE SET n = x.n + excluded.n`

	compactClocks = `WITH gone AS (DELETE FROM clock_changes RETURNING quarter, metric, state, n)
 INSERT INTO clock_totals AS x SELECT quarter, metric, state, SUM(n) FROM gone GROUP BY 1, 2, 3 HAVING SUM(n) <> 0
 ON CONFLICT (quarter, metric, state) DO UPDATE SET n = x.n + excluded.n`
)

type dashboard struct{ conn }

// ticketCountRow is the row of ticket.Count; kind is 1 for a status and 2 for a priority.
type ticketCountRow struct {
	Kind  int       `bun:"kind"`
	ID    domain.ID `bun:"id"`
	Name  string    `bun:"name"`
	Code  string    `bun:"code"`
	Count int       `bun:"n"`
}

func (s dashboard) Counts(ctx context.Context, reach access.Reach) (ticket.Counts, error) {
	q := s.statement(``)
	if reach.All {
		q.add(countsOfAll)
	} else {
		q.unprepared().add(countsOfOwn) // an account may have few tickets, or nearly all
		within(q, reach)
		q.add(` GROUP BY t.status_id, t.priority_id) ` + countsByCatalog)
	}
	found, err := rows[ticketCountRow](ctx, s.conn, q)
	counts := ticket.Counts{ByStatus: []ticket.Count{}, ByPriority: []ticket.Count{}}
	for _, r := range found {
		list := &counts.ByStatus
		if r.Kind == 2 {
			list = &counts.ByPriority
		}
		*list = append(*list, ticket.Count{ID: r.ID, Name: r.Name, Code: r.Code, Tickets: r.Count})
	}
	return counts, err
}

// levelRow holds the counts of a metric; soon counts the clocks of all metrics.
type levelRow struct {
	Metric   sla.Metric `bun:"metric"`
	Running  int        `bun:"running"`
	Met      int        `bun:"met"`
	Breached int        `bun:"breached"`
	Today    int        `bun:"today"`
	Soon     int        `bun:"soon"`
}

func (s dashboard) Levels(ctx context.Context, reach access.Reach, p sla.Period) (sla.Levels, error) {
	q := s.statement(``)
	if reach.All {
		q.add(levelsOfAll+s.opaqueTime()+levelsSince, quarter(p.Today), p.Soon, quarter(p.Since))
	} else {
		q.unprepared().add(levelsOfOwn, p.Since, p.Since, p.Today, p.Soon)
		within(q, reach)
		q.add(` GROUP BY c.metric`)
	}
	found, err := rows[levelRow](ctx, s.conn, q)
	l := sla.LevelsOf(nil, p)
	for _, r := range found {
		l.Running, l.BreachedToday, l.DueSoon = l.Running+r.Running, l.BreachedToday+r.Today, r.Soon
		if i := slices.Index(sla.Metrics, r.Metric); i >= 0 {
			l.Compliance[i].Met, l.Compliance[i].Breached = r.Met, r.Breached
		}
	}
	return l, err
}

// quarter returns the number of the quarter of an hour that contains at, counted from 1970.
func quarter(at time.Time) int64 { return at.Unix() / int64(sla.Quarter/time.Second) }

// Compact moves changes to the totals with one statement for each table, so that no reader sees them twice or not at
// all. If several processes call it at once, one of them does the work.
func (s dashboard) Compact(ctx context.Context) error {
	if !s.postgres {
		return nil
	}
	if alone, err := s.tryLockName(ctx, "fold"); err != nil || !alone {
		return err
	}
	for _, text := range []string{compactTickets, compactClocks} {
		if _, err := exec(ctx, s.conn, s.statement(text)); err != nil {
			return err
		}
	}
	return nil
}
