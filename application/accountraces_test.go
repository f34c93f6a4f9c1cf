package application_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

func TestTheLastSuperuserAndOnesOwnAccountRemain(t *testing.T) {
	b := newBureau(t)
	second := b.actor(b.account("second", "", true))
	demote := account.Change{IsSuperuser: domain.To(false)}

	fails(t, b.Accounts.Delete(t.Context(), b.root, b.root.ID, nil), domain.Conflict, "You cannot delete your own account.")
	_, err := b.Accounts.Toggle(t.Context(), b.root, b.root.ID, nil)
	fails(t, err, domain.Conflict, "You cannot deactivate your own account.")

	must[ports.AccountView](t)(b.Accounts.Change(t.Context(), second, second.ID, demote, nil)) // others remain
	fails(t, b.Accounts.Delete(t.Context(), second, b.root.ID, nil), domain.Conflict, "You cannot delete the last active superuser.")
	_, err = b.Accounts.Toggle(t.Context(), second, b.root.ID, nil)
	fails(t, err, domain.Conflict, "You cannot deactivate the last active superuser.")
	for _, c := range []account.Change{demote, {IsSuperuser: domain.To(false), Password: domain.To("seven brown otters")}} {
		_, err = b.Accounts.Change(t.Context(), b.root, b.root.ID, c, nil)
		fails(t, err, domain.Conflict, "You cannot demote the last active superuser.")
	}
	_, err = b.Accounts.Replace(t.Context(), b.root, b.root.ID, zoe(), nil)
	fails(t, err, domain.Conflict, "You cannot demote the last active superuser.")
	if b.mint.hashed != 0 {
		t.Error("a password was hashed in vain")
	}
	if a := b.stored(b.root.ID); !a.IsActiveSuperuser() {
		t.Errorf("the last one is %+v", a)
	}
}

func TestSuperusersWhoRemoveEachOtherAtOnceLeaveOne(t *testing.T) {
	b := newBureau(t)
	all := []domain.ID{b.root.ID}
	for _, name := range []string{"s1", "s2", "s3"} {
		all = append(all, b.account(name, "", true))
	}
	var actors []access.Actor
	for i := range all {
		actors = append(actors, b.actor(all[(i+1)%len(all)]))
	}
	var done sync.WaitGroup
	for i, id := range all {
		actor := actors[i]
		done.Go(func() {
			if i%2 == 0 {
				_, _ = b.Accounts.Toggle(t.Context(), actor, id, nil)
			} else {
				_, _ = b.Accounts.Change(t.Context(), actor, id, account.Change{IsSuperuser: domain.To(false)}, nil)
			}
		})
	}
	done.Wait()
	left := 0
	for _, id := range all {
		if a := b.stored(id); a.IsActiveSuperuser() {
			left++
		}
	}
	if left != 1 {
		t.Errorf("%d are left", left)
	}
}

// tapped is a store whose accounts are looked at through something else inside Update.
type tapped struct {
	ports.Store
	tap func(ports.Accounts) ports.Accounts
}

func (s tapped) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Accounts = s.tap(tx.Accounts)
		return fn(tx)
	})
}

func (b *bureau) through(tap func(ports.Accounts) ports.Accounts) *application.App {
	deps := b.deps
	deps.Store = tapped{b.store, tap}
	return application.New(deps)
}

// locking notes the order of locks; promote, where it is set, is called between a look at an account and its lock.
type locking struct {
	ports.Accounts
	order   *[]string
	promote func(ports.Accounts)
}

func (l locking) LockSuperusers(ctx context.Context) (int, error) {
	*l.order = append(*l.order, "superusers")
	return l.Accounts.LockSuperusers(ctx)
}

func (l locking) Lock(ctx context.Context, id domain.ID) (account.Account, error) {
	*l.order = append(*l.order, "account")
	if l.promote != nil {
		l.promote(l.Accounts)
	}
	return l.Accounts.Lock(ctx, id)
}

