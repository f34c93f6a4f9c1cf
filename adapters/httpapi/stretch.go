package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/ports"
)

// stretch is a part of a list that is read by cursor: nobody counts it.
type stretch[T any] struct {
	Results  []T          `json:"results"`
	PageSize int          `json:"pageSize"`
	Links    stretchLinks `json:"links"`
}

type stretchLinks struct {
	Next *string `json:"next"`
}

// along answers the part of a timeline that the query asks for, from its beginning where it has no cursor; q is the
// query without what the list itself has read of it.
func along[V, R any](a *api, c *fiber.Ctx, q *query, l timeline, show func(V) R, list func(from *ports.Moment, size int) ([]V, *ports.Moment, error)) error {
	from, size := q.place(l), a.size(q)
	if err := q.err(); err != nil {
		return err
	}
	found, next, err := list(from, size)
	if err != nil {
		return err
	}
	s := stretch[R]{Results: each(found, show), PageSize: size}
	if next != nil {
		s.Links.Next = orNull(linkTo(c, "cursor", l.cursor(*next)))
	}
	return ok(c, "", s)
}

// place gives the place in a timeline from which to read; nil for its beginning.
func (q *query) place(l timeline) *ports.Moment {
	text, _ := q.maybe("cursor")
	if text == "" {
		return nil
	}
	m, ok := l.moment(text)
	if !ok {
		q.invalid("cursor", "cursor is not one of this list.")
	}
	return &m
}
