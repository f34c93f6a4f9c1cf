package bunstore

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// This file uses PostgreSQL's COPY in text format, which accepts every type as text, including tsvector
// (https://www.postgresql.org/docs/current/sql-copy.html, "Text Format").

// copyBatch is the input of one COPY.
type copyBatch struct {
	command string
	rows    bytes.Buffer
}

func newCopyBatch[R, E any](t *table[R, E], all []E) *copyBatch {
	b := &copyBatch{command: "COPY " + t.name + " (" + t.list("%") + ") FROM STDIN"}
	for _, x := range all {
		r := t.row(x)
		row := reflect.ValueOf(&r).Elem()
		for i, c := range t.columns {
			if i > 0 {
				b.rows.WriteByte('\t')
			}
			writeCopyValue(&b.rows, c.value(row.FieldByIndex(c.field.Index)))
		}
		b.rows.WriteByte('\n')
	}
	return b
}

// escapes escapes the characters that have a meaning in COPY's text format.
var escapes = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// writeCopyValue writes a value, of a type that columns produce as arguments.
func writeCopyValue(text *bytes.Buffer, value any) {
	switch v := value.(type) {
	case nil:
		text.WriteString(`\N`)
	case string:
		_, _ = escapes.WriteString(text, v)
	case tokenSequence:
		_, _ = escapes.WriteString(text, v.vector())
	case searchText:
		_, _ = escapes.WriteString(text, v.vector())
	case bool:
		text.WriteString(strconv.FormatBool(v))
	case int64:
		text.WriteString(strconv.FormatInt(v, 10))
	case time.Time:
		text.Write(v.AppendFormat(text.AvailableBuffer(), "2006-01-02 15:04:05.999999Z07:00"))
	default:
		panic(fmt.Sprintf("COPY cannot write a %T", v))
	}
}

// copyRows writes batches in one transaction, one after the other.
func (s *Store) copyRows(ctx context.Context, batches ...*copyBatch) error {
	doing := "begin"
	err := pgx.BeginTxFunc(ctx, s.engine.pool, pgx.TxOptions{BeginQuery: beginQuery(ctx, time.Now())}, func(tx pgx.Tx) error {
		for _, b := range batches {
			doing = b.command
			if _, err := tx.Conn().PgConn().CopyFrom(ctx, &b.rows, b.command); err != nil {
				return err
			}
		}
		doing = "commit"
		return nil
	})
	return settle(ctx, s.engine.failed(err, doing))
}

// documentsPerUpdate is how many documents of new tickets are written in one transaction.
const documentsPerUpdate = 500

// copyTickets writes tickets with their ledgers, clock states and histories, then what is searched of them.
func (s *Store) copyTickets(ctx context.Context, batch []ports.Dossier) error {
	entries, states, history := parts(batch)
	err := s.copyRows(ctx,
		newCopyBatch(completeTickets, converted(batch, func(d ports.Dossier) ticket.View { return d.View })),
		newCopyBatch(ledgerTable, entries),
		newCopyBatch(clockTable, states),
		newCopyBatch(historyTable, history))
	if err != nil {
		return err
	}
	// The triggers have marked the tickets: if this fails, their documents follow in the background.
	for part := range slices.Chunk(batch, documentsPerUpdate) {
		ids := converted(part, func(d ports.Dossier) domain.ID { return d.ID })
		if err := s.transactAgain(ctx, func(c conn) error { return c.rewriteMarked(ctx, ids) }); err != nil {
			return err
		}
	}
	return nil
}
