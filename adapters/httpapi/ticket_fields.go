package httpapi

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/ticket"
)

// ticketBody is ticket.Change as clients send it, with other names for its people.
type ticketBody struct {
	Title                domain.Change[string]    `json:"title"`
	Description          domain.Change[string]    `json:"description"`
	StatusID             domain.Change[string]    `json:"statusId"`
	PriorityID           domain.Change[string]    `json:"priorityId"`
	MenuID               domain.Change[string]    `json:"menuId"`
	CreatedFor           domain.Change[string]    `json:"createdFor"`
	CreatedForID         domain.Change[string]    `json:"createdForId"`
	AssignedTo           domain.Change[string]    `json:"assignedTo"`
	AssignedToID         domain.Change[string]    `json:"assignedToId"`
	ResponseDeadline     domain.Change[time.Time] `json:"responseDeadline"`
	DueDate              domain.Change[time.Time] `json:"dueDate"`
	ResolvedAt           domain.Change[time.Time] `json:"resolvedAt"`
	SLADueDate           domain.Change[time.Time] `json:"slaDueDate"`
	IsEscalated          domain.Change[bool]      `json:"isEscalated"`
	CustomerSatisfaction domain.Change[int]       `json:"customerSatisfaction"`
	Unread               domain.Problems          `json:"-"`
}

// ticketReadOnly are the keys of a ticket that no client sets.
var ticketReadOnly = append([]string{
	"ticketNumber", "menu", "status", "statusType", "priority", "createdBy", "createdById", "firstResponseAt", "slaBreached",
}, readOnly...)

func (b ticketBody) change() ticket.Change {
	c := ticket.Change{
		Title: b.Title, Description: b.Description,
		StatusID: b.StatusID, PriorityID: b.PriorityID, MenuID: b.MenuID,
		ResponseDeadline: b.ResponseDeadline, DueDate: b.DueDate,
		ResolvedAt: b.ResolvedAt, SLADueDate: b.SLADueDate,
		IsEscalated: b.IsEscalated, CustomerSatisfaction: b.CustomerSatisfaction,
		Unread: b.Unread,
	}
	c.CreatedFor, c.CreatedForName = person(b.CreatedFor, b.CreatedForID)
	c.AssignedTo, c.AssignedToName = person(b.AssignedTo, b.AssignedToID)
	return c
}

func (a *api) readTicket(c *fiber.Ctx) (ticket.Change, error) {
	var body ticketBody
	err := take(&body.Unread, a.bind(c, &body, ticketReadOnly...))
	return body.change(), err
}

// person tells whom a client means. As input, createdFor is an account's id; in a ticket that was read it
// is the account's name, and the id stands beside it. So what stands beside another id is a name, and what is no id
// is one where an id is beside it, null included.
func person(named, byID domain.Change[string]) (id, name domain.Change[string]) {
	_, isID := domain.ParseID(named.Value)
	alone := !byID.Set || isID && (byID.Null || byID.Value == named.Value)
	if alone {
		return named, domain.Change[string]{}
	}
	return byID, named
}

// ticketView is a ticket as clients see it.
type ticketView struct {
	ReferenceID          domain.ID         `json:"referenceId"`
	TicketNumber         string            `json:"ticketNumber"`
	Title                string            `json:"title"`
	Description          string            `json:"description"`
	Menu                 *string           `json:"menu"`
	MenuID               *domain.ID        `json:"menuId"`
	Status               string            `json:"status"`
	StatusID             domain.ID         `json:"statusId"`
	StatusType           ticket.StatusType `json:"statusType"`
	Priority             string            `json:"priority"`
	PriorityID           domain.ID         `json:"priorityId"`
	CreatedFor           *string           `json:"createdFor"`
	CreatedForID         *domain.ID        `json:"createdForId"`
	AssignedTo           *string           `json:"assignedTo"`
	AssignedToID         *domain.ID        `json:"assignedToId"`
	CreatedBy            string            `json:"createdBy"`
	CreatedByID          domain.ID         `json:"createdById"`
	ResponseDeadline     stamp             `json:"responseDeadline"`
	DueDate              stamp             `json:"dueDate"`
	FirstResponseAt      stamp             `json:"firstResponseAt"`
	ResolvedAt           stamp             `json:"resolvedAt"`
	SLADueDate           stamp             `json:"slaDueDate"`
	SLABreached          bool              `json:"slaBreached"`
	IsEscalated          bool              `json:"isEscalated"`
	CustomerSatisfaction *int              `json:"customerSatisfaction"`
	CreatedAt            stamp             `json:"createdAt"`
	UpdatedAt            stamp             `json:"updatedAt"`
}

func (a *api) showTicket(v ticket.View) ticketView {
	return ticketView{
		ReferenceID: v.ID, TicketNumber: v.Number, Title: v.Title, Description: v.Description,
		Menu: orNull(v.MenuName), MenuID: orNull(v.MenuID),
		Status: v.StatusName, StatusID: v.StatusID, StatusType: v.StatusType,
		Priority: v.PriorityName, PriorityID: v.PriorityID,
		CreatedFor: orNull(v.CreatedForName), CreatedForID: orNull(v.CreatedFor),
		AssignedTo: orNull(v.AssignedToName), AssignedToID: orNull(v.AssignedTo),
		CreatedBy: v.CreatedByName, CreatedByID: v.CreatedBy,
		ResponseDeadline: a.at(v.ResponseDeadline), DueDate: a.at(v.DueDate),
		FirstResponseAt: a.at(v.FirstResponseAt), ResolvedAt: a.at(v.ResolvedAt), SLADueDate: a.at(v.SLADueDate),
		SLABreached: v.SLABreached, IsEscalated: v.IsEscalated, CustomerSatisfaction: orNull(v.CustomerSatisfaction),
		CreatedAt: a.at(v.CreatedAt), UpdatedAt: a.at(v.UpdatedAt),
	}
}
