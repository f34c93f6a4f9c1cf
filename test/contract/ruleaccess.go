package contract

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

// actionSets is the number of sets of actions.
const actionSets = int(access.MayEverything) + 1

// holderRule reads in every way what accounts may do, for each set of actions by role combined with each by
// assignment.
func holderRule(t *testing.T, d suite) {
	menu := someMenu()
	menu.URL = access.TicketsMenu
	b := ports.ImportBatch{Menus: []access.Menu{menu}}
	roles := []domain.ID{""} // index 0 is no role
	for actions := range actionSets {
		r := someRole()
		p := permission(r.ID, menu.ID)
		p.Actions = access.Actions(actions)
		b.Roles, b.RolePermissions, roles = append(b.Roles, r), append(b.RolePermissions, p), append(roles, r.ID)
	}
	want, holds := map[domain.ID]access.Actor{}, map[domain.ID]access.Holding{}
	var inactive, ids []domain.ID
	for c := range combinations(2, 2, actionSets+1, actionSets+1) {
		a := someAccount()
		a.IsSuperuser, a.IsActive, a.RoleID = c[0] == 1, c[1] == 1, roles[c[2]]
		var own, role access.Grants
		if c[2] > 0 {
			role = access.Grants{{MenuID: menu.ID, URL: menu.URL, Actions: access.Actions(c[2] - 1)}}
		}
		if c[3] > 0 {
			p := assignment(a.ID, menu.ID, "")
			p.Actions = access.Actions(c[3] - 1)
			own = access.Grants{{MenuID: menu.ID, URL: menu.URL, Actions: p.Actions}}
			b.AccountPermissions = append(b.AccountPermissions, p)
		}
		b.Accounts, ids = append(b.Accounts, a), append(ids, a.ID)
		want[a.ID] = access.Actor{ID: a.ID, Superuser: a.IsSuperuser, Grants: access.Effective(own, role)}
		holds[a.ID] = access.Holding{Own: own, Role: role}
		if !a.IsActive {
			inactive = append(inactive, a.ID)
		}
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Imports.Add(ctx, b) })
	held := read(t, d, func(ctx context.Context, tx ports.Tx) (map[domain.ID]access.Holding, error) {
		return tx.Accounts.Holdings(ctx, ids)
	})
	readers := read(t, d, func(ctx context.Context, tx ports.Tx) ([]notification.Reader, error) {
		return tx.Inbox.Readers(ctx, ids)
	})
	for _, id := range ids {
		actor := want[id]
		mayView := actor.Require(access.TicketsMenu, access.MayView) == nil
		isReader := slices.ContainsFunc(readers, func(r notification.Reader) bool { return r.ID == id })
		person := d.find(t, ticket.Refs{AssignedTo: id}).AssignedTo
		if person == nil || person.MayView != mayView || isReader != (mayView && !slices.Contains(inactive, id)) {
			t.Errorf("%+v: may view %v, but is %+v, and a reader: %v", actor, mayView, person, isReader)
		}
		if got := held[id]; !slices.Equal(got.Own, holds[id].Own) || !slices.Equal(got.Role, holds[id].Role) {
			t.Errorf("%+v: holds %+v", actor, got)
		}
	}
}

// sessionRule reads the actors of sessions of every kind, and then revokes the sessions.
func sessionRule(t *testing.T, d suite) {
	now := noon
	type kept struct {
		account.Session
		of account.Account
	}
	var all []kept
	for c := range combinations(4, 3, 2) {
		a := someAccount()
		a.IsActive = c[2] == 1
		s := someSession(a.ID)
		s.RevokedAt, s.ExpiresAt = around(now)[c[0]], around(now)[c[1]+1]
		all = append(all, kept{s, a})
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			if err := tx.Accounts.Add(ctx, a); err != nil {
				return err
			}
			return tx.Sessions.Add(ctx, s)
		})
	}
	for _, x := range all {
		_, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (access.Actor, error) { return tx.Sessions.Actor(ctx, x.ID, now) })
		if alive := x.Alive(now) && x.of.IsActive; alive != (err == nil) {
			t.Errorf("%+v of an account that is active %v: %v", x.Session, x.of.IsActive, err)
		}
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Sessions.RevokeOf(ctx, x.AccountID, "", now) })
		if x.Alive(now) {
			x.Revoke(now)
		}
		got, err := getSession(t, d, x.ID)
		must(t, err)
		same(t, got, x.Session)
	}
}

