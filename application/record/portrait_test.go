package record_test

import (
	"strconv"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
)

// value is a field of a ticket as history writes it, and what a reference is called.
type value struct{ is, name string }

// portrait is all of a ticket that can change, by the names that clients know, and whether it is in view.
type portrait map[string]value

func portrayed(v ticket.View) portrait {
	at := func(t time.Time) value {
		if t.IsZero() {
			return value{}
		}
		return value{is: t.UTC().Format(time.RFC3339Nano)}
	}
	p := portrait{
		"title": {is: v.Title}, "description": {is: v.Description},
		"menu": {string(v.MenuID), v.MenuName}, "status": {string(v.StatusID), v.StatusName},
		"priority":   {string(v.PriorityID), v.PriorityName},
		"createdFor": {string(v.CreatedFor), v.CreatedForName}, "assignedTo": {string(v.AssignedTo), v.AssignedToName},
		"responseDeadline": at(v.ResponseDeadline), "dueDate": at(v.DueDate), "firstResponseAt": at(v.FirstResponseAt),
		"resolvedAt": at(v.ResolvedAt), "slaDueDate": at(v.SLADueDate),
		"slaBreached": {is: strconv.FormatBool(v.SLABreached)}, "isEscalated": {is: strconv.FormatBool(v.IsEscalated)},
		"customerSatisfaction": {},
	}
	if v.CustomerSatisfaction != 0 {
		p["customerSatisfaction"] = value{is: strconv.Itoa(v.CustomerSatisfaction)}
	}
	return p
}

// wholly is a change that sends back all that was read of a ticket.
func wholly(v ticket.View) ticket.Change {
	id := func(id domain.ID) domain.Change[string] {
		if id == "" {
			return domain.Cleared[string]()
		}
		return domain.To(string(id))
	}
	at := func(t time.Time) domain.Change[time.Time] {
		if t.IsZero() {
			return domain.Cleared[time.Time]()
		}
		return domain.To(t)
	}
	c := ticket.Change{
		Title: domain.To(v.Title), Description: domain.To(v.Description), StatusID: id(v.StatusID), PriorityID: id(v.PriorityID),
		MenuID: id(v.MenuID), CreatedFor: id(v.CreatedFor), AssignedTo: id(v.AssignedTo),
		ResponseDeadline: at(v.ResponseDeadline), DueDate: at(v.DueDate), ResolvedAt: at(v.ResolvedAt), SLADueDate: at(v.SLADueDate),
		IsEscalated: domain.To(v.IsEscalated), CustomerSatisfaction: domain.Cleared[int](),
	}
	if v.CustomerSatisfaction != 0 {
		c.CustomerSatisfaction = domain.To(v.CustomerSatisfaction)
	}
	return c
}
