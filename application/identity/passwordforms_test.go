package identity_test

import (
	"strings"
	"testing"

	"tickt/application/identity"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/test/desk"
)

// The same password, typed as one character and as a letter with a combining mark.
const (
	composed   = "s\u00fc\u00dfe otters"
	decomposed = "su\u0308\u00dfe otters"
)

// TestPasswordSignsInHoweverItIsTyped sets a password in each way and in each form, and signs in with the other form.
func TestPasswordSignsInHoweverItIsTyped(t *testing.T) {
	for way, set := range map[string]func(d *desk.Desk, typed string){
		"created": func(d *desk.Desk, typed string) {
			c := zoe()
			c.Password = domain.Some(typed)
			createAccount(d, c)
		},
		"changed by an administrator": func(d *desk.Desk, typed string) {
			a := createAccount(d, zoe())
			desk.Must(d.Accounts.Update(d.T.Context(), d.Actor(desk.Root), a.ID, account.Patch{Password: domain.Some(typed)}, nil))(d.T)
		},
		"changed by itself": func(d *desk.Desk, typed string) {
			createAccount(d, zoe())
			in := desk.Must(d.Sessions.Login(d.T.Context(), "zoe", "seven brown otters", desk.Home))(d.T)
			change := account.PasswordChange{Current: domain.Some("seven brown otters"), New: domain.Some(typed)}
			desk.Check(d.T, d.Me.ChangePassword(d.T.Context(), d.Bearer(in.AccessToken), change, desk.Home))
		},
		"of a superuser": func(d *desk.Desk, typed string) {
			desk.Must(d.Superusers.Create(d.T.Context(), identity.Superuser{
				Username: "zoe", Email: "zoe@desk.test", Password: typed,
			}))(d.T)
		},
		"set by the operator": func(d *desk.Desk, typed string) {
			a := createAccount(d, zoe())
			desk.Check(d.T, d.Operator.SetPassword(d.T.Context(), a.Account, typed))
		},
	} {
		for _, forms := range [][2]string{{composed, decomposed}, {decomposed, composed}} {
			t.Run(way, func(t *testing.T) {
				d := newDesk(t)
				set(d, forms[0])
				for _, typed := range forms {
					if _, err := d.Sessions.Login(t.Context(), "zoe", typed, desk.Home); err != nil {
						t.Errorf("set as %+q, typed as %+q: %v", forms[0], typed, err)
					}
				}
				_, err := d.Sessions.Login(t.Context(), "zoe", "suße otters", desk.Home)
				desk.Says(t, err, domain.Unauthenticated, unknownUser)
			})
		}
	}
}

// TestRawPasswordsAreReplacedWhenTheirOwnersSignIn signs in with a hash that an earlier release made of what was typed.
func TestRawPasswordsAreReplacedWhenTheirOwnersSignIn(t *testing.T) {
	d := newDesk(t)
	a := d.AddAccount("anita", func(a *account.Account) { a.PasswordHash = "plain:" + decomposed })
	desk.Must(d.Sessions.Login(t.Context(), "anita", decomposed, desk.Home))(t)
	if got := d.Account(a.ID).PasswordHash; got != "plain:"+composed {
		t.Errorf("the hash is %+q", got)
	}
	desk.Must(d.Sessions.Login(t.Context(), "anita", composed, desk.Home))(t)
}

// TestPasswordsThatCannotBeNormalised checks that they are refused, naming the character, and sign in as no one.
func TestPasswordsThatCannotBeNormalised(t *testing.T) {
	const typed, says = "seven\x07otters", "Password must not contain U+0007 (character 6)."
	d := newDesk(t)
	root := d.Actor(desk.Root)
	c := zoe()
	c.Password = domain.Some(typed)
	_, err := d.Accounts.Create(t.Context(), root, c, nil)
	desk.Fails(t, err, domain.Invalid, says)
	a := createAccount(d, zoe())
	_, err = d.Accounts.Update(t.Context(), root, a.ID, account.Patch{Password: domain.Some(typed)}, nil)
	desk.Fails(t, err, domain.Invalid, says)
	desk.Fails(t, d.Operator.SetPassword(t.Context(), a.Account, typed), domain.Invalid, says)
	in := desk.Must(d.Sessions.Login(t.Context(), "zoe", "seven brown otters", desk.Home))(t)
	change := account.PasswordChange{Current: domain.Some("seven brown otters"), New: domain.Some(typed)}
	desk.Fails(t, d.Me.ChangePassword(t.Context(), d.Bearer(in.AccessToken), change, desk.Home), domain.Invalid, says)
	problems, err := d.Superusers.Check(t.Context(), identity.Superuser{Username: "yan", Email: "yan@desk.test", Password: typed})
	if err != nil || !problems.Has("password") {
		t.Errorf("a superuser: %v, %v", problems, err)
	}
	_, err = d.Sessions.Login(t.Context(), "zoe", typed, desk.Home)
	desk.Says(t, err, domain.Unauthenticated, unknownUser)
}

// TestPasswordLimitsCountTheNormalisedForm uses passwords whose forms are on different sides of a limit.
func TestPasswordLimitsCountTheNormalisedForm(t *testing.T) {
	d := newDesk(t)
	root := d.Actor(desk.Root)
	for typed, says := range map[string]string{
		strings.Repeat("u\u0308", 7):   "Password must be at least 8 characters.",
		strings.Repeat("u\u0308", 129): "Password must be at most 128 characters.",
		strings.Repeat("u\u0308", 128): "",
		"\u3000\u00a0\u2003  \u3000  ": "Password cannot be blank.",
		"\uff3aoe@desk.test":           "Password cannot be the same as the username, email or phone number.",
	} {
		c := zoe()
		c.Password = domain.Some(typed)
		_, err := d.Accounts.Create(t.Context(), root, c, nil)
		if says != "" {
			desk.Fails(t, err, domain.Invalid, says)
			continue
		}
		if err != nil {
			t.Errorf("%+q: %v", typed, err)
			continue
		}
		a := desk.Must(d.Operator.Account(t.Context(), "zoe"))(t)
		desk.Check(t, d.Accounts.Delete(t.Context(), root, a.ID, nil))
	}
}
