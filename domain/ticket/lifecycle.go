package ticket

import (
	"fmt"

	"tickt/domain"
)

// Over says that nothing more is done for a ticket whose status is of the type, unless it is reopened.
func (t StatusType) Over() bool { return t == Closed || t == Cancelled }

// MayBecome says whether a ticket whose status is of the type may get one of another type, or of the same: all move
// freely, but what is over can only be taken up again.
func (t StatusType) MayBecome(next StatusType) bool {
	return !t.Over() || next == Open || next == InProgress
}

// live refuses a change that the life of a ticket does not allow: n is what v would become. A ticket that is over
// takes no other change but its status; how content its requester is can still be said when it is closed.
func (v View) live(n View, c Change) error {
	if !v.StatusType.Over() {
		return nil
	}
	if v.StatusID != n.StatusID && !v.StatusType.MayBecome(n.StatusType) {
		return domain.Fail(domain.Conflict, fmt.Sprintf("A %s ticket can only be moved to open or in_progress.", v.StatusType))
	}
	if v.Title != n.Title || v.Description != n.Description || v.MenuID != n.MenuID || v.PriorityID != n.PriorityID ||
		v.CreatedFor != n.CreatedFor || v.AssignedTo != n.AssignedTo || v.IsEscalated != n.IsEscalated ||
		!v.ResponseDeadline.Equal(n.ResponseDeadline) || !v.DueDate.Equal(n.DueDate) || v.movedByHand(c) {
		return domain.Fail(domain.Conflict, fmt.Sprintf("A %s ticket takes no other change but its status.", v.StatusType))
	}
	return nil
}

// movedByHand says whether a change sets a time that a ticket that is over keeps.
func (v View) movedByHand(c Change) bool {
	return c.ResolvedAt.Set && !c.ResolvedAt.Value.Equal(v.ResolvedAt) || c.SLADueDate.Given() && !c.SLADueDate.Value.Equal(v.SLADueDate)
}
