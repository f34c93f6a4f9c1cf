package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/access"
)

// asked answers the request of an actor.
type asked = func(*fiber.Ctx, access.Actor) error

// routes lists every endpoint, relative to /api; a slash at the end of a path is optional.
func (a *api) routes(r fiber.Router) {
	r.Post("/auth/login/", unasked, a.login)
	r.Post("/auth/refresh/", unasked, a.refresh)
	r.Post("/auth/verify/", unasked, a.verify)
	r.Post("/auth/logout/", a.as(plain(a.logout)))

	a.collection(r, "/tickets/", a.listTickets, a.openTicket)
	a.single(r, "/ticket/:id/", a.getTicket, a.replaceTicket, a.changeTicket, a.deleteTicket)

	statuses := a.statuses()
	a.collection(r, "/ticket-status/", statuses.list, statuses.create)
	a.single(r, "/ticket-status/:id/", statuses.get, statuses.replace, statuses.change, statuses.delete)

	priorities := a.priorities()
	a.collection(r, "/ticket-priority/", priorities.list, priorities.create)
	a.single(r, "/ticket-priority/:id/", priorities.get, priorities.replace, priorities.change, priorities.delete)
}

// collection serves a path that holds many.
func (a *api) collection(r fiber.Router, path string, list, create asked) {
	r.Get(path, a.as(list))
	r.Post(path, a.as(plain(create)))
}

// single serves a path that holds one.
func (a *api) single(r fiber.Router, path string, get, replace, change, remove asked) {
	r.Get(path, a.as(plain(get)))
	r.Put(path, a.as(plain(replace)))
	r.Patch(path, a.as(plain(change)))
	r.Delete(path, a.as(plain(remove)))
}

// plain is an endpoint that knows no query parameter.
func plain(h asked) asked {
	return func(c *fiber.Ctx, actor access.Actor) error {
		if err := noParameters(c); err != nil {
			return err
		}
		return h(c, actor)
	}
}

// unasked is plain for endpoints without an actor.
func unasked(c *fiber.Ctx) error {
	if err := noParameters(c); err != nil {
		return err
	}
	return c.Next()
}
