package httpapi

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// accountRoles are the endpoints of the role of one account.
func (a *api) accountRoles() resource[ports.AccountView, account.RolePatch] {
	use := a.App.AccountRoles
	return resource[ports.AccountView, account.RolePatch]{
		name: "User Role", get: use.Get, put: use.Replace, patch: use.Update, remove: use.Delete,
		read: a.readAccountRole, show: showAccountRole,
	}
}

// assignRole assigns one role to several accounts.
func (a *api) assignRole(c *fiber.Ctx, actor access.Actor) error {
	var body struct {
		Users  []string                `json:"userList"`
		RoleID domain.Optional[string] `json:"roleId"`
	}
	var unread domain.Problems
	if err := take(&unread, a.bind(c, &body, "role", "roleName")); err != nil {
		return err
	}
	assignment := account.RoleAssignment{Users: body.Users, RoleID: body.RoleID.Value, Unread: unread}
	return idempotent(c, func(request *usecase.Idempotency) (int, error) {
		return a.App.AccountRoles.Assign(c.UserContext(), actor, assignment, request)
	}, func(n int) creation {
		return creation{
			status: fiber.StatusOK, sentence: fmt.Sprintf("Successfully updated roles for %d users.", n),
			data: struct {
				UpdatedCount int `json:"updatedCount"`
			}{n},
		}
	})
}

func (a *api) readAccountRole(c *fiber.Ctx) (account.RolePatch, error) {
	var body struct {
		RoleID domain.Optional[string] `json:"roleId"`
	}
	var unread domain.Problems
	err := take(&unread, a.bind(c, &body, "userId", "userName", "role", "accountId", "username", "roleName"))
	return account.RolePatch{RoleID: body.RoleID, Unread: unread}, err
}

type accountRoleView struct {
	UserID   domain.ID `json:"userId"`
	UserName string    `json:"userName"`
	RoleID   domain.ID `json:"roleId"`
	Role     string    `json:"role"`
}

func showAccountRole(v ports.AccountView) any {
	return accountRoleView{UserID: v.ID, UserName: v.Username, RoleID: v.RoleID, Role: v.Role}
}

// accountRoleEntry is the form of accountRoleView in a list, whose keys differ.
type accountRoleEntry struct {
	AccountID domain.ID `json:"accountId"`
	Username  string    `json:"username"`
	RoleID    domain.ID `json:"roleId"`
	RoleName  string    `json:"roleName"`
}

func showAccountRoleEntry(v ports.AccountView) accountRoleEntry {
	return accountRoleEntry{AccountID: v.ID, Username: v.Username, RoleID: v.RoleID, RoleName: v.Role}
}
