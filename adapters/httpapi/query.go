package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/query"
)

// queryOf is the query of a request.
func queryOf(c *fiber.Ctx) *query.Query {
	return query.New(func(yield func(name, value string) bool) {
		for name, value := range c.Context().QueryArgs().All() {
			if !yield(string(name), string(value)) {
				return
			}
		}
	})
}

// noParameters refuses every parameter.
func noParameters(c *fiber.Ctx) error {
	if c.Context().QueryArgs().Len() == 0 {
		return nil
	}
	return queryOf(c).Err()
}
