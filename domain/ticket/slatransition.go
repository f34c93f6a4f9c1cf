package ticket

import (
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
)

// CommentEffect is what a comment means for the clocks of its ticket. It is stored with the comment.
type CommentEffect string

const (
	EffectNone     CommentEffect = ""         // nothing: an internal note
	EffectAsked    CommentEffect = "question" // a question: any other public comment
	EffectAnswered CommentEffect = "answer"   // an answer of the desk
	EffectUnheard  CommentEffect = "unheard"  // nothing: a public comment on a ticket that is over
)

// ClockEffect returns what the comment, which the actor has just written or made public, means for the clocks.
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
	Was    View // without an ID if the ticket is new
	Is     View
	Effect CommentEffect
	// Comment is the comment that has the effect, and ByRule whether a rule changed the status because of it.
	Comment domain.ID
	ByRule  bool
	// StatusChanges are the earlier changes of the status. They are needed only if a clock must start in the past
	// (sla.Ledger.Owes), or if the change Reopens.
	StatusChanges []StatusChange
	Sayings       []Saying // what is said about the ticket, needed only if the change Reopens
}

// StatusChange is a change of the status in the past, by the status types; "" for a status that no longer exists.
type StatusChange struct {
	At       time.Time
	From, To StatusType
	ByRule   bool // a rule changed it, because of a comment or of passing time
}

// StatusPeriods returns the status periods of the ticket, which has had the status changes. The last period has not
// ended.
func (v View) StatusPeriods(changes []StatusChange) []sla.StatusPeriod {
	first := v.StatusType
	if len(changes) > 0 {
		first = changes[0].From
	}
	out := []sla.StatusPeriod{{Status: first, Since: v.CreatedAt}}
	for _, c := range changes {
		out = append(out, sla.StatusPeriod{Status: c.To, Since: c.At})
	}
	return out
}

// TicketState returns what the ledger must know of the ticket after the change.
func (c SLATransition) TicketState() sla.TicketState {
	is := c.Is.ticketState()
	is.Answered = c.Is.lastAnswer(c.Sayings)
	if c.StatusChanges != nil {
		is.Periods = c.Was.StatusPeriods(c.StatusChanges)
	}
	return is
}

func (c SLATransition) opens() bool { return c.Was.ID == "" }

// Reopens reports whether the change makes a ticket active again.
func (c SLATransition) Reopens() bool {
	return !c.opens() && !c.Was.StatusType.Active() && c.Is.StatusType.Active()
}

// undoesResponse reports whether the change reopens a ticket whose first response was met by resolving it alone, before
// anybody answered: the first response is owed again.
func (c SLATransition) undoesResponse() bool {
	return c.Reopens() && c.Was.respondedByEnding(c.StatusChanges) && c.Is.lastAnswer(c.Sayings).IsZero()
}

// reclassified reports whether the change may lead to other terms: the priority or the menu changed.
func (c SLATransition) reclassified() bool {
	return !c.opens() && (c.Was.PriorityID != c.Is.PriorityID || c.Was.MenuID != c.Is.MenuID)
}

// setsDue reports whether a due time by hand was set, changed or cleared.
func (c SLATransition) setsDue() bool {
	return c.Was.SLAByHand != c.Is.SLAByHand || c.Is.SLAByHand && !c.Was.SLADueDate.Equal(c.Is.SLADueDate)
}

// asks reports whether the requester commented after the first response, on a ticket that is active after the change.
func (c SLATransition) asks() bool {
	responded := !c.Was.FirstResponseAt.IsZero() && !c.Is.FirstResponseAt.IsZero()
	return c.Effect == EffectAsked && responded && c.Is.StatusType.Active()
}

// Touches reports whether the change may affect the clocks.
func (c SLATransition) Touches() bool {
	return c.opens() || c.asks() || c.Effect == EffectAnswered || c.Was.StatusType != c.Is.StatusType || c.reclassified() || c.setsDue()
}

// NeedsTerms reports whether Apply needs the current terms for the ticket.
func (c SLATransition) NeedsTerms() bool {
	return c.Is.StatusType.Active() && (c.opens() || c.asks() || c.Reopens() || c.reclassified() || c.setsDue()) || c.opens()
}

// Apply applies the change to the clocks of the ledger, and returns the ticket updated from them. An answer counts before
// a change of the status that comes with it, a question after it. terms are used only if NeedsTerms.
func (c SLATransition) Apply(l *sla.Ledger, terms sla.Terms, now time.Time) View {
	undone := c.undoesResponse()
	if undone {
		c.Is.FirstResponseAt = time.Time{}
	}
	is, byHand := c.TicketState(), l.ByHand()
	if c.opens() {
		l.Begin(terms, is, now)
	}
	if l.Because(c.Comment); c.Effect == EffectAnswered {
		l.Replied(now)
	}
	if !c.ByRule {
		l.Because("")
	}
	switch active := c.Is.StatusType.Active(); {
	case c.Is.StatusType == Cancelled:
		l.Cancelled(now)
	case !active:
		l.Resolved(now)
	case c.Reopens():
		l.Reopened(terms, is, now)
	case !c.opens() && c.Was.StatusType != c.Is.StatusType:
		l.Moved(is.Status, now)
	}
	if c.Is.StatusType.Active() {
		c.applyTerms(l, terms, byHand, now)
	}
	if l.Because(c.Comment); c.asks() {
		l.Asked(terms, is, now)
	}
	l.Because("")
	v := c.Is
	switch {
	case len(l.Added()) > 0 || c.setsDue():
		v.updateFrom(l, now)
	case undone:
		v.RecomputeUrgency(now)
	}
	return v
}

