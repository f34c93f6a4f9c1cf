package bunstore

import (
	"context"
	"errors"
	"strings"

	"tickt/domain"
	"tickt/domain/search"
	"tickt/domain/ticket"
	"tickt/ports"
)

// The table ticket_search holds the document of every ticket that is not deleted: what Ticket.Searched and Comment.Searched
// return. A document is written in the transaction of the change. If it is long, a new ticket and a comment are only marked, and
// the document follows in the background (see package application/deriving), so that no write waits for it; a text that was
// changed or taken back is out of the document at once.

// longDocument is the length from which a document is written in the background, in bytes. Up to it, writing takes a few
// milliseconds.
const longDocument = 20_000

// searchedFields are the fields of a ticket that its document depends on.
type searchedFields struct {
	title, description string
	requester          domain.ID
	isDeleted          bool
}

func searchedFieldsOf(t ticket.Ticket) searchedFields {
	return searchedFields{t.Title, t.Description, t.Requester(), !t.DeletedAt.IsZero()}
}

// remembered keeps what the document of a ticket depends on, as it is when the transaction locks the ticket, and returns the
// ticket.
func (c conn) remembered(v ticket.View) ticket.View {
	if c.searched != nil {
		c.searched[v.ID] = searchedFieldsOf(v.Ticket)
	}
	return v
}

// sameDocument reports whether a ticket, which was locked in this transaction, still has the same document.
func (c conn) sameDocument(t ticket.Ticket) bool {
	was, known := c.searched[t.ID]
	return known && was == searchedFieldsOf(t)
}

// markTicket has the document of a ticket written in the background.
func (c conn) markTicket(ctx context.Context, id domain.ID) error {
	c.wakeDeriver()
	_, err := exec(ctx, c, c.statement(`INSERT INTO derived_due (kind, id) VALUES (?, ?)`, string(ports.SearchedTickets), id))
	return err
}

// unmarkWritten removes the mark that a trigger of SQLite has just added, which does not know that this program keeps the
// documents: the newest mark of the ticket. On PostgreSQL there is none.
func (c conn) unmarkWritten(ctx context.Context, id domain.ID) error {
	if c.postgres {
		return nil
	}
	_, err := exec(ctx, c, c.statement(`DELETE FROM derived_due WHERE seq = (SELECT max(seq) FROM derived_due WHERE kind = ? AND id = ?)`,
		string(ports.SearchedTickets), id))
	return err
}

// requesterRow is the row of ticket.Requester.
type requesterRow struct {
	Username string `bun:"username"`
	Email    string `bun:"email"`
}

// insertTicket adds a ticket and returns its requester. The lock keeps the name until the ticket can be seen by a change of it.
var insertTicket = textsOf(func(e *engine) string {
	of := func(column string) string {
		text := `(SELECT a.` + column + ` FROM accounts a WHERE a.id = COALESCE(tickets.created_for, tickets.created_by)`
		if e.postgres {
			text += ` FOR KEY SHARE`
		}
		return text + `) AS ` + column
	}
	return ticketTable.insertText(e, 1) + ` RETURNING ` + of("username") + `, ` + of("email")
})

// addDocument adds the document of a new ticket.
func (c conn) addDocument(ctx context.Context, t ticket.Ticket, r ticket.Requester) error {
	if !t.DeletedAt.IsZero() {
		return nil
	}
	d := t.Searched(r).Document()
	if d.Len() > longDocument {
		return c.markTicket(ctx, t.ID)
	}
	return errors.Join(c.writeDocument(ctx, t.ID, d), c.unmarkWritten(ctx, t.ID))
}

const (
	// It writes pad again, so that the row is long enough for its texts to be moved out of line.
	replaceDocument = ` ON CONFLICT (ticket_id) DO UPDATE SET public = excluded.public, notes = excluded.notes, pad = DEFAULT`

	writePostgresDocument = `INSERT INTO ticket_search (ticket_id, public, notes) VALUES (?, ?, ?)` + replaceDocument
	writeSQLiteDocument   = `INSERT INTO ticket_search (seq, public, notes) SELECT seq, ?, ? FROM tickets WHERE id = ?
 ON CONFLICT (seq) DO UPDATE SET public = excluded.public, notes = excluded.notes`
	writeSQLiteLexemes = `INSERT OR REPLACE INTO ticket_lexemes (rowid, lexemes) SELECT seq, ? FROM tickets WHERE id = ?`
)

// writeDocument adds or replaces the document of a ticket.
func (c conn) writeDocument(ctx context.Context, id domain.ID, d search.Document) error {
	if c.postgres {
		_, err := exec(ctx, c, c.statement(writePostgresDocument, id, d.Public, d.Notes))
		return err
	}
	if _, err := exec(ctx, c, c.statement(writeSQLiteDocument, d.Public, d.Notes, id)); err != nil {
		return err
	}
	_, err := exec(ctx, c, c.statement(writeSQLiteLexemes, strings.Join(d.Lexemes(), " "), id))
	return err
}

