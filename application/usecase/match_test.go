package usecase_test

import (
	"context"
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestEveryEditAsksItsConditionAboutWhatIsStored(t *testing.T) {
	d := desk.New(t)
	ctx, root := t.Context(), d.Actor(desk.Root)
	flags := access.ActionsChange{Update: domain.To(true)}

	assigned := access.AssignmentChange{AccountID: d.MemberTo(desk.Nobody), MenuID: d.MenuTo(access.TicketsMenu)}
	assignment := desk.Must(d.Permissions.AssignToAccount(ctx, root, assigned, nil))(t)
	assigned.Actions = flags
	desk.Conditioned(t, root, assignment.ID, d.Permissions.OfAccount, d.Permissions.RemoveFromAccount, assigned,
		d.Permissions.ChangeOfAccount, d.Permissions.ReplaceOfAccount)

	permission := d.Permitted(desk.Clerks)[0]
	desk.Conditioned(t, root, permission.ID, d.Permissions.OfRole, d.Permissions.RemoveFromRole, flags,
		d.Permissions.ChangeOfRole, d.Permissions.ReplaceOfRole)

	clerks := account.RoleChange{RoleID: domain.To(string(d.Role(desk.Clerks)))}
	desk.Conditioned(t, root, d.ID(desk.Temp), d.AccountRoles.Get, d.AccountRoles.Delete, clerks,
		d.AccountRoles.Change, d.AccountRoles.Replace)

	toggle := func(
		ctx context.Context, actor access.Actor, id domain.ID, _ account.Change, m usecase.Match[ports.AccountView],
	) (ports.AccountView, error) {
		return d.Accounts.Toggle(ctx, actor, id, m)
	}
	desk.Conditioned(t, root, d.ID(desk.Temp), d.Accounts.Get, d.Accounts.Delete, account.Change{Address: domain.To("Lalitpur")},
		d.Accounts.Change, toggle)

	desk.Conditioned(t, root, d.Role(desk.Temps), d.Roles.Get, d.Roles.Delete, access.RoleChange{Name: domain.To("crew")},
		d.Roles.Change, d.Roles.Replace)

	desk.Conditioned(t, root, d.AddMenu("/shelf/").ID, d.Menus.Get, d.Menus.Delete,
		access.MenuChange{Name: domain.To("Rack"), URL: domain.To("/rack/")}, d.Menus.Change, d.Menus.Replace)

	locked := func(ctx context.Context, actor access.Actor, id domain.ID) (ticket.View, error) {
		v, err := d.Tickets.Get(ctx, actor, id)
		v.LastAt = v.UpdatedAt
		return v, err
	}
	desk.Conditioned(t, root, d.Open(desk.Clerk, ticket.Change{}).ID, locked, d.Tickets.Delete,
		ticket.Change{Title: domain.To("Smoke"), Description: domain.To("Everywhere.")}, d.Tickets.Change, d.Tickets.Replace)

	desk.Conditioned(t, root, d.Status("RESOLVED").ID, d.Statuses.Get, d.Statuses.Delete,
		ticket.StatusChange{Name: domain.To("Done"), Code: domain.To("DONE"), StatusType: domain.To("resolved")},
		d.Statuses.Change, d.Statuses.Replace)
	desk.Conditioned(t, root, d.Priority("HIGH").ID, d.Priorities.Get, d.Priorities.Delete,
		ticket.PriorityChange{Name: domain.To("Top"), Code: domain.To("TOP")}, d.Priorities.Change, d.Priorities.Replace)
}
