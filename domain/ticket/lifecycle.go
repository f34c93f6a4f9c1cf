package ticket

import (
	"fmt"
	"time"

	"tickt/domain"
)

// checkLifecycle returns an error if v must not become n. A ticket that is over can only be reopened or, if it is closed,
// rated; values that a client sends back unchanged are not a change.
func (v View) checkLifecycle(n View, c Patch, found Found, now time.Time) error {
	if !v.StatusType.Over() {
		return nil
	}
	if v.StatusID != n.StatusID && !v.StatusType.MayBecome(n.StatusType) {
		return domain.FailFor(domain.ReasonClosed, fmt.Sprintf("A %s ticket can only be moved to open or in_progress.", v.StatusType))
	}
	if v.PriorityID != n.PriorityID {
		return v.closedError()
	}
	allowed, err := v.applied(Patch{StatusID: c.StatusID, CustomerSatisfaction: c.CustomerSatisfaction}, found, now)
	if err == nil && differ(allowed, n) {
		err = v.closedError()
	}
	return err
}

// closedError is the error of a change that a ticket that is over does not accept.
func (v View) closedError() error {
	return domain.FailFor(domain.ReasonClosed, fmt.Sprintf("A %s ticket takes no other change but its status.", v.StatusType))
}

// closedToRequester is the error of a comment that a ticket that is over does not accept of its requester.
func (v View) closedToRequester() error {
	const sentence = "A %s ticket takes no more comments of its requester; open a follow-up."
	return domain.FailFor(domain.ReasonClosed, fmt.Sprintf(sentence, v.StatusType))
}

// rate sets the customer satisfaction, which only a resolved or closed ticket can have. A value that the client sends
// back unchanged is not a problem on other tickets; they lose the rating.
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

// resolve sets or clears the time of resolution. Resolving without a first response counts as one. was is the status type
// before the change.
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
