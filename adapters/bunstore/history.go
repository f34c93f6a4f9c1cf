package bunstore

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// entryRow is the row of ticket.Entry.
type entryRow struct {
	ID        domain.ID        `bun:"id,pk"`
	TicketID  domain.ID        `bun:"ticket_id"`
	At        time.Time        `bun:"at"`
	ActorID   domain.ID        `bun:"actor_id,nullzero"`
	Via       access.Via       `bun:"via"`
	Kind      ticket.EntryKind `bun:"kind"`
	Field     string           `bun:"field"`
	From      string           `bun:"from_value"`
	To        string           `bun:"to_value"`
	FromName  string           `bun:"from_name"`
	ToName    string           `bun:"to_name"`
	CommentID domain.ID        `bun:"comment_id,nullzero"`
	Internal  bool             `bun:"internal"`
}

var historyTable = newTable(table[entryRow, ticket.Entry]{
	name: "ticket_history", hot: true,
	row:    func(e ticket.Entry) entryRow { return entryRow(e) },
	entity: func(r entryRow) ticket.Entry { return ticket.Entry(r) },
})

type entryViewRow struct {
	entryRow
	Actor string `bun:"actor"`
}

func (r entryViewRow) view() ticket.EntryView {
	return ticket.EntryView{Entry: ticket.Entry(r.entryRow), Actor: r.Actor}
}

var (
	selectEntries = `SELECT ` + historyTable.prefixed("h") + `, a.username AS actor
 FROM ticket_history h LEFT JOIN accounts a ON a.id = h.actor_id WHERE h.ticket_id = ?`

	// sharedColumns are the columns of an entry that do not depend on its ticket.
	sharedColumns = historyTable.filter(func(c column) bool { return c.name != "id" && c.name != "ticket_id" && c.name != "at" })
)

type history struct{ conn }

func (s history) Add(ctx context.Context, entries []ticket.Entry) error {
	return historyTable.addAll(ctx, s.conn, entries)
}

// LoseMenu on PostgreSQL first waits, in a statement of its own, for Updates that are adding references to the menu:
// a single statement would not see their tickets. The tickets that it finds stay locked until the menu is removed.
func (s history) LoseMenu(ctx context.Context, menu domain.ID, name string, by ticket.Cause) error {
	if err := s.lockForRemoval(ctx, "menus", menu); err != nil {
		return err
	}
	r := entryRow(ticket.MenuLost("", "", menu, name, by))
	q := s.statement(`INSERT INTO ticket_history (id, ticket_id, at, `+sharedColumns.list("%")+`)
 SELECT ? || substr(`+s.randomHex()+`, 14), t.id, `+s.opaqueTime(), idPrefix(by.At), r.At)
	q.add(`, `+sharedColumns.list("?"), sharedColumns.arguments(nil, reflect.ValueOf(&r).Elem())...)
	q.add(` FROM tickets t WHERE t.menu_id = ?`, menu)
	_, err := exec(ctx, s.conn, q.add(s.forUpdate("t")))
	return err
}

// statusChangeRow is ticket.StatusChange with the id of the ticket.
type statusChangeRow struct {
	TicketID domain.ID         `bun:"ticket_id"`
	At       time.Time         `bun:"at"`
	From     ticket.StatusType `bun:"from_type"`
	To       ticket.StatusType `bun:"to_type"`
	ByRule   bool              `bun:"by_rule"`
}

const selectStatusChanges = `SELECT h.ticket_id, h.at, COALESCE(f.status_type, '') AS from_type, COALESCE(s.status_type, '') AS to_type,
 h.via = '` + string(access.ViaRule) + `' AS by_rule
	FROM ticket_history h
 LEFT JOIN ticket_statuses f ON f.id = h.from_value LEFT JOIN ticket_statuses s ON s.id = h.to_value
 WHERE h.kind = '` + string(ticket.EntryChanged) + `' AND h.field = '` + ticket.StatusField + `'`

func (s history) StatusChanges(ctx context.Context, tickets []domain.ID) (map[domain.ID][]ticket.StatusChange, error) {
	out := map[domain.ID][]ticket.StatusChange{}
	if len(tickets) == 0 {
		return out, nil
	}
	q := s.statement(selectStatusChanges)
	s.andIDIn(q, `h.ticket_id`, tickets)
	found, err := rows[statusChangeRow](ctx, s.conn, q.add(` ORDER BY h.ticket_id, h.at, h.id`))
	for _, r := range found {
		out[r.TicketID] = append(out[r.TicketID], ticket.StatusChange{At: r.At, From: r.From, To: r.To, ByRule: r.ByRule})
	}
	return out, err
}

var selectFirstTitle = textOf(`SELECT h.from_value FROM ticket_history h WHERE h.ticket_id = ? AND h.kind = '` +
	string(ticket.EntryChanged) + `' AND h.field = '` + ticket.TitleField + `' ORDER BY h.at, h.id LIMIT 1`)

func (s history) FirstTitle(ctx context.Context, ticketID domain.ID) (string, error) {
	first, err := rows[struct {
		Title string `bun:"from_value"`
	}](ctx, s.conn, s.fixed(selectFirstTitle, ticketID))
	if err != nil || len(first) == 0 {
		return "", err
	}
	return first[0].Title, nil
}

// idPrefix returns the first 13 digits of a UUID of version 7 made at a time.
func idPrefix(at time.Time) string { return fmt.Sprintf("%012x7", at.UnixMilli()) }

func (s history) List(
	ctx context.Context, ticketID domain.ID, notes bool, before *ports.TimelinePosition, size int,
) ([]ticket.EntryView, error) {
	q := s.statement(selectEntries, ticketID).unprepared() // of a long history, only the page must be read
	if !notes {
		q.add(` AND NOT h.internal`)
	}
	if before != nil {
		q.add(` AND (h.at, h.id) < (?, ?)`, before.At, before.ID)
	}
	q.add(` ORDER BY h.at DESC, h.id DESC`)
	addLimit(q, size, 0)
	rs, err := rows[entryViewRow](ctx, s.conn, q)
	return converted(rs, entryViewRow.view), err
}
