package httpapi

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"tickt/application/permissions"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/query"
	"tickt/ports"
)

// permissions are the endpoints of the permission of a role on one menu.
func (a *api) permissions() resource[ports.RolePermissionView, access.ActionsPatch] {
	use := a.App.Permissions
	return resource[ports.RolePermissionView, access.ActionsPatch]{
		name: "Menu permission", get: use.GetForRole, put: use.ReplaceForRole, patch: use.UpdateForRole, remove: use.RemoveFromRole,
		read: a.readPermission, show: showPermission,
	}
}

func (a *api) listPermissions(c *fiber.Ctx, actor access.Actor) error {
	role := func(q *query.Query) domain.ID { return q.ID("roleId") }
	return filtered(a, c, role, showPermissions,
		func(ctx context.Context, role domain.ID, page ports.Page) (usecase.List[permissions.RolePermissions], error) {
			return a.App.Permissions.ListForRoles(ctx, actor, role, page)
		})
}

// assignPermissions replaces all permissions of a role.
func (a *api) assignPermissions(c *fiber.Ctx, actor access.Actor) error {
	set, err := a.readPermissionSet(c)
	if err != nil {
		return err
	}
	return idempotent(c, func(request *usecase.Idempotency) (int, error) {
		return a.App.Permissions.AssignToRole(c.UserContext(), actor, set, request)
	}, func(n int) creation {
		return creation{
			status: fiber.StatusOK, sentence: "Menu permissions assigned successfully.",
			data: struct {
				PermissionsCreated int `json:"permissionsCreated"`
			}{n},
		}
	})
}

// flags is the JSON form of access.ActionsPatch.
type flags struct {
	View   domain.Optional[bool] `json:"isView"`
	Create domain.Optional[bool] `json:"isCreate"`
	Update domain.Optional[bool] `json:"isUpdate"`
	Delete domain.Optional[bool] `json:"isDelete"`
	Unread domain.Problems       `json:"-"`
}

// roleFlags is flags with isEdit as another name of isUpdate.
type roleFlags struct {
	flags
	Edit domain.Optional[bool] `json:"isEdit"`
}

// actions returns the patch. ok is false if isEdit and isUpdate differ.
func (f roleFlags) actions() (c access.ActionsPatch, ok bool) {
	ok = !f.Edit.Set || !f.Update.Set || f.Edit == f.Update
	if !f.Update.Set {
		f.Update = f.Edit
	}
	return access.ActionsPatch(f.flags), ok
}

func (a *api) readPermission(c *fiber.Ctx) (access.ActionsPatch, error) {
	var body roleFlags
	err := take(&body.Unread, a.bind(c, &body, "referenceId", "roleId", "role", "roleName", "menuId", "menuName", "menu"))
	change, same := body.actions()
	if !same {
		change.Unread.Add("isEdit", domain.CodeEditDiffers)
	}
	return change, err
}

func (a *api) readPermissionSet(c *fiber.Ctx) (access.PermissionSet, error) {
	var body struct {
		RoleID domain.Optional[string] `json:"roleId"`
		Menus  []struct {
			MenuID domain.Optional[string] `json:"menuId"`
			roleFlags
		} `json:"menuDetails"`
	}
	var set access.PermissionSet
	err := take(&set.Unread, a.bind(c, &body, "role", "roleName", "menuDetails.referenceId", "menuDetails.menuName", "menuDetails.menu"))
	set.RoleID = body.RoleID.Value
	for i, item := range body.Menus {
		actions, same := item.actions()
		if !same {
			set.Unread.Add(fmt.Sprintf("menuDetails[%d].isEdit", i), domain.CodeEditDiffersInItem, domain.Params{"item": i + 1})
		}
		set.Menus = append(set.Menus, access.PermissionDraft{MenuID: item.MenuID.Value, Actions: actions})
	}
	return set, err
}

type permissionView struct {
	ReferenceID domain.ID `json:"referenceId"`
	RoleID      domain.ID `json:"roleId"`
	Role        string    `json:"role"`
	MenuID      domain.ID `json:"menuId"`
	MenuName    string    `json:"menuName"`
	IsView      bool      `json:"isView"`
	IsCreate    bool      `json:"isCreate"`
	IsUpdate    bool      `json:"isUpdate"`
	IsDelete    bool      `json:"isDelete"`
}

func showPermission(v ports.RolePermissionView) any {
	return permissionView{
		ReferenceID: v.ID, RoleID: v.RoleID, Role: v.Role, MenuID: v.MenuID, MenuName: v.Menu,
		IsView: v.Actions.Has(access.MayView), IsCreate: v.Actions.Has(access.MayCreate),
		IsUpdate: v.Actions.Has(access.MayUpdate), IsDelete: v.Actions.Has(access.MayDelete),
	}
}

// permissionsView is the permissions of a role on all menus.
type permissionsView struct {
	Role        string       `json:"role"`
	RoleID      domain.ID    `json:"roleId"`
	MenuDetails []menuDetail `json:"menuDetails"`
}

type menuDetail struct {
	ReferenceID domain.ID `json:"referenceId"`
	MenuName    string    `json:"menuName"`
	MenuID      domain.ID `json:"menuId"`
	IsCreate    bool      `json:"isCreate"`
	IsView      bool      `json:"isView"`
	IsUpdate    bool      `json:"isUpdate"`
	IsDelete    bool      `json:"isDelete"`
}

func showPermissions(r permissions.RolePermissions) permissionsView {
	return permissionsView{Role: r.Role.Name, RoleID: r.Role.ID, MenuDetails: each(r.Menus, showDetail)}
}

func showDetail(v ports.RolePermissionView) menuDetail {
	return menuDetail{
		ReferenceID: v.ID, MenuName: v.Menu, MenuID: v.MenuID,
		IsCreate: v.Actions.Has(access.MayCreate), IsView: v.Actions.Has(access.MayView),
		IsUpdate: v.Actions.Has(access.MayUpdate), IsDelete: v.Actions.Has(access.MayDelete),
	}
}
