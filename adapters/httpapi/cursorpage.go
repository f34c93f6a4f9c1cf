package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/query"
	"tickt/ports"
)

// cursorPage is a part of a list that is read by cursor: nobody counts it.
type cursorPage[T any] struct {
	Results  []T         `json:"results"`
	PageSize int         `json:"pageSize"`
	Links    cursorLinks `json:"links"`
}

type cursorLinks struct {
	Next *string `json:"next"`
}

// cursorPageOf answers the part of a timeline that the query asks for, from its beginning where it has no cursor; q is the
// query without what the list itself has read of it.
func cursorPageOf[V, R any](a *api, c *fiber.Ctx, q *query.Query, l ports.Timeline, show func(V) R,
	list func(from *ports.TimelinePosition, size int) ([]V, *ports.TimelinePosition, error),
) error {
	from, size := l.Read(q), q.PageSize(a.PageSize)
	if err := q.Err(); err != nil {
		return err
	}
	found, next, err := list(from, size)
	if err != nil {
		return err
	}
	s := cursorPage[R]{Results: each(found, show), PageSize: size}
	if next != nil {
		s.Links.Next = orNull(linkTo(c, "cursor", l.Cursor(*next)))
	}
	return ok(c, "", s)
}
