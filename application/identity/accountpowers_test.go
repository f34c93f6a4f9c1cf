package identity_test

import (
	"testing"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/test/desk"
)

func TestForbiddenActorIsRefusedBeforeAnythingIsRead(t *testing.T) {
	d := newDesk(t)
	d.Permit(desk.Temps, access.MayView, access.AccountsMenu)
	temp, bad := d.Actor(desk.Temp), account.Patch{Password: domain.Some("x")}
	_, created := d.Accounts.Create(t.Context(), temp, bad, nil)
	_, changed := d.Accounts.Update(t.Context(), temp, d.NewID(), bad, nil)
	_, replaced := d.Accounts.Replace(t.Context(), temp, d.NewID(), bad, nil)
	_, toggled := d.Accounts.Toggle(t.Context(), temp, d.NewID(), identity.HandOver{}, nil)
	for _, err := range []error{created, changed, replaced, toggled, d.Accounts.Delete(t.Context(), temp, d.NewID(), nil)} {
		desk.Says(t, err, domain.Forbidden, domain.ErrForbidden.Message)
	}
}

func TestAccountGetsNoMoreThanTheActorHolds(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	clerkID := d.ID(desk.Clerk)
	made := createAccount(d, zoe())
	strong := d.AddRole("strong", access.ScopeOwn)
	d.Permit("strong", access.MayView, access.StatusesMenu)
	toStrong, toAdmins := domain.Some(string(strong)), domain.Some(string(d.Role(desk.Clerks)))
	d.Permit(desk.Temps, access.MayEverything, access.AccountsMenu)
	temp := d.Actor(desk.Temp) // may do everything with accounts, but has scope own
	for name, c := range map[string]struct {
		actor access.Actor
		id    domain.ID
		asked account.Patch
		says  string
	}{
		"a role that permits more":  {clerk, made.ID, account.Patch{RoleID: toStrong}, "do not hold yourself"},
		"a role of a wider scope":   {temp, made.ID, account.Patch{RoleID: toAdmins}, "wider than your own"},
		"another role for itself":   {clerk, clerkID, account.Patch{RoleID: toStrong}, "You may not change your own role."},
		"no role for itself":        {clerk, clerkID, account.Patch{RoleID: domain.Null[string]()}, "You may not change your own role."},
		"the superuser flag":        {clerk, made.ID, account.Patch{IsSuperuser: domain.Some(true)}, "Only a superuser may set isSuperuser."},
		"the staff flag for itself": {clerk, clerkID, account.Patch{IsStaff: domain.Some(true)}, "Only a superuser may set isStaff."},
		"anything of a superuser":   {clerk, d.ID(desk.Root), account.Patch{Address: domain.Some("Here")}, "superuser's account"},
		"a superuser's password":    {clerk, d.ID(desk.Root), account.Patch{Password: domain.Some("seven brown otters")}, "superuser's account"},
		"a stronger one's password": {temp, clerkID, account.Patch{Password: domain.Some("seven brown otters")}, "account that holds"},
	} {
		t.Run(name, func(t *testing.T) {
			before := d.Account(c.id)
			_, err := d.Accounts.Update(t.Context(), c.actor, c.id, c.asked, nil)
			desk.Fails(t, err, domain.Forbidden, c.says)
			if after := d.Account(c.id); after != before {
				t.Errorf("changed to %+v", after)
			}
		})
	}
	if d.Passwords.Hashed.Load() != 1 {
		t.Errorf("%d passwords of refused changes were hashed", d.Passwords.Hashed.Load()-1)
	}
}

