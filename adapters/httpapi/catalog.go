package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/ticketing"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// catalog are the endpoints of the statuses or the priorities. T is the entry, C its patch.
type catalog[T, C any] struct {
	resource[T, C]
	use *ticketing.Catalog[T, C]
	id  func(T) domain.ID
}

// serve registers the routes of the list at path and of its entries below it.
func (r catalog[T, C]) serve(a *api, router fiber.Router, path string) {
	use := r.use
	r.get, r.put, r.patch, r.remove = use.Get, use.Replace, use.Update, use.Delete
	a.listRoutes(router, path, paged(a, use.List, r.show), r.create("/api"+path))
	r.routes(a, router, path+":id/")
}

// statuses are the endpoints of ticket statuses.
func (a *api) statuses() catalog[ticket.Status, ticket.StatusPatch] {
	return catalog[ticket.Status, ticket.StatusPatch]{
		resource: resource[ticket.Status, ticket.StatusPatch]{name: "Ticket status", read: a.readStatus, show: a.showStatus},
		use:      a.App.Statuses,
		id:       func(s ticket.Status) domain.ID { return s.ID },
	}
}

// priorities are the endpoints of ticket priorities.
func (a *api) priorities() catalog[ticket.Priority, ticket.PriorityPatch] {
	return catalog[ticket.Priority, ticket.PriorityPatch]{
		resource: resource[ticket.Priority, ticket.PriorityPatch]{name: "Ticket priority", read: a.readPriority, show: a.showPriority},
		use:      a.App.Priorities,
		id:       func(p ticket.Priority) domain.ID { return p.ID },
	}
}

// create returns the handler that creates an entry below path.
func (r catalog[T, C]) create(path string) authenticatedHandler {
	return func(c *fiber.Ctx, actor access.Actor) error {
		change, err := r.read(c)
		if err != nil {
			return err
		}
		create := func(request *usecase.Idempotency) (T, error) {
			return r.use.Create(c.UserContext(), actor, change, request)
		}
		return idempotent(c, create, func(x T) creation {
			return creation{sentence: r.name + " created successfully.", location: path + string(r.id(x)) + "/", data: r.show(x)}
		})
	}
}
