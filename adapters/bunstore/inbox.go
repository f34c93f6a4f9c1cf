package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/ports"
)

var (
	selectInbox = textOf(`SELECT ` + notificationColumns + ` FROM notification_logs l` + notificationJoins + `
 WHERE l.recipient_id = ? AND NOT l.mail_only AND t.deleted_at IS NULL AND l.id = ?`)

	// A subselect takes the page from an index of the recipient; the names are joined to its few rows.
	inboxPage = `SELECT ` + notificationColumns + ` FROM (SELECT l.* FROM notification_logs l JOIN tickets t ON t.id = l.ticket_id
 WHERE l.recipient_id = ? AND NOT l.mail_only AND t.deleted_at IS NULL`
)

const (
	countUnread = `SELECT count(*) AS n FROM notification_logs l WHERE l.recipient_id = ? AND NOT l.is_read`

	markAllRead = `UPDATE notification_logs AS l SET is_read = TRUE, read_at = ?, updated_at = ? WHERE l.recipient_id = ? AND NOT ` +
		`l.is_read`

	// Accounts and their roles are read by their keys, with the grants that triggers maintain, as in findActor.
	selectReaders = `SELECT a.id AS id, a.username, a.is_superuser AS superuser, COALESCE(r.receives_unassigned, FALSE) AS receives, ` +
		scopeOfRole + `, a.grants AS own_grants, r.grants AS role_grants, a.notify `

	findReaders = selectReaders + `FROM accounts a LEFT JOIN roles r ON r.id = a.role_id WHERE a.is_active`

	// The few roles and the superusers are read from their partial indexes.
	findReceivers = selectReaders + `FROM roles r JOIN accounts a ON a.role_id = r.id WHERE r.receives_unassigned AND a.is_active
 UNION ALL ` + selectReaders + `FROM accounts a LEFT JOIN roles r ON r.id = a.role_id
 WHERE a.is_superuser AND a.is_active AND NOT COALESCE(r.receives_unassigned, FALSE) ORDER BY id`
)

type inbox struct{ conn }

// reachOf returns the reach of a reader.
func reachOf(r ports.Reader) access.Reach { return access.Reach{All: r.SeesAll, Account: r.ID} }

func (s inbox) List(
	ctx context.Context, r ports.Reader, isRead *bool, before *ports.TimelinePosition, size int,
) ([]notification.View, error) {
	q := s.statement(inboxPage, r.ID)
	logsWithin(q, reachOf(r))
	if isRead != nil {
		q.add(flag("l.is_read", *isRead))
	}
	if before != nil {
		q.add(` AND (l.created_at, l.id) < (?, ?)`, before.At, before.ID)
	}
	q.add(` ORDER BY l.created_at DESC, l.id DESC`)
	addLimit(q, size, 0)
	q.add(`) l` + notificationJoins + ` ORDER BY l.created_at DESC, l.id DESC`)
	rs, err := rows[notificationViewRow](ctx, s.conn, q)
	return converted(rs, notificationViewRow.view), err
}

func (s inbox) Unread(ctx context.Context, r ports.Reader) (int, error) {
	q := s.statement(countUnread, r.ID)
	logsVisibleTo(q, r)
	counted, err := row[struct {
		N int `bun:"n"`
	}](ctx, s.conn, q)
	return counted.N, err
}

func (s inbox) Lock(ctx context.Context, r ports.Reader, id domain.ID) (notification.View, error) {
	q := s.fixed(selectInbox, r.ID, id)
	logsWithin(q, reachOf(r))
	v, err := row[notificationViewRow](ctx, s.conn, q.add(s.forUpdate("l")))
	return v.view(), err
}

func (s inbox) ReadAll(ctx context.Context, r ports.Reader, now time.Time) (int, error) {
	q := s.statement(markAllRead, now, now, r.ID)
	logsVisibleTo(q, r)
	n, err := exec(ctx, s.conn, q)
	return int(n), err
}

// logsVisibleTo limits a statement over the logs l of a reader to those of tickets that it can see. If it sees all,
// the statement excludes the few deleted tickets instead of looking up the many others.
func logsVisibleTo(q *statement, r ports.Reader) {
	if r.SeesAll {
		q.add(` AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = l.ticket_id AND t.deleted_at IS NOT NULL)`)
		return
	}
	q.add(` AND EXISTS (SELECT 1 FROM tickets t WHERE t.id = l.ticket_id AND t.deleted_at IS NULL`)
	logsWithin(q, reachOf(r))
	q.add(`)`)
}

// readerRow is notification.Reader as it is selected.
type readerRow struct {
	ID         domain.ID             `bun:"id"`
	Username   string                `bun:"username"`
	Superuser  bool                  `bun:"superuser"`
	Receives   bool                  `bun:"receives"`
	Scope      access.Scope          `bun:"scope"`
	OwnGrants  string                `bun:"own_grants"`
	RoleGrants string                `bun:"role_grants"`
	Notify     *notification.Choices `bun:"notify,type:text"`
}

func (s inbox) Readers(ctx context.Context, ids []domain.ID) ([]notification.Reader, error) {
	if len(ids) == 0 {
		return []notification.Reader{}, nil
	}
	q := s.statement(findReaders)
	s.andIDIn(q, `a.id`, ids)
	return s.readers(ctx, q.add(` ORDER BY a.id`))
}

func (s inbox) Receivers(ctx context.Context) ([]notification.Reader, error) {
	return s.readers(ctx, s.statement(findReceivers))
}

// readers returns those of the accounts that a statement selects that may view tickets.
func (s inbox) readers(ctx context.Context, q *statement) ([]notification.Reader, error) {
	found, err := rows[readerRow](ctx, s.conn, q)
	if err != nil {
		return nil, err
	}
	out := []notification.Reader{}
	for _, r := range found {
		grants, err := readGrants(r.OwnGrants, r.RoleGrants)
		if err != nil {
			return nil, s.failed(err, findReaders)
		}
		if grants.ViewTickets(r.Superuser) {
			out = append(out, notification.Reader{
				ID: r.ID, Username: r.Username, SeesAll: r.Superuser || r.Scope == access.ScopeAll, Receives: r.Receives, Superuser: r.Superuser,
				Notify: r.Notify,
			})
		}
	}
	return out, nil
}
