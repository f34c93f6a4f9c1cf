package contract

import (
	"errors"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
)

// referents adds what entities refer to, each time another one, and returns its id. err is what has failed.
type referents struct {
	call
	err error
}

func (r *referents) note(err error) { r.err = errors.Join(r.err, err) }

func (r *referents) role() domain.ID {
	x := someRole()
	r.note(r.Roles.Add(r, x))
	return x.ID
}

func (r *referents) menu() domain.ID {
	x := someMenu()
	r.note(r.Menus.Add(r, x))
	return x.ID
}

func (r *referents) account() account.Account {
	x := someAccount()
	r.note(r.Accounts.Add(r, x))
	return x
}

// status adds a status whose weight no status of the next round has.
func (r *referents) status(of ticket.StatusType, round int) domain.ID {
	x := someStatus()
	x.StatusType, x.Weight = of, round+1
	r.note(r.Statuses.Add(r, x))
	return x.ID
}

// priority adds a priority whose weight no priority of the next round has.
func (r *referents) priority(round int) domain.ID {
	x := somePriority()
	x.Weight = round + 1
	r.note(r.Priorities.Add(r, x))
	return x.ID
}

func (r *referents) calendar() sla.Calendar {
	x := someCalendar()
	r.note(r.Calendars.Add(r, x))
	return x
}

func (r *referents) ticket() ticket.Ticket {
	g := ground{status: ticket.Status{ID: r.status(ticket.Open, 0)}, priority: ticket.Priority{ID: r.priority(0)}, account: r.account()}
	x := g.ticket()
	r.note(r.Tickets.Add(r, x))
	return x
}
