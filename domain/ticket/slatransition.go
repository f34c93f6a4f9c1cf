package ticket

import (
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
)

// CommentEffect is what a public comment means for the clocks of its ticket.
type CommentEffect uint8

// What may have been said.
const (
	EffectNone     CommentEffect = iota // to nobody outside
	EffectAsked                         // by the requester
	EffectAnswered                      // by the desk
)

// ClockEffect gives what the comment, which was written or published just now, means for the clocks.
func (c Comment) ClockEffect(t Ticket, actor access.Actor) CommentEffect {
	switch {
	case c.Visibility != Public:
		return EffectNone
	case c.Responds(t, actor):
		return EffectAnswered
	default:
		return EffectAsked
	}
}

// SLATransition is a change of a ticket as its clocks see it.
type SLATransition struct {
	Was    View // without an ID: the ticket is new
	Is     View
	Effect CommentEffect
	// StatusChanges are what its status was before; they matter where a clock must begin late.
	StatusChanges []StatusChange
}

// StatusChange is a change of a ticket's status, by the types of the statuses; "" where one is gone.
type StatusChange struct {
	At       time.Time
	From, To StatusType
}

// StatusPeriods gives the statuses that a ticket had, which moved so, the last of them still.
func (v View) StatusPeriods(moves []StatusChange) []sla.StatusPeriod {
	first := v.StatusType
	if len(moves) > 0 {
		first = moves[0].From
	}
	out := []sla.StatusPeriod{{Status: first, Since: v.CreatedAt}}
	for _, m := range moves {
		out = append(out, sla.StatusPeriod{Status: m.To, Since: m.At})
	}
	return out
}

// TicketState is what the clocks must know of the ticket.
func (c SLATransition) TicketState() sla.TicketState {
	is := c.Is.ticketState()
	if c.StatusChanges != nil {
		is.Periods = c.Was.StatusPeriods(c.StatusChanges)
	}
	return is
}

func (c SLATransition) opens() bool { return c.Was.ID == "" }
func (c SLATransition) reopens() bool {
	return !c.opens() && !c.Was.StatusType.Active() && c.Is.StatusType.Active()
}

// reclassified says that another promise may hold from now on.
func (c SLATransition) reclassified() bool {
	return !c.opens() && (c.Was.PriorityID != c.Is.PriorityID || c.Was.MenuID != c.Is.MenuID)
}

// set says that somebody set when the first response is due, or gave that back.
func (c SLATransition) set() bool {
	return c.Was.SLAByHand != c.Is.SLAByHand || c.Is.SLAByHand && !c.Was.SLADueDate.Equal(c.Is.SLADueDate)
}

// asks says that the requester wrote after the first response, on a ticket that is open now.
func (c SLATransition) asks() bool {
	return c.Effect == EffectAsked && !c.Was.FirstResponseAt.IsZero() && c.Is.StatusType.Active()
}

// Touches says whether the change may do something to the clocks.
func (c SLATransition) Touches() bool {
	return c.opens() || c.asks() || c.Effect == EffectAnswered || c.Was.StatusType != c.Is.StatusType || c.reclassified() || c.set()
}

// NeedsTerms says whether it matters for the change what would be promised today.
func (c SLATransition) NeedsTerms() bool {
	return c.Is.StatusType.Active() && (c.opens() || c.asks() || c.reopens() || c.reclassified() || c.set()) || c.opens()
}

// Apply carries a change over to the clocks, and what becomes of these to the ticket. An answer counts for the status
// that it found, a question for the one that it left. It needs terms where NeedsTerms says so.
func (c SLATransition) Apply(l *sla.Ledger, terms sla.Terms, now time.Time) View {
	is, byHand := c.TicketState(), l.ByHand()
	if c.opens() {
		l.Begin(terms, is, now)
	}
	if c.Effect == EffectAnswered {
		l.Replied(now)
	}
	switch active := c.Is.StatusType.Active(); {
	case c.Is.StatusType == Cancelled:
		l.Cancelled(now)
	case !active:
		l.Resolved(now)
	case c.reopens():
		l.Reopened(terms, is, now)
	case !c.opens() && c.Was.StatusType != c.Is.StatusType:
		l.Moved(is.Status, now)
	}
	if c.Is.StatusType.Active() {
		c.promise(l, terms, byHand, now)
	}
	if c.asks() {
		l.Asked(terms, is, now)
	}
	v := c.Is
	if len(l.Added()) > 0 || c.set() {
		v.settle(l, now)
	}
	return v
}

