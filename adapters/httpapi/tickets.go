package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (a *api) listTickets(c *fiber.Ctx, actor access.Actor) error {
	wanted, err := ticket.ReadQuery(queryOf(c), actor.ID, a.Zone, a.PageSize)
	if err != nil {
		return err
	}
	found, err := a.App.Tickets.List(c.UserContext(), actor, wanted)
	if err != nil {
		return err
	}
	if wanted.Number == 0 {
		return ok(c, "", a.ticketCursorPage(c, wanted, found))
	}
	page, err := pageOf(c, ports.Page{Number: wanted.Number, Size: wanted.Size}, found.Count, found.Tickets, a.showTicket)
	if err != nil {
		return err
	}
	return ok(c, "", page)
}

func (a *api) ticketCursorPage(c *fiber.Ctx, wanted ticket.Query, found ports.TicketPage) cursorPage[ticketView] {
	s := cursorPage[ticketView]{Results: each(found.Tickets, a.showTicket), PageSize: wanted.Size}
	if found.Next != nil {
		s.Links.Next = orNull(linkTo(c, "cursor", found.Next.Cursor()))
	}
	return s
}

func (a *api) openTicket(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readNewTicket(c)
	if err != nil {
		return err
	}
	open := func(request *usecase.Idempotency) (ticket.View, error) {
		return a.App.Tickets.Open(c.UserContext(), actor, change, request)
	}
	return idempotent(c, open, func(v ticket.View) creation {
		return creation{sentence: "Ticket created successfully.", location: "/api/ticket/" + string(v.ID) + "/", data: a.showTicket(v)}
	})
}

// tickets are the endpoints of one ticket.
func (a *api) tickets() resource[ticket.View, ticket.Patch] {
	use := a.App.Tickets
	return resource[ticket.View, ticket.Patch]{
		name: "Ticket", get: use.Get, put: use.Replace, patch: use.Update, remove: use.Delete,
		read: a.readTicket, show: func(v ticket.View) any { return a.showTicket(v) },
	}
}
