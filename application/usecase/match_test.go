package usecase_test

import (
	"context"
	"testing"

	"tickt/application/identity"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestEveryEditChecksItsConditionOnTheStoredResource(t *testing.T) {
	d := desk.New(t)
	ctx, root := t.Context(), d.Actor(desk.Root)
	flags := access.ActionsPatch{Update: domain.Some(true)}

	assigned := access.AssignmentPatch{AccountID: d.MemberTo(desk.Nobody), MenuID: d.MenuTo(access.TicketsMenu)}
	assignment := desk.Must(d.Permissions.AssignToAccount(ctx, root, assigned, nil))(t)
	assigned.Actions = flags
	desk.Conditioned(t, root, assignment.ID, d.Permissions.GetForAccount, d.Permissions.RemoveFromAccount, assigned,
		d.Permissions.UpdateForAccount, d.Permissions.ReplaceForAccount)

	permission := d.Permitted(desk.Clerks)[0]
	desk.Conditioned(t, root, permission.ID, d.Permissions.GetForRole, d.Permissions.RemoveFromRole, flags,
		d.Permissions.UpdateForRole, d.Permissions.ReplaceForRole)

	clerks := account.RolePatch{RoleID: domain.Some(string(d.Role(desk.Clerks)))}
	desk.Conditioned(t, root, d.ID(desk.Temp), d.AccountRoles.Get, d.AccountRoles.Delete, clerks,
		d.AccountRoles.Update, d.AccountRoles.Replace)

	toggle := func(
		ctx context.Context, actor access.Actor, id domain.ID, _ account.Patch, m usecase.Match[ports.AccountView],
	) (ports.AccountView, error) {
		toggled, err := d.Accounts.Toggle(ctx, actor, id, identity.HandOver{}, m)
		return toggled.AccountView, err
	}
	desk.Conditioned(t, root, d.ID(desk.Temp), d.Accounts.Get, d.Accounts.Delete, account.Patch{Address: domain.Some("Lalitpur")},
		d.Accounts.Update, toggle)

	desk.Conditioned(t, root, d.Role(desk.Temps), d.Roles.Get, d.Roles.Delete, access.RolePatch{Name: domain.Some("crew")},
		d.Roles.Update, d.Roles.Replace)

	desk.Conditioned(t, root, d.AddMenu("/shelf/").ID, d.Menus.Get, d.Menus.Delete,
		access.MenuPatch{Name: domain.Some("Rack"), URL: domain.Some("/rack/")}, d.Menus.Update, d.Menus.Replace)

	locked := func(ctx context.Context, actor access.Actor, id domain.ID) (ticket.View, error) {
		v, err := d.Tickets.Get(ctx, actor, id)
		v.LastAt = v.UpdatedAt
		return v, err
	}
	desk.Conditioned(t, root, d.Open(desk.Clerk, ticket.Patch{}).ID, locked, d.Tickets.Delete,
		ticket.Patch{Title: domain.Some("Smoke"), Description: domain.Some("Everywhere.")}, d.Tickets.Update, d.Tickets.Replace)

	desk.Conditioned(t, root, d.Status("RESOLVED").ID, d.Statuses.Get, d.Statuses.Delete,
		ticket.StatusPatch{Name: domain.Some("Done"), Code: domain.Some("DONE"), StatusType: domain.Some("resolved")},
		d.Statuses.Update, d.Statuses.Replace)
	desk.Conditioned(t, root, d.Priority("HIGH").ID, d.Priorities.Get, d.Priorities.Delete,
		ticket.PriorityPatch{Name: domain.Some("Top"), Code: domain.Some("TOP")}, d.Priorities.Update, d.Priorities.Replace)
}
