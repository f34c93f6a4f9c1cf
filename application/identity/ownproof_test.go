package identity_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/test/desk"
)

// change changes the account of a member as an administrator would, by PATCH.
func (d *mailDesk) change(by, of string, c account.Patch) error {
	d.T.Helper()
	c.Client = desk.Home
	return desk.Err(d.Accounts.Update(d.T.Context(), d.Actor(by), d.ID(of), c, nil))
}

// A stolen access token is not enough to take over the account of somebody who may change accounts.
func TestOwnCredentialsNeedTheCurrentPassword(t *testing.T) {
	for _, name := range []string{desk.Root, desk.Clerk} {
		for field, c := range map[string]account.Patch{
			"password": {Password: domain.Some(newPassword)},
			"email":    {Email: domain.Some("thief@desk.test"), Address: domain.Some("Pokhara")},
			"username": {Username: domain.Some("renamed")},
		} {
			t.Run(name+" "+field, func(t *testing.T) {
				d := newMailDesk(t)
				before, actor := d.Account(d.ID(name)), d.Actor(name)
				for _, blank := range []domain.Optional[string]{{}, domain.Null[string](), domain.Some("")} {
					c.Current = blank
					desk.Fails(t, d.change(name, name, c), domain.Invalid, "Current password cannot be blank.")
				}
				c.Current = domain.Some("a wrong word")
				desk.Fails(t, d.change(name, name, c), domain.Invalid, "Current password is wrong.")
				after := d.Account(actor.ID)
				if after.PasswordHash != before.PasswordHash || after.Email != before.Email || after.Username != before.Username ||
					after.Address != before.Address {
					t.Errorf("stored %+v", after)
				}
				if sent := d.deliver(); len(sent) != 0 {
					t.Errorf("sent %+v", sent)
				}
				c.Current = domain.Some(desk.Password)
				desk.Check(t, d.change(name, name, c))
			})
		}
	}
}

func TestOwnReplacementNeedsTheCurrentPassword(t *testing.T) {
	d := newMailDesk(t)
	root := d.Account(d.ID(desk.Root))
	whole := account.Patch{
		Username: domain.Some(root.Username), Email: domain.Some(root.Email), Phone: domain.Some(d.Accounts.Phones.National(root.Phone)),
		IsSuperuser: domain.Some(true), IsStaff: domain.Some(root.IsStaff), Client: desk.Home,
	}
	put := func(c account.Patch) error {
		return desk.Err(d.Accounts.Replace(t.Context(), d.Actor(desk.Root), root.ID, c, nil))
	}
	desk.Check(t, put(whole)) // what was read is sent back
	whole.Email = domain.Some("thief@desk.test")
	desk.Fails(t, put(whole), domain.Invalid, "Current password cannot be blank.")
	whole.Current = domain.Some(desk.Password)
	desk.Check(t, put(whole))
}

// Every guess counts, also one beside a change that needs no password; the right one is then refused, too.
func TestGuessesOfTheCurrentPasswordAreThrottled(t *testing.T) {
	d := newMailDesk(t)
	actor := d.Actor(desk.Clerk)
	change := func(c account.Patch, current string) error {
		c.Current, c.Client = domain.Some(current), office
		return desk.Err(d.Accounts.Update(t.Context(), actor, actor.ID, c, nil))
	}
	address, password := account.Patch{Address: domain.Some("Pokhara")}, account.Patch{Password: domain.Some(newPassword)}
	invalid := account.Patch{Password: domain.Some("short")}
	verified := d.Passwords.Verified.Load()
	desk.Kind(t, change(invalid, "a wrong word"), domain.Invalid)
	if d.Passwords.Verified.Load() != verified {
		t.Error("a password was verified for nothing")
	}
	for _, c := range []account.Patch{address, password, password, address, password} {
		desk.Fails(t, change(c, "a wrong word"), domain.Invalid, "Current password is wrong.")
	}
	desk.Kind(t, change(password, desk.Password), domain.Throttled)
	desk.Kind(t, change(address, desk.Password), domain.Throttled)
	change2 := account.PasswordChange{Current: domain.Some(desk.Password), New: domain.Some(newPassword)}
	desk.Kind(t, d.Me.ChangePassword(t.Context(), actor, change2, office), domain.Throttled)
	d.Wait(account.ThrottleWindow)
	desk.Check(t, change(password, desk.Password))
}

func TestCurrentPasswordIsForOnesOwnAccountOnly(t *testing.T) {
	d := newMailDesk(t)
	c := account.Patch{Password: domain.Some(newPassword), Current: domain.Some(desk.Password)}
	desk.Fails(t, d.change(desk.Root, desk.Agent, c), domain.Invalid, "Unknown field 'currentPassword'.")
	draft := zoe()
	draft.Current = domain.Some(desk.Password)
	_, err := d.Accounts.Create(t.Context(), d.Actor(desk.Root), draft, nil)
	desk.Fails(t, err, domain.Invalid, "Unknown field 'currentPassword'.")
	c.Current = domain.Optional[string]{}
	desk.Check(t, d.change(desk.Root, desk.Agent, c)) // without one, as an administrator
}

// An address that a helper plants in an account takes the account over when it holds more later. Its owner must learn of it.
func TestAddressByAnAdministratorIsToldToTheFormerOne(t *testing.T) {
	d := newMailDesk(t)
	d.Edit(d.ID(desk.Agent), func(a *account.Account) { a.Language, a.TimeZone = account.Nepali, "Asia/Kathmandu" })
	told := func(to string) {
		t.Helper()
		sent := d.deliver()
		if len(sent) != 1 || sent[0].Kind != account.EmailChanged || sent[0].To != to || sent[0].Username != desk.Agent ||
			sent[0].Language != "ne" || sent[0].TimeZone != "Asia/Kathmandu" {
			t.Errorf("told %+v", sent)
		}
	}
	desk.Check(t, d.change(desk.Root, desk.Agent, account.Patch{Email: domain.Some("planted@desk.test")}))
	told("agent@desk.test")
	a := d.Account(d.ID(desk.Agent))
	whole := account.Patch{
		Username: domain.Some(a.Username), Email: domain.Some("again@desk.test"), Phone: domain.Some("+9779841000009"),
		RoleID: domain.Some(string(a.RoleID)),
	}
	desk.Must(d.Accounts.Replace(t.Context(), d.Actor(desk.Root), a.ID, whole, nil))(t)
	told("planted@desk.test")
	for _, c := range []account.Patch{whole, {Email: domain.Some(" again@desk.test ")}, {Address: domain.Some("Pokhara")}} {
		desk.Check(t, d.change(desk.Root, desk.Agent, c)) // the address stays
	}
	desk.Kind(t, d.change(desk.Root, desk.Agent, account.Patch{Email: domain.Some("nowhere")}), domain.Invalid)
	draft := zoe()
	draft.Phone = domain.Some("+9779841000010")
	createAccount(d.Desk, draft)
	if sent := d.deliver(); len(sent) != 0 || d.mails() != 0 {
		t.Errorf("told %+v, %d mails are kept", sent, d.mails())
	}
}

func TestAddressChangesThoughMailIsOff(t *testing.T) {
	d := newDesk(t)
	c := account.Patch{Email: domain.Some("other@desk.test")}
	v := desk.Must(d.Accounts.Update(t.Context(), d.Actor(desk.Root), d.ID(desk.Agent), c, nil))(t)
	if v.Email != "other@desk.test" {
		t.Errorf("got %+v", v)
	}
}
