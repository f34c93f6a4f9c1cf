// Package audit checks the data of a whole database: whether the stored clocks, the ticket, the history and the
// notification logs of each ticket agree with its ledger. It derives the expected values from the ledger alone.
package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"tickt/adapters/bunstore"
	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Totals counts what an audit has read.
type Totals struct {
	Tickets        int
	Warnings       int
	Breaches       int
	Notified       int // notification logs of warnings and breaches
	HistoryEntries int // of every kind
}

// maxReported is the number of discrepancies that Check reports one by one.
const maxReported = 20

// Check audits a database that is not being written to, and fails the test for every discrepancy. If supervisors are
// given, each alarm must have notified the assignee of the ticket once, or, if it has none, each supervisor once.
func Check(t testing.TB, s *bunstore.Store, supervisors ...domain.ID) Totals {
	t.Helper()
	totals, wrong, err := Audit(t.Context(), s, supervisors...)
	if err != nil {
		t.Fatalf("cannot read the database: %v", err)
	}
	for _, w := range wrong[:min(maxReported, len(wrong))] {
		t.Error(w)
	}
	if more := len(wrong) - maxReported; more > 0 {
		t.Errorf("and %d more", more)
	}
	return totals
}

// Audit is Check, except that it returns the discrepancies.
func Audit(ctx context.Context, s *bunstore.Store, supervisors ...domain.ID) (Totals, []string, error) {
	b := auditor{store: s, db: open(s), supervisors: supervisors}
	last, err := b.batch(ctx, "")
	for err == nil && last != "" {
		last, err = b.batch(ctx, last)
	}
	return b.totals, b.wrong, err
}

func open(s *bunstore.Store) *bun.DB {
	c := s.Connections()
	if c.Postgres != nil {
		return bun.NewDB(c.Reads, pgdialect.New())
	}
	return bun.NewDB(c.Reads, sqlitedialect.New())
}

// auditor is the state of one audit.
type auditor struct {
	store       *bunstore.Store
	db          *bun.DB
	totals      Totals
	wrong       []string
	supervisors []domain.ID
}

// batchSize is the number of tickets that are read at a time.
const batchSize = 500

type ticketRow struct {
	ID            domain.ID `bun:"id"`
	Number        string    `bun:"number"`
	AssignedTo    domain.ID `bun:"assigned_to"`
	SLADueDate    time.Time `bun:"sla_due_date"`
	SLAByHand     bool      `bun:"sla_by_hand"`
	SLABreached   bool      `bun:"sla_breached"`
	SLABreachedAt time.Time `bun:"sla_breached_at"`
	SLANextAt     time.Time `bun:"sla_next_at"`
}

type clockRow struct {
	TicketID  domain.ID  `bun:"ticket_id"`
	Metric    sla.Metric `bun:"metric"`
	Cycle     int        `bun:"cycle"`
	State     sla.State  `bun:"state"`
	DueAt     time.Time  `bun:"due_at"`
	DecidedAt time.Time  `bun:"decided_at"`
}

type entryRow struct {
	TicketID domain.ID `bun:"ticket_id"`
	At       time.Time `bun:"at"`
	Kind     string    `bun:"kind"`
	Field    string    `bun:"field"`
	From     string    `bun:"from_value"`
	To       string    `bun:"to_value"`
}

type logRow struct {
	TicketID    domain.ID `bun:"ticket_id"`
	RecipientID domain.ID `bun:"recipient_id"`
	Type        string    `bun:"type"`
	CreatedAt   time.Time `bun:"created_at"`
}

// ticketRecords is everything that is stored about one ticket and its clocks.
type ticketRecords struct {
	ticketRow
	events    []sla.Entry
	clocks    []clockRow
	history   []entryRow
	logs      []logRow
	schedules sla.Schedules
}

