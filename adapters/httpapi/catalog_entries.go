package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/domain"
	"tickt/domain/ticket"
)

// statusBody is ticket.StatusChange as clients send it.
type statusBody struct {
	Name        domain.Change[string] `json:"name"`
	Code        domain.Change[string] `json:"code"`
	Description domain.Change[string] `json:"description"`
	Weight      domain.Change[int]    `json:"weight"`
	StatusType  domain.Change[string] `json:"statusType"`
	IsDefault   domain.Change[bool]   `json:"isDefault"`
	Unread      domain.Problems       `json:"-"`
}

// priorityBody is ticket.PriorityChange as clients send it.
type priorityBody struct {
	Name        domain.Change[string] `json:"name"`
	Code        domain.Change[string] `json:"code"`
	Description domain.Change[string] `json:"description"`
	Weight      domain.Change[int]    `json:"weight"`
	Color       domain.Change[string] `json:"color"`
	SLAHours    domain.Change[int]    `json:"slaHours"`
	IsDefault   domain.Change[bool]   `json:"isDefault"`
	Unread      domain.Problems       `json:"-"`
}

// readOnly are the keys that every representation has and no client sets.
var readOnly = []string{"referenceId", "createdAt", "updatedAt"}

func (a *api) readStatus(c *fiber.Ctx) (ticket.StatusChange, error) {
	var body statusBody
	err := take(&body.Unread, a.bind(c, &body, readOnly...))
	return ticket.StatusChange(body), err
}

func (a *api) readPriority(c *fiber.Ctx) (ticket.PriorityChange, error) {
	var body priorityBody
	err := take(&body.Unread, a.bind(c, &body, readOnly...))
	return ticket.PriorityChange(body), err
}

type statusView struct {
	ReferenceID domain.ID         `json:"referenceId"`
	Name        string            `json:"name"`
	Code        string            `json:"code"`
	Description *string           `json:"description"`
	Weight      int               `json:"weight"`
	StatusType  ticket.StatusType `json:"statusType"`
	IsDefault   bool              `json:"isDefault"`
	CreatedAt   stamp             `json:"createdAt"`
	UpdatedAt   stamp             `json:"updatedAt"`
}

func (a *api) showStatus(s ticket.Status) any {
	return statusView{
		ReferenceID: s.ID, Name: s.Name, Code: s.Code, Description: orNull(s.Description), Weight: s.Weight,
		StatusType: s.StatusType, IsDefault: s.IsDefault, CreatedAt: a.at(s.CreatedAt), UpdatedAt: a.at(s.UpdatedAt),
	}
}

type priorityView struct {
	ReferenceID domain.ID `json:"referenceId"`
	Name        string    `json:"name"`
	Code        string    `json:"code"`
	Description *string   `json:"description"`
	Weight      int       `json:"weight"`
	Color       string    `json:"color"`
	SLAHours    *int      `json:"slaHours"` // null: no service level
	IsDefault   bool      `json:"isDefault"`
	CreatedAt   stamp     `json:"createdAt"`
	UpdatedAt   stamp     `json:"updatedAt"`
}

func (a *api) showPriority(p ticket.Priority) any {
	return priorityView{
		ReferenceID: p.ID, Name: p.Name, Code: p.Code, Description: orNull(p.Description), Weight: p.Weight,
		Color: p.Color, SLAHours: orNull(p.SLAHours), IsDefault: p.IsDefault, CreatedAt: a.at(p.CreatedAt), UpdatedAt: a.at(p.UpdatedAt),
	}
}
