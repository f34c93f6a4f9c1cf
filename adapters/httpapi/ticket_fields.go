package httpapi

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/ticket"
)

// ticketBody is the JSON form of ticket.Patch. See person for the keys of accounts.
type ticketBody struct {
	Title                domain.Optional[string]    `json:"title"`
	Description          domain.Optional[string]    `json:"description"`
	StatusID             domain.Optional[string]    `json:"statusId"`
	PriorityID           domain.Optional[string]    `json:"priorityId"`
	MenuID               domain.Optional[string]    `json:"menuId"`
	CreatedFor           domain.Optional[string]    `json:"createdFor"`
	CreatedForID         domain.Optional[string]    `json:"createdForId"`
	AssignedTo           domain.Optional[string]    `json:"assignedTo"`
	AssignedToID         domain.Optional[string]    `json:"assignedToId"`
	ResponseDeadline     domain.Optional[time.Time] `json:"responseDeadline"`
	DueDate              domain.Optional[time.Time] `json:"dueDate"`
	ResolvedAt           domain.Optional[time.Time] `json:"resolvedAt"`
	SLADueDate           domain.Optional[time.Time] `json:"slaDueDate"`
	IsEscalated          domain.Optional[bool]      `json:"isEscalated"`
	CustomerSatisfaction domain.Optional[int]       `json:"customerSatisfaction"`
	Unread               domain.Problems            `json:"-"`
}

// newTicketBody is ticketBody for a new ticket. See person for the keys of the ticket that it follows up.
type newTicketBody struct {
	ticketBody
	FollowUpOf   domain.Optional[string] `json:"followUpOf"`
	FollowUpOfID domain.Optional[string] `json:"followUpOfId"`
}

// ticketReadOnly are the read-only keys of a ticket.
var ticketReadOnly = append([]string{
	"ticketNumber", "menu", "status", "statusType", "priority", "createdBy", "createdById", "firstResponseAt", "slaBreached",
}, readOnly...)

func (b ticketBody) change() ticket.Patch {
	c := ticket.Patch{
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

// readNewTicket reads a ticket to open.
func (a *api) readNewTicket(c *fiber.Ctx) (ticket.Patch, error) {
	var body newTicketBody
	err := take(&body.Unread, a.bind(c, &body, ticketReadOnly...))
	opened := body.change()
	opened.FollowUpOf, _ = person(body.FollowUpOf, body.FollowUpOfID)
	return opened, err
}

// readTicket reads the changes of a ticket. What it follows up cannot be changed.
func (a *api) readTicket(c *fiber.Ctx) (ticket.Patch, error) {
	var body ticketBody
	err := take(&body.Unread, a.bind(c, &body, append([]string{"followUpOf", "followUpOfId"}, ticketReadOnly...)...))
	return body.change(), err
}

// person returns the id and the user name in one pair of keys, such as createdFor and createdForId. Alone, createdFor is
// the id of an account. In a ticket that was read, it is a user name and createdForId the id; so if createdForId is sent
// too, even as null, createdFor is a name, unless it is an id and createdForId is the same or null.
func person(named, byID domain.Optional[string]) (id, name domain.Optional[string]) {
	_, isID := domain.ParseID(named.Value)
	alone := !byID.Set || isID && (byID.Null || byID.Value == named.Value)
	if alone {
		return named, domain.Optional[string]{}
	}
	return byID, named
}

// ticketView is the JSON form of a ticket.
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
	ResponseDeadline     timestamp         `json:"responseDeadline"`
	DueDate              timestamp         `json:"dueDate"`
	FirstResponseAt      timestamp         `json:"firstResponseAt"`
	ResolvedAt           timestamp         `json:"resolvedAt"`
	SLADueDate           timestamp         `json:"slaDueDate"`
	SLABreached          bool              `json:"slaBreached"`
	IsEscalated          bool              `json:"isEscalated"`
	CustomerSatisfaction *int              `json:"customerSatisfaction"`
	FollowUpOf           *string           `json:"followUpOf"`
	FollowUpOfID         *domain.ID        `json:"followUpOfId"`
	CreatedAt            timestamp         `json:"createdAt"`
	UpdatedAt            timestamp         `json:"updatedAt"`
}

func (a *api) showTicket(v ticket.View) ticketView {
	shown := ticketView{
		ReferenceID: v.ID, TicketNumber: v.Number, Title: v.Title, Description: v.Description,
		Menu: orNull(v.MenuName), MenuID: orNull(v.MenuID),
		Status: v.StatusName, StatusID: v.StatusID, StatusType: v.StatusType,
		Priority: v.PriorityName, PriorityID: v.PriorityID,
		CreatedFor: orNull(v.CreatedForName), CreatedForID: orNull(v.CreatedFor),
		AssignedTo: orNull(v.AssignedToName), AssignedToID: orNull(v.AssignedTo),
		CreatedBy: v.CreatedByName, CreatedByID: v.CreatedBy,
		ResponseDeadline: a.timestamp(v.ResponseDeadline), DueDate: a.timestamp(v.DueDate),
		FirstResponseAt: a.timestamp(v.FirstResponseAt), ResolvedAt: a.timestamp(v.ResolvedAt), SLADueDate: a.timestamp(v.SLADueDate),
		SLABreached: v.SLABreached, IsEscalated: v.IsEscalated, CustomerSatisfaction: orNull(v.CustomerSatisfaction),
		FollowUpOf: orNull(v.FollowUpNumber), CreatedAt: a.timestamp(v.CreatedAt), UpdatedAt: a.timestamp(v.UpdatedAt),
	}
	if v.FollowUpNumber != "" { // the reader sees that ticket
		shown.FollowUpOfID = &v.FollowUpOf
	}
	return shown
}