// appendPostgresComment adds a comment and what it adds to the document of its ticket, which is marked instead if it has no
// document yet or a long one.
var appendPostgresComment = textsOf(func(e *engine) string {
	return `WITH written AS (` + commentTable.insertText(e, 1) + `), appended AS (
  UPDATE ticket_search SET public = public || ?, notes = notes || ?, pad = DEFAULT
  WHERE ticket_id = ? AND octet_length(public) + octet_length(notes) <= ? RETURNING 1)
 INSERT INTO derived_due (kind, id) SELECT '` + string(ports.SearchedTickets) + `', ? WHERE NOT EXISTS (SELECT 1 FROM appended)`
})

// addComment adds a comment, and its words to the document of the ticket.
func (c conn) addComment(ctx context.Context, x ticket.Comment) error {
	b := search.NewBuilder("", x.Searched())
	d := b.Document()
	room := longDocument - d.Len()
	if room < 0 {
		if err := commentTable.add(ctx, c, x); err != nil || !c.postgres {
			c.wakeDeriver() // the trigger of SQLite has marked the ticket
			return err
		}
		return c.markTicket(ctx, x.TicketID)
	}
	if !c.postgres {
		return c.addSQLiteComment(ctx, x, d, room)
	}
	q := c.unbound(appendPostgresComment, len(commentTable.insertColumns)+6)
	q.args = commentTable.insertArguments(q.args, x)
	q.args = append(q.args, d.Public, d.Notes, string(x.TicketID), room, string(x.TicketID))
	marked, err := exec(ctx, c, q)
	if marked > 0 {
		c.wakeDeriver()
	}
	return err
}

// documentRow is a row of ticket_search.
type documentRow struct {
	Public string `bun:"public"`
	Notes  string `bun:"notes"`
}

func (c conn) addSQLiteComment(ctx context.Context, x ticket.Comment, added search.Document, room int) error {
	if err := commentTable.add(ctx, c, x); err != nil {
		return err
	}
	has, err := rows[documentRow](ctx, c, c.statement(`SELECT s.public, s.notes FROM ticket_search s
 WHERE s.seq = (SELECT seq FROM tickets WHERE id = ?) AND length(CAST(s.public AS BLOB)) + length(CAST(s.notes AS BLOB)) <= ?`,
		x.TicketID, room))
	if err != nil {
		return err
	}
	if len(has) == 0 {
		c.wakeDeriver() // the trigger has marked the ticket
		return nil
	}
	d := search.Document{Public: has[0].Public + added.Public, Notes: has[0].Notes + added.Notes}
	return errors.Join(c.writeDocument(ctx, x.TicketID, d), c.unmarkWritten(ctx, x.TicketID))
}

// searchedTicketRow is what the document of a ticket is made of, without its comments.
type searchedTicketRow struct {
	ID          domain.ID `bun:"id"`
	Number      string    `bun:"number"`
	Title       string    `bun:"title"`
	Description string    `bun:"description"`
	Username    string    `bun:"username"`
	Email       string    `bun:"email"`
}

func (r searchedTicketRow) document() *search.Builder {
	return ticket.Searched(r.Number, r.Title, r.Description, ticket.Requester{Username: r.Username, Email: r.Email})
}

const (
	lockSearched = `SELECT t.id FROM tickets t WHERE t.deleted_at IS NULL`

	// It runs after the statement that locks, to see what was committed while that waited.
	selectSearched = `SELECT t.id, t.number, t.title, t.description, COALESCE(a.username, '') AS username, COALESCE(a.email, '') AS email
 FROM tickets t LEFT JOIN accounts a ON a.id = COALESCE(t.created_for, t.created_by) WHERE t.deleted_at IS NULL`

	// The comments of each ticket follow each other, the newest first.
	selectSearchedComments = `SELECT c.ticket_id, c.body, c.visibility FROM ticket_comments c WHERE 1 = 1`
	orderSearchedComments  = ` ORDER BY c.ticket_id, c.created_at DESC, c.id DESC`
)

// rewriteDocuments locks those of the tickets that exist, and makes their documents again from what they are derived from.
func (c conn) rewriteDocuments(ctx context.Context, ids ...domain.ID) error {
	lock := c.statement(lockSearched)
	c.andIDIn(lock, `t.id`, ids)
	held, err := rows[idRow](ctx, c, lock.add(` ORDER BY t.id`+c.forUpdate("t")))
	if err != nil || len(held) == 0 {
		return err
	}
	ids = converted(held, func(r idRow) domain.ID { return r.ID })
	q := c.statement(selectSearched)
	c.andIDIn(q, `t.id`, ids)
	found, err := rows[searchedTicketRow](ctx, c, q)
	if err != nil {
		return err
	}
	documents := make(map[domain.ID]*search.Builder, len(found))
	for _, r := range found {
		documents[r.ID] = r.document()
	}
	if err := c.addComments(ctx, ids, documents); err != nil {
		return err
	}
	return c.writeDocuments(ctx, found, documents)
}

