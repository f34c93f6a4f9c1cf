package identity_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/test/desk"
)

func TestWhoMayNotIsRefusedBeforeAnythingIsRead(t *testing.T) {
	d := newDesk(t)
	d.Permit(desk.Temps, access.MayView, access.AccountsMenu)
	temp, bad := d.Actor(desk.Temp), account.Change{Password: domain.To("x")}
	_, created := d.Accounts.Create(t.Context(), temp, bad, nil)
	_, changed := d.Accounts.Change(t.Context(), temp, d.NewID(), bad, nil)
	_, replaced := d.Accounts.Replace(t.Context(), temp, d.NewID(), bad, nil)
	_, toggled := d.Accounts.Toggle(t.Context(), temp, d.NewID(), nil)
	for _, err := range []error{created, changed, replaced, toggled, d.Accounts.Delete(t.Context(), temp, d.NewID(), nil)} {
		desk.Says(t, err, domain.Forbidden, domain.ErrForbidden.Message)
	}
}

func TestAnAccountIsGivenNoMoreThanWhoeverAsksHolds(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	clerkID := d.ID(desk.Clerk)
	made := hire(d, zoe())
	strong := d.AddRole("strong", access.ScopeOwn)
	d.Permit("strong", access.MayView, access.StatusesMenu)
	toStrong, toAdmins := domain.To(string(strong)), domain.To(string(d.Role(desk.Clerks)))
	d.Permit(desk.Temps, access.MayEverything, access.AccountsMenu)
	temp := d.Actor(desk.Temp) // may do with accounts whatever he likes, but sees his own tickets only
	for name, c := range map[string]struct {
		actor access.Actor
		id    domain.ID
		asked account.Change
		says  string
	}{
		"a role that permits more":  {clerk, made.ID, account.Change{RoleID: toStrong}, "do not hold yourself"},
		"a role of a wider scope":   {temp, made.ID, account.Change{RoleID: toAdmins}, "wider than your own"},
		"another role for oneself":  {clerk, clerkID, account.Change{RoleID: toStrong}, "You may not change your own role."},
		"no role for oneself":       {clerk, clerkID, account.Change{RoleID: domain.Cleared[string]()}, "You may not change your own role."},
		"the superuser flag":        {clerk, made.ID, account.Change{IsSuperuser: domain.To(true)}, "Only a superuser may set isSuperuser."},
		"the staff flag, oneself":   {clerk, clerkID, account.Change{IsStaff: domain.To(true)}, "Only a superuser may set isStaff."},
		"anything of a superuser":   {clerk, d.ID(desk.Root), account.Change{Address: domain.To("Here")}, "superuser's account"},
		"a superuser's password":    {clerk, d.ID(desk.Root), account.Change{Password: domain.To("seven brown otters")}, "superuser's account"},
		"a stronger one's password": {temp, clerkID, account.Change{Password: domain.To("seven brown otters")}, "may do more than you"},
	} {
		t.Run(name, func(t *testing.T) {
			before := d.Account(c.id)
			_, err := d.Accounts.Change(t.Context(), c.actor, c.id, c.asked, nil)
			desk.Fails(t, err, domain.Forbidden, c.says)
			if after := d.Account(c.id); after != before {
				t.Errorf("changed to %+v", after)
			}
		})
	}
	if d.Passwords.Hashed.Load() != 1 {
		t.Errorf("%d hashes were made in vain", d.Passwords.Hashed.Load()-1)
	}
}

func TestANewAccountIsGivenNoMoreThanWhoeverAsksHolds(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	d.Permit(desk.Temps, access.MayView, access.StatusesMenu)
	for says, change := range map[string]func(*account.Change){
		"do not hold yourself": func(c *account.Change) { c.RoleID = domain.To(string(d.Role(desk.Temps))) },
		"Only a superuser may set isStaff, isSuperuser.": func(c *account.Change) {
			c.IsStaff, c.IsSuperuser = domain.To(true), domain.To(true)
		},
		"Only a superuser may set isSuperuser.": func(c *account.Change) {
			c.IsStaff, c.IsSuperuser = domain.To(false), domain.To(true)
		},
	} {
		c := zoe()
		change(&c)
		_, err := d.Accounts.Create(t.Context(), clerk, c, nil)
		desk.Fails(t, err, domain.Forbidden, says)
	}
	if d.Passwords.Hashed.Load() != 0 {
		t.Error("a password was hashed in vain")
	}
	c := zoe()
	c.IsStaff, c.IsSuperuser = domain.To(false), domain.To(false)
	desk.Must(d.Accounts.Create(t.Context(), clerk, c, nil))(t)
}

func TestANewPasswordEndsTheSessionsOfItsAccountAlone(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	temp, nobody := d.Actor(desk.Temp), d.Actor(desk.Nobody)
	_, err := d.Accounts.Change(t.Context(), clerk, tempID, account.Change{Address: domain.To("Here")}, nil)
	if err != nil || d.Passwords.Hashed.Load() != 0 || !alive(d, temp.Session) {
		t.Errorf("an address changed: %v, %d hashes", err, d.Passwords.Hashed.Load())
	}
	_, err = d.Accounts.Change(t.Context(), clerk, tempID, account.Change{Password: domain.To("short")}, nil)
	desk.Fails(t, err, domain.Invalid, "password: Password must be at least 8 characters.")
	_, err = d.Accounts.Change(t.Context(), clerk, tempID, account.Change{Password: domain.Cleared[string]()}, nil)
	desk.Fails(t, err, domain.Invalid, "password: Password cannot be blank.")
	if d.Passwords.Hashed.Load() != 0 || !alive(d, temp.Session) {
		t.Error("a refused password had an effect")
	}
	got := desk.Must(d.Accounts.Change(t.Context(), clerk, tempID, account.Change{Password: domain.To("seven brown otters")}, nil))(t)
	if got.PasswordHash != "plain:seven brown otters" || alive(d, temp.Session) {
		t.Errorf("changed to %+v; the session lives: %v", got, alive(d, temp.Session))
	}
	desk.Must(d.Accounts.Change(t.Context(), clerk, d.ID(desk.Clerk), account.Change{Password: domain.To("eight green otters")}, nil))(t)
	if alive(d, clerk.Session) || !alive(d, nobody.Session) {
		t.Error("one's own new password ends one's own sessions, and those of nobody else")
	}
}

func TestADeactivatedAccountIsOutAtOnceAndItsOldSessionsStayOut(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	temp := d.Actor(desk.Temp)
	if got := desk.Must(d.Accounts.Toggle(t.Context(), clerk, tempID, nil))(t); got.IsActive || alive(d, temp.Session) {
		t.Errorf("got %+v; the session lives: %v", got, alive(d, temp.Session))
	}
	if got := desk.Must(d.Accounts.Toggle(t.Context(), clerk, tempID, nil))(t); !got.IsActive || alive(d, temp.Session) {
		t.Errorf("got %+v; the session lives: %v", got, alive(d, temp.Session))
	}
	desk.Must(d.Accounts.Toggle(t.Context(), clerk, tempID, nil))(t)
	d.Permit(desk.Temps, access.MayView, access.StatusesMenu)
	_, err := d.Accounts.Toggle(t.Context(), clerk, tempID, nil)
	desk.Fails(t, err, domain.Forbidden, "may do more than you")
	_, err = d.Accounts.Toggle(t.Context(), clerk, d.ID(desk.Root), nil)
	desk.Fails(t, err, domain.Forbidden, "superuser's account")
}
