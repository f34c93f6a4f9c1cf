package bunstore

import (
	"context"
	"errors"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// commentVersionRow is the row of ticket.CommentVersion.
type commentVersionRow struct {
	ID         domain.ID         `bun:"id,pk"`
	CommentID  domain.ID         `bun:"comment_id"`
	TicketID   domain.ID         `bun:"ticket_id"`
	Body       string            `bun:"body"`
	Visibility ticket.Visibility `bun:"visibility"`
	EditorID   domain.ID         `bun:"editor_id"`
	At         time.Time         `bun:"at"`
	Until      time.Time         `bun:"until"`
	Deleted    bool              `bun:"deleted"`
}

var commentVersionTable = newTable(table[commentVersionRow, ticket.CommentVersion]{
	name: "comment_versions", hot: true,
	row:    func(v ticket.CommentVersion) commentVersionRow { return commentVersionRow(v) },
	entity: func(r commentVersionRow) ticket.CommentVersion { return ticket.CommentVersion(r) },
})

type commentVersionViewRow struct {
	commentVersionRow
	Editor string `bun:"editor"`
}

func (r commentVersionViewRow) view() ticket.VersionView {
	return ticket.VersionView{CommentVersion: ticket.CommentVersion(r.commentVersionRow), Editor: r.Editor}
}

var selectCommentVersions = `SELECT ` + commentVersionTable.prefixed("v") + `, a.username AS editor
 FROM comment_versions v LEFT JOIN accounts a ON a.id = v.editor_id WHERE v.ticket_id = ? AND v.comment_id = ?`

func (s comments) AddVersion(ctx context.Context, v ticket.CommentVersion) error {
	return commentVersionTable.add(ctx, s.conn, v)
}

func (s comments) Versions(
	ctx context.Context, ticketID, id domain.ID, after *ports.TimelinePosition, size int,
) ([]ticket.VersionView, error) {
	q := s.statement(selectCommentVersions, ticketID, id)
	if after != nil {
		q.add(` AND (v.until, v.id) > (?, ?)`, after.At, after.ID)
	}
	q.add(` ORDER BY v.until, v.id`)
	addLimit(q, size, 0)
	rs, err := rows[commentVersionViewRow](ctx, s.conn, q)
	all := converted(rs, commentVersionViewRow.view)
	if err != nil || len(all) >= size {
		return all, err
	}
	switch c, err := s.Get(ctx, ticketID, id, true); {
	case err == nil:
		return append(all, ticket.VersionView{CommentVersion: c.Version(), Editor: c.Author}), nil
	case errors.Is(err, domain.ErrNotFound):
		return all, nil
	default:
		return nil, err
	}
}
