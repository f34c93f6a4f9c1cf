package demo

import (
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// life is the history of one ticket while it is generated. After an error nothing more happens to it.
type life struct {
	desk     *Desk
	view     ticket.View
	at       time.Time // of the last change
	agent    ticket.Person
	status   ticket.Status
	priority ticket.Priority
	ledger   []sla.Entry
	clocks   []sla.ClockState
	err      error
}

func (l *life) found() ticket.Found { return ticket.Found{Status: &l.status, Priority: &l.priority} }

// update changes the ticket at a random time, up to most after the last change.
func (l *life) update(most time.Duration, patch ticket.Patch) {
	found := l.found()
	if patch.AssignedTo.Set {
		found.AssignedTo = &l.agent
	}
	l.at = l.desk.momentAfter(l.at, most)
	l.advance(l.at)
	if l.err != nil {
		return
	}
	was := l.view
	if l.err = l.view.Apply(patch, found, l.at); l.err == nil {
		l.applyToClocks(ticket.SLATransition{Was: was, Is: l.view})
	}
}

// applyToClocks applies a change to the clocks of the ticket, as the service does without a policy.
func (l *life) applyToClocks(c ticket.SLATransition) {
	if !c.Touches() {
		return
	}
	clocks := l.currentLedger()
	l.view = c.Apply(clocks, sla.TermsFor(nil, l.view.PriorityID, l.view.MenuID, l.priority.SLAHours), l.at)
	l.keepClocks(clocks, l.at)
}

func (l *life) currentLedger() *sla.Ledger {
	return sla.NewLedger(sla.EventsOf(l.ledger), func(domain.ID) *sla.Schedule { return sla.AlwaysOpenSchedule() })
}

func (l *life) keepClocks(clocks *sla.Ledger, at time.Time) {
	l.ledger = append(l.ledger, clocks.AddedTo(l.view.ID, at)...)
	for _, s := range clocks.ClockStates(l.view.ID) {
		l.clocks = append(slices.DeleteFunc(l.clocks, s.SameClock), s)
	}
}

// advance lets time pass until now, as the sweep does: once for each time at which the urgency changes.
func (l *life) advance(now time.Time) {
	for l.err == nil && !l.view.UrgencyUntil.After(now) {
		at := l.view.UrgencyUntil
		clocks := l.currentLedger()
		l.view.Advance(clocks, at)
		l.keepClocks(clocks, at)
	}
}

func (l *life) dossier() ports.Dossier {
	return ports.Dossier{View: l.view, Entries: l.ledger, ClockStates: l.clocks}
}

func (l *life) setStatusType(t ticket.StatusType, most time.Duration) {
	l.status = l.desk.refs.Statuses[t]
	l.update(most, ticket.Patch{StatusID: domain.Some(string(l.status.ID))})
}

func (l *life) assign() {
	l.update(time.Hour, ticket.Patch{AssignedTo: domain.Some(string(l.agent.ID))})
}

// promisedTime returns the SLA time of the priority; a day if it has none.
func (l *life) promisedTime() time.Duration {
	if l.priority.SLAHours == 0 {
		return 24 * time.Hour
	}
	return time.Duration(l.priority.SLAHours) * time.Hour
}

// finish works the ticket until it is resolved, and maybe closed. One in ten tickets breaches its SLA.
func (l *life) finish() {
	d := l.desk
	if d.percent(60) {
		l.setStatusType(ticket.InProgress, l.promisedTime()/10)
	}
	if d.percent(15) {
		l.setStatusType(ticket.Pending, l.promisedTime()/10)
	}
	if d.percent(10) {
		l.at = d.momentAfter(l.at.Add(l.promisedTime()), 2*l.promisedTime())
	}
	l.setStatusType(ticket.Resolved, l.promisedTime()/2)
	if d.percent(40) {
		l.update(24*time.Hour, ticket.Patch{CustomerSatisfaction: domain.Some(min(5, 1+d.random.IntN(7)))})
	}
	if d.now.Sub(l.at) > 7*24*time.Hour && d.percent(80) {
		l.setStatusType(ticket.Closed, 7*24*time.Hour)
	}
}

// leaveActive works the ticket and leaves it active.
func (l *life) leaveActive() {
	d := l.desk
	if d.percent(30) {
		l.setDeadlines()
	}
	if d.percent(70) {
		l.assign()
	}
	switch chance := d.random.IntN(100); {
	case chance < 25:
		l.setStatusType(ticket.Pending, l.promisedTime()/2)
	case chance < 60: // resolved and reopened
		l.setStatusType(ticket.Resolved, l.promisedTime()/2)
		l.setStatusType(ticket.InProgress, 72*time.Hour)
	case chance < 85: // due date set by hand
		l.update(l.promisedTime()/2, ticket.Patch{SLADueDate: domain.Some(d.future(14 * 24 * time.Hour))})
	case chance < 95:
		l.setStatusType(ticket.InProgress, l.promisedTime()/2)
	}
	if d.percent(8) {
		l.update(24*time.Hour, ticket.Patch{IsEscalated: domain.Some(true)})
	}
}

// setDeadlines sets a response deadline, which may already be over, and often a due date.
func (l *life) setDeadlines() {
	deadline := l.desk.future(21 * 24 * time.Hour)
	if l.desk.percent(25) {
		deadline = l.at.Add(l.promisedTime() * 2)
	}
	c := ticket.Patch{ResponseDeadline: domain.Some(deadline)}
	if l.desk.percent(60) {
		c.DueDate = domain.Some(deadline.Add(time.Duration(1+l.desk.random.IntN(240)) * time.Hour))
	}
	l.update(time.Hour, c)
}

// future returns a random time after now, by up to most and a minute.
func (d *Desk) future(most time.Duration) time.Time {
	return d.now.Add(time.Minute + d.upTo(most)).Truncate(time.Minute)
}
