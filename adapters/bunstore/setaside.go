package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/ports"
)

// setAsideRow is ports.SetAside with the columns that hold it.
type setAsideRow struct {
	TicketID   domain.ID `bun:"ticket_id"`
	Number     string    `bun:"number"`
	Attempts   int       `bun:"attempts"`
	Reason     string    `bun:"reason"`
	SetAsideAt time.Time `bun:"set_aside_at"`
	RetryAt    time.Time `bun:"retry_at"`
}

type setAsides struct{ conn }

func (s setAsides) Put(ctx context.Context, x ports.SetAside) (bool, error) {
	q := s.statement(`INSERT INTO tickets_set_aside (ticket_id, attempts, reason, set_aside_at, retry_at) VALUES (?, ?, ?, ?, ?)
 ON CONFLICT (ticket_id) DO NOTHING`, x.TicketID, x.Attempts, x.Reason, x.SetAsideAt, x.RetryAt)
	if x.Attempts > 1 {
		q = s.statement(`UPDATE tickets_set_aside SET attempts = ?, reason = ?, set_aside_at = ?, retry_at = ? WHERE ticket_id = ? AND attempts = ?`,
			x.Attempts, x.Reason, x.SetAsideAt, x.RetryAt, x.TicketID, x.Attempts-1)
	}
	n, err := exec(ctx, s.conn, q)
	return n == 1, err
}

func (s setAsides) Due(ctx context.Context, now time.Time, limit int) ([]ports.SetAside, error) {
	found, err := rows[setAsideRow](ctx, s.conn, s.statement(`SELECT a.ticket_id, t.number, a.attempts, a.reason, a.set_aside_at, a.retry_at
 FROM tickets_set_aside a JOIN tickets t ON t.id = a.ticket_id WHERE a.retry_at <= ? ORDER BY a.retry_at, a.ticket_id LIMIT ?`, now, limit))
	return converted(found, func(r setAsideRow) ports.SetAside { return ports.SetAside(r) }), err
}

func (s setAsides) Remove(ctx context.Context, ticketID domain.ID) error {
	_, err := exec(ctx, s.conn, s.statement(`DELETE FROM tickets_set_aside WHERE ticket_id = ?`, ticketID))
	return err
}

func (s setAsides) Count(ctx context.Context) (int, error) {
	r, err := row[struct {
		N int `bun:"n"`
	}](ctx, s.conn, s.statement(`SELECT count(*) AS n FROM tickets_set_aside a JOIN tickets t ON t.id = a.ticket_id WHERE t.deleted_at IS NULL`))
	return r.N, err
}