func TestNewAccountGetsNoMoreThanTheActorHolds(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	d.Permit(desk.Temps, access.MayView, access.StatusesMenu)
	for says, change := range map[string]func(*account.Patch){
		"do not hold yourself": func(c *account.Patch) { c.RoleID = domain.Some(string(d.Role(desk.Temps))) },
		"Only a superuser may set isStaff, isSuperuser.": func(c *account.Patch) {
			c.IsStaff, c.IsSuperuser = domain.Some(true), domain.Some(true)
		},
		"Only a superuser may set isSuperuser.": func(c *account.Patch) {
			c.IsStaff, c.IsSuperuser = domain.Some(false), domain.Some(true)
		},
	} {
		c := zoe()
		change(&c)
		_, err := d.Accounts.Create(t.Context(), clerk, c, nil)
		desk.Fails(t, err, domain.Forbidden, says)
	}
	if d.Passwords.Hashed.Load() != 0 {
		t.Error("the password of a refused account was hashed")
	}
	c := zoe()
	c.IsStaff, c.IsSuperuser = domain.Some(false), domain.Some(false)
	desk.Must(d.Accounts.Create(t.Context(), clerk, c, nil))(t)
}

func TestNewPasswordEndsTheOtherSessionsOfItsAccount(t *testing.T) {
	d := newDesk(t)
	elsewhere, clerk := d.Actor(desk.Clerk), d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	temp, nobody := d.Actor(desk.Temp), d.Actor(desk.Nobody)
	_, err := d.Accounts.Update(t.Context(), clerk, tempID, account.Patch{Address: domain.Some("Here")}, nil)
	if err != nil || d.Passwords.Hashed.Load() != 0 || !isAlive(d, temp.Session) {
		t.Errorf("an address changed: %v, %d hashes", err, d.Passwords.Hashed.Load())
	}
	_, err = d.Accounts.Update(t.Context(), clerk, tempID, account.Patch{Password: domain.Some("short")}, nil)
	desk.Fails(t, err, domain.Invalid, "password: Password must be at least 8 characters.")
	_, err = d.Accounts.Update(t.Context(), clerk, tempID, account.Patch{Password: domain.Null[string]()}, nil)
	desk.Fails(t, err, domain.Invalid, "password: Password cannot be blank.")
	if d.Passwords.Hashed.Load() != 0 || !isAlive(d, temp.Session) {
		t.Error("a refused password had an effect")
	}
	got := desk.Must(d.Accounts.Update(t.Context(), clerk, tempID, account.Patch{Password: domain.Some("seven brown otters")}, nil))(t)
	if got.PasswordHash != "plain:seven brown otters" || isAlive(d, temp.Session) {
		t.Errorf("changed to %+v; the session is alive: %v", got, isAlive(d, temp.Session))
	}
	own := account.Patch{Password: domain.Some("eight green otters"), Current: domain.Some(desk.Password)}
	desk.Must(d.Accounts.Update(t.Context(), clerk, d.ID(desk.Clerk), own, nil))(t)
	if isAlive(d, elsewhere.Session) || !isAlive(d, clerk.Session) || !isAlive(d, nobody.Session) {
		t.Error("the actor's new password must end its other sessions, and neither the present one nor those of other accounts")
	}
}

func TestDeactivationEndsSessionsForGood(t *testing.T) {
	d := newDesk(t)
	clerk := d.Actor(desk.Clerk)
	tempID := d.ID(desk.Temp)
	temp := d.Actor(desk.Temp)
	if got := desk.Must(d.Accounts.Toggle(t.Context(), clerk, tempID, identity.HandOver{}, nil))(t); got.IsActive || isAlive(d, temp.Session) {
		t.Errorf("got %+v; the session is alive: %v", got, isAlive(d, temp.Session))
	}
	got := desk.Must(d.Accounts.Toggle(t.Context(), clerk, tempID, identity.HandOver{}, nil))(t)
	if !got.IsActive || isAlive(d, temp.Session) {
		t.Errorf("got %+v; the session is alive: %v", got, isAlive(d, temp.Session))
	}
	desk.Must(d.Accounts.Toggle(t.Context(), clerk, tempID, identity.HandOver{}, nil))(t)
	d.Permit(desk.Temps, access.MayView, access.StatusesMenu)
	_, err := d.Accounts.Toggle(t.Context(), clerk, tempID, identity.HandOver{}, nil)
	desk.Fails(t, err, domain.Forbidden, "account that holds")
	_, err = d.Accounts.Toggle(t.Context(), clerk, d.ID(desk.Root), identity.HandOver{}, nil)
	desk.Fails(t, err, domain.Forbidden, "superuser's account")
}
