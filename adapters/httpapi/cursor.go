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
	"tickt/ports"
)

// A cursor is a ticket.Position or a ports.Moment as clients carry it: the form's version, what it is a place in, and
// the values of the place, in base64url. What it is a place in is the order's place in ticket.Orders, or the list
// itself. Clients must not look inside.

const (
	cursorVersion = 1
	cursorHead    = 2    // bytes before the values
	maxCursor     = 1024 // characters
	maxCreator    = 512  // bytes of a folded user name
)

// timeline is a list that has one order, by time and id.
type timeline byte

// The timelines. No order of tickets comes near them.
const (
	timelineOfComments timeline = iota + 100
	timelineOfHistory
	timelineOfInbox
)

var errNoCursor = errors.New("not a cursor")

// cursorOf writes a position as a cursor.
func cursorOf(p ticket.Position) string {
	return packed(byte(slices.Index(ticket.Orders, p.Order)), ordering(&p)) //nolint:gosec // there are six
}

// parseCursor reads a cursor of an order; ok is false for whatever cursorOf would not have written.
func parseCursor(text string, order ticket.Order) (p ticket.Position, ok bool) {
	p.Order = order
	if !unpacked(text, ordering(&p)) || cursorOf(p) != text {
		return ticket.Position{}, false
	}
	return p, true
}

// cursor writes a place in the list as a cursor.
func (l timeline) cursor(m ports.Moment) string {
	return packed(byte(l), []any{&m.At, &m.ID})
}

// moment reads a cursor of the list; ok is false for whatever cursor would not have written.
func (l timeline) moment(text string) (m ports.Moment, ok bool) {
	if !unpacked(text, []any{&m.At, &m.ID}) || l.cursor(m) != text {
		return ports.Moment{}, false
	}
	return m, true
}

// packed writes values, which are a place in something.
func packed(in byte, values []any) string {
	b := []byte{cursorVersion, in}
	for _, value := range values {
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

// unpacked reads values from what packed wrote; the caller sees to it that nothing else is accepted.
func unpacked(text string, values []any) bool {
	if len(text) > maxCursor {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < cursorHead {
		return false
	}
	r := bytes.NewReader(raw[cursorHead:])
	for _, value := range values {
		if err := readCursor(r, value); err != nil {
			return false
		}
	}
	return true
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

// readCursor reads one value, and refuses what nothing in a list has.
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
