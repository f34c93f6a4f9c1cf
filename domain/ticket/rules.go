package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

// maxDueDistance is how far a due time by hand may be from now, before or after: fifty years.
const maxDueDistance = 50 * 365 * 24 * time.Hour

// NumberOf returns the n-th ticket number of a day (YYYYMMDD). It has more than four digits if n does.
func NumberOf(day string, n int) string { return fmt.Sprintf("TKT-%s-%04d", day, n) }

// New returns a new ticket. found is what was found for c.Refs. A requester is always the customer of the tickets that it
// opens. The error lists every problem.
func New(id domain.ID, c Patch, found Found, actor access.Actor, now time.Time) (View, error) {
	v := View{Ticket: Ticket{ID: id, CreatedBy: actor.ID, CreatedAt: now}, Names: Names{CreatedByName: actor.Username}}
	if !actor.SeesAll() {
		v.CreatedFor, v.CreatedForName = actor.ID, actor.Username
	}
	c.Unread = slices.Clone(c.Unread)
	v.followUp(&c.Unread, c, found, actor)
	err := v.Apply(c, found, now)
	return v, err
}

// followUp sets the ticket that a new one follows up: one that is not active, and that the actor sees and is the requester
// of, or sees because it sees all tickets. All others are the same problem, so that the actor learns nothing of them.
func (v *View) followUp(p *domain.Problems, c Patch, found Found, actor access.Actor) {
	if strings.TrimSpace(c.FollowUpOf.Value) == "" {
		return
	}
	f := found.FollowUp
	if f == nil || f.StatusType.Active() || !actor.SeesAll() && f.requester() != actor.ID {
		p.AddOnce("followUpOf", domain.CodeFollowUp)
		return
	}
	v.FollowUpOf, v.FollowUpNumber = f.ID, f.Number
}

func (f FollowUp) requester() domain.ID {
	return Ticket{CreatedBy: f.CreatedBy, CreatedFor: f.CreatedFor}.Requester()
}

// Numbered returns the ticket with a number.
func (v View) Numbered(number string) View {
	v.Number = number
	return v
}

// Apply changes the ticket. found is what was found for c.Refs. The error lists every problem; the ticket is then
// unchanged, as it is if the patch changes nothing.
func (v *View) Apply(c Patch, found Found, now time.Time) error {
	n, err := v.applied(c, found, now)
	if err != nil {
		return err
	}
	if err := v.checkLifecycle(n, c, found, now); err != nil {
		return err
	}
	*v = n
	return nil
}

// applied returns the ticket with the patch applied, without checkLifecycle.
func (v View) applied(c Patch, found Found, now time.Time) (View, error) {
	p := slices.Clone(c.Unread)
	n := v
	c.setTexts(&n, &p)
	n.setStatusAndPriority(&p, c, found)
	n.setReferences(&p, c, found)
	n.ResponseDeadline, n.DueDate = c.ResponseDeadline.Or(v.ResponseDeadline), c.DueDate.Or(v.DueDate)
	moved := !n.ResponseDeadline.Equal(v.ResponseDeadline) || !n.DueDate.Equal(v.DueDate)
	if moved && !n.ResponseDeadline.IsZero() && !n.DueDate.IsZero() && !n.DueDate.After(n.ResponseDeadline) {
		p.Add("dueDate", domain.CodeDueBeforeResponse)
	}
	n.IsEscalated = c.IsEscalated.Or(v.IsEscalated)
	if due := c.SLADueDate.Value; c.SLADueDate.Given() && !due.Equal(v.SLADueDate) &&
		(due.After(now.Add(maxDueDistance)) || due.Before(now.Add(-maxDueDistance))) {
		p.Add("slaDueDate", domain.CodeTooFar)
	}
	n.rate(&p, c)
	if err := p.Err(); err != nil {
		return v, err
	}
	n.setDueByHand(c)
	n.resolve(c, v.StatusType, now)
	if n.Equal(v.Ticket) {
		return v, nil
	}
	n.UpdatedAt = now
	n.armDates(v, now)
	n.RecomputeUrgency(now)
	return n, nil
}

// Delete deletes the ticket; no list or request finds it any more.
func (t *Ticket) Delete(now time.Time) { t.DeletedAt, t.UpdatedAt = now, now }

