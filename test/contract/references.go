package contract

import (
	"context"
	"errors"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

func (d suite) find(t *testing.T, refs ticket.Refs) ticket.Found {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (ticket.Found, error) { return tx.Tickets.Find(ctx, refs) })
}

// byDefault requests the default status or priority.
var byDefault = domain.Null[domain.ID]()

func references(t *testing.T, d suite) {
	g := d.addFixtures(t)
	t.Run("nothing is found for empty or unknown references", func(t *testing.T) {
		same(t, d.find(t, ticket.Refs{}), ticket.Found{})
		same(t, d.find(t, ticket.Refs{StatusID: byDefault, PriorityID: byDefault}), ticket.Found{})
		for _, unknown := range []func() domain.ID{newID, func() domain.ID { return "" }} {
			same(t, d.find(t, ticket.Refs{
				StatusID: domain.Some(unknown()), PriorityID: domain.Some(unknown()), MenuID: unknown(), CreatedFor: unknown(), AssignedTo: unknown(),
			}), ticket.Found{})
		}
	})
	t.Run("referenced entities are found", func(t *testing.T) {
		got := d.find(t, ticket.Refs{
			StatusID: domain.Some(g.status.ID), PriorityID: domain.Some(g.priority.ID), MenuID: g.menu.ID, CreatedFor: g.account.ID,
			AssignedTo: g.account.ID,
		})
		wantClassified(t, got, g.status, g.priority)
		same(t, got.Menu, &ticket.MenuRef{ID: g.menu.ID, Name: g.menu.Name})
		person := &ticket.Person{ID: g.account.ID, Name: g.account.Username, IsActive: true}
		same(t, got.AssignedTo, person)
		if got.CreatedFor == nil || got.CreatedFor.ID != person.ID || got.CreatedFor.Name != person.Name || !got.CreatedFor.IsActive {
			t.Errorf("created for: %+v", got.CreatedFor)
		}
	})
	t.Run("an inactive person is found as such", func(t *testing.T) {
		a := bareAccount()
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
		got := d.find(t, ticket.Refs{CreatedFor: a.ID, AssignedTo: a.ID})
		if got.CreatedFor == nil || got.CreatedFor.IsActive || got.AssignedTo == nil || got.AssignedTo.IsActive {
			t.Errorf("found %+v, %+v", got.CreatedFor, got.AssignedTo)
		}
	})
	t.Run("the default is found if requested", func(t *testing.T) {
		s, p := statusKind.with(entry{isDefault: true}), priorityKind.with(entry{isDefault: true})
		statusKind.add(t, d, s)
		priorityKind.add(t, d, p)
		wantClassified(t, d.find(t, ticket.Refs{StatusID: byDefault, PriorityID: byDefault}), s, p)
		got := d.find(t, ticket.Refs{StatusID: byDefault, PriorityID: domain.Some(g.priority.ID)})
		wantClassified(t, got, s, g.priority)
	})
	t.Run("a locked ticket is returned with the references, or with its own status and priority", func(t *testing.T) { lockedFor(t, d, g) })
	t.Run("MayView of an assignee follows its effective grants", func(t *testing.T) { assignable(t, d) })
}

func lockedFor(t *testing.T, d suite, g fixtures) {
	x, other := g.fullTicket(), d.addFixtures(t)
	d.addTickets(t, x)
	for name, c := range map[string]struct {
		refs     ticket.Refs
		status   ticket.Status
		priority ticket.Priority
	}{
		"nothing named":  {ticket.Refs{}, g.status, g.priority},
		"status named":   {ticket.Refs{StatusID: domain.Some(other.status.ID)}, other.status, g.priority},
		"priority named": {ticket.Refs{PriorityID: domain.Some(other.priority.ID)}, g.status, other.priority},
		"everything named": {ticket.Refs{
			StatusID: domain.Some(other.status.ID), PriorityID: domain.Some(other.priority.ID), CreatedFor: other.account.ID,
			AssignedTo: other.account.ID, MenuID: other.menu.ID,
		}, other.status, other.priority},
	} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			v, found, err := tx.Tickets.LockFor(ctx, x.ID, everything, c.refs)
			if err != nil {
				return err
			}
			same(t, v, g.view(x))
			wantClassified(t, found, c.status, c.priority)
			if named := c.refs.MenuID != ""; named != (found.Menu != nil && found.CreatedFor != nil && found.AssignedTo != nil) {
				t.Errorf("%s: found %+v", name, found)
			}
			return nil
		})
	}
	for _, unknown := range []domain.ID{newID(), ""} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			_, found, err := tx.Tickets.LockFor(ctx, x.ID, everything, ticket.Refs{StatusID: domain.Some(unknown), PriorityID: domain.Some(unknown)})
			same(t, found, ticket.Found{})
			return err
		})
	}
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		_, _, err := tx.Tickets.LockFor(ctx, x.ID, access.Reach{Account: other.account.ID}, ticket.Refs{})
		return err
	}))
}