// superuserRule counts superusers of every kind.
func superuserRule(t *testing.T, d suite) {
	count := func() int {
		return read(t, d, func(ctx context.Context, tx ports.Tx) (int, error) { return tx.Accounts.ActiveSuperusers(ctx) })
	}
	want := count()
	for c := range combinations(2, 2, 2) {
		a := someAccount()
		a.IsSuperuser, a.IsActive, a.IsStaff = c[0] == 1, c[1] == 1, c[2] == 1
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, a) })
		if a.IsActiveSuperuser() {
			want++
		}
		if got := count(); got != want {
			t.Errorf("%+v: %d superusers, want %d", a, got, want)
		}
	}
}

// reachRule reads tickets of every combination of people, and logs about them, within an account's reach and within
// all.
func reachRule(t *testing.T, d suite) {
	g, me, other := d.addFixtures(t), someAccount(), someAccount()
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		if err := tx.Accounts.Add(ctx, me); err != nil {
			return err
		}
		return tx.Accounts.Add(ctx, other)
	})
	people := []domain.ID{me.ID, other.ID, ""}
	var all []ticket.Ticket
	for c := range combinations(2, 3, 3, 2) {
		x := g.ticket()
		x.CreatedBy, x.CreatedFor, x.AssignedTo = people[c[0]], people[c[1]], people[c[2]]
		if c[3] == 1 {
			x.DeletedAt = noon
		}
		all = append(all, x)
	}
	d.addTickets(t, all...)
	for _, reach := range []access.Reach{everything, {All: true, Account: me.ID}, {Account: me.ID}, {Account: newID()}, {}} {
		want := []domain.ID{}
		for _, x := range all {
			_, err := getTicket(t, d, x.ID, reach)
			within := x.Within(reach) && x.DeletedAt.IsZero()
			if locked := d.lockTicket(t, x.ID, reach); within != (err == nil) || within != (locked == nil) {
				t.Errorf("%+v, %+v: %v, locked: %v", reach, x, err, locked)
			}
			if within {
				want = append(want, x.ID)
			}
		}
		page, err := d.list(t.Context(), reach, ticket.Query{
			Order: ticket.ByCreated, Now: noon, Size: hugePage.Size, Number: 1, Filter: ticket.Filter{CreatedBy: []domain.ID{me.ID, other.ID}},
		})
		must(t, err)
		got := idsOf(page.Tickets)
		slices.Sort(got)
		same(t, got, want)
	}
	for _, seesAll := range []bool{true, false} {
		d.checkNotified(t, g, all, ports.Reader{ID: me.ID, SeesAll: seesAll})
	}
}

// checkNotified adds logs about every ticket, internal ones and others, and checks in which lists the reader finds
// them.
func (d suite) checkNotified(t *testing.T, g fixtures, all []ticket.Ticket, r ports.Reader) {
	t.Helper()
	reach := access.Reach{All: r.SeesAll, Account: r.ID}
	for _, x := range all {
		for _, internal := range []bool{true, false} {
			l := g.fullLog(x.ID, r.ID)
			l.Internal, l.IsRead = internal, false
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
			want := x.DeletedAt.IsZero() && r.MayRead(l, x)
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				_, recorded := tx.NotificationLogs.Get(ctx, l.ID, reach)
				_, locked := tx.Inbox.Lock(ctx, r, l.ID)
				listed, errList := tx.Inbox.List(ctx, r, nil, nil, hugePage.Size)
				unread, errUnread := tx.Inbox.Unread(ctx, r)
				n, errRead := tx.Inbox.ReadAll(ctx, r, noon)
				found := slices.ContainsFunc(listed, func(v notification.View) bool { return v.ID == l.ID })
				if found != want || (recorded == nil) != want || (locked == nil) != want || unread == 1 != want || n != unread {
					t.Errorf("%+v, %+v, internal %v: want %v, listed %v, on record %v, locked %v, unread %d, read %d",
						r, x, internal, want, found, recorded, locked, unread, n)
				}
				return errors.Join(errList, errUnread, errRead)
			})
		}
	}
}
