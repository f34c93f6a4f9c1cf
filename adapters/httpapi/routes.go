package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/access"
)

// asked answers the request of an actor.
type asked = func(*fiber.Ctx, access.Actor) error

// routes lists every endpoint, relative to /api; a slash at the end of a path is optional.
func (a *api) routes(r fiber.Router) {
	r.Post("/auth/login/", a.login)
	r.Post("/auth/refresh/", a.refresh)
	r.Post("/auth/verify/", a.verify)
	r.Post("/auth/logout/", a.as(a.logout))

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
	r.Post(path, a.as(create))
}

// single serves a path that holds one.
func (a *api) single(r fiber.Router, path string, get, replace, change, remove asked) {
	r.Get(path, a.as(get))
	r.Put(path, a.as(replace))
	r.Patch(path, a.as(change))
	r.Delete(path, a.as(remove))
}
