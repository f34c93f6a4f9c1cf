package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/query"
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
func along[V, R any](a *api, c *fiber.Ctx, q *query.Query, l ports.Timeline, show func(V) R,
	list func(from *ports.Moment, size int) ([]V, *ports.Moment, error),
) error {
	from, size := l.Read(q), q.PageSize(a.PageSize)
	if err := q.Err(); err != nil {
		return err
	}
	found, next, err := list(from, size)
	if err != nil {
		return err
	}
	s := stretch[R]{Results: each(found, show), PageSize: size}
	if next != nil {
		s.Links.Next = orNull(linkTo(c, "cursor", l.Cursor(*next)))
	}
	return ok(c, "", s)
}
