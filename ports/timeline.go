package ports

import (
	"time"

	"tickt/domain"
	"tickt/domain/cursor"
	"tickt/domain/query"
)

// TimelinePosition is a place in a list that is ordered by time and, at the same time, by id.
type TimelinePosition struct {
	At time.Time
	ID domain.ID
}

// Timeline is a list that is ordered by time and id, and read by cursor.
type Timeline byte

// The timelines. Their numbers are in cursors, as those of the orders of tickets are, which end far below 100.
const (
	CommentTimeline Timeline = iota + 100
	HistoryTimeline
	InboxTimeline
)

// Cursor returns a place in the list as clients carry it.
func (l Timeline) Cursor(m TimelinePosition) string { return cursor.Encode(byte(l), &m.At, &m.ID) }

// Parse reads a cursor of the list; ok is false for every text that Cursor does not return.
func (l Timeline) Parse(text string) (m TimelinePosition, ok bool) {
	if !cursor.Decode(text, byte(l), &m.At, &m.ID) {
		return TimelinePosition{}, false
	}
	return m, true
}

// Read returns the place in the list from which a query asks to read; nil for its beginning.
func (l Timeline) Read(q *query.Query) *TimelinePosition {
	text, _ := q.Optional("cursor")
	if text == "" {
		return nil
	}
	m, ok := l.Parse(text)
	if !ok {
		q.Add("cursor", domain.CodeCursor)
	}
	return &m
}
