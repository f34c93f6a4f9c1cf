package ticket

import (
	"strings"

	"tickt/domain"
)

// HandOver is that the active tickets of a deactivated account get another assignee.
type HandOver struct {
	From domain.ID
	To   domain.ID // "" for no one
	By   domain.ID // who asked for it

	// After is the last ticket of an earlier job of the same hand-over; "" if this is the first one.
	After domain.ID
}

// handOverSeparator separates the accounts in the id of a HandOver.
const handOverSeparator = "."

// ID returns the id of the job that does it.
func (h HandOver) ID() domain.ID {
	parts := []string{string(h.From), string(h.To), string(h.By)}
	if h.After != "" {
		parts = append(parts, string(h.After))
	}
	return domain.ID(strings.Join(parts, handOverSeparator))
}

// HandOverOf returns the HandOver of an ID. ok is false if it is none.
func HandOverOf(id domain.ID) (h HandOver, ok bool) {
	parts := strings.Split(string(id), handOverSeparator)
	if len(parts) < 3 || len(parts) > 4 {
		return HandOver{}, false
	}
	h = HandOver{From: domain.ID(parts[0]), To: domain.ID(parts[1]), By: domain.ID(parts[2])}
	if len(parts) == 4 {
		h.After = domain.ID(parts[3])
	}
	return h, true
}
