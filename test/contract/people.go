package contract

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

// people checks which accounts each reader finds. The names of its accounts begin with a text that no other account has.
func people(t *testing.T, d suite) {
	prefix := unique("p") + "_"
	named := func(name string) account.Account {
		a := someAccount()
		a.Username, a.UsernameKey, a.IsActive, a.IsSuperuser = prefix+strings.ToUpper(name), prefix+name, true, false
		return a
	}
	menu, viewers, others := someMenu(), someRole(), someRole()
	menu.URL = access.TicketsMenu
	root, viewer, refused, granted := named("root"), named("viewer"), named("refused"), named("granted")
	nobody, other, gone, percent := named("nobody"), named("other"), named("gone"), named("%")
	root.IsSuperuser, gone.IsActive = true, false
	viewer.RoleID, refused.RoleID, gone.RoleID, other.RoleID = viewers.ID, viewers.ID, viewers.ID, others.ID
	all := []account.Account{root, viewer, refused, granted, nobody, other, gone, percent}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		present, err := tx.Menus.All(ctx)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(present, func(m access.Menu) bool { return m.URL == menu.URL }); i >= 0 {
			menu = present[i]
		} else {
			err = tx.Menus.Add(ctx, menu)
		}
		err = errors.Join(err, tx.Roles.Add(ctx, viewers), tx.Roles.Add(ctx, others))
		for _, a := range all {
			err = errors.Join(err, tx.Accounts.Add(ctx, a))
		}
		own := func(a account.Account, actions access.Actions) access.AccountPermission {
			return access.AccountPermission{
				ID: newID(), AccountID: a.ID, MenuID: menu.ID, Actions: actions, AssignedBy: a.ID, AssignedAt: noon, CreatedAt: noon, UpdatedAt: noon,
			}
		}
		return errors.Join(err,
			tx.RolePermissions.Replace(ctx, viewers.ID, []access.RolePermission{
				access.NewRolePermission(newID(), viewers.ID, menu.ID, access.MayView|access.MayDelete, noon),
			}),
			tx.RolePermissions.Replace(ctx, others.ID, []access.RolePermission{
				access.NewRolePermission(newID(), others.ID, menu.ID, access.MayUpdate, noon),
			}),
			tx.AccountPermissions.Add(ctx, own(refused, access.MayCreate)), tx.AccountPermissions.Add(ctx, own(granted, access.MayView)))
	})
	find := func(t *testing.T, reach access.Reach, f ports.PeopleFilter, size int) string {
		t.Helper()
		f.Prefix = prefix + f.Prefix
		var names []string
		for _, p := range read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.Person, error) {
			return tx.Accounts.People(ctx, reach, f, size)
		}) {
			i := slices.IndexFunc(all, func(a account.Account) bool { return a.ID == p.ID })
			if i < 0 || p.Username != all[i].Username || p.UsernameKey != all[i].UsernameKey {
				t.Fatalf("found %+v", p)
			}
			names = append(names, strings.TrimPrefix(p.UsernameKey, prefix))
		}
		return strings.Join(names, " ")
	}
	t.Run("people are found by the beginning of their names, in order and page by page", func(t *testing.T) {
		for _, tc := range []struct {
			f    ports.PeopleFilter
			size int
			want string
		}{
			{ports.PeopleFilter{}, 9, "% granted nobody other refused root viewer"},
			{ports.PeopleFilter{}, 2, "% granted"},
			{ports.PeopleFilter{After: prefix + "granted"}, 2, "nobody other"},
			{ports.PeopleFilter{After: prefix + "h"}, 1, "nobody"},
			{ports.PeopleFilter{After: prefix + "viewer"}, 2, ""},
			{ports.PeopleFilter{Prefix: "r"}, 9, "refused root"},
			{ports.PeopleFilter{Prefix: "r", After: "a"}, 9, "refused root"},
			{ports.PeopleFilter{Prefix: "r", After: prefix + "refused"}, 9, "root"},
			{ports.PeopleFilter{Prefix: "root"}, 9, "root"},
			{ports.PeopleFilter{Prefix: "%"}, 9, "%"},
			{ports.PeopleFilter{Prefix: "roots"}, 9, ""},
			{ports.PeopleFilter{For: ports.ToAsk}, 9, "% granted nobody other refused root viewer"},
			{ports.PeopleFilter{For: ports.ToAssign}, 9, "granted root viewer"},
		} {
			if got := find(t, access.EveryTicket, tc.f, tc.size); got != tc.want {
				t.Errorf("%+v: got %q, want %q", tc.f, got, tc.want)
			}
		}
	})
	t.Run("a reach of one account knows itself and the people of its tickets", func(t *testing.T) {
		fix := d.addFixtures(t)
		add := func(change func(*ticket.Ticket), comments ...ticket.Comment) {
			x := fix.ticket()
			change(&x)
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				err := tx.Tickets.Add(ctx, x)
				for _, c := range comments {
					c.ID, c.TicketID, c.CreatedAt = newID(), x.ID, noon
					err = errors.Join(err, tx.Comments.Add(ctx, c))
				}
				return err
			})
		}
		said := func(by account.Account, v ticket.Visibility) ticket.Comment {
			return ticket.Comment{Body: "x", Visibility: v, AuthorID: by.ID}
		}
		me := access.Reach{Account: nobody.ID}
		if got := find(t, me, ports.PeopleFilter{}, 9); got != "nobody" {
			t.Errorf("without tickets it sees %q", got)
		}
		add(func(x *ticket.Ticket) { x.CreatedBy, x.CreatedFor, x.AssignedTo = root.ID, nobody.ID, viewer.ID },
			said(granted, ticket.Public), said(refused, ticket.Internal))
		add(func(x *ticket.Ticket) { x.CreatedBy, x.CreatedFor, x.AssignedTo = percent.ID, percent.ID, other.ID }, said(other, ticket.Public))
		add(func(x *ticket.Ticket) {
			x.CreatedBy, x.CreatedFor, x.AssignedTo, x.DeletedAt = nobody.ID, other.ID, other.ID, noon
		})
		for _, tc := range []struct {
			f    ports.PeopleFilter
			want string
		}{
			{ports.PeopleFilter{}, "granted nobody root viewer"},
			{ports.PeopleFilter{For: ports.ToAssign}, "granted root viewer"},
			{ports.PeopleFilter{Prefix: "r"}, "root"},
			{ports.PeopleFilter{After: prefix + "nobody"}, "root viewer"},
		} {
			if got := find(t, me, tc.f, 9); got != tc.want {
				t.Errorf("%+v: got %q, want %q", tc.f, got, tc.want)
			}
		}
		if got := find(t, access.Reach{}, ports.PeopleFilter{}, 9); got != "" {
			t.Errorf("the zero reach sees %q", got)
		}
	})
}
