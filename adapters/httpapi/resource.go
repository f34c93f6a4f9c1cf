package httpapi

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/query"
	"tickt/ports"
)

// editFunc changes or replaces the resource with an id, if it matches.
type editFunc[V, C any] = func(context.Context, access.Actor, domain.ID, C, usecase.Match[V]) (V, error)

// resource are the endpoints of a single resource. V is its view, C its patch.
type resource[V, C any] struct {
	name   string // in the sentences of responses
	get    func(context.Context, access.Actor, domain.ID) (V, error)
	put    editFunc[V, C]
	patch  editFunc[V, C]
	remove func(context.Context, access.Actor, domain.ID, usecase.Match[V]) error
	read   func(*fiber.Ctx) (C, error)
	show   func(V) any
	edited func(*fiber.Ctx, access.Actor, error) // sees the result of each change; nil if nothing does
}

// routes registers the routes of path, which holds the id of the resource.
func (r resource[V, C]) routes(a *api, router fiber.Router, path string) {
	a.resourceRoutes(router, path, r.answer, r.edit(r.put), r.edit(r.patch), r.delete)
}

func (r resource[V, C]) answer(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	v, err := r.get(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return single(c, "", r.show(v))
}

func (r resource[V, C]) edit(apply editFunc[V, C]) authenticatedHandler {
	return func(c *fiber.Ctx, actor access.Actor) error {
		id, err := pathID(c)
		if err != nil {
			return err
		}
		change, err := r.read(c)
		if err != nil {
			return err
		}
		v, err := apply(c.UserContext(), actor, id, change, matching(c, r.show))
		if r.edited != nil {
			r.edited(c, actor, err)
		}
		if err != nil {
			return err
		}
		return single(c, r.name+" updated successfully.", r.show(v))
	}
}

func (r resource[V, C]) delete(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := r.remove(c.UserContext(), actor, id, matching(c, r.show)); err != nil {
		return err
	}
	return ok(c, r.name+" deleted successfully.", nil)
}

// paged returns the handler of a list that has only paging parameters.
func paged[V, R any](
	a *api, list func(context.Context, access.Actor, ports.Page) (usecase.List[V], error), show func(V) R,
) authenticatedHandler {
	return func(c *fiber.Ctx, actor access.Actor) error {
		type none struct{}
		return filtered(a, c, func(*query.Query) (_ none) { return }, show,
			func(ctx context.Context, _ none, page ports.Page) (usecase.List[V], error) {
				return list(ctx, actor, page)
			})
	}
}

// filtered responds with the page of a list that the query asks for. filter reads the other parameters of the query.
func filtered[V, R, F any](a *api, c *fiber.Ctx, filter func(*query.Query) F, show func(V) R,
	list func(context.Context, F, ports.Page) (usecase.List[V], error),
) error {
	q := queryOf(c)
	wanted := filter(q)
	w := q.Page(a.PageSize)
	if err := q.Err(); err != nil {
		return err
	}
	found, err := list(c.UserContext(), wanted, w)
	if err != nil {
		return err
	}
	page, err := pageOf(c, w, found.Count, found.Items, show)
	if err != nil {
		return err
	}
	return ok(c, "", page)
}
