package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

// notificationRow is the row of notification.Log.
type notificationRow struct {
	ID          domain.ID                  `bun:"id,pk"`
	Type        notification.Type          `bun:"type"`
	RecipientID domain.ID                  `bun:"recipient_id"`
	SenderID    domain.ID                  `bun:"sender_id,nullzero"`
	TicketID    domain.ID                  `bun:"ticket_id"`
	Title       string                     `bun:"title"`
	Message     string                     `bun:"message"`
	News        *notification.News         `bun:"news,type:text"`
	Internal    bool                       `bun:"internal"`
	MailOnly    bool                       `bun:"mail_only"`
	IsRead      bool                       `bun:"is_read"`
	IsSent      bool                       `bun:"is_sent"`
	SentAt      time.Time                  `bun:"sent_at,nullzero"`
	ReadAt      time.Time                  `bun:"read_at,nullzero"`
	Delivery    notification.DeliveryState `bun:"delivery_state"`
	Resends     int                        `bun:"resends"`
	Attempts    int                        `bun:"attempts"`
	LastError   string                     `bun:"last_error"`
	CreatedAt   time.Time                  `bun:"created_at,skipupdate"`
	UpdatedAt   time.Time                  `bun:"updated_at"`
}

var notificationTable = newTable(table[notificationRow, notification.Log]{
	name: "notification_logs", hot: true,
	row:    func(l notification.Log) notificationRow { return notificationRow(l) },
	entity: func(r notificationRow) notification.Log { return notification.Log(r) },
})

type notificationViewRow struct {
	notificationRow
	Recipient    string `bun:"recipient"`
	Sender       string `bun:"sender"`
	TicketNumber string `bun:"ticket_number"`
	Total        int    `bun:"total"` // in a list
}

func (r notificationViewRow) view() notification.View {
	return notification.View{Log: notification.Log(r.notificationRow), Recipient: r.Recipient, Sender: r.Sender, TicketNumber: r.TicketNumber}
}

func (r notificationViewRow) idAndTotal() (domain.ID, int) { return r.ID, r.Total }

// The columns of a view of a log l, and statements with them.
var (
	notificationColumns = notificationTable.prefixed("l") +
		`, t.number AS ticket_number, recipient.username AS recipient, sender.username AS sender`

	selectNotification = `SELECT ` + notificationColumns + ` FROM notification_logs l` + notificationJoins +
		` WHERE l.id = ? AND t.deleted_at IS NULL`

	notificationPage = `SELECT ` + notificationColumns + `, counted.total FROM (SELECT count(*) AS total `
)

// mustWait asks for an earlier log that waits for its first attempt, along the index notification_logs_queued.
var mustWait = textOf(`SELECT e.id FROM notification_logs l JOIN tickets t ON t.id = l.ticket_id AND t.deleted_at IS NULL
 JOIN notification_logs e ON e.ticket_id = l.ticket_id AND e.recipient_id = l.recipient_id AND (e.created_at, e.id) < (l.created_at, l.id)
 WHERE l.id = ? AND e.delivery_state = '` + string(notification.DeliveryQueued) + `' AND e.attempts = 0 AND e.resends = 0 LIMIT 1`)

const notificationJoins = `
 LEFT JOIN tickets t ON t.id = l.ticket_id
 LEFT JOIN accounts recipient ON recipient.id = l.recipient_id
 LEFT JOIN accounts sender ON sender.id = l.sender_id`

type notificationLogs struct{ conn }

func (s notificationLogs) Add(ctx context.Context, logs ...notification.Log) error {
	return notificationTable.addAll(ctx, s.conn, logs)
}

func (s notificationLogs) Get(ctx context.Context, id domain.ID, reach access.Reach) (notification.View, error) {
	q := s.statement(selectNotification, id)
	logsWithin(q, reach)
	r, err := row[notificationViewRow](ctx, s.conn, q)
	return r.view(), err
}

func (s notificationLogs) Lock(ctx context.Context, id domain.ID, reach access.Reach) (notification.View, error) {
	q := s.statement(selectNotification, id)
	logsWithin(q, reach)
	r, err := row[notificationViewRow](ctx, s.conn, q.add(s.forUpdate("l")))
	return r.view(), err
}

func (s notificationLogs) LockToDeliver(ctx context.Context, id domain.ID) (notification.Log, error) {
	return notificationTable.lock(ctx, s.conn, "id = ?", id)
}

func (s notificationLogs) Save(ctx context.Context, l notification.Log) error {
	return notificationTable.save(ctx, s.conn, l)
}

func (s notificationLogs) MustWait(ctx context.Context, id domain.ID) (bool, error) {
	earlier, err := rows[struct {
		ID domain.ID `bun:"id"`
	}](ctx, s.conn, s.fixed(mustWait, id))
	return len(earlier) > 0, err
}

// List is one statement, in which names are joined to the few rows of the page. If the reach is all, the page is read
// along an index, skipping the few logs of deleted tickets. Otherwise all logs within reach are collected first:
// PostgreSQL cannot estimate their number, and would scan logs from the newest, hoping to meet some. How, depends on the account.
func (s notificationLogs) List(ctx context.Context, reach access.Reach, f notification.Filter, page ports.Page) ([]notification.View,
	int, error,
) {
	q := s.statement(``)
	if reach.All {
		const logs = `FROM notification_logs l WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = l.ticket_id AND t.deleted_at IS NOT NULL)`
		q.add(notificationPage + logs)
		logsMatching(q, f)
		q.add(`) counted LEFT JOIN (SELECT l.id ` + logs)
		logsMatching(q, f)
	} else {
		q.unprepared().add(`WITH found AS MATERIALIZED (SELECT l.id, l.created_at FROM notification_logs l ` +
			`JOIN tickets t ON t.id = l.ticket_id WHERE t.deleted_at IS NULL`)
		logsWithin(q, reach)
		logsMatching(q, f)
		q.add(`) ` + notificationPage + `FROM found) counted LEFT JOIN (SELECT l.id FROM found l`)
	}
	q.add(` ORDER BY l.created_at DESC, l.id DESC`)
	addLimit(q, page.Size, page.Offset())
	q.add(`) p ON 1 = 1 LEFT JOIN notification_logs l ON l.id = p.id` + notificationJoins + ` ORDER BY l.created_at DESC, l.id DESC`)
	found, err := rows[notificationViewRow](ctx, s.conn, q)
	views, total := pageWithTotal(found, notificationViewRow.idAndTotal, notificationViewRow.view)
	return views, total, err
}

// logsWithin limits a statement over logs l and their tickets t to a reach. A reach of own tickets excludes logs
// about internal notes.
func logsWithin(q *statement, reach access.Reach) {
	within(q, reach)
	if !reach.All {
		q.add(` AND NOT l.internal`)
	}
}

// logsMatching limits a statement over logs l to those that match a filter.
func logsMatching(q *statement, f notification.Filter) {
	if f.IsRead != nil {
		q.add(flag("l.is_read", *f.IsRead))
	}
	if f.IsSent != nil {
		q.add(flag("l.is_sent", *f.IsSent))
	}
	andIn(q, `l.type IN (`, f.Types, `)`)
	andIn(q, `l.ticket_id IN (`, f.Tickets, `)`)
	andIn(q, `l.recipient_id IN (`, f.Recipients, `)`)
}

// flag returns a condition on a boolean, written exactly as in the partial indexes.
func flag(column string, want bool) string {
	if want {
		return ` AND ` + column
	}
	return ` AND NOT ` + column
}
