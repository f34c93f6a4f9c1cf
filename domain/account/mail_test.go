package account_test

import (
	"testing"
	"time"

	"tickt/domain/account"
)

// anita returns an active account with a password.
func anita() account.Account {
	return account.Account{
		ID: role, Username: "Anita", UsernameKey: "anita", Email: "anita@example.com", EmailKey: "anita@example.com", PasswordHash: "hash",
		IsActive: true,
	}
}

// linked returns a mail with a link that was sent to an account now.
func linked(kind account.MailKind, a account.Account) account.Mail {
	m := account.NewForgotten("m", a.UsernameKey, "", now)
	if kind == account.EmailConfirmation {
		m = account.NewConfirmation("m", a, "new@example.com", now)
	}
	m.Issue(a, "token", now)
	return m
}

func TestLinkWorksUntilItsTimeIsOverOrTheAccountChanges(t *testing.T) {
	for kind, lifetime := range map[account.MailKind]time.Duration{
		account.PasswordForgotten: 30 * time.Minute, account.EmailConfirmation: 24 * time.Hour,
	} {
		for name, c := range map[string]struct {
			kind   account.MailKind
			token  string
			after  time.Duration
			change func(*account.Account)
			want   bool
		}{
			"at once":                        {kind, "token", 0, func(*account.Account) {}, true},
			"just in time":                   {kind, "token", lifetime - 1, func(*account.Account) {}, true},
			"too late":                       {kind, "token", lifetime, func(*account.Account) {}, false},
			"another token":                  {kind, "other", 0, func(*account.Account) {}, false},
			"no token":                       {kind, "", 0, func(*account.Account) {}, false},
			"a link of another kind":         {account.PasswordChanged, "token", 0, func(*account.Account) {}, false},
			"another account":                {kind, "token", 0, func(a *account.Account) { a.ID = "other" }, false},
			"the account is deactivated":     {kind, "token", 0, func(a *account.Account) { a.IsActive = false }, false},
			"the password changed":           {kind, "token", 0, func(a *account.Account) { a.PasswordHash = "new" }, false},
			"the e-mail address changed":     {kind, "token", 0, func(a *account.Account) { a.EmailKey = "new@example.com" }, false},
			"anything else changed":          {kind, "token", 0, func(a *account.Account) { a.Address, a.Phone = "Pokhara", "+1" }, true},
			"it was sent, which is recorded": {kind, "token", 0, func(*account.Account) {}, true},
		} {
			a := anita()
			m := linked(kind, a)
			c.change(&a)
			if got := m.Works(c.kind, c.token, a, now.Add(c.after)); got != c.want {
				t.Errorf("%s, %s: works is %v, want %v", kind, name, got, c.want)
			}
		}
	}
}

func TestEmptyMailNeverWorks(t *testing.T) {
	if (account.Mail{}).Works("", "", account.Account{IsActive: true}, now) {
		t.Error("the zero mail works")
	}
	a := anita()
	m := account.NewForgotten("m", a.UsernameKey, "", now)
	if m.Works(account.PasswordForgotten, "", a, now) {
		t.Error("a mail that was not sent works")
	}
}

func TestNewTokenReplacesTheFormerOne(t *testing.T) {
	a := anita()
	m := linked(account.PasswordForgotten, a)
	m.Issue(a, "second", now.Add(time.Minute))
	if m.Works(m.Kind, "token", a, now) || !m.Works(m.Kind, "second", a, now) {
		t.Error("the former token works, or the new one does not")
	}
	if m.Sent("token", now) || !m.SentAt.IsZero() {
		t.Error("a mail with the former token counts as sent")
	}
	if !m.Sent("second", now) || m.SentAt != now {
		t.Error("the mail does not count as sent")
	}
}

func TestMailIsSentOnlyWhileItIsWanted(t *testing.T) {
	forgotten := account.NewForgotten("m", "anita", "", now)
	confirmation := account.NewConfirmation("m", anita(), "b@example.com", now)
	notice := account.NewNotice("m", account.PasswordChanged, anita(), now)
	sent := linked(account.PasswordForgotten, anita())
	sent.Sent("token", now)
	nothing := func(*account.Account) {}
	deactivated := func(a *account.Account) { a.IsActive = false }
	withAddress := func(address string) func(*account.Account) {
		return func(a *account.Account) { a.Email, a.EmailKey = address, address }
	}
	withPassword := func(a *account.Account) { a.PasswordHash = "new" }
	for name, c := range map[string]struct {
		mail   account.Mail
		change func(*account.Account)
		want   bool
	}{
		"a forgotten password":                    {forgotten, nothing, true},
		"one of a deactivated account":            {forgotten, deactivated, false},
		"one of an account without a mailbox":     {forgotten, withAddress("x@import.invalid"), false},
		"one of an account without an address":    {forgotten, withAddress(""), false},
		"one that was sent":                       {sent, nothing, false},
		"one whose account has another password":  {forgotten, withPassword, true},
		"a confirmation":                          {confirmation, nothing, true},
		"one after the password changed":          {confirmation, withPassword, false},
		"one after the address changed":           {confirmation, withAddress("c@example.com"), false},
		"a notice, although the password changed": {notice, withPassword, true},
	} {
		a := anita()
		c.change(&a)
		if got := c.mail.MaySend(a); got != c.want {
			t.Errorf("%s: may be sent is %v, want %v", name, got, c.want)
		}
	}
}
