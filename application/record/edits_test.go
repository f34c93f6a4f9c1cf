package record_test

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// edit describes a field that clients can write: how to set it and, if possible, how to clear it.
type edit struct {
	set   ticket.Patch
	clear func(*ticket.Patch)
}

// edits returns all fields that clients can write, by name.
func edits(c *desk.Case) map[string]edit {
	later := domain.Some(c.Now().Add(72 * time.Hour))
	none, never := domain.Null[string](), domain.Null[time.Time]()
	return map[string]edit{
		"title":            {set: ticket.Patch{Title: domain.Some("Smoke")}},
		"description":      {set: ticket.Patch{Description: domain.Some("Everywhere.")}},
		"status":           {ticket.Patch{StatusID: c.StatusTo("RESOLVED")}, func(c *ticket.Patch) { c.StatusID = none }},
		"priority":         {ticket.Patch{PriorityID: c.PriorityTo("CRITICAL")}, func(c *ticket.Patch) { c.PriorityID = none }},
		"menu":             {ticket.Patch{MenuID: c.MenuTo(access.RolesMenu)}, func(c *ticket.Patch) { c.MenuID = none }},
		"createdFor":       {ticket.Patch{CreatedFor: c.MemberTo(desk.Visitor)}, func(c *ticket.Patch) { c.CreatedFor = none }},
		"assignedTo":       {ticket.Patch{AssignedTo: c.MemberTo(desk.Agent2)}, func(c *ticket.Patch) { c.AssignedTo = none }},
		"responseDeadline": {ticket.Patch{ResponseDeadline: later}, func(c *ticket.Patch) { c.ResponseDeadline = never }},
		"dueDate":          {ticket.Patch{DueDate: later}, func(c *ticket.Patch) { c.DueDate = never }},
		"resolvedAt":       {ticket.Patch{ResolvedAt: later}, func(c *ticket.Patch) { c.ResolvedAt = never }},
		"slaDueDate":       {ticket.Patch{SLADueDate: later}, func(c *ticket.Patch) { c.SLADueDate = never }},
		"isEscalated": {ticket.Patch{IsEscalated: domain.Some(true)}, func(c *ticket.Patch) {
			c.IsEscalated = domain.Optional[bool]{}
		}},
		"customerSatisfaction": {
			ticket.Patch{StatusID: c.StatusTo("RESOLVED"), CustomerSatisfaction: domain.Some(4)},
			func(c *ticket.Patch) { c.CustomerSatisfaction = domain.Null[int]() },
		},
	}
}

// merge returns c with the fields that over sets.
func merge(c, over ticket.Patch) ticket.Patch {
	return ticket.Patch{
		Title: override(c.Title, over.Title), Description: override(c.Description, over.Description),
		StatusID: override(c.StatusID, over.StatusID), PriorityID: override(c.PriorityID, over.PriorityID),
		MenuID: override(c.MenuID, over.MenuID), CreatedFor: override(c.CreatedFor, over.CreatedFor),
		AssignedTo: override(c.AssignedTo, over.AssignedTo), ResponseDeadline: override(c.ResponseDeadline, over.ResponseDeadline),
		DueDate: override(c.DueDate, over.DueDate), ResolvedAt: override(c.ResolvedAt, over.ResolvedAt),
		SLADueDate: override(c.SLADueDate, over.SLADueDate), IsEscalated: override(c.IsEscalated, over.IsEscalated),
		CustomerSatisfaction: override(c.CustomerSatisfaction, over.CustomerSatisfaction),
	}
}

func override[T any](a, b domain.Optional[T]) domain.Optional[T] {
	if b.Set {
		return b
	}
	return a
}

func TestEveryChangedFieldIsInTheHistory(t *testing.T) {
	for field, e := range edits(desk.NewCase(t)) {
		for _, way := range []string{"PATCH", "PUT"} {
			t.Run(way+" "+field, func(t *testing.T) {
				c := desk.NewCase(t)
				send := func(change ticket.Patch) {
					before, known := c.Ticket(), len(c.FullHistory())
					c.Wait(time.Minute)
					var err error
					if way == "PUT" {
						_, err = c.Tickets.Replace(t.Context(), c.Actor(desk.Agent), c.TicketID, change, nil)
					} else {
						_, err = c.Tickets.Update(t.Context(), c.Actor(desk.Agent), c.TicketID, change, nil)
					}
					desk.Check(t, err)
					if checkRecorded(c, before, known, desk.Agent); snapshotOf(before)[field] == snapshotOf(c.Ticket())[field] {
						t.Errorf("%s did not change", field)
					}
				}
				set, cleared := edits(c)[field].set, ticket.Patch{}
				if way == "PUT" {
					set = merge(patchOf(c.Ticket()), set)
				}
				send(set)
				if e.clear == nil {
					return
				}
				if way == "PUT" {
					cleared = patchOf(c.Ticket())
				}
				e.clear(&cleared)
				if field == "isEscalated" && way == "PATCH" {
					cleared.IsEscalated = domain.Some(false) // it has no null
				}
				send(cleared)
			})
		}
	}
}
