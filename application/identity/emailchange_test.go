package identity_test

import (
	"testing"
	"time"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

const newAddress = "Fresh@Desk.Test"

// ask asks for a new address of a member.
func (d *mailDesk) ask(name, address, password string) (identity.Profile, error) {
	c := account.OwnPatch{Email: domain.Some(address), Current: domain.Some(password)}
	return d.Me.Update(d.T.Context(), d.Actor(name), c, nil, desk.Home)
}

func (d *mailDesk) confirm(token string) error {
	return d.Me.ConfirmEmail(d.T.Context(), token, nil, desk.Home.Address)
}

// confirmation asks for a new address and returns the mail with the link.
func (d *mailDesk) confirmation(name, address string) ports.AccountMail {
	d.T.Helper()
	desk.Must(d.ask(name, address, desk.Password))(d.T)
	sent := d.deliver()
	if len(sent) != 1 {
		d.T.Fatalf("sent %+v", sent)
	}
	return sent[0]
}

func TestNewAddressIsStoredOnceConfirmed(t *testing.T) {
	d := newMailDesk(t)
	p := desk.Must(d.ask(desk.Agent, " "+newAddress+" ", desk.Password))(t)
	if p.Email != "agent@desk.test" || !p.EmailAsked {
		t.Errorf("got %+v", p)
	}
	sent := d.deliver()
	if len(sent) != 1 || sent[0].Kind != account.EmailConfirmation || sent[0].To != newAddress || sent[0].Username != desk.Agent ||
		!sent[0].Until.Equal(d.Now().Add(24*time.Hour)) {
		t.Fatalf("sent %+v", sent)
	}
	d.Wait(24*time.Hour - time.Second)
	desk.Check(t, d.confirm(sent[0].Token))
	if a := d.Account(d.ID(desk.Agent)); a.Email != newAddress || a.EmailKey != domain.FoldCase(newAddress) || a.UpdatedAt != d.Now() {
		t.Errorf("stored %+v", a)
	}
	if told := d.deliver(); len(told) != 1 || told[0].Kind != account.EmailChanged || told[0].To != "agent@desk.test" {
		t.Errorf("told %+v", told)
	}
	desk.Says(t, d.confirm(sent[0].Token), domain.Gone, linkGone)
	d.SignIn(desk.Agent)
}

func TestMailIsInTheLanguageAndZoneOfTheAccount(t *testing.T) {
	d := newMailDesk(t)
	d.Edit(d.ID(desk.Agent), func(a *account.Account) { a.Language, a.TimeZone = account.Nepali, "Asia/Kathmandu" })
	if m := d.confirmation(desk.Agent, newAddress); m.Language != "ne" || m.TimeZone != "Asia/Kathmandu" {
		t.Errorf("sent %+v", m)
	}
}

func TestNewAddressNeedsThePassword(t *testing.T) {
	d := newMailDesk(t)
	_, err := d.ask(desk.Agent, newAddress, "")
	desk.Fails(t, err, domain.Invalid, "Current password cannot be blank.")
	_, err = d.ask(desk.Agent, "nowhere", "")
	desk.Fails(t, err, domain.Invalid, "Enter a valid email address.")
	desk.Fails(t, err, domain.Invalid, "Current password cannot be blank.")
	if d.Passwords.Verified.Load() != 2 { // of the two sign-ins
		t.Error("a password was verified for nothing")
	}
	actor := d.Actor(desk.Agent)
	try := func(password string) error {
		c := account.OwnPatch{Email: domain.Some(newAddress), Current: domain.Some(password)}
		return desk.Err(d.Me.Update(t.Context(), actor, c, nil, desk.Home))
	}
	for range 10 { // at an address that is known
		desk.Fails(t, try("wrong"), domain.Invalid, "")
	}
	desk.Kind(t, try(desk.Password), domain.Throttled)
	if sent := d.deliver(); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

func TestPresentAddressNeedsNothing(t *testing.T) {
	d := newMailDesk(t)
	c := account.OwnPatch{Email: domain.Some("agent@desk.test"), Address: domain.Some("Pokhara")}
	p := desk.Must(d.Me.Update(t.Context(), d.Actor(desk.Agent), c, nil, desk.Home))(t)
	if p.EmailAsked || p.Address != "Pokhara" {
		t.Errorf("got %+v", p)
	}
	off := desk.New(t)
	desk.Must(off.Me.Update(t.Context(), off.Actor(desk.Agent), c, nil, desk.Home))(t)
	c.Email, c.Current = domain.Some(newAddress), domain.Some(desk.Password)
	desk.Says(t, desk.Err(off.Me.Update(t.Context(), off.Actor(desk.Agent), c, nil, desk.Home)), domain.Conflict, mailIsOff)
}

// The response does not tell that another account has an address; a mail to that address does, in the language of
// its owner and without naming who asked.
func TestTakenAddressGetsNoLink(t *testing.T) {
	d := newMailDesk(t)
	d.Edit(d.ID(desk.Admin), func(a *account.Account) { a.Language, a.TimeZone = account.Nepali, "Asia/Kathmandu" })
	d.Edit(d.ID(desk.Agent), func(a *account.Account) { a.TimeZone = "Europe/London" })
	p := desk.Must(d.ask(desk.Agent, "ADMIN@desk.test", desk.Password))(t)
	if !p.EmailAsked {
		t.Errorf("got %+v", p)
	}
	sent := d.deliver()
	if len(sent) != 1 || sent[0].Kind != account.EmailTaken || sent[0].To != "ADMIN@desk.test" || sent[0].Token != "" ||
		sent[0].Username != "" || sent[0].Language != "ne" || sent[0].TimeZone != "Asia/Kathmandu" {
		t.Errorf("sent %+v", sent)
	}
	if n := d.mails(); n != 0 {
		t.Errorf("%d mails are kept", n)
	}
}

func TestAddressThatWasTakenMeanwhileIsRefused(t *testing.T) {
	d := newMailDesk(t)
	m := d.confirmation(desk.Agent, newAddress)
	d.Edit(d.ID(desk.Admin), func(a *account.Account) { a.Email, a.EmailKey = newAddress, domain.FoldCase(newAddress) })
	desk.Fails(t, d.confirm(m.Token), domain.Invalid, "Email already exists.")
	if a := d.Account(d.ID(desk.Agent)); a.Email != "agent@desk.test" {
		t.Errorf("stored %+v", a)
	}
}

// A link to confirm an address sets no password.
func TestConfirmationResetsNothing(t *testing.T) {
	d := newMailDesk(t)
	desk.Says(t, d.reset(d.confirmation(desk.Agent, newAddress).Token, newPassword), domain.Gone, linkGone)
}

func TestConfirmationIsVoid(t *testing.T) {
	for name, spoil := range map[string]func(*mailDesk, string) string{
		"after its time": func(d *mailDesk, token string) string { d.Wait(24 * time.Hour); return token },
		"after another address was asked for": func(d *mailDesk, token string) string {
			d.confirmation(desk.Agent, "other@desk.test")
			return token
		},
		"after the password changed": func(d *mailDesk, token string) string {
			c := account.PasswordChange{Current: domain.Some(desk.Password), New: domain.Some(newPassword)}
			desk.Check(d.T, d.Me.ChangePassword(d.T.Context(), d.Actor(desk.Agent), c, desk.Home))
			return token
		},
		"after an administrator changed the address": func(d *mailDesk, token string) string {
			d.administer(account.Patch{Email: domain.Some("a@desk.test")})
			return token
		},
		"after the stored address was sent": func(d *mailDesk, token string) string {
			stored := desk.Must(d.Me.Get(d.T.Context(), d.Actor(desk.Agent)))(d.T).Email
			desk.Must(d.Me.Update(d.T.Context(), d.Actor(desk.Agent), account.OwnPatch{Email: domain.Some(stored)}, nil, desk.Home))(d.T)
			return token
		},
		"of a deactivated account": func(d *mailDesk, token string) string { d.Deactivate(desk.Agent); return token },
		"after the account was deactivated and activated": func(d *mailDesk, token string) string {
			d.toggle(desk.Agent)
			d.toggle(desk.Agent)
			return token
		},
		"after a replica of the previous release deactivated the account": func(d *mailDesk, token string) string {
			d.Deactivate(desk.Agent)
			d.toggle(desk.Agent)
			return token
		},
		"if it is for a password": func(d *mailDesk, _ string) string { return d.link(desk.Agent2) },
		"if there is none":        func(*mailDesk, string) string { return "x" },
		"after it was used":       func(d *mailDesk, token string) string { desk.Check(d.T, d.confirm(token)); return token },
	} {
		t.Run(name, func(t *testing.T) {
			d := newMailDesk(t)
			token := spoil(d, d.confirmation(desk.Agent, newAddress).Token)
			desk.Says(t, d.confirm(token), domain.Gone, linkGone)
		})
	}
}

// A request of which the mail was not sent yet is void, too; the links of other accounts work.
func TestDeactivationVoidsTheRequestsOfTheAccount(t *testing.T) {
	d := newMailDesk(t)
	other := d.confirmation(desk.Agent2, "other@desk.test").Token
	desk.Must(d.ask(desk.Agent, newAddress, desk.Password))(t)
	d.toggle(desk.Agent)
	d.toggle(desk.Agent)
	if sent := d.deliver(); len(sent) != 0 {
		t.Errorf("sent %+v", sent)
	}
	desk.Check(t, d.confirm(other))
}

// A password that changes before the mail is sent voids the request, too.
func TestConfirmationIsNotSentAfterThePasswordChanged(t *testing.T) {
	d := newMailDesk(t)
	desk.Must(d.ask(desk.Agent, newAddress, desk.Password))(t)
	d.Edit(d.ID(desk.Agent), func(a *account.Account) { a.PasswordHash = "other" })
	if sent := d.deliver(); len(sent) != 0 || d.mails() != 0 {
		t.Errorf("sent %+v", sent)
	}
}

func TestNewAddressesAreThrottled(t *testing.T) {
	d := newMailDesk(t)
	for n := range 5 {
		desk.Must(d.ask(desk.Agent, string(rune('a'+n))+"@desk.test", desk.Password))(t)
	}
	desk.Kind(t, desk.Err(d.ask(desk.Agent, newAddress, desk.Password)), domain.Throttled)
	desk.Must(d.ask(desk.Agent2, newAddress, desk.Password))(t)
}

func TestOfParallelConfirmationsOneSucceeds(t *testing.T) {
	d := newMailDesk(t)
	token := d.confirmation(desk.Agent, newAddress).Token
	d.oneSucceeds(func() error { return d.confirm(token) })
}

func TestEveryNewPasswordIsTold(t *testing.T) {
	d := newMailDesk(t)
	c := account.PasswordChange{Current: domain.Some(desk.Password), New: domain.Some(newPassword)}
	desk.Check(t, d.Me.ChangePassword(t.Context(), d.Actor(desk.Agent), c, desk.Home))
	desk.Must(
		d.Accounts.Update(t.Context(), d.Actor(desk.Root), d.ID(desk.Admin), account.Patch{Password: domain.Some(newPassword)}, nil),
	)(
		t,
	)
	desk.Check(t, d.Operator.SetPassword(t.Context(), d.Account(d.ID(desk.Nobody)), newPassword))
	told := d.deliver()
	if len(told) != 3 {
		t.Fatalf("told %+v", told)
	}
	for n, name := range []string{desk.Agent, desk.Admin, desk.Nobody} {
		if told[n].Kind != account.PasswordChanged || told[n].Username != name || told[n].To != name+"@desk.test" {
			t.Errorf("told %+v", told[n])
		}
	}
	if n := d.mails(); n != 0 {
		t.Errorf("%d mails are kept", n)
	}
}
