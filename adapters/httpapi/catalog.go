package httpapi

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
)

// catalog are the endpoints of what tickets are classified by: T is the entry, C what a client says of one.
type catalog[T, C any] struct {
	api  *api
	name string // for people
	path string
	use  *application.Catalog[T, C]
	read func(*fiber.Ctx) (C, error)
	show func(T) any
	id   func(T) domain.ID
}

// statuses are the endpoints of ticket statuses.
func (a *api) statuses() catalog[ticket.Status, ticket.StatusChange] {
	return catalog[ticket.Status, ticket.StatusChange]{
		api: a, name: "Ticket status", path: "/api/ticket-status/", use: a.App.Statuses,
		read: a.readStatus, show: a.showStatus, id: func(s ticket.Status) domain.ID { return s.ID },
	}
}

// priorities are the endpoints of ticket priorities.
func (a *api) priorities() catalog[ticket.Priority, ticket.PriorityChange] {
	return catalog[ticket.Priority, ticket.PriorityChange]{
		api: a, name: "Ticket priority", path: "/api/ticket-priority/", use: a.App.Priorities,
		read: a.readPriority, show: a.showPriority, id: func(p ticket.Priority) domain.ID { return p.ID },
	}
}

func (r catalog[T, C]) list(c *fiber.Ctx, actor access.Actor) error {
	q := readQuery(c.Context().QueryArgs())
	w := r.api.window(q)
	if err := q.err(); err != nil {
		return err
	}
	entries, err := r.use.List(c.UserContext(), actor, w)
	if err != nil {
		return err
	}
	page, err := pageOf(c, w, entries.Count, entries.Items, r.show)
	if err != nil {
		return err
	}
	return ok(c, "", page)
}

func (r catalog[T, C]) create(c *fiber.Ctx, actor access.Actor) error {
	change, err := r.read(c)
	if err != nil {
		return err
	}
	x, err := r.use.Create(c.UserContext(), actor, change)
	if err != nil {
		return err
	}
	return created(c, r.name+" created successfully.", r.path+string(r.id(x))+"/", r.show(x))
}

func (r catalog[T, C]) get(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	x, err := r.use.Get(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return ok(c, "", r.show(x))
}

func (r catalog[T, C]) replace(c *fiber.Ctx, actor access.Actor) error {
	return r.edit(c, actor, r.use.Replace)
}

func (r catalog[T, C]) change(c *fiber.Ctx, actor access.Actor) error {
	return r.edit(c, actor, r.use.Change)
}

type editing[T, C any] func(context.Context, access.Actor, domain.ID, C) (T, error)

func (r catalog[T, C]) edit(c *fiber.Ctx, actor access.Actor, apply editing[T, C]) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	change, err := r.read(c)
	if err != nil {
		return err
	}
	x, err := apply(c.UserContext(), actor, id, change)
	if err != nil {
		return err
	}
	return ok(c, r.name+" updated successfully.", r.show(x))
}

func (r catalog[T, C]) delete(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := r.use.Delete(c.UserContext(), actor, id); err != nil {
		return err
	}
	return ok(c, r.name+" deleted successfully.", nil)
}
