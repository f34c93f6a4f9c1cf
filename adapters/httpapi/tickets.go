package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (a *api) listTickets(c *fiber.Ctx, actor access.Actor) error {
	wanted, err := a.ticketQuery(c.Context().QueryArgs(), actor.ID)
	if err != nil {
		return err
	}
	found, err := a.App.Tickets.List(c.UserContext(), actor, wanted)
	if err != nil {
		return err
	}
	if wanted.Number == 0 {
		return ok(c, "", a.ticketStretch(c, wanted, found))
	}
	page, err := pageOf(c, ports.Page{Number: wanted.Number, Size: wanted.Size}, found.Count, found.Tickets, a.showTicket)
	if err != nil {
		return err
	}
	return ok(c, "", page)
}

func (a *api) ticketStretch(c *fiber.Ctx, wanted ticket.Query, found ports.TicketPage) stretch[ticketView] {
	s := stretch[ticketView]{Results: each(found.Tickets, a.showTicket), PageSize: wanted.Size}
	if found.Next != nil {
		s.Links.Next = orNull(linkTo(c, "cursor", cursorOf(*found.Next)))
	}
	return s
}

func (a *api) openTicket(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readTicket(c)
	if err != nil {
		return err
	}
	v, err := a.App.Tickets.Open(c.UserContext(), actor, change)
	if err != nil {
		return err
	}
	return created(c, "Ticket created successfully.", "/api/ticket/"+string(v.ID)+"/", a.showTicket(v))
}

func (a *api) getTicket(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	v, err := a.App.Tickets.Get(c.UserContext(), actor, id)
	if err != nil {
		return err
	}
	return ok(c, "", a.showTicket(v))
}

func (a *api) replaceTicket(c *fiber.Ctx, actor access.Actor) error {
	return a.editTicket(c, actor, a.App.Tickets.Replace)
}

func (a *api) changeTicket(c *fiber.Ctx, actor access.Actor) error {
	return a.editTicket(c, actor, a.App.Tickets.Change)
}

func (a *api) editTicket(c *fiber.Ctx, actor access.Actor, apply editing[ticket.View, ticket.Change]) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	change, err := a.readTicket(c)
	if err != nil {
		return err
	}
	v, err := apply(c.UserContext(), actor, id, change)
	if err != nil {
		return err
	}
	return ok(c, "Ticket updated successfully.", a.showTicket(v))
}

func (a *api) deleteTicket(c *fiber.Ctx, actor access.Actor) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	if err := a.App.Tickets.Delete(c.UserContext(), actor, id); err != nil {
		return err
	}
	return ok(c, "Ticket deleted successfully.", nil)
}
