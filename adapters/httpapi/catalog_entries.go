package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/ticket"
)

// statusBody is the JSON form of ticket.StatusPatch.
type statusBody struct {
	Name        domain.Optional[string] `json:"name"`
	Code        domain.Optional[string] `json:"code"`
	Description domain.Optional[string] `json:"description"`
	Weight      domain.Optional[int]    `json:"weight"`
	StatusType  domain.Optional[string] `json:"statusType"`
	OnReply     domain.Optional[string] `json:"onRequesterReply"`

	AutoCloseDays domain.Optional[int]  `json:"autoCloseDays"`
	IsDefault     domain.Optional[bool] `json:"isDefault"`
	Unread        domain.Problems       `json:"-"`
}

// priorityBody is the JSON form of ticket.PriorityPatch.
type priorityBody struct {
	Name        domain.Optional[string] `json:"name"`
	Code        domain.Optional[string] `json:"code"`
	Description domain.Optional[string] `json:"description"`
	Weight      domain.Optional[int]    `json:"weight"`
	Color       domain.Optional[string] `json:"color"`
	SLAHours    domain.Optional[int]    `json:"slaHours"`
	IsDefault   domain.Optional[bool]   `json:"isDefault"`
	Unread      domain.Problems         `json:"-"`
}

// readOnly are the read-only keys that most representations have.
var readOnly = []string{"referenceId", "createdAt", "updatedAt"}

func (a *api) readStatus(c *fiber.Ctx) (ticket.StatusPatch, error) {
	var body statusBody
	err := take(&body.Unread, a.bind(c, &body, readOnly...))
	return ticket.StatusPatch(body), err
}

func (a *api) readPriority(c *fiber.Ctx) (ticket.PriorityPatch, error) {
	var body priorityBody
	err := take(&body.Unread, a.bind(c, &body, readOnly...))
	return ticket.PriorityPatch(body), err
}

type statusView struct {
	ReferenceID domain.ID         `json:"referenceId"`
	Name        string            `json:"name"`
	Code        string            `json:"code"`
	Description *string           `json:"description"`
	Weight      int               `json:"weight"`
	StatusType  ticket.StatusType `json:"statusType"`
	OnReply     ticket.OnReply    `json:"onRequesterReply"`

	AutoCloseDays *int      `json:"autoCloseDays"` // null means never
	IsDefault     bool      `json:"isDefault"`
	CreatedAt     timestamp `json:"createdAt"`
	UpdatedAt     timestamp `json:"updatedAt"`
}

func (a *api) showStatus(s ticket.Status) any {
	return statusView{
		ReferenceID: s.ID, Name: s.Name, Code: s.Code, Description: orNull(s.Description), Weight: s.Weight,
		StatusType: s.StatusType, OnReply: s.OnReply, AutoCloseDays: orNull(s.AutoCloseDays), IsDefault: s.IsDefault,
		CreatedAt: a.timestamp(s.CreatedAt), UpdatedAt: a.timestamp(s.UpdatedAt),
	}
}

type priorityView struct {
	ReferenceID domain.ID `json:"referenceId"`
	Name        string    `json:"name"`
	Code        string    `json:"code"`
	Description *string   `json:"description"`
	Weight      int       `json:"weight"`
	Color       string    `json:"color"`
	SLAHours    *int      `json:"slaHours"` // null means no service level
	IsDefault   bool      `json:"isDefault"`
	CreatedAt   timestamp `json:"createdAt"`
	UpdatedAt   timestamp `json:"updatedAt"`
}

func (a *api) showPriority(p ticket.Priority) any {
	return priorityView{
		ReferenceID: p.ID, Name: p.Name, Code: p.Code, Description: orNull(p.Description), Weight: p.Weight,
		Color: p.Color, SLAHours: orNull(p.SLAHours), IsDefault: p.IsDefault, CreatedAt: a.timestamp(p.CreatedAt),
		UpdatedAt: a.timestamp(p.UpdatedAt),
	}
}
