package ports

import (
	"time"

	"tickt/domain"
	"tickt/domain/cursor"
	"tickt/domain/query"
)

// TimelinePosition is a position in a list that is ordered by time, then by id.
type TimelinePosition struct {
	At time.Time
	ID domain.ID
}

// Timeline is a list that is ordered by time and id, and read by cursor.
type Timeline byte

// The timelines. A cursor contains the number of its timeline, or of its order of tickets; the latter are below 100.
const (
	CommentTimeline Timeline = iota + 100
	HistoryTimeline
	InboxTimeline
	peopleList // ordered by name; its cursors are made in Person.Cursor
	VersionTimeline
)

// Cursor returns the cursor of a position in the list.
func (l Timeline) Cursor(p TimelinePosition) string { return cursor.Encode(byte(l), &p.At, &p.ID) }

// Parse reads a cursor of the list; ok is false for every text that Cursor does not return.
func (l Timeline) Parse(text string) (p TimelinePosition, ok bool) {
	if !cursor.Decode(text, byte(l), &p.At, &p.ID) {
		return TimelinePosition{}, false
	}
	return p, true
}

// Read returns the position of the cursor of a query; nil, which is the beginning of the list, if it has none.
func (l Timeline) Read(q *query.Query) *TimelinePosition {
	text, _ := q.Optional("cursor")
	if text == "" {
		return nil
	}
	p, ok := l.Parse(text)
	if !ok {
		q.Add("cursor", domain.CodeCursor)
	}
	return &p
}
