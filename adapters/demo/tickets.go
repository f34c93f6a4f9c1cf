package demo

import (
	"fmt"
	"iter"
	"math"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// Tickets generates n tickets without numbers, oldest first, spread evenly over two years. Most of them are done. They refer to
// the accounts of Accounts, which must be stored first. An error ends the sequence.
func (d *Desk) Tickets(n int) iter.Seq2[ports.Dossier, error] {
	return func(yield func(ports.Dossier, error) bool) {
		if len(d.agents) == 0 || len(d.customers) == 0 {
			yield(ports.Dossier{}, fmt.Errorf("tickets need at least %d accounts", MinAccounts))
			return
		}
		for i := range n {
			share := (float64(i) + d.random.Float64()) / float64(n)
			at := d.now.Add(-time.Duration((1 - share) * float64(span))).Truncate(time.Microsecond)
			v, err := d.ticket(at)
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

// ticket generates one ticket from its creation until now.
func (d *Desk) ticket(at time.Time) (ports.Dossier, error) {
	l := d.open(at)
	switch {
	case d.isActive(at):
		l.leaveActive()
	case d.percent(6):
		l.assign()
		l.setStatusType(ticket.Cancelled, l.promisedTime())
	default:
		l.assign()
		l.finish()
	}
	l.advance(d.now)
	return l.dossier(), l.err
}

// isActive decides at random whether a ticket is still active: nearly all of today's are, few that are older than some months,
// and one in eight overall.
func (d *Desk) isActive(opened time.Time) bool {
	const fading = 96 * 24 * time.Hour
	age := d.now.Sub(opened)
	return d.random.Float64() < 0.95*math.Exp(-float64(age)/float64(fading))
}

// open generates a new ticket. Most are opened by their customer, some by an agent.
func (d *Desk) open(at time.Time) *life {
	customer, agent := pick(d, d.customers), pick(d, d.agents)
	l := &life{desk: d, at: at, agent: agent, status: d.refs.Statuses[ticket.Open], priority: pick(d, d.refs.Priorities)}
	if p := pick(d, d.refs.Priorities); d.percent(50) && (p.IsDefault || p.Weight < l.priority.Weight) {
		l.priority = p // high priorities are rarer
	}
	c := ticket.Patch{Title: domain.Some(d.title()), Description: domain.Some(d.description()), PriorityID: domain.Some(string(l.priority.ID))}
	found := l.found()
	if len(d.refs.Menus) > 0 && d.percent(60) {
		menu := pick(d, d.refs.Menus)
		c.MenuID, found.Menu = domain.Some(string(menu.ID)), &menu
	}
	actor := access.Actor{ID: customer.ID, Username: customer.Name, Scope: access.ScopeOwn}
	if d.percent(20) {
		actor = access.Actor{ID: agent.ID, Username: agent.Name, Scope: access.ScopeAll}
		c.CreatedFor, found.CreatedFor = domain.Some(string(customer.ID)), &customer
	}
	if l.view, l.err = ticket.New(d.id(at), c, found, actor, at); l.err == nil {
		l.applyToClocks(ticket.SLATransition{Is: l.view})
	}
	return l
}
