package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/ports"
)

// setAsideRow is the row of ports.SetAside.
type setAsideRow struct {
	TicketID   domain.ID `bun:"ticket_id,pk"`
	Number     string    `bun:"number,scanonly"`
	Attempts   int       `bun:"attempts"`
	Reason     string    `bun:"reason"`
	SetAsideAt time.Time `bun:"set_aside_at"`
	RetryAt    time.Time `bun:"retry_at"`
}

var (
	setAsideTable = newTable(table[setAsideRow, ports.SetAside]{
		name: "tickets_set_aside", hot: true,
		row:    func(x ports.SetAside) setAsideRow { return setAsideRow(x) },
		entity: func(r setAsideRow) ports.SetAside { return ports.SetAside(r) },
	})

	dueAside = textOf(`SELECT ` + setAsideTable.prefixed("a") + `, t.number FROM tickets_set_aside a JOIN tickets t ON t.id = a.ticket_id
 WHERE a.retry_at <= ? ORDER BY a.retry_at, a.ticket_id LIMIT ?`)
)

type setAsides struct{ conn }

func (s setAsides) Put(ctx context.Context, x ports.SetAside) (bool, error) {
	var q *statement
	if x.Attempts > 1 {
		q = setAsideTable.updateStatement(s.conn, x).add(` AND attempts = ?`, x.Attempts-1)
	} else {
		q = setAsideTable.insertStatement(s.conn, x).add(` ON CONFLICT (ticket_id) DO NOTHING`)
	}
	n, err := exec(ctx, s.conn, q)
	return n == 1, err
}

func (s setAsides) Due(ctx context.Context, now time.Time, limit int) ([]ports.SetAside, error) {
	found, err := rows[setAsideRow](ctx, s.conn, s.fixed(dueAside, now, limit))
	return converted(found, setAsideTable.entity), err
}

func (s setAsides) Remove(ctx context.Context, ticketID domain.ID) error {
	_, err := exec(ctx, s.conn, s.statement(`DELETE FROM tickets_set_aside WHERE ticket_id = ?`, ticketID))
	return err
}

func (s setAsides) Count(ctx context.Context) (int, error) {
	r, err := row[struct {
		N int `bun:"n"`
	}](ctx, s.conn,
		s.statement(`SELECT count(*) AS n FROM tickets_set_aside a JOIN tickets t ON t.id = a.ticket_id WHERE t.deleted_at IS NULL`))
	return r.N, err
}
