package ticket

import (
	"fmt"
	"time"

	"tickt/domain"
)

// checkLifecycle refuses a change that the life of a ticket does not allow: n is what v would become. A ticket that is over
// takes no other change but its status, with all that follows from it, and, where it is closed, how content its
// requester is. What a client sends back as it read it is no change.
func (v View) checkLifecycle(n View, c Patch, found Found, now time.Time) error {
	if !v.StatusType.Over() {
		return nil
	}
	if v.StatusID != n.StatusID && !v.StatusType.MayBecome(n.StatusType) {
		return domain.Fail(domain.Conflict, fmt.Sprintf("A %s ticket can only be moved to open or in_progress.", v.StatusType))
	}
	if v.PriorityID != n.PriorityID {
		return v.closedError()
	}
	alone, err := v.applied(Patch{StatusID: c.StatusID, CustomerSatisfaction: c.CustomerSatisfaction}, found, now)
	if err == nil && differ(alone, n) {
		err = v.closedError()
	}
	return err
}

// closedError is how a ticket that is over refuses whatever it does not take.
func (v View) closedError() error {
	return domain.Fail(domain.Conflict, fmt.Sprintf("A %s ticket takes no other change but its status.", v.StatusType))
}

// rate sets the customer's satisfaction, which only a ticket whose work is done can have. What stays as it was is
// not questioned; a reopened ticket loses it.
func (v *View) rate(p *domain.Problems, c Patch) {
	was, given := v.CustomerSatisfaction, c.CustomerSatisfaction.Given()
	v.CustomerSatisfaction = c.CustomerSatisfaction.Or(was)
	switch {
	case given && (v.CustomerSatisfaction < 1 || v.CustomerSatisfaction > 5):
		p.Add("customerSatisfaction", domain.CodeRange, domain.Params{"label": domain.TermSatisfaction, "least": 1, "most": 5})
	case v.StatusType.Done():
	case given && v.CustomerSatisfaction != was:
		p.Add("customerSatisfaction", domain.CodeRatedTooEarly)
	default:
		v.CustomerSatisfaction = 0
	}
}

// resolve keeps what resolving and reopening do: the time of resolution, and the first response that a
// resolution is. was is the type of the status before.
func (v *View) resolve(c Patch, was StatusType, now time.Time) {
	done := v.StatusType.Done()
	switch {
	case c.ResolvedAt.Given() && !c.ResolvedAt.Value.Equal(v.ResolvedAt):
		v.ResolvedAt = c.ResolvedAt.Value
	case done && v.ResolvedAt.IsZero():
		v.ResolvedAt = now
	case !done && (was.Done() || c.ResolvedAt.Null):
		v.ResolvedAt = time.Time{}
	}
	if done && v.FirstResponseAt.IsZero() {
		v.FirstResponseAt = now
	}
}
