package application_test

import (
	"context"
	"reflect"
	"testing"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

// The ways to one thing of an area: V is the thing as it is shown, C what changes it.
type (
	getting[V any]     = func(context.Context, access.Actor, domain.ID) (V, error)
	changing[V, C any] = func(context.Context, access.Actor, domain.ID, C, usecase.Match[V]) (V, error)
	removing[V any]    = func(context.Context, access.Actor, domain.ID, usecase.Match[V]) error
)

// conditioned checks that every edit of the thing with an id asks its condition about what get gives, fails as Stale
// and changes nothing where it does not hold, and goes on where it does.
func conditioned[V, C any](t *testing.T, actor access.Actor, id domain.ID, get getting[V], remove removing[V], c C, changes ...changing[V, C]) {
	t.Helper()
	edits := []func(usecase.Match[V]) error{}
	for _, change := range changes {
		edits = append(edits, func(m usecase.Match[V]) error {
			_, err := change(t.Context(), actor, id, c, m)
			return err
		})
	}
	edits = append(edits, func(m usecase.Match[V]) error { return remove(t.Context(), actor, id, m) })
	before := must[V](t)(get(t.Context(), actor, id))
	for i, edit := range edits {
		var asked V
		err := edit(func(v V) bool { asked = v; return false })
		fails(t, err, domain.Stale, "The data was changed by somebody else meanwhile. Read it again.")
		if !reflect.DeepEqual(asked, before) {
			t.Errorf("edit %d asked about %+v, want %+v", i, asked, before)
		}
		if after := must[V](t)(get(t.Context(), actor, id)); !reflect.DeepEqual(after, before) {
			t.Errorf("edit %d made %+v all the same", i, after)
		}
	}
	for i, edit := range edits {
		if err := edit(func(V) bool { return true }); err != nil {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	_, err := get(t.Context(), actor, id)
	fails(t, err, domain.NotFound, "")
}

func TestEveryEditAsksItsConditionAboutWhatIsStored(t *testing.T) {
	d := newDesk(t)
	ctx, root := t.Context(), d.root
	flags := access.ActionsChange{Update: domain.To(true)}

	assigned := access.AssignmentChange{AccountID: domain.To(string(d.eveID)), MenuID: domain.To(string(d.menus[access.TicketsMenu].ID))}
	assignment := must[ports.AccountPermissionView](t)(d.Permissions.AssignToAccount(ctx, root, assigned, nil))
	assigned.Actions = flags
	conditioned(t, root, assignment.ID, d.Permissions.OfAccount, d.Permissions.RemoveFromAccount, assigned,
		d.Permissions.ChangeOfAccount, d.Permissions.ReplaceOfAccount)

	permission := d.permissionsOf(d.admins.ID)[0]
	conditioned(t, root, permission.ID, d.Permissions.OfRole, d.Permissions.RemoveFromRole, flags,
		d.Permissions.ChangeOfRole, d.Permissions.ReplaceOfRole)

	conditioned(t, root, d.bobID, d.AccountRoles.Get, d.AccountRoles.Delete, account.RoleChange{RoleID: domain.To(string(d.admins.ID))},
		d.AccountRoles.Change, d.AccountRoles.Replace)

	toggle := func(ctx context.Context, actor access.Actor, id domain.ID, _ account.Change, m usecase.Match[ports.AccountView]) (ports.AccountView, error) {
		return d.Accounts.Toggle(ctx, actor, id, m)
	}
	conditioned(t, root, d.bobID, d.Accounts.Get, d.Accounts.Delete, account.Change{Address: domain.To("Lalitpur")}, d.Accounts.Change, toggle)

	conditioned(t, root, d.agents.ID, d.Roles.Get, d.Roles.Delete, access.RoleChange{Name: domain.To("crew")}, d.Roles.Change, d.Roles.Replace)

	menu := must[access.MenuView](t)(d.Menus.Create(ctx, root, access.MenuChange{Name: domain.To("Shelf"), URL: domain.To("/shelf/")}, nil))
	conditioned(t, root, menu.ID, d.Menus.Get, d.Menus.Delete, access.MenuChange{Name: domain.To("Rack"), URL: domain.To("/rack/")},
		d.Menus.Change, d.Menus.Replace)

	locked := func(ctx context.Context, actor access.Actor, id domain.ID) (ticket.View, error) {
		v, err := d.Tickets.Get(ctx, actor, id)
		v.LastAt = v.UpdatedAt
		return v, err
	}
	conditioned(t, root, d.file(d.ann, ticket.Change{}).ID, locked, d.Tickets.Delete,
		ticket.Change{Title: domain.To("Smoke"), Description: domain.To("Everywhere.")}, d.Tickets.Change, d.Tickets.Replace)

	conditioned(t, root, d.resolved.ID, d.Statuses.Get, d.Statuses.Delete,
		ticket.StatusChange{Name: domain.To("Done"), Code: domain.To("DONE"), StatusType: domain.To("resolved")}, d.Statuses.Change, d.Statuses.Replace)
	conditioned(t, root, d.high.ID, d.Priorities.Get, d.Priorities.Delete,
		ticket.PriorityChange{Name: domain.To("Top"), Code: domain.To("TOP")}, d.Priorities.Change, d.Priorities.Replace)
}