// wantClassified compares the fields of status and priority that the rules of tickets use.
func wantClassified(t *testing.T, got ticket.Found, s ticket.Status, p ticket.Priority) {
	t.Helper()
	if x := got.Status; x == nil || x.ID != s.ID || x.Name != s.Name || x.Weight != s.Weight || x.StatusType != s.StatusType {
		t.Errorf("status %+v, want %+v", x, s)
	}
	if x := got.Priority; x == nil || x.ID != p.ID || x.Name != p.Name || x.Weight != p.Weight || x.SLAHours != p.SLAHours {
		t.Errorf("priority %+v, want %+v", x, p)
	}
}

func assignable(t *testing.T, d suite) {
	ticketsMenu, role, powerless := someMenu(), someRole(), someRole()
	ticketsMenu.URL = access.TicketsMenu
	elsewhere := someMenu()
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		without := permission(powerless.ID, ticketsMenu.ID)
		without.Actions = access.MayCreate
		return errors.Join(tx.Menus.Add(ctx, ticketsMenu), tx.Menus.Add(ctx, elsewhere), tx.Roles.Add(ctx, role), tx.Roles.Add(ctx, powerless),
			tx.RolePermissions.Replace(ctx, role.ID, []access.RolePermission{permission(role.ID, ticketsMenu.ID)}),
			tx.RolePermissions.Replace(ctx, powerless.ID, []access.RolePermission{without, permission(powerless.ID, elsewhere.ID)}))
	})
	own := func(menu domain.ID, actions access.Actions) func(domain.ID) *access.AccountPermission {
		return func(id domain.ID) *access.AccountPermission {
			p := assignment(id, menu, "")
			p.Actions = actions
			return &p
		}
	}
	for name, c := range map[string]struct {
		account func(*account.Account)
		own     func(domain.ID) *access.AccountPermission
		may     bool
	}{
		"an account without grants": {nil, nil, false},
		"a superuser":               {func(a *account.Account) { a.IsSuperuser = true }, nil, true},
		"a superuser whose assignment refuses": {
			func(a *account.Account) { a.IsSuperuser = true },
			own(ticketsMenu.ID, access.MayNothing), true,
		},
		"an account whose role may view": {func(a *account.Account) { a.RoleID = role.ID }, nil, true},
		"an account whose role may view, but whose assignment refuses": {
			func(a *account.Account) { a.RoleID = role.ID },
			own(ticketsMenu.ID, access.MayDelete), false,
		},
		"an account whose role may only create": {func(a *account.Account) { a.RoleID = powerless.ID }, nil, false},
		"an account whose assignment may view": {
			func(a *account.Account) { a.RoleID = powerless.ID },
			own(ticketsMenu.ID, access.MayView), true,
		},
		"an account without a role whose assignment may view": {nil, own(ticketsMenu.ID, access.MayView|access.MayDelete), true},
		"an account that may view another menu":               {nil, own(elsewhere.ID, access.MayEverything), false},
	} {
		t.Run(name, func(t *testing.T) {
			a := someAccount()
			if c.account != nil {
				c.account(&a)
			}
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				err := tx.Accounts.Add(ctx, a)
				if c.own != nil {
					err = errors.Join(err, tx.AccountPermissions.Add(ctx, *c.own(a.ID)))
				}
				return err
			})
			same(t, d.find(t, ticket.Refs{AssignedTo: a.ID}).AssignedTo, &ticket.Person{ID: a.ID, Name: a.Username, IsActive: true, MayView: c.may})
		})
	}
}
