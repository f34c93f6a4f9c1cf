package identity_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

func TestLastSuperuserAndOwnAccountCannotBeRemoved(t *testing.T) {
	d := newDesk(t)
	root := d.Actor(desk.Root)
	rootID := d.ID(desk.Root)
	d.AddAccount("second", desk.Superuser)
	second := d.Actor("second")
	demote := account.Patch{IsSuperuser: domain.Some(false)}

	desk.Fails(t, d.Accounts.Delete(t.Context(), root, rootID, nil), domain.Conflict, "You cannot delete your own account.")
	_, err := d.Accounts.Toggle(t.Context(), root, rootID, identity.HandOver{}, nil)
	desk.Fails(t, err, domain.Conflict, "You cannot deactivate your own account.")

	desk.Must(d.Accounts.Update(t.Context(), second, second.ID, demote, nil))(t) // others remain
	desk.Fails(t, d.Accounts.Delete(t.Context(), second, rootID, nil), domain.Conflict, "You cannot delete the last active superuser.")
	_, err = d.Accounts.Toggle(t.Context(), second, rootID, identity.HandOver{}, nil)
	desk.Fails(t, err, domain.Conflict, "You cannot deactivate the last active superuser.")
	for _, c := range []account.Patch{demote, {IsSuperuser: domain.Some(false), Password: domain.Some("seven brown otters")}} {
		_, err = d.Accounts.Update(t.Context(), root, rootID, c, nil)
		desk.Fails(t, err, domain.Conflict, "You cannot demote the last active superuser.")
	}
	_, err = d.Accounts.Replace(t.Context(), root, rootID, zoe(), nil)
	desk.Fails(t, err, domain.Conflict, "You cannot demote the last active superuser.")
	if d.Passwords.Hashed.Load() != 0 {
		t.Error("the password of a refused change was hashed")
	}
	if a := d.Account(rootID); !a.IsActiveSuperuser() {
		t.Errorf("the last superuser is %+v", a)
	}
}

