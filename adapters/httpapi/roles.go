package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// roles are the endpoints of one role.
func (a *api) roles() resource[ports.RoleView, access.RolePatch] {
	use := a.App.Roles
	return resource[ports.RoleView, access.RolePatch]{
		name: "Role", get: use.Get, put: use.Replace, patch: use.Update, remove: use.Delete,
		read: a.readRole, show: a.showRole,
	}
}

func (a *api) createRole(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readRole(c)
	if err != nil {
		return err
	}
	return idempotent(c, func(request *usecase.Idempotency) (ports.RoleView, error) {
		return a.App.Roles.Create(c.UserContext(), actor, change, request)
	}, func(v ports.RoleView) creation {
		return creation{sentence: "Role created successfully.", location: "/api/role/" + string(v.ID) + "/", data: a.showRole(v)}
	})
}

// roleBody is the JSON form of access.RolePatch.
type roleBody struct {
	Name        domain.Optional[string] `json:"name"`
	TicketScope domain.Optional[string] `json:"ticketScope"`
	Receives    domain.Optional[bool]   `json:"receivesUnassigned"`
	Unread      domain.Problems         `json:"-"`
}

// roleReadOnly are the read-only keys of a role.
var roleReadOnly = append([]string{"isPredefined", "accountCount"}, readOnly...)

func (a *api) readRole(c *fiber.Ctx) (access.RolePatch, error) {
	var body roleBody
	err := take(&body.Unread, a.bind(c, &body, roleReadOnly...))
	return access.RolePatch(body), err
}

type roleView struct {
	ReferenceID        domain.ID    `json:"referenceId"`
	Name               string       `json:"name"`
	TicketScope        access.Scope `json:"ticketScope"`
	ReceivesUnassigned bool         `json:"receivesUnassigned"`
	IsPredefined       bool         `json:"isPredefined"`
	AccountCount       int          `json:"accountCount"`
	CreatedAt          timestamp    `json:"createdAt"`
	UpdatedAt          timestamp    `json:"updatedAt"`
}

func (a *api) showRole(v ports.RoleView) any {
	return roleView{
		ReferenceID: v.ID, Name: v.Name, TicketScope: v.TicketScope, ReceivesUnassigned: v.ReceivesUnassigned,
		IsPredefined: v.IsPredefined, AccountCount: v.AccountCount,
		CreatedAt: a.timestamp(v.CreatedAt), UpdatedAt: a.timestamp(v.UpdatedAt),
	}
}
