package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// credentials are an account, its session, and the actions of its own assignment, if it has one.
type credentials struct {
	account account.Account
	session account.Session
	own     *access.Actions
}

func actors(t *testing.T, d suite) {
	menu, role := someMenu(), someRole()
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		granted := access.RolePermission{
			ID: newID(), RoleID: role.ID, MenuID: menu.ID, Actions: access.MayView | access.MayCreate,
			CreatedAt: noon, UpdatedAt: noon,
		}
		return errors.Join(tx.Menus.Add(ctx, menu), tx.Roles.Add(ctx, role),
			tx.RolePermissions.Replace(ctx, role.ID, []access.RolePermission{granted}))
	})
	own := func(a access.Actions) *access.Actions { return &a }
	inRole := func(p *credentials) { p.account.RoleID = role.ID }
	cases := map[string]struct {
		prepare func(*credentials)
		holds   access.Actions
		scope   access.Scope
	}{
		"nothing without role and assignment": {func(*credentials) {}, access.MayNothing, access.ScopeOwn},
		"a role's permission and reach":       {inRole, access.MayView | access.MayCreate, access.ScopeAll},
		"an own assignment that replaces the role's": {
			func(p *credentials) { inRole(p); p.own = own(access.MayDelete) }, access.MayDelete,
			access.ScopeAll,
		},
		"an own assignment that refuses what the role permits": {
			func(p *credentials) { inRole(p); p.own = own(access.MayNothing) }, access.MayNothing,
			access.ScopeAll,
		},
		"an own assignment without a role": {
			func(p *credentials) { p.own = own(access.MayEverything) }, access.MayEverything,
			access.ScopeOwn,
		},
	}
	for name, c := range cases {
		t.Run("an actor holds "+name, func(t *testing.T) {
			p := credentials{account: someAccount()}
			c.prepare(&p)
			p.session = someSession(p.account.ID)
			d.addCredentials(t, p, menu.ID)
			got, err := d.actor(t, p.session.ID, noon)
			must(t, err)
			for key, held := range map[string]access.Actions{"URL": got.Grants.On(menu.URL), "menu": got.Grants.OnMenu(menu.ID)} {
				if held != c.holds {
					t.Errorf("by %s it holds %04b, want %04b", key, held, c.holds)
				}
			}
			want := access.Actor{
				ID: p.account.ID, Username: p.account.Username, Session: p.session.ID, RoleID: p.account.RoleID, Scope: c.scope,
				Staff: true, Language: string(p.account.Language), TimeZone: p.account.TimeZone,
			}
			if p.account.RoleID != "" {
				want.RoleName = role.Name
			}
			got.Grants = nil
			same(t, got, want)
		})
	}
	t.Run("Holdings returns the same grants, also of inactive accounts", func(t *testing.T) {
		ids, named := []domain.ID{newID()}, map[domain.ID]string{}
		for name, c := range cases {
			p := credentials{account: bareAccount()}
			c.prepare(&p)
			p.session = someSession(p.account.ID)
			d.addCredentials(t, p, menu.ID)
			ids, named[p.account.ID] = append(ids, p.account.ID), name
		}
		held := d.holdings(t, append(ids, ids[1])...)
		if len(held) != len(cases) {
			t.Errorf("got the grants of %d accounts, want %d", len(held), len(cases))
		}
		for id, h := range held {
			grants := access.Effective(h.Own, h.Role)
			if c := cases[named[id]]; grants.On(menu.URL) != c.holds || grants.OnMenu(menu.ID) != c.holds || h.Scope != c.scope {
				t.Errorf("%s: %+v", named[id], h)
			}
		}
		same(t, d.holdings(t), map[domain.ID]access.Holding{})
	})
	t.Run("OwnInRole returns what accounts of a role hold by themselves, without superusers", func(t *testing.T) {
		ownInRole(t, d, role.ID, menu)
	})
	t.Run("Holdings returns the own grants of a superuser", func(t *testing.T) {
		own := access.MayDelete
		p := credentials{account: someAccount(), own: &own}
		p.account.IsSuperuser, p.session = true, someSession(p.account.ID)
		d.addCredentials(t, p, menu.ID)
		same(t, d.holdings(t, p.account.ID), map[domain.ID]access.Holding{
			p.account.ID: {Own: access.Grants{{MenuID: menu.ID, URL: menu.URL, Actions: own}}, Scope: access.ScopeOwn},
		})
	})
	t.Run("a superuser without a role sees all", func(t *testing.T) {
		p := credentials{account: someAccount()}
		p.account.IsSuperuser, p.account.IsStaff = true, false
		p.session = someSession(p.account.ID)
		d.addCredentials(t, p, menu.ID)
		got, err := d.actor(t, p.session.ID, noon)
		if err != nil || !got.Superuser || got.Staff || !got.SeesAll() {
			t.Errorf("actor %+v, %v", got, err)
		}
	})
	t.Run("a session that has ended, or of an inactive account, has no actor", func(t *testing.T) { refusedActors(t, d) })
	t.Run("changes of the account are effective immediately", func(t *testing.T) { changingActor(t, d, role, menu.ID) })
	t.Run("changes of permissions are effective immediately", func(t *testing.T) { changingGrants(t, d) })
	t.Run("concurrent changes of permissions are all effective", func(t *testing.T) { parallelGrants(t, d) })
}

