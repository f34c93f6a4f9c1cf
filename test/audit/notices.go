package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tickt/domain"
	"tickt/domain/audit"
	"tickt/domain/sla"
	"tickt/ports"
)

// notices compares the notification logs of alarms with the ledgers.
type notices struct {
	ports.Inspection
	db          *bun.DB
	supervisors []domain.ID
	found       int
	wrong       []string
}

type logRow struct {
	TicketID    domain.ID `bun:"ticket_id"`
	RecipientID domain.ID `bun:"recipient_id"`
	Type        string    `bun:"type"`
	CreatedAt   time.Time `bun:"created_at"`
}

// batchSize is the number of tickets that are read at a time.
const batchSize = 500

func (n *notices) check(ctx context.Context) error {
	for after := domain.ID(""); ; {
		page, err := n.Tickets(ctx, after, batchSize)
		if err != nil || len(page) == 0 {
			return err
		}
		ids := make([]domain.ID, len(page))
		for i, x := range page {
			ids[i] = x.Ticket.ID
		}
		var logs []logRow
		err = n.db.NewSelect().Table("notification_logs").Column("ticket_id", "recipient_id", "type", "created_at").
			Where("ticket_id IN (?)", bun.List(ids)).OrderExpr("created_at, id").Scan(ctx, &logs)
		if err != nil {
			return err
		}
		of := map[domain.ID][]logRow{}
		for _, l := range logs {
			of[l.TicketID] = append(of[l.TicketID], l)
		}
		for _, x := range page {
			n.checkLogs(x, of[x.Ticket.ID])
		}
		after = ids[len(ids)-1]
	}
}

// checkLogs records missing, duplicate and unfounded notification logs of alarms, and counts the logs. Alarms that were
// recorded at the same time share one log.
func (n *notices) checkLogs(x audit.Records, logs []logRow) {
	report := func(format string, args ...any) {
		n.wrong = append(n.wrong, x.Ticket.Number+": "+fmt.Sprintf(format, args...))
	}
	type notice struct {
		to domain.ID
		at time.Time
	}
	want := map[notice]bool{}
	recorded := map[time.Time]bool{}
	to := n.supervisors
	if x.Ticket.AssignedTo != "" && to != nil {
		to = []domain.ID{x.Ticket.AssignedTo}
	}
	for _, e := range x.Ledger {
		if e.Kind != sla.Warned && e.Kind != sla.Breached {
			continue
		}
		recorded[e.RecordedAt.UTC()] = true
		for _, id := range to {
			want[notice{id, e.RecordedAt.UTC()}] = true
		}
	}
	seen := map[notice]bool{}
	for _, l := range logs {
		if !strings.HasPrefix(l.Type, "sla_") {
			continue
		}
		n.found++
		got := notice{l.RecipientID, l.CreatedAt.UTC()}
		if seen[got] || !recorded[got.at] || to != nil && !want[got] {
			report("%s was notified at %s; duplicate: %t, of an alarm: %t", got.to, got.at, seen[got], recorded[got.at])
		}
		seen[got] = true
		delete(want, got)
	}
	for missing := range want {
		report("%s was not notified of what was recorded at %s", missing.to, missing.at)
	}
}
