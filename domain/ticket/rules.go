package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
)

const (
	maxTitle = 200
	maxBody  = 64 * 1024
)

// NumberOf writes the n-th ticket number of a day given as YYYYMMDD; it grows past four digits.
func NumberOf(day string, n int) string { return fmt.Sprintf("TKT-%s-%04d", day, n) }

// New opens a ticket. found holds what c.Refs of the zero Ticket led to. A requester opens it for itself.
// The error lists every problem.
func New(id domain.ID, c Change, found Found, actor access.Actor, now time.Time) (View, error) {
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

// Apply changes the ticket. found holds what c.Refs of the ticket led to. The error lists every problem;
// the ticket is then as it was.
func (v *View) Apply(c Change, found Found, now time.Time) error {
	p := slices.Clone(c.Unread)
	n := *v
	n.Title = p.Text("title", "Title", c.Title.Or(v.Title), maxTitle, domain.Required)
	n.Description = p.Text("description", "Description", c.Description.Or(v.Description), maxBody, domain.Required, domain.Multiline)
	hours := n.classify(&p, c, found)
	n.name(&p, c, found)
	n.ResponseDeadline, n.DueDate = c.ResponseDeadline.Or(v.ResponseDeadline), c.DueDate.Or(v.DueDate)
	if !n.ResponseDeadline.IsZero() && !n.DueDate.IsZero() && !n.DueDate.After(n.ResponseDeadline) {
		p.Add("dueDate", domain.CodeInvalid, "Due date must be after response deadline.")
	}
	n.IsEscalated = c.IsEscalated.Or(v.IsEscalated)
	n.rate(&p, c)
	if err := p.Err(); err != nil {
		return err
	}
	n.promise(c, hours)
	n.resolve(c, v.StatusType, now)
	n.UpdatedAt = now
	n.Pass(now)
	*v = n
	return nil
}

// Delete takes the ticket out of every view.
func (t *Ticket) Delete(now time.Time) { t.DeletedAt, t.UpdatedAt = now, now }

// classify sets status and priority and gives the priority's hours to the first response.
func (v *View) classify(p *domain.Problems, c Change, found Found) (hours int) {
	switch {
	case found.Status != nil:
		v.StatusID, v.StatusName = found.Status.ID, found.Status.Name
		v.StatusType, v.StatusWeight = found.Status.StatusType, found.Status.Weight
	case c.StatusID.Given():
		p.Add("statusId", domain.CodeInvalid, "Invalid ticket status.")
	case !p.Has("statusId"):
		p.Add("statusId", domain.CodeRequired, "There is no default ticket status; choose one.")
	}
	switch {
	case found.Priority != nil:
		v.PriorityID, v.PriorityName = found.Priority.ID, found.Priority.Name
		v.PriorityWeight, hours = found.Priority.Weight, found.Priority.SLAHours
	case c.PriorityID.Given():
		p.Add("priorityId", domain.CodeInvalid, "Invalid ticket priority.")
	case !p.Has("priorityId"):
		p.Add("priorityId", domain.CodeRequired, "There is no default ticket priority; choose one.")
	}
	return hours
}

// name sets the menu and the people. A reference that stays as it was is not questioned: the account
// behind it may have been deactivated since.
func (v *View) name(p *domain.Problems, c Change, found Found) {
	if c.MenuID.Set && c.MenuID.Value != string(v.MenuID) {
		switch {
		case strings.TrimSpace(c.MenuID.Value) == "":
			v.MenuID, v.MenuName = "", ""
		case found.Menu == nil:
			p.Add("menuId", domain.CodeInvalid, "Invalid menu selected.")
		default:
			v.MenuID, v.MenuName = found.Menu.ID, found.Menu.Name
		}
	}
	person := func(field, message string, c domain.Change[string], who *Person, fit bool, id *domain.ID, name *string) {
		switch {
		case !c.Set || c.Value == string(*id):
		case strings.TrimSpace(c.Value) == "":
			*id, *name = "", ""
		case who == nil || !fit:
			p.Add(field, domain.CodeInvalid, message)
		default:
			*id, *name = who.ID, who.Name
		}
	}
	customer, staff := found.CreatedFor, found.AssignedTo
	person("createdFor", "Invalid customer account.", c.CreatedFor, customer, customer != nil && customer.IsActive, &v.CreatedFor, &v.CreatedForName)
	person("assignedTo", "Invalid assigned staff.", c.AssignedTo, staff, staff != nil && staff.IsActive && staff.MayView, &v.AssignedTo, &v.AssignedToName)
}

// rate sets the customer's satisfaction, which only a ticket whose work is done can have.
func (v *View) rate(p *domain.Problems, c Change) {
	v.CustomerSatisfaction = c.CustomerSatisfaction.Or(v.CustomerSatisfaction)
	switch given := c.CustomerSatisfaction.Given(); {
	case given && (v.CustomerSatisfaction < 1 || v.CustomerSatisfaction > 5):
		p.Add("customerSatisfaction", domain.CodeRange, "Customer satisfaction must be a whole number from 1 to 5.")
	case given && !v.StatusType.Done():
		p.Add("customerSatisfaction", domain.CodeInvalid, "Customer satisfaction can be given only on a resolved or closed ticket.")
	case !v.StatusType.Done():
		v.CustomerSatisfaction = 0
	}
}

// promise sets when the first response is due: by hand, or from the priority's hours.
func (v *View) promise(c Change, hours int) {
	switch {
	case c.SLADueDate.Given() && !c.SLADueDate.Value.Equal(v.SLADueDate):
		v.SLADueDate, v.SLAByHand = c.SLADueDate.Value, true
	case c.SLADueDate.Null:
		v.SLAByHand = false
	}
	if v.SLAByHand {
		return
	}
	v.SLADueDate = time.Time{}
	if v.FirstResponseAt.IsZero() && v.StatusType != Cancelled {
		v.SLADueDate = sla.Due(v.CreatedAt, hours)
	}
}

// resolve keeps what resolving and reopening do: the time of resolution, and the first response that a
// resolution is. was is the type of the status before.
func (v *View) resolve(c Change, was StatusType, now time.Time) {
	done := v.StatusType.Done()
	switch {
	case c.ResolvedAt.Given():
		v.ResolvedAt = c.ResolvedAt.Value
	case done && v.ResolvedAt.IsZero():
		v.ResolvedAt = now
	case !done && (was.Done() || c.ResolvedAt.Null):
		v.ResolvedAt = time.Time{}
	}
	if !done || !v.FirstResponseAt.IsZero() {
		return
	}
	if v.awaited(was) && sla.Passed(v.SLADueDate, now) {
		v.SLABreached = true // an answer that comes after its due time keeps its breach
	}
	v.FirstResponseAt = now
	if !v.SLAByHand {
		v.SLADueDate = time.Time{}
	}
}
