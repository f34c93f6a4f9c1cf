package account_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
)

// settled is an account that exists, as whole describes it.
func settled(t *testing.T) account.Account {
	t.Helper()
	a, err := account.New("a", whole(), now)
	if err != nil {
		t.Fatal(err)
	}
	a.SetPassword("hash", now)
	return a
}

func TestAChangeTouchesOnlyWhatItNames(t *testing.T) {
	later := now.Add(time.Hour)
	for name, c := range map[string]struct {
		asked  account.Change
		expect func(*account.Account)
	}{
		"nothing":       {account.Change{}, func(*account.Account) {}},
		"the user name": {account.Change{Username: domain.To("Bina")}, func(a *account.Account) { a.Username, a.UsernameKey = "Bina", "bina" }},
		"the e-mail":    {account.Change{Email: domain.To("B@x.org")}, func(a *account.Account) { a.Email, a.EmailKey = "B@x.org", "b@x.org" }},
		"the number":    {account.Change{Phone: domain.To("1"), PhoneE164: "+1"}, func(a *account.Account) { a.Phone = "+1" }},
		"the address":   {account.Change{Address: domain.To("Pokhara")}, func(a *account.Account) { a.Address = "Pokhara" }},
		"no address":    {account.Change{Address: domain.Cleared[string]()}, func(a *account.Account) { a.Address = "" }},
		"the role":      {account.Change{RoleID: domain.To(role)}, func(a *account.Account) { a.RoleID = role }},
		"the flags": {
			account.Change{IsStaff: domain.To(true), IsSuperuser: domain.To(true)},
			func(a *account.Account) { a.IsStaff, a.IsSuperuser = true, true },
		},
		"a judged password": {account.Change{Password: domain.To("eight green otters")}, func(*account.Account) {}},
	} {
		t.Run(name, func(t *testing.T) {
			a := settled(t)
			want := a
			c.expect(&want)
			want.UpdatedAt = later
			if err := a.Apply(c.asked, later); err != nil || a != want {
				t.Errorf("got %+v, %v; want %+v", a, err, want)
			}
		})
	}
}

func TestWhatAChangeMayNotSay(t *testing.T) {
	for name, c := range map[string]struct {
		asked account.Change
		want  []string
	}{
		"null for all": {account.Change{
			Username: domain.Cleared[string](), Email: domain.Cleared[string](), Phone: domain.Cleared[string](), Password: domain.Cleared[string](),
		}, []string{
			"username: Username cannot be blank.", "email: Email cannot be blank.", "phoneNumber: Phone Number cannot be blank.",
			"password: Password cannot be blank.",
		}},
		"a role of no id": {account.Change{RoleID: domain.To("boss")}, []string{"roleId: Selected role does not exist."}},
		"no valid number": {account.Change{Phone: domain.To("12")}, []string{"phoneNumber: Enter a valid phone number."}},
		"the new user name as password": {account.Change{Username: domain.To("seven-otters"), Password: domain.To("Seven-Otters")}, []string{
			"password: Password cannot be the same as the username, email or phone number.",
		}},
		"the old e-mail as password": {account.Change{Password: domain.To("Anita@example.com")}, []string{
			"password: Password cannot be the same as the username, email or phone number.",
		}},
		"fields that could not be read": {account.Change{
			Password: domain.To("short"), Address: domain.To("a\nb"),
			Unread: domain.Problems{{Field: "address", Code: "Not a text."}, {Field: "isStaff", Code: "Not a flag."}},
		}, []string{"address: Not a text.", "isStaff: Not a flag.", "password: Password must be at least 8 characters."}},
	} {
		t.Run(name, func(t *testing.T) {
			a := settled(t)
			if got := problems(a.Apply(c.asked, now)); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAFieldThatCouldNotBeReadHasOneProblem(t *testing.T) {
	var c account.Change
	var want []string
	for _, field := range []string{"username", "email", "phoneNumber", "password", "address", "roleId"} {
		c.Unread.Add(field, "Not a text.")
		want = append(want, field+": Not a text.")
	}
	_, err := account.New("a", c, now)
	if got := problems(err); !slices.Equal(got, want) {
		t.Errorf("a new account: got %q", got)
	}
	a := settled(t)
	if got := problems(a.Apply(c.Replaced(), now)); !slices.Equal(got, want) {
		t.Errorf("a replaced account: got %q", got)
	}
}

func TestWhatStaysAsItWasIsNotQuestioned(t *testing.T) {
	a := account.Account{
		Username: "two words", UsernameKey: "two words", Email: "x", EmailKey: "x", Phone: "12", Address: strings.Repeat("x", 300),
	}
	err := a.Apply(account.Change{
		Username: domain.To(a.Username), Email: domain.To(a.Email), Phone: domain.To("12"), PhoneE164: "12", Address: domain.To(a.Address),
	}, now)
	if err != nil || a.UsernameKey != "two words" || a.EmailKey != "x" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestAReplacementClearsWhatItLeavesOutButThePassword(t *testing.T) {
	a := settled(t)
	a.Address, a.RoleID, a.IsStaff, a.IsSuperuser = "Kathmandu", role, true, true
	c := whole()
	c.Address, c.Password = domain.Change[string]{}, domain.Change[string]{}
	if err := a.Apply(c.ReplacedBy(access.Actor{Superuser: true}), now); err != nil {
		t.Fatal(err)
	}
	if a.Address != "" || a.RoleID != "" || a.IsStaff || a.IsSuperuser || a.PasswordHash != "hash" {
		t.Errorf("got %+v", a)
	}
	want := []string{"username: Username cannot be blank.", "email: Email cannot be blank.", "phoneNumber: Phone Number cannot be blank."}
	if got := problems(a.Apply(account.Change{}.Replaced(), now)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOnlyASuperuserSetsTheFlags(t *testing.T) {
	on, off, null := domain.To(true), domain.To(false), domain.Cleared[bool]()
	both := account.Account{IsStaff: true, IsSuperuser: true}
	for name, c := range map[string]struct {
		a     account.Account
		asked account.Change
		want  string // "" where anybody may
	}{
		"left out":            {both, account.Change{}, ""},
		"left out of PUT":     {both, account.Change{}.ReplacedBy(access.Actor{}), ""},
		"as they are":         {both, account.Change{IsStaff: on, IsSuperuser: on}, ""},
		"none on a new one":   {account.Account{}, account.Change{IsStaff: off, IsSuperuser: null}, ""},
		"staff on a new one":  {account.Account{}, account.Change{IsStaff: on}, "Only a superuser may set isStaff."},
		"the superuser flag":  {account.Account{}, account.Change{IsSuperuser: on}, "Only a superuser may set isSuperuser."},
		"taking both":         {both, account.Change{IsStaff: off, IsSuperuser: off}, "Only a superuser may set isStaff, isSuperuser."},
		"taking them by null": {both, account.Change{IsStaff: null, IsSuperuser: null}, "Only a superuser may set isStaff, isSuperuser."},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.asked.Restrict(access.Actor{Superuser: true}, c.a); err != nil {
				t.Errorf("a superuser was refused: %v", err)
			}
			refused(t, c.asked.Restrict(access.Actor{Staff: true}, c.a), domain.Forbidden, c.want)
		})
	}
}

// refused checks the kind and the sentence of a failure, "" where there should be none.
func refused(t *testing.T, err error, kind domain.Kind, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("got %v", err)
		}
		return
	}
	if domain.KindOf(err) != kind || !strings.HasSuffix(err.Error(), ": "+want) {
		t.Errorf("got %v, want %v: %s", err, kind, want)
	}
}