// setStatusAndPriority sets the status and the priority.
func (v *View) setStatusAndPriority(p *domain.Problems, c Patch, found Found) {
	switch {
	case found.Status != nil:
		v.setStatus(*found.Status)
	case c.StatusID.Given():
		p.Add("statusId", domain.CodeStatus)
	case !p.Has("statusId"):
		p.Add("statusId", domain.CodeNoDefaultStatus)
	}
	switch {
	case found.Priority != nil:
		v.PriorityID, v.PriorityName = found.Priority.ID, found.Priority.Name
		v.PriorityWeight = found.Priority.Weight
	case c.PriorityID.Given():
		p.Add("priorityId", domain.CodePriority)
	case !p.Has("priorityId"):
		p.Add("priorityId", domain.CodeNoDefaultPriority)
	}
}

// setStatus sets the status, without what follows from it.
func (v *View) setStatus(s Status) {
	v.StatusID, v.StatusName, v.StatusType, v.StatusWeight, v.AutoCloseDays = s.ID, s.Name, s.StatusType, s.Weight, s.AutoCloseDays
}

// setReferences sets the menu, the customer and the assignee. An unchanged reference is not checked: its account may have
// been deactivated since.
func (v *View) setReferences(p *domain.Problems, c Patch, found Found) {
	if c.MenuID.Set && c.MenuID.Value != string(v.MenuID) {
		switch {
		case strings.TrimSpace(c.MenuID.Value) == "":
			v.MenuID, v.MenuName = "", ""
		case found.Menu == nil:
			p.Add("menuId", domain.CodeMenu)
		default:
			v.MenuID, v.MenuName = found.Menu.ID, found.Menu.Name
		}
	}
	v.setPerson(p,
		personField{
			"createdFor", domain.CodeCustomer, c.CreatedFor, c.CreatedForName, found.CreatedFor, &v.CreatedFor, &v.CreatedForName,
			Person.mayBeCustomer,
		})
	was := v.AssignedTo
	v.setPerson(p,
		personField{
			"assignedTo", domain.CodeStaff, c.AssignedTo, c.AssignedToName, found.AssignedTo, &v.AssignedTo, &v.AssignedToName,
			Person.MayBeAssignee,
		})
	v.AssigneeGone = v.AssigneeGone && v.AssignedTo == was
}

func (p Person) mayBeCustomer() bool { return p.IsActive }

// MayBeAssignee reports whether tickets can be assigned to the person.
func (p Person) MayBeAssignee() bool { return p.IsActive && p.MayView }

// personField is a field of a ticket that refers to an account: what the client sent, the account that was found, and
// where to store its id and name.
type personField struct {
	field          string
	invalid        domain.Code // the problem if the account must not be referred to
	newID, newName domain.Optional[string]
	found          *Person
	id             *domain.ID
	name           *string
	suitable       func(Person) bool
}

// setPerson sets a reference to an account. A client that sends back what it read sends a name besides the id, and may
// have changed either of them: the one that differs counts. If both differ, they must belong to the same account.
func (v *View) setPerson(p *domain.Problems, x personField) {
	newID := strings.TrimSpace(x.newID.Value)
	sameID := newID == string(*x.id)
	renamed := x.newName.Set && x.newName.Value != *x.name
	switch {
	case !x.newID.Set, sameID && !renamed:
	case newID == "" && !renamed, (newID == "" || sameID) && x.newName.Value == "":
		*x.id, *x.name = "", ""
	case newID != "" && (x.found == nil || !x.suitable(*x.found)):
		p.Add(x.field, x.invalid)
	case renamed && (x.found == nil || x.newName.Value != x.found.Name):
		p.Add(x.field, domain.CodeTwoAccounts)
	default:
		*x.id, *x.name = x.found.ID, x.found.Name
	}
}

// setDueByHand sets or clears the due time by hand; all other due times come from the clocks (SLATransition.Apply).
func (v *View) setDueByHand(c Patch) {
	switch {
	case c.SLADueDate.Given() && !c.SLADueDate.Value.Equal(v.SLADueDate):
		v.SLADueDate, v.SLAByHand = c.SLADueDate.Value, true
	case c.SLADueDate.Null && v.SLAByHand:
		v.SLADueDate, v.SLAByHand = time.Time{}, false
	}
}
