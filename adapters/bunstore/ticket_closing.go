package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// fromClosable are the FROM and WHERE clauses for tickets that the sweep will close, written exactly as in the partial index
// tickets_auto_close.
const fromClosable = `FROM tickets t WHERE t.deleted_at IS NULL AND t.auto_close_at IS NOT NULL AND t.auto_close_at <= ?
 AND NOT EXISTS (SELECT 1 FROM tickets_set_aside a WHERE a.ticket_id = t.id)
 AND EXISTS (SELECT 1 FROM ticket_statuses s WHERE s.status_type = 'closed') ORDER BY t.auto_close_at, t.id LIMIT ?`

func (s tickets) LockClosable(ctx context.Context, now time.Time, limit int) ([]ticket.View, error) {
	q := s.statement(`SELECT t.id `+fromClosable, now, limit)
	return s.locked(ctx, q.add(s.forUpdateSkipLocked("t")), `t.auto_close_at, t.id`)
}

func (s tickets) Closable(ctx context.Context, now time.Time, limit int) ([]ports.TicketRef, error) {
	return s.refs(ctx, s.statement(`SELECT t.id, t.number `+fromClosable, now, limit))
}

// ticketsInStatus reads along the primary key, skipping tickets of other statuses: the expression keeps a database from
// sorting all tickets of the status for each batch.
const ticketsInStatus = `SELECT t.id, t.number FROM tickets t
 WHERE t.deleted_at IS NULL AND t.status_id || '' = ? AND t.id > ? ORDER BY t.id LIMIT ?`

func (s tickets) LockInStatus(ctx context.Context, status, after domain.ID, limit int) ([]ticket.View, error) {
	return s.locked(ctx, s.statement(ticketsInStatus, status, after, limit).add(s.forUpdate("t")), `t.id`)
}

func (s tickets) RefsInStatus(ctx context.Context, status, after domain.ID, limit int) ([]ports.TicketRef, error) {
	return s.refs(ctx, s.statement(ticketsInStatus, status, after, limit))
}

// SetStatus writes the columns that are derived from the status too. If the status was just removed, the weight becomes -1,
// which the foreign key refuses.
func (s tickets) SetStatus(ctx context.Context, ids []domain.ID, status domain.ID) error {
	if len(ids) == 0 {
		return nil
	}
	q := s.statement(`UPDATE tickets SET status_id = ?, status_weight = COALESCE((SELECT weight FROM ticket_statuses WHERE id = ?), -1),
 is_active = COALESCE((SELECT is_active FROM ticket_statuses WHERE id = ?), FALSE) WHERE 1 = 1`, status, status, status)
	s.andIDIn(q, `id`, ids)
	_, err := exec(ctx, s.conn, q)
	return err
}
