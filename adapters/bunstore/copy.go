package bunstore

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// PostgreSQL's COPY in its text format, which takes every type as it is written, tsvector included
// (https://www.postgresql.org/docs/current/sql-copy.html, "Text Format").

// bulk is what one COPY writes.
type bulk struct {
	command string
	rows    bytes.Buffer
}

func bulkOf[R, E any](t *table[R, E], all []E) *bulk {
	b := &bulk{command: "COPY " + t.name + " (" + t.list("%") + ") FROM STDIN"}
	for _, x := range all {
		r := t.row(x)
		row := reflect.ValueOf(&r).Elem()
		for i, c := range t.columns {
			if i > 0 {
				b.rows.WriteByte('\t')
			}
			copied(&b.rows, c.value(row.FieldByIndex(c.field.Index)))
		}
		b.rows.WriteByte('\n')
	}
	return b
}

// escapes are the characters that mean something in COPY's text format.
var escapes = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// copied writes a value that could be an argument of a statement.
func copied(text *bytes.Buffer, value any) {
	switch v := value.(type) {
	case nil:
		text.WriteString(`\N`)
	case string:
		_, _ = escapes.WriteString(text, v)
	case searched:
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

// copy writes bulks, one after the other: all of them or none.
func (s *Store) copy(ctx context.Context, bulks ...*bulk) error {
	doing := "begin"
	err := pgx.BeginFunc(ctx, s.engine.pool, func(tx pgx.Tx) error {
		for _, b := range bulks {
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

// copyTickets writes tickets with what was promised for them.
func (s *Store) copyTickets(ctx context.Context, batch []ports.Dossier) error {
	var entries []sla.Entry
	var standings []sla.ClockState
	for _, d := range batch {
		entries, standings = append(entries, d.Entries...), append(standings, d.Standings...)
	}
	return s.copy(ctx,
		bulkOf(wholeTickets, converted(batch, func(d ports.Dossier) ticket.View { return d.View })),
		bulkOf(ledgerTable, entries),
		bulkOf(clockTable, standings))
}