func TestSuperusersAreLockedBeforeTheOneThatGoesAndOnlyThen(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*bureau, *application.App, domain.ID) error
		want []string
	}{
		"a superuser is deactivated": {func(b *bureau, app *application.App, super domain.ID) error {
			_, err := app.Accounts.Toggle(b.t.Context(), b.root, super, nil)
			return err
		}, []string{"superusers", "account"}},
		"a superuser is deleted": {func(b *bureau, app *application.App, super domain.ID) error {
			return app.Accounts.Delete(b.t.Context(), b.root, super, nil)
		}, []string{"superusers", "account"}},
		"a superuser is demoted": {func(b *bureau, app *application.App, super domain.ID) error {
			_, err := app.Accounts.Change(b.t.Context(), b.root, super, account.Change{IsSuperuser: domain.To(false)}, nil)
			return err
		}, []string{"superusers", "account"}},
		"a superuser moves": {func(b *bureau, app *application.App, super domain.ID) error {
			_, err := app.Accounts.Change(b.t.Context(), b.root, super, account.Change{Address: domain.To("Here")}, nil)
			return err
		}, []string{"account"}},
		"somebody else is deactivated": {func(b *bureau, app *application.App, _ domain.ID) error {
			_, err := app.Accounts.Toggle(b.t.Context(), b.root, b.bobID, nil)
			return err
		}, []string{"account"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			super := b.account("super", "", true)
			var order []string
			app := b.through(func(a ports.Accounts) ports.Accounts { return locking{Accounts: a, order: &order} })
			if err := c.do(b, app, super); err != nil || !slices.Equal(order, c.want) {
				t.Errorf("locked %q, %v; want %q", order, err, c.want)
			}
		})
	}
}

func TestWhoIsPromotedMeanwhileCountsAsASuperuser(t *testing.T) {
	b := newBureau(t)
	var order []string
	promote := func(accounts ports.Accounts) { // bob becomes the only superuser that can sign in
		for id, super := range map[domain.ID]bool{b.bobID: true, b.root.ID: false} {
			a, err := accounts.Lock(t.Context(), id)
			check(t, err)
			a.IsSuperuser = super
			check(t, accounts.Save(t.Context(), a))
		}
	}
	app := b.through(func(a ports.Accounts) ports.Accounts { return locking{a, &order, promote} })
	_, err := app.Accounts.Toggle(t.Context(), b.root, b.bobID, nil)
	fails(t, err, domain.Conflict, "You cannot deactivate the last active superuser.")
	if want := []string{"account", "superusers"}; !slices.Equal(order, want) {
		t.Errorf("locked %q, want %q", order, want)
	}
}

func TestWhatHappensWhileAPasswordIsHashedIsJudgedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(b *bureau, crew domain.ID)
		kind      domain.Kind
		says      string
	}{
		"the name was taken":     {func(b *bureau, _ domain.ID) { b.account("zoe", "", false) }, domain.Invalid, "username: Username already exists."},
		"the role was removed":   {func(b *bureau, crew domain.ID) { check(b.t, b.Roles.Delete(b.t.Context(), b.root, crew, nil)) }, domain.Invalid, "roleId: Selected role does not exist."},
		"the role permits more":  {func(b *bureau, crew domain.ID) { b.permit(crew, everything, "/ticket-status/") }, domain.Forbidden, "do not hold yourself"},
		"bob became a superuser": {func(b *bureau, _ domain.ID) { b.edit(b.bobID, func(a *account.Account) { a.IsSuperuser = true }) }, domain.Forbidden, "superuser's account"},
		"bob was deleted":        {func(b *bureau, _ domain.ID) { check(b.t, b.Accounts.Delete(b.t.Context(), b.root, b.bobID, nil)) }, domain.NotFound, "Data not found."},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			crew := b.crew()
			change := account.Change{Username: domain.To("Zoe"), Password: domain.To("seven brown otters"), RoleID: domain.To(string(crew))}
			b.mint.meet = func() { c.meanwhile(b, crew) }
			_, err := b.Accounts.Change(t.Context(), b.ann, b.bobID, change, nil)
			fails(t, err, c.kind, c.says)
		})
	}
	b := newBureau(t)
	b.mint.meet = func() { b.account("zoe", "", false) }
	_, err := b.Accounts.Create(t.Context(), b.ann, zoe(), nil)
	fails(t, err, domain.Invalid, "username: Username already exists.\nemail: Email already exists.")
}

// crew makes a role that permits nothing.
func (b *bureau) crew() domain.ID {
	b.t.Helper()
	return must[ports.RoleView](b.t)(b.Roles.Create(b.t.Context(), b.root, access.RoleChange{Name: domain.To("crew")}, nil)).ID
}

// late answers, when an account is written, that a value was taken by somebody who was faster.
type late struct{ ports.Accounts }

func (late) Add(context.Context, account.Account) error  { return &ports.Taken{Field: "email"} }
func (late) Save(context.Context, account.Account) error { return &ports.Taken{Field: "phoneNumber"} }

func TestALostRaceForAValueIsToldAsAnyDuplicate(t *testing.T) {
	b := newBureau(t)
	app := b.through(func(a ports.Accounts) ports.Accounts { return late{a} })
	_, err := app.Accounts.Create(t.Context(), b.ann, zoe(), nil)
	fails(t, err, domain.Invalid, "email: Email already exists.")
	_, err = app.Accounts.Change(t.Context(), b.ann, b.bobID, account.Change{Address: domain.To("Here")}, nil)
	fails(t, err, domain.Invalid, "phoneNumber: Phone Number already exists.")
}
