package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/ports"
)

// assignments are the endpoints of the permission of one account on one menu, which replaces what its role permits there.
func (a *api) assignments() resource[ports.AccountPermissionView, access.AssignmentPatch] {
	use := a.App.Permissions
	return resource[ports.AccountPermissionView, access.AssignmentPatch]{
		name: "UserMenuAssignment", get: use.GetForAccount, put: use.ReplaceForAccount, patch: use.UpdateForAccount,
		remove: use.RemoveFromAccount,
		read:   a.readAssignment, show: a.showAssignment,
	}
}

func (a *api) createAssignment(c *fiber.Ctx, actor access.Actor) error {
	change, err := a.readAssignment(c)
	if err != nil {
		return err
	}
	return idempotent(c, func(request *usecase.Idempotency) (ports.AccountPermissionView, error) {
		return a.App.Permissions.AssignToAccount(c.UserContext(), actor, change, request)
	}, func(v ports.AccountPermissionView) creation {
		return creation{
			sentence: "UserMenuAssignment created successfully.", location: "/api/account/menu/mapping/" + string(v.ID) + "/",
			data: a.showAssignment(v),
		}
	})
}

// assignmentReadOnly are the read-only keys of an assignment.
var assignmentReadOnly = []string{"referenceId", "accountUsername", "menuName", "assignedBy", "assignedAt"}

func (a *api) readAssignment(c *fiber.Ctx) (access.AssignmentPatch, error) {
	var body struct {
		AccountID domain.Optional[string] `json:"accountId"`
		MenuID    domain.Optional[string] `json:"menuId"`
		flags
	}
	var unread domain.Problems
	err := take(&unread, a.bind(c, &body, assignmentReadOnly...))
	return access.AssignmentPatch{
		AccountID: body.AccountID, MenuID: body.MenuID, Actions: access.ActionsPatch(body.flags), Unread: unread,
	}, err
}

type assignmentView struct {
	ReferenceID     domain.ID `json:"referenceId"`
	AccountID       domain.ID `json:"accountId"`
	AccountUsername string    `json:"accountUsername"`
	MenuID          domain.ID `json:"menuId"`
	MenuName        string    `json:"menuName"`
	IsView          bool      `json:"isView"`
	IsCreate        bool      `json:"isCreate"`
	IsUpdate        bool      `json:"isUpdate"`
	IsDelete        bool      `json:"isDelete"`
	AssignedBy      string    `json:"assignedBy"` // a user name
	AssignedAt      timestamp `json:"assignedAt"`
}

func (a *api) showAssignment(v ports.AccountPermissionView) any {
	return assignmentView{
		ReferenceID: v.ID, AccountID: v.AccountID, AccountUsername: v.Account, MenuID: v.MenuID, MenuName: v.Menu,
		IsView: v.Actions.Has(access.MayView), IsCreate: v.Actions.Has(access.MayCreate),
		IsUpdate: v.Actions.Has(access.MayUpdate), IsDelete: v.Actions.Has(access.MayDelete),
		AssignedBy: v.Assigner, AssignedAt: a.timestamp(v.AssignedAt),
	}
}