// addCredentials stores credentials; the assignment is for menu.
func (d suite) addCredentials(t *testing.T, p credentials, menu domain.ID) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := errors.Join(tx.Accounts.Add(ctx, p.account), tx.Sessions.Add(ctx, p.session))
		if p.own != nil {
			err = errors.Join(err, tx.AccountPermissions.Add(ctx, access.AccountPermission{
				ID: newID(), AccountID: p.account.ID, MenuID: menu, Actions: *p.own, AssignedBy: p.account.ID, AssignedAt: noon, CreatedAt: noon,
				UpdatedAt: noon,
			}))
		}
		return err
	})
}

func (d suite) actor(t *testing.T, session domain.ID, now time.Time) (access.Actor, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (access.Actor, error) {
		return tx.Sessions.Actor(ctx, session, now)
	})
}

func (d suite) holdings(t *testing.T, ids ...domain.ID) map[domain.ID]access.Holding {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (map[domain.ID]access.Holding, error) {
		return tx.Accounts.Holdings(ctx, ids)
	})
}

func refusedActors(t *testing.T, d suite) {
	active, inactive := someAccount(), someAccount()
	inactive.IsActive = false
	alive, revoked, barred := someSession(active.ID), someSession(active.ID), someSession(inactive.ID)
	revoked.Revoke(noon.Add(-time.Microsecond))
	d.addCredentials(t, credentials{account: active, session: alive}, "")
	d.addCredentials(t, credentials{account: inactive, session: barred}, "")
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Sessions.Add(ctx, revoked) })

	_, err := d.actor(t, alive.ID, alive.ExpiresAt.Add(-time.Microsecond))
	must(t, err)
	_, err = d.actor(t, alive.ID, alive.ExpiresAt)
	wantMissing(t, err)
	for _, id := range []domain.ID{revoked.ID, barred.ID, newID()} {
		_, err := d.actor(t, id, noon)
		wantMissing(t, err)
	}
}

// changingGrants makes every kind of change to a permission.
func changingGrants(t *testing.T, d suite) {
	role, menu, p := someRole(), someMenu(), credentials{account: someAccount()}
	p.account.RoleID, p.session = role.ID, someSession(p.account.ID)
	byRole, own := permission(role.ID, menu.ID), assignment(p.account.ID, menu.ID, "")
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Roles.Add(ctx, role), tx.Menus.Add(ctx, menu), tx.Accounts.Add(ctx, p.account), tx.Sessions.Add(ctx, p.session))
	})
	for _, step := range []struct {
		name   string
		change func(context.Context, ports.Tx) error
		holds  access.Actions
	}{
		{"set of the role", func(ctx context.Context, tx ports.Tx) error {
			return tx.RolePermissions.Replace(ctx, role.ID, []access.RolePermission{byRole})
		}, byRole.Actions},
		{"permission saved", func(ctx context.Context, tx ports.Tx) error {
			byRole.Actions = access.MayDelete
			return tx.RolePermissions.Save(ctx, byRole)
		}, access.MayDelete},
		{"menu's URL changed", func(ctx context.Context, tx ports.Tx) error {
			menu.URL = "/elsewhere" + menu.URL
			return tx.Menus.Save(ctx, menu)
		}, access.MayDelete},
		{"own assignment", func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Add(ctx, own) }, own.Actions},
		{"own assignment saved", func(ctx context.Context, tx ports.Tx) error {
			own.Actions = access.MayNothing
			return tx.AccountPermissions.Save(ctx, own)
		}, access.MayNothing},
		{
			"own assignment removed", func(ctx context.Context, tx ports.Tx) error { return tx.AccountPermissions.Remove(ctx, own.ID) },
			access.MayDelete,
		},
		{
			"permission removed", func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Remove(ctx, byRole.ID) },
			access.MayNothing,
		},
	} {
		d.update(t, step.change)
		got, err := d.actor(t, p.session.ID, noon)
		if must(t, err); got.Grants.On(menu.URL) != step.holds || got.Grants.OnMenu(menu.ID) != step.holds {
			t.Errorf("%s: holds %+v, want %04b on %s", step.name, got.Grants, step.holds, menu.URL)
		}
	}
}