const (
	writePostgresDocuments = `INSERT INTO ticket_search (ticket_id, public, notes)
 SELECT d.id, d.public, d.notes FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[])) AS d (id, public, notes)` +
		replaceDocument

	// documentsPerWrite limits the length of the documents in one statement, in bytes.
	documentsPerWrite = 1 << 20
)

// writeDocuments adds or replaces the documents of tickets.
func (c conn) writeDocuments(ctx context.Context, of []searchedTicketRow, documents map[domain.ID]*search.Builder) error {
	var ids, public, notes []string
	length := 0
	for i, r := range of {
		d := documents[r.ID].Document()
		if !c.postgres { // no round trip
			if err := c.writeDocument(ctx, r.ID, d); err != nil {
				return err
			}
			continue
		}
		ids, public, notes = append(ids, string(r.ID)), append(public, d.Public), append(notes, d.Notes)
		if length += d.Len(); length < documentsPerWrite && i < len(of)-1 {
			continue
		}
		if _, err := exec(ctx, c, c.statement(writePostgresDocuments, ids, public, notes)); err != nil {
			return err
		}
		ids, public, notes, length = nil, nil, nil, 0
	}
	return nil
}

// addComments adds the comments on tickets to their documents. It reads them row by row: together they can be large.
func (c conn) addComments(ctx context.Context, ids []domain.ID, documents map[domain.ID]*search.Builder) (err error) {
	q := c.statement(selectSearchedComments)
	c.andIDIn(q, `c.ticket_id`, ids)
	q.add(orderSearchedComments)
	found, err := c.raw.QueryContext(ctx, q.String(), q.args...)
	if err != nil {
		return c.failed(err, q.String())
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		var x ticket.Comment
		if err := found.Scan(&x.TicketID, &x.Body, &x.Visibility); err != nil {
			return c.failed(err, q.String())
		}
		if b := documents[x.TicketID]; b != nil && !b.IsFull() {
			b.Add(x.Searched())
		}
	}
	return c.failed(found.Err(), q.String())
}

// rewriteDocument is rewriteDocuments of one ticket in the transaction of a change.
func (c conn) rewriteDocument(ctx context.Context, id domain.ID) error {
	if c.postgres { // triggers have marked nothing
		return c.rewriteDocuments(ctx, id)
	}
	return c.rewriteMarked(ctx, []domain.ID{id})
}

// rewriteMarked is rewriteDocuments of tickets that triggers may have marked.
func (c conn) rewriteMarked(ctx context.Context, ids []domain.ID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := c.rewriteDocuments(ctx, ids...); err != nil {
		return err
	}
	q := c.statement(`DELETE FROM derived_due WHERE kind = ?`, string(ports.SearchedTickets))
	c.andIDIn(q, `id`, ids)
	_, err := exec(ctx, c, q)
	return err
}

type documents struct{ conn }

const searchedAfter = `FROM tickets t WHERE t.deleted_at IS NULL AND t.id > ?`

func (s documents) List(ctx context.Context, after domain.ID, limit int) ([]domain.ID, error) {
	found, err := rows[idRow](ctx, s.conn, s.statement(`SELECT t.id `+searchedAfter+` ORDER BY t.id LIMIT ?`, after, limit))
	return converted(found, func(r idRow) domain.ID { return r.ID }), err
}

func (s documents) CountAfter(ctx context.Context, after domain.ID) (int, error) {
	counted, err := row[struct {
		N int `bun:"n"`
	}](ctx, s.conn, s.statement(`SELECT count(*) AS n `+searchedAfter, after))
	return counted.N, err
}

func (s documents) Rewrite(ctx context.Context, tickets []domain.ID) error {
	if len(tickets) == 0 {
		return nil
	}
	return s.rewriteDocuments(ctx, tickets...)
}

func (s documents) MarkRequested(ctx context.Context, accounts []domain.ID) error {
	if len(accounts) == 0 {
		return nil
	}
	q := s.statement(`INSERT INTO derived_due (kind, id) SELECT ?, t.id FROM tickets t WHERE t.deleted_at IS NULL`,
		string(ports.SearchedTickets))
	s.andIDIn(q, `t.created_for`, accounts)
	q.add(` UNION ALL SELECT ?, t.id FROM tickets t WHERE t.deleted_at IS NULL AND t.created_for IS NULL`, string(ports.SearchedTickets))
	s.andIDIn(q, `t.created_by`, accounts)
	n, err := exec(ctx, s.conn, q)
	if n > 0 {
		s.wakeDeriver()
	}
	return err
}
