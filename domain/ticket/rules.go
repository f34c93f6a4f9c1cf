package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
)

const maxAhead = 50 * 365 * 24 * time.Hour // of a due time

// NumberOf writes the n-th ticket number of a day given as YYYYMMDD; it grows past four digits.
func NumberOf(day string, n int) string { return fmt.Sprintf("TKT-%s-%04d", day, n) }

// New opens a ticket. found holds what c.Refs led to. A requester opens it for itself.
// The error lists every problem.
func New(id domain.ID, c Patch, found Found, actor access.Actor, now time.Time) (View, error) {
	v := View{Ticket: Ticket{ID: id, CreatedBy: actor.ID, CreatedAt: now}, Names: Names{CreatedByName: actor.Username}}
	if !actor.SeesAll() {
		v.CreatedFor, v.CreatedForName = actor.ID, actor.Username
	}
	err := v.Apply(c, found, now)
	return v, err
}

// Numbered gives a new ticket its number.
func (v View) Numbered(number string) View {
	v.Number = number
	return v
}

// Apply changes the ticket. found holds what c.Refs led to. The error lists every problem;
// the ticket is then as it was.
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

// applied gives what a change makes of the ticket, whether or not its life allows it.
func (v View) applied(c Patch, found Found, now time.Time) (View, error) {
	p := slices.Clone(c.Unread)
	n := v
	c.write(&n, &p)
	n.classify(&p, c, found)
	n.name(&p, c, found)
	n.ResponseDeadline, n.DueDate = c.ResponseDeadline.Or(v.ResponseDeadline), c.DueDate.Or(v.DueDate)
	moved := !n.ResponseDeadline.Equal(v.ResponseDeadline) || !n.DueDate.Equal(v.DueDate)
	if moved && !n.ResponseDeadline.IsZero() && !n.DueDate.IsZero() && !n.DueDate.After(n.ResponseDeadline) {
		p.Add("dueDate", domain.CodeDueBeforeResponse)
	}
	n.IsEscalated = c.IsEscalated.Or(v.IsEscalated)
	if due := c.SLADueDate.Value; c.SLADueDate.Given() && !due.Equal(v.SLADueDate) &&
		(due.After(now.Add(maxAhead)) || due.Before(now.Add(-maxAhead))) {
		p.Add("slaDueDate", domain.CodeTooFar)
	}
	n.rate(&p, c)
	if err := p.Err(); err != nil {
		return v, err
	}
	n.promise(c)
	n.resolve(c, v.StatusType, now)
	n.UpdatedAt = now
	n.RecomputeUrgency(now)
	return n, nil
}

// Delete takes the ticket out of every view.
func (t *Ticket) Delete(now time.Time) { t.DeletedAt, t.UpdatedAt = now, now }

// classify sets status and priority.
func (v *View) classify(p *domain.Problems, c Patch, found Found) {
	switch {
	case found.Status != nil:
		v.StatusID, v.StatusName = found.Status.ID, found.Status.Name
		v.StatusType, v.StatusWeight = found.Status.StatusType, found.Status.Weight
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

// name sets the menu and the people. A reference that stays as it was is not questioned: the account
// behind it may have been deactivated since.
func (v *View) name(p *domain.Problems, c Patch, found Found) {
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
	v.person(p,
		personOf{
			"createdFor", domain.CodeCustomer, c.CreatedFor, c.CreatedForName, found.CreatedFor, &v.CreatedFor, &v.CreatedForName,
			Person.mayAsk,
		})
	v.person(p,
		personOf{
			"assignedTo", domain.CodeStaff, c.AssignedTo, c.AssignedToName, found.AssignedTo, &v.AssignedTo, &v.AssignedToName,
			Person.mayWork,
		})
}

func (p Person) mayAsk() bool  { return p.IsActive }
func (p Person) mayWork() bool { return p.IsActive && p.MayView }

// personOf is one of the people of a ticket: whom the client wants, what was found, and where it goes.
type personOf struct {
	field          string
	unfit          domain.Code
	wanted, beside domain.Optional[string]
	found          *Person
	id             *domain.ID
	name           *string
	fit            func(Person) bool
}

// person sets one of the people. A client that sends back what it read sends a name beside the id, and may have
// changed either: the one that differs counts. Where both differ, they must mean the same account.
func (v *View) person(p *domain.Problems, x personOf) {
	wanted := strings.TrimSpace(x.wanted.Value)
	stays := wanted == string(*x.id)
	renamed := x.beside.Set && x.beside.Value != *x.name
	switch {
	case !x.wanted.Set, stays && !renamed:
	case wanted == "" && !renamed, (wanted == "" || stays) && x.beside.Value == "":
		*x.id, *x.name = "", ""
	case wanted != "" && (x.found == nil || !x.fit(*x.found)):
		p.Add(x.field, x.unfit)
	case renamed && (x.found == nil || x.beside.Value != x.found.Name):
		p.Add(x.field, domain.CodeTwoAccounts)
	default:
		*x.id, *x.name = x.found.ID, x.found.Name
	}
}

// promise notes when the first response is due by hand, or that it is no more; its clocks say when else (Course).
func (v *View) promise(c Patch) {
	switch {
	case c.SLADueDate.Given() && !c.SLADueDate.Value.Equal(v.SLADueDate):
		v.SLADueDate, v.SLAByHand = c.SLADueDate.Value, true
	case c.SLADueDate.Null && v.SLAByHand:
		v.SLADueDate, v.SLAByHand = time.Time{}, false
	}
}