// applyTerms applies other terms and due times by hand to the clocks. A due time by hand from before the ticket was over
// applies again when it is reopened.
func (c SLATransition) applyTerms(l *sla.Ledger, terms sla.Terms, byHand, now time.Time) {
	is := c.TicketState()
	if c.reclassified() || c.Reopens() {
		l.Retarget(terms, is, now)
	}
	switch {
	case !c.setsDue() && c.Reopens() && c.Is.SLAByHand && !byHand.IsZero():
		l.SetDue(terms, is, byHand, now)
	case !c.setsDue():
	case c.Is.SLAByHand:
		l.SetDue(terms, is, c.Is.SLADueDate, now)
	default:
		l.UnsetDue(terms, now)
	}
}

// Recompute applies terms to the open clocks of the ticket and updates the ticket from them. changes are the changes of
// its status so far.
func (v *View) Recompute(l *sla.Ledger, terms sla.Terms, changes []StatusChange, now time.Time) {
	is := v.ticketState()
	is.Periods = v.StatusPeriods(changes)
	l.Recompute(terms, is, now)
	v.updateFrom(l, now)
}

// Owes reports whether Recompute needs the past status changes: a promise of the terms would start in the past.
func (v View) Owes(l *sla.Ledger, terms sla.Terms) bool { return l.Owes(terms, v.ticketState()) }

// Void makes the breach of a clock void and updates the ticket from its clocks. IsEscalated stays.
func (v *View) Void(l *sla.Ledger, x sla.Void, now time.Time) error {
	if err := l.Void(x, now); err != nil {
		return err
	}
	v.updateFrom(l, now)
	return nil
}

func (v View) ticketState() sla.TicketState {
	return sla.TicketState{Status: v.StatusType, Opened: v.CreatedAt, Responded: !v.FirstResponseAt.IsZero()}
}

// updateFrom updates the ticket from its clocks: the due time, the breach, the escalation if a breached promise asks for
// it, and when the next alarm is due.
func (v *View) updateFrom(l *sla.Ledger, now time.Time) {
	before := *v
	v.updateDueDate(l)
	for _, c := range l.Broken() {
		v.IsEscalated = v.IsEscalated || c.Escalate
		if !v.SLABreached {
			v.SLABreached, v.SLABreachedAt = true, now
		}
	}
	if len(l.Voided()) > 0 && !l.Breached() {
		v.SLABreached, v.SLABreachedAt = false, time.Time{}
	}
	v.SLANextAt = l.NextAt()
	if differ(before, *v) {
		v.UpdatedAt = now
	}
	v.RecomputeUrgency(now)
}

// updateDueDate sets SLADueDate to the earliest due time of the clocks. A due time by hand takes part while the first
// response is owed, even if its clock is paused; it also stays as long as no clock is due.
func (v *View) updateDueDate(l *sla.Ledger) {
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

// IsDue reports whether a warning or breach of the ticket's clocks is due at now.
func (t Ticket) IsDue(now time.Time) bool { return sla.IsPast(t.SLANextAt, now) }

// Advance lets time pass for the ticket until now: it records the alarms that are due and the reminders of its dates, and
// recomputes the urgency. l may be nil if the ticket is not IsDue. It returns what people must be told of the dates.
func (v *View) Advance(l *sla.Ledger, now time.Time) Reminders {
	if l != nil {
		l.RecordDue(now)
		v.updateFrom(l, now)
	}
	told := v.remind(now)
	v.RecomputeUrgency(now)
	return told
}

// Alarms returns the history entries of warnings and breaches. Their cause is the service itself.
func Alarms(ticketID domain.ID, events []sla.Event, at time.Time, next func() domain.ID) []Entry {
	var out []Entry
	for _, e := range events {
		kind := EntryWarned
		if e.Kind == sla.Breached {
			kind = EntryBreached
		}
		out = append(out, Entry{
			ID: next(), TicketID: ticketID, At: at, Via: access.ViaJob, Kind: kind, Field: string(e.Metric), To: e.At.UTC().Format(time.RFC3339Nano),
		})
	}
	return out
}

// Voids returns the history entries of breaches that became void. breached are their clocks as they were before.
func Voids(ticketID domain.ID, breached []sla.Clock, by Cause, next func() domain.ID) []Entry {
	var out []Entry
	for _, c := range breached {
		out = append(out, Entry{
			ID: next(), TicketID: ticketID, At: by.At, ActorID: by.Actor, Via: by.Via, Kind: EntryVoided, Field: string(c.Metric),
			From: c.BreachedAt.UTC().Format(time.RFC3339Nano),
		})
	}
	return out
}
