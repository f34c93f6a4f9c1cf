package bunstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tickt/domain"
	"tickt/domain/audit"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Inspection returns the ports.Inspection of the database.
func (s *Store) Inspection() ports.Inspection { return inspection{s.engine} }

type inspection struct{ *engine }

// snapshot runs fn in a transaction that only reads, and in which every read sees the same state. On PostgreSQL no limit
// on the time of statements applies.
func (i inspection) snapshot(ctx context.Context, fn func(conn) error) error {
	session, err := i.reads.Conn(ctx)
	if err != nil {
		return settle(ctx, i.failed(err, "connect"))
	}
	defer func() { _ = session.Close() }()
	var options *sql.TxOptions
	if i.postgres {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := session.BeginTx(ctx, options)
	if err != nil {
		return settle(ctx, i.failed(err, "begin"))
	}
	defer func() { _ = tx.Rollback() }()
	if i.postgres {
		if _, err := tx.Tx.ExecContext(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
			return settle(ctx, i.failed(err, "SET LOCAL statement_timeout"))
		}
	}
	return settle(ctx, fn(conn{bun: tx, raw: tx.Tx, session: session.Conn, engine: i.engine}))
}

var (
	inspectTickets = `SELECT ` + ticketTable.prefixed("t") + ` FROM tickets t WHERE t.id > ?`
	inspectHistory = `SELECT ` + historyTable.prefixed("h") + ` FROM ticket_history h WHERE 1 = 1`
	inspectClocks  = `SELECT ` + clockTable.prefixed("c") + ` FROM sla_clocks c WHERE 1 = 1`
)

// Tickets implements ports.Inspection.
func (i inspection) Tickets(ctx context.Context, after domain.ID, limit int) (all []audit.Records, err error) {
	err = i.snapshot(ctx, func(c conn) error {
		q := c.statement(inspectTickets, after).add(` ORDER BY t.id`)
		addLimit(q, limit, 0)
		found, err := rows[ticketRow](ctx, c, q)
		if err != nil {
			return err
		}
		all = make([]audit.Records, len(found))
		at, ids := make(map[domain.ID]*audit.Records, len(found)), make([]domain.ID, len(found))
		for n, r := range found {
			all[n].Ticket = ticket.Ticket(r)
			at[r.ID], ids[n] = &all[n], r.ID
		}
		if len(ids) == 0 {
			return nil
		}
		return errors.Join(c.inspectLedgers(ctx, ids, at), c.inspectClocks(ctx, ids, at), c.inspectHistory(ctx, ids, at))
	})
	return all, err
}

// inspectLedgers reads the ledgers of tickets with the schedules that they refer to.
func (c conn) inspectLedgers(ctx context.Context, ids []domain.ID, at map[domain.ID]*audit.Records) error {
	q := c.statement(selectLedgers)
	c.andIDIn(q, `e.ticket_id`, ids)
	found, err := rows[ledgerRow](ctx, c, q.add(` ORDER BY e.ticket_id, e.seq`))
	if err != nil {
		return err
	}
	versions := map[domain.ID]bool{}
	for _, r := range found {
		e, err := r.entry()
		if err != nil {
			at[r.TicketID].Unreadable = append(at[r.TicketID].Unreadable, err.Error())
			continue
		}
		if e.Promises() {
			versions[e.Promise.CalendarID] = true
		}
		at[r.TicketID].Ledger = append(at[r.TicketID].Ledger, e)
	}
	known, err := c.schedules(ctx, versions)
	for _, x := range at {
		x.Schedules = func(id domain.ID) *sla.Schedule { return known[id] }
	}
	return err
}

// schedules returns the schedules of calendar versions, without those that do not exist or cannot be used.
func (c conn) schedules(ctx context.Context, versions map[domain.ID]bool) (map[domain.ID]*sla.Schedule, error) {
	known := make(map[domain.ID]*sla.Schedule, len(versions))
	ids := make([]domain.ID, 0, len(versions))
	for id := range versions {
		ids = append(ids, id)
	}
	all, err := calendars{c}.Versions(ctx, ids)
	for _, v := range all {
		if s, unusable := v.Schedule(); unusable == nil {
			known[v.ID] = s
		}
	}
	return known, err
}

func (c conn) inspectClocks(ctx context.Context, ids []domain.ID, at map[domain.ID]*audit.Records) error {
	q := c.statement(inspectClocks)
	c.andIDIn(q, `c.ticket_id`, ids)
	found, err := rows[clockRow](ctx, c, q.add(` ORDER BY c.ticket_id, c.metric, c.cycle`))
	for _, r := range found {
		at[r.TicketID].Clocks = append(at[r.TicketID].Clocks, sla.ClockState(r))
	}
	return err
}

func (c conn) inspectHistory(ctx context.Context, ids []domain.ID, at map[domain.ID]*audit.Records) error {
	q := c.statement(inspectHistory)
	c.andIDIn(q, `h.ticket_id`, ids)
	found, err := rows[entryRow](ctx, c, q.add(` ORDER BY h.ticket_id, h.at, h.id`))
	for _, r := range found {
		at[r.TicketID].History = append(at[r.TicketID].History, ticket.Entry(r))
	}
	return err
}

// CountTickets implements ports.Inspection.
func (i inspection) CountTickets(ctx context.Context) (n int, err error) {
	err = i.snapshot(ctx, func(c conn) error {
		r, err := row[struct {
			N int `bun:"n"`
		}](ctx, c, c.statement(`SELECT COUNT(*) AS n FROM tickets`))
		n = r.N
		return err
	})
	return n, err
}

// ledgerMigration is the migration that added ledgers. PostgreSQL stores the time of a migration without its zone.
const ledgerMigration = 6

// LedgersSince implements ports.Inspection.
func (i inspection) LedgersSince(ctx context.Context) (at time.Time, err error) {
	column := `tstamp`
	if i.postgres {
		column = `CAST(tstamp AS TIMESTAMPTZ)`
	}
	err = i.snapshot(ctx, func(c conn) error {
		r, err := row[struct {
			At time.Time `bun:"at"`
		}](ctx, c, c.statement(`SELECT `+column+` AS at FROM goose_db_version WHERE version_id = ? AND is_applied ORDER BY id DESC`,
			ledgerMigration))
		at = r.At.UTC()
		return err
	})
	return at, err
}

// LastNumbers implements ports.Inspection.
func (i inspection) LastNumbers(ctx context.Context) (last map[string]int, err error) {
	err = i.snapshot(ctx, func(c conn) error {
		found, err := rows[struct {
			Day  string `bun:"day"`
			Last int    `bun:"last"`
		}](ctx, c, c.statement(`SELECT day, last FROM ticket_numbers`))
		last = make(map[string]int, len(found))
		for _, r := range found {
			last[r.Day] = r.Last
		}
		return err
	})
	return last, err
}

// Structure implements ports.Inspection. Each rule is checked in a snapshot of its own.
func (i inspection) Structure(ctx context.Context, found func(audit.Finding)) error {
	if err := i.snapshot(ctx, func(c conn) error { return c.checkPages(ctx, found) }); err != nil {
		return err
	}
	if err := i.snapshot(ctx, func(c conn) error { return c.checkReferences(ctx, found) }); err != nil {
		return err
	}
	if err := i.snapshot(ctx, func(c conn) error { return c.checkLinks(ctx, found) }); err != nil {
		return err
	}
	for _, rule := range copies {
		if err := i.snapshot(ctx, func(c conn) error { return rule.check(ctx, c, found) }); err != nil {
			return err
		}
	}
	for _, g := range grantCopies {
		if err := i.snapshot(ctx, func(c conn) error { return g.check(ctx, c, found) }); err != nil {
			return err
		}
	}
	return nil
}

// each runs a statement and calls do for every row, with its columns as text.
func (c conn) each(ctx context.Context, text string, columns int, do func([]string)) (err error) {
	found, err := c.raw.QueryContext(ctx, text)
	if err != nil {
		return c.failed(err, text)
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	values, into := make([]sql.NullString, columns), make([]any, columns)
	for i := range values {
		into[i] = &values[i]
	}
	for found.Next() {
		if err := found.Scan(into...); err != nil {
			return c.failed(err, text)
		}
		texts := make([]string, columns)
		for i, v := range values {
			texts[i] = v.String
		}
		do(texts)
	}
	return c.failed(found.Err(), text)
}

// checkPages reports damage that SQLite finds in the file: pages, indexes, and the rules NOT NULL, UNIQUE and CHECK.
// PostgreSQL has no such check of its own.
func (c conn) checkPages(ctx context.Context, found func(audit.Finding)) error {
	if c.postgres {
		return nil
	}
	if err := c.refreshFullText(ctx); err != nil {
		return err
	}
	return c.each(ctx, `PRAGMA integrity_check(1000)`, 1, func(r []string) {
		if r[0] != "ok" {
			found(audit.Finding{Table: "file", Row: "-", Problem: r[0]})
		}
	})
}

// refreshFullText searches every full-text index of SQLite. A connection remembers the structure of an index, and reads it again
// when it searches, but not in a check: beside a writer, the check would report damage that is not there.
func (c conn) refreshFullText(ctx context.Context) error {
	var indexes []string
	err := c.each(ctx, `SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%' ORDER BY name`, 1, func(r []string) {
		indexes = append(indexes, r[0])
	})
	for _, name := range indexes {
		// A search in a damaged index fails. The check reports the damage.
		_ = c.each(ctx, `SELECT rowid FROM `+name+` WHERE `+name+` MATCH 'x' LIMIT 1`, 1, func([]string) {})
	}
	return err
}

func missing(table, row, parent string) audit.Finding {
	return audit.Finding{Table: table, Row: row, Problem: fmt.Sprintf("refers to a row of %s that does not exist", parent)}
}
