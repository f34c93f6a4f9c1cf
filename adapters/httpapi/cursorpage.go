package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/query"
	"tickt/ports"
)

// cursorPage is a page of a list that is read by cursor. It has no count.
type cursorPage[T any] struct {
	Results  []T         `json:"results"`
	PageSize int         `json:"pageSize"`
	Links    cursorLinks `json:"links"`
}

type cursorLinks struct {
	Next *string `json:"next"`
}

// cursorPageOf responds with the page of a timeline that the query asks for; without a cursor, the first one. The caller
// has already read the filters of the list from q.
func cursorPageOf[V, R any](a *api, c *fiber.Ctx, q *query.Query, l ports.Timeline, show func(V) R,
	list func(from *ports.TimelinePosition, size int) ([]V, *ports.TimelinePosition, error),
) error {
	from, size := l.Read(q), q.PageSize(a.PageSize, domain.MaxPageSize)
	if err := q.Err(); err != nil {
		return err
	}
	found, next, err := list(from, size)
	if err != nil {
		return err
	}
	cursor := ""
	if next != nil {
		cursor = l.Cursor(*next)
	}
	return sendCursorPage(c, each(found, show), size, cursor)
}

// sendCursorPage responds with a page. next is the cursor of the next one, "" after the last.
func sendCursorPage[R any](c *fiber.Ctx, results []R, size int, next string) error {
	s := cursorPage[R]{Results: results, PageSize: size}
	if next != "" {
		s.Links.Next = orNull(linkTo(c, "cursor", next))
	}
	return ok(c, "", s)
}
