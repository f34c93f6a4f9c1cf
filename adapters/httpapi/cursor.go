package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
)

// A cursor is a ticket.Position as clients carry it: the form's version, the order's place in
// ticket.Orders, and the values of the order, in base64url. Clients must not look inside.

const (
	cursorVersion = 1
	cursorHead    = 2    // bytes before the values
	maxCursor     = 1024 // characters
	maxCreator    = 512  // bytes of a folded user name
)

var errNoCursor = errors.New("not a cursor")

// cursorOf writes a position as a cursor.
func cursorOf(p ticket.Position) string {
	b := []byte{cursorVersion, byte(slices.Index(ticket.Orders, p.Order))} //nolint:gosec // there are six
	for _, value := range ordering(&p) {
		switch v := value.(type) {
		case *time.Time:
			b = binary.AppendVarint(b, v.UnixMicro())
		case *int:
			b = binary.AppendVarint(b, int64(*v))
		case *bool:
			b = binary.AppendVarint(b, oneIf(*v))
		case *string:
			b = append(binary.AppendUvarint(b, uint64(len(*v))), *v...)
		case *domain.ID:
			b = append(b, *v...)
		}
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads a cursor of an order; ok is false for whatever cursorOf would not have written.
func parseCursor(text string, order ticket.Order) (p ticket.Position, ok bool) {
	if len(text) > maxCursor {
		return ticket.Position{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < cursorHead {
		return ticket.Position{}, false
	}
	p.Order = order
	r := bytes.NewReader(raw[cursorHead:])
	for _, value := range ordering(&p) {
		if err := readCursor(r, value); err != nil {
			return ticket.Position{}, false
		}
	}
	return p, cursorOf(p) == text
}

// ordering gives the values that a position holds in its order.
func ordering(p *ticket.Position) []any {
	age := []any{&p.CreatedAt, &p.ID}
	switch p.Order {
	case ticket.ByImportance:
		return append([]any{&p.Now, &p.Urgency, &p.StatusWeight, &p.SLADue}, age...)
	case ticket.BySLA:
		return append([]any{&p.Breached, &p.SLADue, &p.PriorityWeight}, age...)
	case ticket.ByDeadline:
		return append([]any{&p.Deadline, &p.Due, &p.PriorityWeight}, age...)
	case ticket.ByPriority:
		return append([]any{&p.PriorityWeight, &p.StatusWeight}, age...)
	case ticket.ByCreator:
		return append([]any{&p.Creator}, age...)
	case ticket.ByCreated:
	}
	return age
}

// readCursor reads one value, and refuses what no ticket has.
func readCursor(r *bytes.Reader, value any) error {
	switch v := value.(type) {
	case *string:
		return readCreator(r, v)
	case *domain.ID:
		text := make([]byte, 32)
		if _, err := io.ReadFull(r, text); err != nil {
			return err
		}
		id, ok := domain.ParseID(string(text))
		*v = id
		return unless(ok)
	}
	n, err := binary.ReadVarint(r)
	if err != nil {
		return err
	}
	switch v := value.(type) {
	case *time.Time:
		*v = time.UnixMicro(n).UTC()
		return unless(v.Year() >= 1 && v.Year() <= ticket.Never.Year())
	case *int:
		*v = int(n)
		return unless(n >= 0 && n <= ticket.MaxWeight)
	case *bool:
		*v = n == 1
	}
	return nil
}

func readCreator(r *bytes.Reader, v *string) error {
	n, err := binary.ReadUvarint(r)
	if err != nil || n > maxCreator {
		return errNoCursor
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return err
	}
	*v = string(text)
	return unless(domain.Line(*v))
}

func oneIf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func unless(ok bool) error {
	if ok {
		return nil
	}
	return errNoCursor
}
