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

// Tickets makes n tickets without numbers, in the order of their age: spread evenly over two years, most of them
// done. It needs the accounts of Accounts, stored before. An error ends the sequence.
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

// ticket makes one from its opening up to now.
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

// isActive says whether a ticket of an age is still worked on: nearly all of today's, few of those that are older
// than some months, one in eight in all.
func (d *Desk) isActive(opened time.Time) bool {
	const fading = 96 * 24 * time.Hour
	age := d.now.Sub(opened)
	return d.random.Float64() < 0.95*math.Exp(-float64(age)/float64(fading))
}

// open begins the life of a ticket: most are opened by their customer, some by an agent on the phone.
func (d *Desk) open(at time.Time) *life {
	customer, agent := pick(d, d.customers), pick(d, d.agents)
	l := &life{desk: d, at: at, agent: agent, status: d.refs.Statuses[ticket.Open], priority: pick(d, d.refs.Priorities)}
	if p := pick(d, d.refs.Priorities); d.percent(50) && (p.IsDefault || p.Weight < l.priority.Weight) {
		l.priority = p // the pressing ones are rarer
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
