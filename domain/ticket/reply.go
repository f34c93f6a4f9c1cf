package ticket

import (
	"cmp"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// OnReply is what a status does when the requester of a ticket replies.
type OnReply string

// The values of OnReply, as clients name them.
const (
	KeepOnReply OnReply = "keep" // the ticket keeps its status
	OpenOnReply OnReply = "open" // the ticket gets the status that ReplyStatus returns
)

// OnReplies is every value of OnReply.
var OnReplies = []OnReply{KeepOnReply, OpenOnReply}

// DefaultOnReply returns what statuses of a type do by default: a ticket that waits for its requester, or is done, becomes
// open.
func DefaultOnReply(t StatusType) OnReply {
	if t == Pending || t == Resolved {
		return OpenOnReply
	}
	return KeepOnReply
}

// setOnReply sets what the status does when the requester replies; null is the default of its type.
func (s *Status) setOnReply(p *domain.Problems, wanted domain.Optional[string]) {
	s.OnReply = OnReply(strings.TrimSpace(wanted.Or(string(s.OnReply))))
	switch {
	case wanted.Null:
		s.OnReply = DefaultOnReply(s.StatusType)
	case s.OnReply != KeepOnReply && s.OnReply != OpenOnReply:
		p.Add("onRequesterReply", domain.CodeChoice, domain.Params{"what": domain.TermOnReply, "choices": domain.Names(OnReplies)})
	}
}

// ReplyStatus returns the status that a ticket with a status gets when its requester replies: the default one if that is of
// type open, else the first of type open; nil if the ticket keeps its status. all are the statuses of the desk.
func (s Status) ReplyStatus(all []Status) *Status {
	if s.OnReply != OpenOnReply {
		return nil
	}
	for i, x := range all {
		if x.IsDefault && x.StatusType == Open {
			return &all[i]
		}
	}
	return FirstOfType(all, Open)
}

// FirstOfType returns the status of a type that comes first in the order of lists; nil if there is none.
func FirstOfType(all []Status, t StatusType) (first *Status) {
	for i, x := range all {
		if x.StatusType == t && (first == nil || x.before(*first)) {
			first = &all[i]
		}
	}
	return first
}

// before reports whether the status comes before another one in lists.
func (s Status) before(t Status) bool {
	return cmp.Or(cmp.Compare(s.Weight, t.Weight), cmp.Compare(s.NameKey, t.NameKey), cmp.Compare(s.ID, t.ID)) < 0
}

// Replies reports whether the comment of the actor is a reply of the requester, to which the status of the ticket reacts: it
// is public, and the actor is the requester and not also the assignee.
func (c Comment) Replies(t Ticket, actor access.Actor) bool {
	return c.Visibility == Public && actor.ID == t.Requester() && actor.ID != t.AssignedTo
}

// reply moves a ticket that is not over to found.ReplyStatus, if there is one, because the requester replied.
func (v *View) reply(found Found, now time.Time) error {
	to := found.ReplyStatus
	if to == nil || to.ID == v.StatusID || v.StatusType.Over() {
		return nil
	}
	return v.Apply(Patch{StatusID: domain.Some(string(to.ID))}, Found{Status: to, Priority: found.Priority}, now)
}

// refusesRequester reports whether the ticket is over and the comment of the actor, who is its requester, is public. Others
// may comment on it, and the requester may follow it up.
func (v View) refusesRequester(c Comment, actor access.Actor) bool {
	return v.StatusType.Over() && c.Visibility == Public && actor.ID == v.Requester()
}