// parallelGrants adds many assignments to one account concurrently.
func parallelGrants(t *testing.T, d suite) {
	const n = 16
	p := credentials{account: someAccount()}
	p.session = someSession(p.account.ID)
	menus := make([]access.Menu, n)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		errs := []error{tx.Accounts.Add(ctx, p.account), tx.Sessions.Add(ctx, p.session)}
		for i := range menus {
			menus[i] = someMenu()
			errs = append(errs, tx.Menus.Add(ctx, menus[i]))
		}
		return errors.Join(errs...)
	})
	wantNoErrors(t, concurrently(n, func(i int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.AccountPermissions.Add(ctx, assignment(p.account.ID, menus[i].ID, ""))
		})
	}))
	got, err := d.actor(t, p.session.ID, noon)
	if must(t, err); len(got.Grants) != n {
		t.Errorf("the actor has %d grants, want %d", len(got.Grants), n)
	}
}

func changingActor(t *testing.T, d suite, role access.Role, menu domain.ID) {
	p := credentials{account: someAccount()}
	p.session = someSession(p.account.ID)
	d.addCredentials(t, p, menu)
	p.account.RoleID = role.ID
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, p.account) })
	got, err := d.actor(t, p.session.ID, noon)
	if err != nil || got.RoleName != role.Name || got.Scope != role.TicketScope || got.Grants.OnMenu(menu) == access.MayNothing {
		t.Errorf("with a role: %+v, %v", got, err)
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.RolePermissions.Replace(ctx, role.ID, nil) })
	got, err = d.actor(t, p.session.ID, noon)
	if err != nil || got.Grants.OnMenu(menu) != access.MayNothing {
		t.Errorf("with a role that lost its permission: %+v, %v", got, err)
	}
	p.account.IsActive = false
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, p.account) })
	_, err = d.actor(t, p.session.ID, noon)
	wantMissing(t, err)
}

// ownInRole adds a role with accounts, of which each holds something else by its own assignment.
func ownInRole(t *testing.T, d suite, another domain.ID, menu access.Menu) {
	t.Helper()
	role, annex := someRole(), someMenu()
	grant := func(a account.Account, m access.Menu, actions access.Actions) access.AccountPermission {
		return access.AccountPermission{
			ID: newID(), AccountID: a.ID, MenuID: m.ID, Actions: actions, AssignedBy: a.ID, AssignedAt: noon, CreatedAt: noon, UpdatedAt: noon,
		}
	}
	in := func(role domain.ID, active, superuser bool) account.Account {
		a := someAccount()
		a.RoleID, a.IsActive, a.IsSuperuser = role, active, superuser
		return a
	}
	one, two, gone := in(role.ID, true, false), in(role.ID, true, false), in(role.ID, false, false)
	boss, stranger := in(role.ID, true, true), in(another, true, false)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := errors.Join(tx.Menus.Add(ctx, annex), tx.Roles.Add(ctx, role))
		for _, a := range []account.Account{one, two, gone, boss, stranger} {
			err = errors.Join(err, tx.Accounts.Add(ctx, a))
		}
		return errors.Join(err, tx.AccountPermissions.Add(ctx, grant(one, menu, access.MayView)),
			tx.AccountPermissions.Add(ctx, grant(two, menu, access.MayUpdate)), tx.AccountPermissions.Add(ctx, grant(gone, annex, access.MayDelete)),
			tx.AccountPermissions.Add(ctx, grant(boss, annex, access.MayEverything)),
			tx.AccountPermissions.Add(ctx, grant(stranger, annex, access.MayCreate)))
	})
	for id, want := range map[domain.ID]map[domain.ID]access.Actions{
		role.ID: {menu.ID: access.MayView | access.MayUpdate, annex.ID: access.MayDelete}, newID(): {},
	} {
		got, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (access.Grants, error) { return tx.Accounts.OwnInRole(ctx, id) })
		must(t, err)
		held := map[domain.ID]access.Actions{}
		for _, g := range got {
			held[g.MenuID] |= g.Actions
		}
		same(t, held, want)
	}
}
