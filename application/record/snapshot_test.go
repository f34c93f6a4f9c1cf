package record_test

import (
	"strconv"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
)

// value is the value of a field as the history stores it, with the name of what it refers to.
type value struct{ is, name string }

// ticketSnapshot holds all fields of a ticket that can change, by their JSON names.
type ticketSnapshot map[string]value

func snapshotOf(v ticket.View) ticketSnapshot {
	at := func(t time.Time) value {
		if t.IsZero() {
			return value{}
		}
		return value{is: t.UTC().Format(time.RFC3339Nano)}
	}
	p := ticketSnapshot{
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

// patchOf returns a patch with all fields of a ticket that clients can write.
func patchOf(v ticket.View) ticket.Patch {
	id := func(id domain.ID) domain.Optional[string] {
		if id == "" {
			return domain.Null[string]()
		}
		return domain.Some(string(id))
	}
	at := func(t time.Time) domain.Optional[time.Time] {
		if t.IsZero() {
			return domain.Null[time.Time]()
		}
		return domain.Some(t)
	}
	c := ticket.Patch{
		Title: domain.Some(v.Title), Description: domain.Some(v.Description), StatusID: id(v.StatusID), PriorityID: id(v.PriorityID),
		MenuID: id(v.MenuID), CreatedFor: id(v.CreatedFor), AssignedTo: id(v.AssignedTo),
		ResponseDeadline: at(v.ResponseDeadline), DueDate: at(v.DueDate), ResolvedAt: at(v.ResolvedAt), SLADueDate: at(v.SLADueDate),
		IsEscalated: domain.Some(v.IsEscalated), CustomerSatisfaction: domain.Null[int](),
	}
	if v.CustomerSatisfaction != 0 {
		c.CustomerSatisfaction = domain.Some(v.CustomerSatisfaction)
	}
	return c
}
