package contract

import (
	"errors"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// referents adds entities for others to refer to, a new one with each call. err collects the errors.
type referents struct {
	call
	err error
}

func (r *referents) collect(err error) { r.err = errors.Join(r.err, err) }

func (r *referents) role() domain.ID {
	x := someRole()
	r.collect(r.Roles.Add(r, x))
	return x.ID
}

func (r *referents) menu() domain.ID {
	x := someMenu()
	r.collect(r.Menus.Add(r, x))
	return x.ID
}

func (r *referents) account() account.Account {
	x := someAccount()
	r.collect(r.Accounts.Add(r, x))
	return x
}

// status adds a status whose weight differs from those of the next round.
func (r *referents) status(of ticket.StatusType, round int) domain.ID {
	x := someStatus()
	x.StatusType, x.Weight = of, round+1
	r.collect(r.Statuses.Add(r, x))
	return x.ID
}

// priority adds a priority whose weight differs from those of the next round.
func (r *referents) priority(round int) domain.ID {
	x := somePriority()
	x.Weight = round + 1
	r.collect(r.Priorities.Add(r, x))
	return x.ID
}

func (r *referents) calendar() sla.Calendar {
	x := someCalendar()
	r.collect(r.Calendars.Add(r, x))
	return x
}

func (r *referents) ticket() ticket.Ticket {
	g := fixtures{status: ticket.Status{ID: r.status(ticket.Open, 0)}, priority: ticket.Priority{ID: r.priority(0)}, account: r.account()}
	x := g.ticket()
	r.collect(r.Tickets.Add(r, x))
	return x
}