// batch audits the tickets that follow the one with the id after, and returns the id of the last of them, or "" if
// there are no more.
func (b *auditor) batch(ctx context.Context, after domain.ID) (last domain.ID, err error) {
	var found []ticketRow
	err = b.db.NewSelect().Table("tickets").
		Column("id", "number", "assigned_to", "sla_due_date", "sla_by_hand", "sla_breached", "sla_breached_at", "sla_next_at").
		Where("id > ?", after).OrderExpr("id").Limit(batchSize).Scan(ctx, &found)
	if err != nil || len(found) == 0 {
		return "", err
	}
	ids := make([]domain.ID, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	records := make(map[domain.ID]*ticketRecords, len(found))
	ledgers, schedules, err := b.ledgers(ctx, ids)
	if err != nil {
		return "", err
	}
	for _, r := range found {
		records[r.ID] = &ticketRecords{ticketRow: r, events: ledgers[r.ID], schedules: schedules}
	}
	if err := b.fill(ctx, records, ids); err != nil {
		return "", err
	}
	for _, id := range ids {
		b.check(records[id])
	}
	return ids[len(ids)-1], nil
}

// fill reads what is stored about tickets besides their ledgers: clocks, history and notification logs.
func (b *auditor) fill(ctx context.Context, records map[domain.ID]*ticketRecords, ids []domain.ID) error {
	read := func(table, order string, into any, columns ...string) error {
		return b.db.NewSelect().Table(table).Column(columns...).Where("ticket_id IN (?)", bun.List(ids)).OrderExpr(order).Scan(ctx, into)
	}
	var clocks []clockRow
	if err := read("sla_clocks", "ticket_id", &clocks, "ticket_id", "metric", "cycle", "state", "due_at", "decided_at"); err != nil {
		return err
	}
	for _, c := range clocks {
		records[c.TicketID].clocks = append(records[c.TicketID].clocks, c)
	}
	var entries []entryRow
	if err := read("ticket_history", "at, id", &entries, "ticket_id", "at", "kind", "field", "from_value", "to_value"); err != nil {
		return err
	}
	for _, e := range entries {
		records[e.TicketID].history = append(records[e.TicketID].history, e)
	}
	var logs []logRow
	if err := read("notification_logs", "created_at, id", &logs, "ticket_id", "recipient_id", "type", "created_at"); err != nil {
		return err
	}
	for _, l := range logs {
		records[l.TicketID].logs = append(records[l.TicketID].logs, l)
	}
	return nil
}

// ledgers returns the ledgers of tickets, and the schedules of the calendar versions that their promises refer to.
func (b *auditor) ledgers(ctx context.Context, ids []domain.ID) (found map[domain.ID][]sla.Entry, schedules sla.Schedules, err error) {
	known := map[domain.ID]*sla.Schedule{}
	err = b.store.View(ctx, func(tx ports.Tx) error {
		if found, err = tx.Ledgers.Of(ctx, ids); err != nil {
			return err
		}
		var versions []domain.ID
		for _, entries := range found {
			for _, e := range entries {
				if e.Promises() && !slices.Contains(versions, e.Promise.CalendarID) {
					versions = append(versions, e.Promise.CalendarID)
				}
			}
		}
		all, err := tx.Calendars.Versions(ctx, versions)
		for _, e := range all {
			var unusable error
			known[e.ID], unusable = e.Schedule()
			err = errors.Join(err, unusable)
		}
		return err
	})
	return found, func(id domain.ID) *sla.Schedule { return known[id] }, err
}

// check compares the records of one ticket and adds to the totals and the discrepancies.
func (b *auditor) check(f *ticketRecords) {
	b.totals.Tickets++
	b.totals.HistoryEntries += len(f.history)
	report := func(format string, args ...any) {
		b.wrong = append(b.wrong, f.Number+": "+fmt.Sprintf(format, args...))
	}
	f.checkOrder(report)
	f.checkClockStates(report)
	f.checkTicket(report)
	warned, breached := f.checkAlarms(report)
	b.totals.Warnings, b.totals.Breaches = b.totals.Warnings+warned, b.totals.Breaches+breached
	b.totals.Notified += f.checkLogs(report, b.supervisors)
}

// Ticket returns the discrepancies in the ledger of a ticket, and between the ledger and the SLA fields of the ticket.
func Ticket(v ticket.View, entries []sla.Entry, schedules sla.Schedules) (wrong []string) {
	f := ticketRecords{events: entries, schedules: schedules, ticketRow: ticketRow{
		ID: v.ID, Number: v.Number, SLADueDate: v.SLADueDate, SLAByHand: v.SLAByHand, SLABreached: v.SLABreached,
		SLABreachedAt: v.SLABreachedAt, SLANextAt: v.SLANextAt,
	}}
	report := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	f.checkOrder(report)
	f.checkTicket(report)
	return wrong
}