func TestSuperusersRemovingEachOtherLeaveOne(t *testing.T) {
	d := newDesk(t)
	all := []access.Actor{d.Actor(desk.Root)}
	for _, name := range []string{"s1", "s2", "s3"} {
		d.AddAccount(name, desk.Superuser)
		all = append(all, d.Actor(name))
	}
	var done sync.WaitGroup
	for i, a := range all {
		id, actor := a.ID, all[(i+1)%len(all)]
		done.Go(func() {
			if i%2 == 0 {
				_, _ = d.Accounts.Toggle(t.Context(), actor, id, identity.HandOver{}, nil)
			} else {
				_, _ = d.Accounts.Update(t.Context(), actor, id, account.Patch{IsSuperuser: domain.Some(false)}, nil)
			}
		})
	}
	done.Wait()
	left := 0
	for _, a := range all {
		if a := d.Account(a.ID); a.IsActiveSuperuser() {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d superusers are left, want 1", left)
	}
}

// lockRecorder records the order of locks. promote, if set, is called between reading an account and locking it.
type lockRecorder struct {
	ports.Accounts
	order   *[]string
	promote func(ports.Accounts)
}

func (l lockRecorder) LockSuperusers(ctx context.Context) (int, error) {
	*l.order = append(*l.order, "superusers")
	return l.Accounts.LockSuperusers(ctx)
}

func (l lockRecorder) Lock(ctx context.Context, id domain.ID) (account.Account, error) {
	*l.order = append(*l.order, "account")
	if l.promote != nil {
		l.promote(l.Accounts)
	}
	return l.Accounts.Lock(ctx, id)
}

func TestSuperusersAreLockedOnlyIfOneIsLostAndBeforeIt(t *testing.T) {
	change := func(c account.Patch) func(*identity.Accounts, access.Actor, domain.ID) error {
		return func(s *identity.Accounts, root access.Actor, id domain.ID) error {
			return desk.Err(s.Update(t.Context(), root, id, c, nil))
		}
	}
	toggle := func(s *identity.Accounts, root access.Actor, id domain.ID) error {
		return desk.Err(s.Toggle(t.Context(), root, id, identity.HandOver{}, nil))
	}
	for name, c := range map[string]struct {
		do        func(*identity.Accounts, access.Actor, domain.ID) error
		superuser bool // whether the account is one
		want      []string
	}{
		"a superuser is deactivated": {toggle, true, []string{"superusers", "account"}},
		"a superuser is deleted": {func(s *identity.Accounts, root access.Actor, id domain.ID) error {
			return s.Delete(t.Context(), root, id, nil)
		}, true, []string{"superusers", "account"}},
		"a superuser is demoted":             {change(account.Patch{IsSuperuser: domain.Some(false)}), true, []string{"superusers", "account"}},
		"the address of a superuser changes": {change(account.Patch{Address: domain.Some("Here")}), true, []string{"account"}},
		"an ordinary account is deactivated": {toggle, false, []string{"account"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			id := d.ID(desk.Temp)
			if c.superuser {
				id = d.AddAccount("super", desk.Superuser).ID
			}
			var order []string
			app := d.With(withAccounts(func(a ports.Accounts) ports.Accounts { return lockRecorder{Accounts: a, order: &order} }))
			if err := c.do(app.Accounts, d.Actor(desk.Root), id); err != nil || !slices.Equal(order, c.want) {
				t.Errorf("locked %q, %v; want %q", order, err, c.want)
			}
		})
	}
}

func TestAccountPromotedBeforeItsLockCountsAsSuperuser(t *testing.T) {
	d := newDesk(t)
	root := d.Actor(desk.Root)
	var order []string
	promote := func(accounts ports.Accounts) { // temp becomes the only superuser that can sign in
		for id, super := range map[domain.ID]bool{d.ID(desk.Temp): true, d.ID(desk.Root): false} {
			a, err := accounts.Lock(t.Context(), id)
			desk.Check(t, err)
			a.IsSuperuser = super
			desk.Check(t, accounts.Save(t.Context(), a))
		}
	}
	app := d.With(withAccounts(func(a ports.Accounts) ports.Accounts { return lockRecorder{a, &order, promote} }))
	_, err := app.Accounts.Toggle(t.Context(), root, d.ID(desk.Temp), identity.HandOver{}, nil)
	desk.Fails(t, err, domain.Conflict, "You cannot deactivate the last active superuser.")
	if want := []string{"account", "superusers"}; !slices.Equal(order, want) {
		t.Errorf("locked %q, want %q", order, want)
	}
}

func TestChangeIsCheckedAgainAfterHashing(t *testing.T) {
	for name, c := range map[string]struct {
		during func(d *desk.Desk, crew domain.ID)
		kind   domain.Kind
		says   string
	}{
		"the name was taken": {func(d *desk.Desk, _ domain.ID) {
			d.AddAccount("zoe")
		}, domain.Invalid, "username: Username already exists."},
		"the role was removed": {func(d *desk.Desk, crew domain.ID) {
			desk.Check(t, d.Roles.Delete(t.Context(), d.Actor(desk.Root), crew, nil))
		}, domain.Invalid, "roleId: Selected role does not exist."},
		"the role permits more": {func(d *desk.Desk, _ domain.ID) {
			d.Permit("crew", access.MayEverything, access.StatusesMenu)
		}, domain.Forbidden, "do not hold yourself"},
		"it was assigned more": {func(d *desk.Desk, _ domain.ID) {
			d.Assign(desk.Temp, access.StatusesMenu, access.MayView)
		}, domain.Forbidden, "account that holds"},
		"its former role permits more": {func(d *desk.Desk, _ domain.ID) {
			d.Permit(desk.Temps, access.MayView, access.StatusesMenu)
		}, domain.Forbidden, "account that holds"},
		"it became a superuser's": {func(d *desk.Desk, _ domain.ID) {
			d.Edit(d.ID(desk.Temp), desk.Superuser)
		}, domain.Forbidden, "superuser's account"},
		"it was deleted": {func(d *desk.Desk, _ domain.ID) {
			desk.Check(t, d.Accounts.Delete(t.Context(), d.Actor(desk.Root), d.ID(desk.Temp), nil))
		}, domain.NotFound, "Data not found."},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			crew := d.AddRole("crew", access.ScopeOwn)
			change := account.Patch{
				Username: domain.Some("Zoe"), Password: domain.Some("seven brown otters"), RoleID: domain.Some(string(crew)),
			}
			d.Passwords.Hashing = func() { c.during(d, crew) }
			_, err := d.Accounts.Update(t.Context(), d.Actor(desk.Clerk), d.ID(desk.Temp), change, nil)
			desk.Fails(t, err, c.kind, c.says)
		})
	}
	d := newDesk(t)
	d.Passwords.Hashing = func() { d.AddAccount("zoe") }
	_, err := d.Accounts.Create(t.Context(), d.Actor(desk.Clerk), zoe(), nil)
	desk.Fails(t, err, domain.Invalid, "username: Username already exists.\nemail: Email already exists.")
}

// lostRace fails writes of accounts as Taken, as if another transaction had been faster.
type lostRace struct{ ports.Accounts }

func (lostRace) Add(context.Context, account.Account) error { return &ports.Taken{Field: "email"} }
func (lostRace) Save(context.Context, account.Account) error {
	return &ports.Taken{Field: "phoneNumber"}
}

func TestLostRaceIsReportedAsADuplicate(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	app := d.With(withAccounts(func(a ports.Accounts) ports.Accounts { return lostRace{a} }))
	_, err := app.Accounts.Create(t.Context(), clerk, zoe(), nil)
	desk.Fails(t, err, domain.Invalid, "email: Email already exists.")
	_, err = app.Accounts.Update(t.Context(), clerk, d.ID(desk.Temp), account.Patch{Address: domain.Some("Here")}, nil)
	desk.Fails(t, err, domain.Invalid, "phoneNumber: Phone Number already exists.")
}
