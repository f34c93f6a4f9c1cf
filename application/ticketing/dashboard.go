package ticketing

import (
	"context"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Dashboard are the use cases of the dashboard, the first thing that an account sees.
type Dashboard struct {
	usecase.Base
	Zone *time.Location // of the service; its days bound the periods of the levels
}

// The number of tickets that each list of the dashboard shows.
const (
	shownTickets = 10
	shownUrgent  = 5
)

// Overview is the state of the tickets that an actor reaches. Its lists hold active tickets, the most important first.
type Overview struct {
	Mine       []ticket.View // assigned to the actor
	Urgent     []ticket.View // breached or escalated
	Unassigned []ticket.View // empty unless the actor sees all tickets
	Counts     ticket.Counts
	Levels     sla.Levels
}

// Show returns the overview of an actor as of now.
func (s *Dashboard) Show(ctx context.Context, actor access.Actor) (Overview, error) {
	if err := usecase.May(actor, access.TicketsMenu, access.MayView); err != nil {
		return Overview{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (o Overview, err error) {
		now, reach := s.Clock(), actor.Reach()
		first := func(size int, f ticket.Filter) (found []ticket.View) {
			if err != nil {
				return nil
			}
			var page ports.TicketPage
			f.Active = true
			page, err = tx.Tickets.List(ctx, reach, ticket.Query{Filter: f, Order: ticket.ByImportance, Now: now, Size: size})
			return page.Tickets
		}
		o.Mine = first(shownTickets, ticket.Filter{AssignedTo: []domain.ID{actor.ID}})
		o.Urgent = first(shownUrgent, ticket.Filter{Urgent: true})
		if actor.SeesAll() {
			o.Unassigned = first(shownTickets, ticket.Filter{Unassigned: true})
		}
		if err != nil {
			return Overview{}, err
		}
		if o.Counts, err = tx.Dashboard.Counts(ctx, reach); err != nil {
			return Overview{}, err
		}
		o.Levels, err = tx.Dashboard.Levels(ctx, reach, sla.PeriodAt(now, s.Zone))
		return o, err
	})
}

// Compact merges the recent changes that Show would have to read; every replica may call it at any time. It has no
// actor: the service itself calls it.
func (s *Dashboard) Compact(ctx context.Context) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error { return tx.Dashboard.Compact(ctx) })
}
