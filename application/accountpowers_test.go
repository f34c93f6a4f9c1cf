package application_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

func TestWhoMayNotIsRefusedBeforeAnythingIsRead(t *testing.T) {
	b := newBureau(t)
	b.permit(b.agents.ID, access.MayView, access.AccountsMenu)
	bob, bad := b.actor(b.bobID), account.Change{Password: domain.To("x")}
	_, created := b.Accounts.Create(t.Context(), bob, bad, nil)
	_, changed := b.Accounts.Change(t.Context(), bob, b.id(), bad, nil)
	_, replaced := b.Accounts.Replace(t.Context(), bob, b.id(), bad, nil)
	_, toggled := b.Accounts.Toggle(t.Context(), bob, b.id(), nil)
	for _, err := range []error{created, changed, replaced, toggled, b.Accounts.Delete(t.Context(), bob, b.id(), nil)} {
		says(t, err, domain.Forbidden, domain.ErrForbidden.Message)
	}
}

func TestAnAccountIsGivenNoMoreThanWhoeverAsksHolds(t *testing.T) {
	b := newBureau(t)
	made := b.hire(zoe())
	strong := must[ports.RoleView](t)(b.Roles.Create(t.Context(), b.root, access.RoleChange{Name: domain.To("strong")}, nil)).ID
	b.permit(strong, access.MayView, access.StatusesMenu)
	toStrong, toAdmins := domain.To(string(strong)), domain.To(string(b.admins.ID))
	b.permit(b.agents.ID, everything, access.AccountsMenu)
	bob := b.actor(b.bobID) // may do with accounts whatever he likes, but sees his own tickets only
	for name, c := range map[string]struct {
		actor access.Actor
		id    domain.ID
		asked account.Change
		says  string
	}{
		"a role that permits more":  {b.ann, made.ID, account.Change{RoleID: toStrong}, "do not hold yourself"},
		"a role of a wider scope":   {bob, made.ID, account.Change{RoleID: toAdmins}, "wider than your own"},
		"another role for oneself":  {b.ann, b.annID, account.Change{RoleID: toStrong}, "You may not change your own role."},
		"no role for oneself":       {b.ann, b.annID, account.Change{RoleID: domain.Cleared[string]()}, "You may not change your own role."},
		"the superuser flag":        {b.ann, made.ID, account.Change{IsSuperuser: domain.To(true)}, "Only a superuser may set isSuperuser."},
		"the staff flag, oneself":   {b.ann, b.annID, account.Change{IsStaff: domain.To(true)}, "Only a superuser may set isStaff."},
		"anything of a superuser":   {b.ann, b.root.ID, account.Change{Address: domain.To("Here")}, "superuser's account"},
		"a superuser's password":    {b.ann, b.root.ID, account.Change{Password: domain.To("seven brown otters")}, "superuser's account"},
		"a stronger one's password": {bob, b.annID, account.Change{Password: domain.To("seven brown otters")}, "may do more than you"},
	} {
		t.Run(name, func(t *testing.T) {
			before := b.stored(c.id)
			_, err := b.Accounts.Change(t.Context(), c.actor, c.id, c.asked, nil)
			fails(t, err, domain.Forbidden, c.says)
			if after := b.stored(c.id); after != before {
				t.Errorf("changed to %+v", after)
			}
		})
	}
	if b.mint.hashed != 1 {
		t.Errorf("%d hashes were made in vain", b.mint.hashed-1)
	}
}

func TestANewAccountIsGivenNoMoreThanWhoeverAsksHolds(t *testing.T) {
	b := newBureau(t)
	b.permit(b.agents.ID, access.MayView, access.StatusesMenu)
	for says, change := range map[string]func(*account.Change){
		"do not hold yourself":                           func(c *account.Change) { c.RoleID = domain.To(string(b.agents.ID)) },
		"Only a superuser may set isStaff, isSuperuser.": func(c *account.Change) { c.IsStaff, c.IsSuperuser = domain.To(true), domain.To(true) },
		"Only a superuser may set isSuperuser.":          func(c *account.Change) { c.IsStaff, c.IsSuperuser = domain.To(false), domain.To(true) },
	} {
		c := zoe()
		change(&c)
		_, err := b.Accounts.Create(t.Context(), b.ann, c, nil)
		fails(t, err, domain.Forbidden, says)
	}
	if b.mint.hashed != 0 {
		t.Error("a password was hashed in vain")
	}
	c := zoe()
	c.IsStaff, c.IsSuperuser = domain.To(false), domain.To(false)
	must[ports.AccountView](t)(b.Accounts.Create(t.Context(), b.ann, c, nil))
}

func TestANewPasswordEndsTheSessionsOfItsAccountAlone(t *testing.T) {
	b := newBureau(t)
	bob, eve := b.actor(b.bobID), b.actor(b.eveID)
	_, err := b.Accounts.Change(t.Context(), b.ann, b.bobID, account.Change{Address: domain.To("Here")}, nil)
	if err != nil || b.mint.hashed != 0 || !b.speaks(bob.Session) {
		t.Errorf("an address changed: %v, %d hashes", err, b.mint.hashed)
	}
	_, err = b.Accounts.Change(t.Context(), b.ann, b.bobID, account.Change{Password: domain.To("short")}, nil)
	fails(t, err, domain.Invalid, "password: Password must be at least 8 characters.")
	_, err = b.Accounts.Change(t.Context(), b.ann, b.bobID, account.Change{Password: domain.Cleared[string]()}, nil)
	fails(t, err, domain.Invalid, "password: Password cannot be blank.")
	if b.mint.hashed != 0 || !b.speaks(bob.Session) {
		t.Error("a refused password had an effect")
	}
	got := must[ports.AccountView](t)(b.Accounts.Change(t.Context(), b.ann, b.bobID, account.Change{Password: domain.To("seven brown otters")}, nil))
	if got.PasswordHash != "new:seven brown otters" || b.speaks(bob.Session) {
		t.Errorf("changed to %+v; the session lives: %v", got, b.speaks(bob.Session))
	}
	must[ports.AccountView](t)(b.Accounts.Change(t.Context(), b.ann, b.annID, account.Change{Password: domain.To("eight green otters")}, nil))
	if b.speaks(b.ann.Session) || !b.speaks(eve.Session) {
		t.Error("one's own new password ends one's own sessions, and those of nobody else")
	}
}

func TestADeactivatedAccountIsOutAtOnceAndItsOldSessionsStayOut(t *testing.T) {
	b, ok := newBureau(t), must[ports.AccountView](t)
	bob := b.actor(b.bobID)
	if got := ok(b.Accounts.Toggle(t.Context(), b.ann, b.bobID, nil)); got.IsActive || b.speaks(bob.Session) {
		t.Errorf("got %+v; the session lives: %v", got, b.speaks(bob.Session))
	}
	if got := ok(b.Accounts.Toggle(t.Context(), b.ann, b.bobID, nil)); !got.IsActive || b.speaks(bob.Session) {
		t.Errorf("got %+v; the session lives: %v", got, b.speaks(bob.Session))
	}
	ok(b.Accounts.Toggle(t.Context(), b.ann, b.bobID, nil))
	b.permit(b.agents.ID, access.MayView, access.StatusesMenu)
	_, err := b.Accounts.Toggle(t.Context(), b.ann, b.bobID, nil)
	fails(t, err, domain.Forbidden, "may do more than you")
	_, err = b.Accounts.Toggle(t.Context(), b.ann, b.root.ID, nil)
	fails(t, err, domain.Forbidden, "superuser's account")
}
