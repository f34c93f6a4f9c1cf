package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// commentRow is the row of ticket.Comment.
type commentRow struct {
	ID         domain.ID         `bun:"id,pk"`
	TicketID   domain.ID         `bun:"ticket_id,skipupdate"`
	Body       string            `bun:"body"`
	Visibility ticket.Visibility `bun:"visibility"`
	AuthorID   domain.ID         `bun:"author_id,skipupdate"`
	CreatedAt  time.Time         `bun:"created_at,skipupdate"`
	EditedAt   time.Time         `bun:"edited_at,nullzero"`

	Effect ticket.CommentEffect `bun:"effect,nullzero"`
	SaidAt time.Time            `bun:"said_at,nullzero"`
}

var commentTable = newTable(table[commentRow, ticket.Comment]{
	name: "ticket_comments", hot: true,
	row:    func(c ticket.Comment) commentRow { return commentRow(c) },
	entity: func(r commentRow) ticket.Comment { return ticket.Comment(r) },
})

type commentViewRow struct {
	commentRow
	Author string `bun:"author"`
}

func (r commentViewRow) view() ticket.CommentView {
	return ticket.CommentView{Comment: ticket.Comment(r.commentRow), Author: r.Author}
}

var selectComments = `SELECT ` + commentTable.prefixed("c") + `, a.username AS author
 FROM ticket_comments c LEFT JOIN accounts a ON a.id = c.author_id WHERE c.ticket_id = ?`

type comments struct{ conn }

func (s comments) Add(ctx context.Context, c ticket.Comment) error {
	return s.addComment(ctx, c)
}

func (s comments) Get(ctx context.Context, ticketID, id domain.ID, notes bool) (ticket.CommentView, error) {
	return s.find(ctx, ticketID, id, notes, "")
}

func (s comments) Lock(ctx context.Context, ticketID, id domain.ID, notes bool) (ticket.CommentView, error) {
	return s.find(ctx, ticketID, id, notes, s.forUpdate("c"))
}

// find returns a comment of a ticket; end is the end of the statement, which may lock it.
func (s comments) find(ctx context.Context, ticketID, id domain.ID, notes bool, end string) (ticket.CommentView, error) {
	q := s.commentsOf(ticketID, notes).add(` AND c.id = ?`, id)
	r, err := row[commentViewRow](ctx, s.conn, q.add(end))
	return r.view(), err
}

func (s comments) commentsOf(ticketID domain.ID, notes bool) *statement {
	q := s.statement(selectComments, ticketID)
	if !notes {
		q.add(` AND c.visibility = '` + string(ticket.Public) + `'`)
	}
	return q
}

func (s comments) Save(ctx context.Context, c ticket.Comment) error {
	if err := commentTable.save(ctx, s.conn, c); err != nil {
		return err
	}
	return s.rewriteDocument(ctx, c.TicketID)
}

// sayingRow is the row of ticket.Saying.
type sayingRow struct {
	CommentID domain.ID            `bun:"id"`
	AuthorID  domain.ID            `bun:"author_id"`
	Effect    ticket.CommentEffect `bun:"effect"`
	At        time.Time            `bun:"at"`
}

const selectSaid = `SELECT c.id, c.author_id, c.effect, COALESCE(c.said_at, c.created_at) AS at FROM ticket_comments c
 WHERE c.ticket_id = ? AND c.visibility = '` + string(ticket.Public) + `' ORDER BY 4, c.id`

func (s comments) Said(ctx context.Context, ticketID domain.ID) ([]ticket.Saying, error) {
	found, err := rows[sayingRow](ctx, s.conn, s.statement(selectSaid, ticketID))
	return converted(found, func(r sayingRow) ticket.Saying { return ticket.Saying(r) }), err
}

func (s comments) Remove(ctx context.Context, id domain.ID) error {
	gone, err := row[struct {
		TicketID domain.ID `bun:"ticket_id"`
	}](ctx, s.conn, s.statement(`DELETE FROM ticket_comments WHERE id = ? RETURNING ticket_id`, id))
	if err != nil {
		return inUse(err)
	}
	s.note(1)
	return s.rewriteDocument(ctx, gone.TicketID)
}

func (s comments) List(
	ctx context.Context, ticketID domain.ID, notes bool, after *ports.TimelinePosition, size int,
) ([]ticket.CommentView, error) {
	q := s.commentsOf(ticketID, notes)
	if after != nil {
		q.add(` AND (c.created_at, c.id) > (?, ?)`, after.At, after.ID)
	}
	q.add(` ORDER BY c.created_at, c.id`)
	addLimit(q, size, 0)
	rs, err := rows[commentViewRow](ctx, s.conn, q)
	return converted(rs, commentViewRow.view), err
}