// promise carries over that other promises hold. What was due by hand before is due by hand again when the ticket is reopened.
func (c SLATransition) promise(l *sla.Ledger, terms sla.Terms, byHand, now time.Time) {
	is := c.TicketState()
	if c.reclassified() || c.reopens() {
		l.Retarget(terms, is, now)
	}
	switch {
	case !c.set() && c.reopens() && c.Is.SLAByHand && !byHand.IsZero():
		l.SetDue(terms, is, byHand, now)
	case !c.set():
	case c.Is.SLAByHand:
		l.SetDue(terms, is, c.Is.SLADueDate, now)
	default:
		l.UnsetDue(terms, now)
	}
}

// Recompute applies terms to the open clocks of the ticket, whose status moved so, and what becomes of these to the ticket.
func (v *View) Recompute(l *sla.Ledger, terms sla.Terms, moves []StatusChange, now time.Time) {
	is := v.ticketState()
	is.Periods = v.StatusPeriods(moves)
	l.Recompute(terms, is, now)
	v.settle(l, now)
}

func (v View) ticketState() sla.TicketState {
	return sla.TicketState{Status: v.StatusType, Opened: v.CreatedAt, Responded: !v.FirstResponseAt.IsZero()}
}

// settle takes over what clients see of the clocks: the earliest due time, unless somebody set one, that a promise was
// broken, and that the ticket is escalated where the promise asked for it.
func (v *View) settle(l *sla.Ledger, now time.Time) {
	before := *v
	v.dueAfter(l)
	for _, c := range l.Broken() {
		v.IsEscalated = v.IsEscalated || c.Escalate
		if !v.SLABreached {
			v.SLABreached, v.SLABreachedAt = true, now
		}
	}
	v.SLANextAt = l.NextAt()
	if differ(before, *v) {
		v.UpdatedAt = now
	}
	v.RecomputeUrgency(now)
}

// dueAfter gives the ticket the earliest due time. Of one that was set by hand, it is shown while the first response is owed,
// running or not, and as long as nothing else is due.
func (v *View) dueAfter(l *sla.Ledger) {
	next, byHand := l.NextDue(), l.ByHand()
	switch {
	case !v.SLAByHand:
		v.SLADueDate = next
	case !byHand.IsZero() && (next.IsZero() || byHand.Before(next)):
		v.SLADueDate = byHand
	case !next.IsZero():
		v.SLADueDate = next
	}
	v.SLAByHand = v.SLAByHand && (next.IsZero() || !byHand.IsZero())
}

// IsDue says that something of the ticket's clocks is due.
func (t Ticket) IsDue(now time.Time) bool { return sla.IsPast(t.SLANextAt, now) }

// Advance lets time pass: the clocks note what they have come to, people are reminded of a due date that approaches, and
// the urgency is computed again. l may be nil if the ticket is not Overtaken. remind reports whether people must be told.
func (v *View) Advance(l *sla.Ledger, now time.Time) (remind bool) {
	if l != nil {
		l.RecordDue(now)
		v.settle(l, now)
	}
	if at := v.remindAt(); sla.IsPast(at, now) {
		v.DueReminded, remind = v.DueDate, now.Before(v.DueDate)
	}
	v.RecomputeUrgency(now)
	return remind
}

// ReminderBefore is how long before the due date of an open ticket people are reminded of it.
const ReminderBefore = 24 * time.Hour

// remindAt gives when people are to be reminded of the due date; zero where they were already, or nobody works on the
// ticket any more.
func (v View) remindAt() time.Time {
	if v.DueDate.IsZero() || !v.StatusType.Active() || v.DueReminded.Equal(v.DueDate) {
		return time.Time{}
	}
	return v.DueDate.Add(-ReminderBefore)
}

// Alarms gives the entries of history for warnings and breaches, which the service itself notices.
func Alarms(of domain.ID, events []sla.Event, at time.Time, next func() domain.ID) []Entry {
	var out []Entry
	for _, e := range events {
		kind := EntryWarned
		if e.Kind == sla.Breached {
			kind = EntryBreached
		}
		out = append(out, Entry{
			ID: next(), TicketID: of, At: at, Via: access.ViaJob, Kind: kind, Field: string(e.Metric), To: e.At.UTC().Format(time.RFC3339Nano),
		})
	}
	return out
}
