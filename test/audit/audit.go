// Package audit goes over the data of a whole database: whether the ledger of every ticket's clocks agrees with all that is
// kept beside it. It reckons by itself what must follow from the ledger, and trusts nothing else.
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

// Totals is what was found of a database whose books are right.
type Totals struct {
	Tickets   int
	Warnings  int
	Breaches  int
	Told      int // logs of warnings and breaches
	Histories int // entries of every kind
}

// tellAtMost bounds what is said of a database that is wrong all over.
const tellAtMost = 20

// Check goes over a database that nobody writes to, and fails the test for everything that does not agree. Where it is given
// supervisors, every alarm must have been told, once, to the ticket's assignee, or, where it has none, to each of them.
func Check(t testing.TB, s *bunstore.Store, supervisors ...domain.ID) Totals {
	t.Helper()
	tally, wrong, err := Audit(t.Context(), s, supervisors...)
	if err != nil {
		t.Fatalf("the books cannot be read: %v", err)
	}
	for _, w := range wrong[:min(tellAtMost, len(wrong))] {
		t.Error(w)
	}
	if more := len(wrong) - tellAtMost; more > 0 {
		t.Errorf("and %d more", more)
	}
	return tally
}

// Audit is Check, and gives what is wrong.
func Audit(ctx context.Context, s *bunstore.Store, supervisors ...domain.ID) (Totals, []string, error) {
	b := reader{store: s, db: open(s), supervisors: supervisors}
	last, err := b.batch(ctx, "")
	for err == nil && last != "" {
		last, err = b.batch(ctx, last)
	}
	return b.tally, b.wrong, err
}

func open(s *bunstore.Store) *bun.DB {
	c := s.Connections()
	if c.Postgres != nil {
		return bun.NewDB(c.Reads, pgdialect.New())
	}
	return bun.NewDB(c.Reads, sqlitedialect.New())
}

// reader is one Check.
type reader struct {
	store       *bunstore.Store
	db          *bun.DB
	tally       Totals
	wrong       []string
	supervisors []domain.ID
}

// batchSize is how many tickets are read at a time.
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
	To       string    `bun:"to_value"`
}

type logRow struct {
	TicketID    domain.ID `bun:"ticket_id"`
	RecipientID domain.ID `bun:"recipient_id"`
	Type        string    `bun:"type"`
	CreatedAt   time.Time `bun:"created_at"`
}

// ticketBooks is all that is kept of one ticket.
type ticketBooks struct {
	ticketRow
	events    []sla.Entry
	standings []clockRow
	history   []entryRow
	logs      []logRow
	schedules sla.Schedules
}

// batch goes over the tickets behind one, and gives the last of them; "" where there are no more.
func (b *reader) batch(ctx context.Context, after domain.ID) (last domain.ID, err error) {
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
	files := make(map[domain.ID]*ticketBooks, len(found))
	ledgers, schedules, err := b.ledgers(ctx, ids)
	if err != nil {
		return "", err
	}
	for _, r := range found {
		files[r.ID] = &ticketBooks{ticketRow: r, events: ledgers[r.ID], schedules: schedules}
	}
	if err := b.fill(ctx, files, ids); err != nil {
		return "", err
	}
	for _, id := range ids {
		b.check(files[id])
	}
	return ids[len(ids)-1], nil
}

// fill reads what is kept beside the ledgers of tickets.
func (b *reader) fill(ctx context.Context, files map[domain.ID]*ticketBooks, ids []domain.ID) error {
	of := func(table, order string, into any, columns ...string) error {
		return b.db.NewSelect().Table(table).Column(columns...).Where("ticket_id IN (?)", bun.List(ids)).OrderExpr(order).Scan(ctx, into)
	}
	var clocks []clockRow
	if err := of("sla_clocks", "ticket_id", &clocks, "ticket_id", "metric", "cycle", "state", "due_at", "decided_at"); err != nil {
		return err
	}
	for _, c := range clocks {
		files[c.TicketID].standings = append(files[c.TicketID].standings, c)
	}
	var entries []entryRow
	if err := of("ticket_history", "at, id", &entries, "ticket_id", "at", "kind", "field", "to_value"); err != nil {
		return err
	}
	for _, e := range entries {
		files[e.TicketID].history = append(files[e.TicketID].history, e)
	}
	var logs []logRow
	if err := of("notification_logs", "created_at, id", &logs, "ticket_id", "recipient_id", "type", "created_at"); err != nil {
		return err
	}
	for _, l := range logs {
		files[l.TicketID].logs = append(files[l.TicketID].logs, l)
	}
	return nil
}

// ledgers gives what happened to the clocks of tickets, and the calendars that they go by.
func (b *reader) ledgers(ctx context.Context, ids []domain.ID) (found map[domain.ID][]sla.Entry, schedules sla.Schedules, err error) {
	known := map[domain.ID]*sla.Schedule{}
	err = b.store.View(ctx, func(tx ports.Tx) error {
		if found, err = tx.Ledgers.Of(ctx, ids); err != nil {
			return err
		}
		var editions []domain.ID
		for _, entries := range found {
			for _, e := range entries {
				if e.Promises() && !slices.Contains(editions, e.Promise.CalendarID) {
					editions = append(editions, e.Promise.CalendarID)
				}
			}
		}
		all, err := tx.Calendars.Versions(ctx, editions)
		for _, e := range all {
			var unusable error
			known[e.ID], unusable = e.Schedule()
			err = errors.Join(err, unusable)
		}
		return err
	})
	return found, func(id domain.ID) *sla.Schedule { return known[id] }, err
}

func (b *reader) check(f *ticketBooks) {
	b.tally.Tickets++
	b.tally.Histories += len(f.history)
	say := func(format string, args ...any) {
		b.wrong = append(b.wrong, f.Number+": "+fmt.Sprintf(format, args...))
	}
	f.checkOrder(say)
	f.checkStandings(say)
	f.checkTicket(say)
	warned, breached := f.checkAlarms(say)
	b.tally.Warnings, b.tally.Breaches = b.tally.Warnings+warned, b.tally.Breaches+breached
	b.tally.Told += f.checkLogs(say, b.supervisors)
}

// Ticket gives what does not agree between the ledger of a ticket and what the ticket itself says of its clocks.
func Ticket(v ticket.View, entries []sla.Entry, schedules sla.Schedules) (wrong []string) {
	f := ticketBooks{events: entries, schedules: schedules, ticketRow: ticketRow{
		ID: v.ID, Number: v.Number, SLADueDate: v.SLADueDate, SLAByHand: v.SLAByHand, SLABreached: v.SLABreached,
		SLABreachedAt: v.SLABreachedAt, SLANextAt: v.SLANextAt,
	}}
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	f.checkOrder(say)
	f.checkTicket(say)
	return wrong
}
