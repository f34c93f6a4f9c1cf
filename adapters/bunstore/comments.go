package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// commentRow is ticket.Comment with the columns that hold it.
type commentRow struct {
	ID         domain.ID         `bun:"id"`
	TicketID   domain.ID         `bun:"ticket_id"`
	Body       string            `bun:"body"`
	Visibility ticket.Visibility `bun:"visibility"`
	AuthorID   domain.ID         `bun:"author_id"`
	CreatedAt  time.Time         `bun:"created_at"`
	EditedAt   time.Time         `bun:"edited_at"`
}

type commentViewRow struct {
	commentRow
	Author string `bun:"author"`
}

func (r commentViewRow) view() ticket.CommentView {
	return ticket.CommentView{Comment: ticket.Comment(r.commentRow), Author: r.Author}
}

const (
	insertComment = `INSERT INTO ticket_comments (id, ticket_id, body, visibility, author_id, created_at, edited_at) VALUES (?, ?, ?, ?, ?, ?, ?)`

	updateComment = `UPDATE ticket_comments SET body = ?, visibility = ?, edited_at = ? WHERE id = ?`

	selectComments = `SELECT c.id, c.ticket_id, c.body, c.visibility, c.author_id, c.created_at, c.edited_at, a.username AS author
 FROM ticket_comments c LEFT JOIN accounts a ON a.id = c.author_id WHERE c.ticket_id = ?`
)

type comments struct{ conn }

func (s comments) Add(ctx context.Context, c ticket.Comment) error {
	_, err := exec(ctx, s.conn, s.statement(insertComment, c.ID, c.TicketID, c.Body, c.Visibility, c.AuthorID, c.CreatedAt, opt(c.EditedAt)))
	return err
}

func (s comments) Get(ctx context.Context, of, id domain.ID, notes bool) (ticket.CommentView, error) {
	return s.one(ctx, of, id, notes, "")
}

func (s comments) Lock(ctx context.Context, of, id domain.ID, notes bool) (ticket.CommentView, error) {
	return s.one(ctx, of, id, notes, s.forUpdate("c"))
}

// one gives a comment of a ticket; the end of the statement may lock it.
func (s comments) one(ctx context.Context, of, id domain.ID, notes bool, end string) (ticket.CommentView, error) {
	q := s.commentsOf(of, notes).add(` AND c.id = ?`, id)
	r, err := row[commentViewRow](ctx, s.conn, q.add(end))
	return r.view(), err
}

func (s comments) commentsOf(of domain.ID, notes bool) *statement {
	q := s.statement(selectComments, of)
	if !notes {
		q.add(` AND c.visibility = '` + string(ticket.Public) + `'`)
	}
	return q
}

func (s comments) Save(ctx context.Context, c ticket.Comment) error {
	return execOne(ctx, s.conn, s.statement(updateComment, c.Body, c.Visibility, opt(c.EditedAt), c.ID))
}

func (s comments) Remove(ctx context.Context, id domain.ID) error {
	return execOne(ctx, s.conn, s.statement(`DELETE FROM ticket_comments WHERE id = ?`, id))
}

func (s comments) List(ctx context.Context, of domain.ID, notes bool, after *ports.Moment, size int) ([]ticket.CommentView, error) {
	q := s.commentsOf(of, notes)
	if after != nil {
		q.add(` AND (c.created_at, c.id) > (?, ?)`, after.At, after.ID)
	}
	q.add(` ORDER BY c.created_at, c.id`)
	cut(q, size, 0)
	rs, err := rows[commentViewRow](ctx, s.conn, q)
	return converted(rs, commentViewRow.view), err
}
