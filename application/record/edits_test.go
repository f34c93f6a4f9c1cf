package record_test

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// edit is a field that clients write: how it is set, and how it is cleared where it can be.
type edit struct {
	set   ticket.Change
	clear func(*ticket.Change)
}

// edits are all fields that clients write, by their names.
func edits(c *desk.Case) map[string]edit {
	later := domain.To(c.Now().Add(72 * time.Hour))
	none, never := domain.Cleared[string](), domain.Cleared[time.Time]()
	return map[string]edit{
		"title":            {set: ticket.Change{Title: domain.To("Smoke")}},
		"description":      {set: ticket.Change{Description: domain.To("Everywhere.")}},
		"status":           {ticket.Change{StatusID: c.StatusTo("RESOLVED")}, func(c *ticket.Change) { c.StatusID = none }},
		"priority":         {ticket.Change{PriorityID: c.PriorityTo("CRITICAL")}, func(c *ticket.Change) { c.PriorityID = none }},
		"menu":             {ticket.Change{MenuID: c.MenuTo(access.RolesMenu)}, func(c *ticket.Change) { c.MenuID = none }},
		"createdFor":       {ticket.Change{CreatedFor: c.MemberTo(desk.Visitor)}, func(c *ticket.Change) { c.CreatedFor = none }},
		"assignedTo":       {ticket.Change{AssignedTo: c.MemberTo(desk.Agent2)}, func(c *ticket.Change) { c.AssignedTo = none }},
		"responseDeadline": {ticket.Change{ResponseDeadline: later}, func(c *ticket.Change) { c.ResponseDeadline = never }},
		"dueDate":          {ticket.Change{DueDate: later}, func(c *ticket.Change) { c.DueDate = never }},
		"resolvedAt":       {ticket.Change{ResolvedAt: later}, func(c *ticket.Change) { c.ResolvedAt = never }},
		"slaDueDate":       {ticket.Change{SLADueDate: later}, func(c *ticket.Change) { c.SLADueDate = never }},
		"isEscalated": {ticket.Change{IsEscalated: domain.To(true)}, func(c *ticket.Change) {
			c.IsEscalated = domain.Change[bool]{}
		}},
		"customerSatisfaction": {
			ticket.Change{StatusID: c.StatusTo("RESOLVED"), CustomerSatisfaction: domain.To(4)},
			func(c *ticket.Change) { c.CustomerSatisfaction = domain.Cleared[int]() },
		},
	}
}

// merged is what c says, and what over says where it says something.
func merged(c, over ticket.Change) ticket.Change {
	return ticket.Change{
		Title: either(c.Title, over.Title), Description: either(c.Description, over.Description),
		StatusID: either(c.StatusID, over.StatusID), PriorityID: either(c.PriorityID, over.PriorityID),
		MenuID: either(c.MenuID, over.MenuID), CreatedFor: either(c.CreatedFor, over.CreatedFor),
		AssignedTo: either(c.AssignedTo, over.AssignedTo), ResponseDeadline: either(c.ResponseDeadline, over.ResponseDeadline),
		DueDate: either(c.DueDate, over.DueDate), ResolvedAt: either(c.ResolvedAt, over.ResolvedAt),
		SLADueDate: either(c.SLADueDate, over.SLADueDate), IsEscalated: either(c.IsEscalated, over.IsEscalated),
		CustomerSatisfaction: either(c.CustomerSatisfaction, over.CustomerSatisfaction),
	}
}

func either[T any](a, b domain.Change[T]) domain.Change[T] {
	if b.Set {
		return b
	}
	return a
}

func TestEveryFieldThatIsSetOrClearedIsOnRecord(t *testing.T) {
	for field, e := range edits(desk.NewCase(t)) {
		for _, way := range []string{"PATCH", "PUT"} {
			t.Run(way+" "+field, func(t *testing.T) {
				c := desk.NewCase(t)
				send := func(change ticket.Change) {
					before, known := c.Ticket(), len(c.FullHistory())
					c.Wait(time.Minute)
					var err error
					if way == "PUT" {
						_, err = c.Tickets.Replace(t.Context(), c.Actor(desk.Agent), c.TicketID, change, nil)
					} else {
						_, err = c.Tickets.Change(t.Context(), c.Actor(desk.Agent), c.TicketID, change, nil)
					}
					desk.Check(t, err)
					if recorded(c, before, known, desk.Agent); portrayed(before)[field] == portrayed(c.Ticket())[field] {
						t.Errorf("%s did not change", field)
					}
				}
				set, cleared := edits(c)[field].set, ticket.Change{}
				if way == "PUT" {
					set = merged(wholly(c.Ticket()), set)
				}
				send(set)
				if e.clear == nil {
					return
				}
				if way == "PUT" {
					cleared = wholly(c.Ticket())
				}
				e.clear(&cleared)
				if field == "isEscalated" && way == "PATCH" {
					cleared.IsEscalated = domain.To(false) // which has no null
				}
				send(cleared)
			})
		}
	}
}
