package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/query"
)

// queryOf returns the query of a request.
func queryOf(c *fiber.Ctx) *query.Query {
	return query.New(func(yield func(name, value string) bool) {
		for name, value := range c.Context().QueryArgs().All() {
			if !yield(string(name), string(value)) {
				return
			}
		}
	})
}

// noParameters fails if the request has a query parameter.
func noParameters(c *fiber.Ctx) error {
	if c.Context().QueryArgs().Len() == 0 {
		return nil
	}
	return queryOf(c).Err()
}
