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

// existingAccount returns an account made from validPatch, with a password hash.
func existingAccount(t *testing.T) account.Account {
	t.Helper()
	a, err := account.New("a", validPatch(), now)
	if err != nil {
		t.Fatal(err)
	}
	a.SetPassword("hash", now)
	return a
}

func TestApplyChangesOnlyGivenFields(t *testing.T) {
	later := now.Add(time.Hour)
	for name, c := range map[string]struct {
		patch  account.Patch
		expect func(*account.Account)
	}{
		"nothing":       {account.Patch{}, func(*account.Account) {}},
		"the user name": {account.Patch{Username: domain.Some("Bina")}, func(a *account.Account) { a.Username, a.UsernameKey = "Bina", "bina" }},
		"the e-mail": {
			account.Patch{Email: domain.Some("B@x.org"), EmailKey: "b@x.org"},
			func(a *account.Account) { a.Email, a.EmailKey = "B@x.org", "b@x.org" },
		},
		"the number":  {account.Patch{Phone: domain.Some("1"), PhoneE164: "+1"}, func(a *account.Account) { a.Phone = "+1" }},
		"the address": {account.Patch{Address: domain.Some("Pokhara")}, func(a *account.Account) { a.Address = "Pokhara" }},
		"no address":  {account.Patch{Address: domain.Null[string]()}, func(a *account.Account) { a.Address = "" }},
		"the role":    {account.Patch{RoleID: domain.Some(role)}, func(a *account.Account) { a.RoleID = role }},
		"the flags": {
			account.Patch{IsStaff: domain.Some(true), IsSuperuser: domain.Some(true)},
			func(a *account.Account) { a.IsStaff, a.IsSuperuser = true, true },
		},
		"the password": {account.Patch{Password: domain.Some("eight green otters")}, func(*account.Account) {}},
	} {
		t.Run(name, func(t *testing.T) {
			a := existingAccount(t)
			want := a
			c.expect(&want)
			if want != a {
				want.UpdatedAt = later
			}
			if err := a.Apply(c.patch, later); err != nil || a != want {
				t.Errorf("got %+v, %v; want %+v", a, err, want)
			}
		})
	}
}

func TestApplyReportsProblems(t *testing.T) {
	for name, c := range map[string]struct {
		patch account.Patch
		want  []string
	}{
		"null": {account.Patch{
			Username: domain.Null[string](), Email: domain.Null[string](), Phone: domain.Null[string](), Password: domain.Null[string](),
		}, []string{
			"username: Username cannot be blank.", "email: Email cannot be blank.", "phoneNumber: Phone Number cannot be blank.",
			"password: Password cannot be blank.",
		}},
		"a role that is not an id": {account.Patch{RoleID: domain.Some("boss")}, []string{"roleId: Selected role does not exist."}},
		"an invalid phone number": {
			account.Patch{Phone: domain.Some("12"), PhoneRegion: "NP"},
			[]string{"phoneNumber: Enter a valid phone number: national in NP, or international with \"+\"."},
		},
		"the new user name as password": {account.Patch{Username: domain.Some("seven-otters"), Password: domain.Some("Seven-Otters")}, []string{
			"password: Password cannot be the same as the username, email or phone number.",
		}},
		"the old e-mail as password": {account.Patch{Password: domain.Some("Anita@example.com")}, []string{
			"password: Password cannot be the same as the username, email or phone number.",
		}},
		"fields that could not be read": {account.Patch{
			Password: domain.Some("short"), Address: domain.Some("a\nb"),
			Unread: domain.Problems{{Field: "address", Code: "Not a text."}, {Field: "isStaff", Code: "Not a flag."}},
		}, []string{"address: Not a text.", "isStaff: Not a flag.", "password: Password must be at least 8 characters."}},
	} {
		t.Run(name, func(t *testing.T) {
			a := existingAccount(t)
			if got := problems(a.Apply(c.patch, now)); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestUnreadFieldHasOneProblem(t *testing.T) {
	var c account.Patch
	var want []string
	for _, field := range []string{"username", "email", "phoneNumber", "password", "address", "roleId"} {
		c.Unread.Add(field, "Not a text.")
		want = append(want, field+": Not a text.")
	}
	_, err := account.New("a", c, now)
	if got := problems(err); !slices.Equal(got, want) {
		t.Errorf("a new account: got %q", got)
	}
	a := existingAccount(t)
	if got := problems(a.Apply(c.Replacement(), now)); !slices.Equal(got, want) {
		t.Errorf("a replaced account: got %q", got)
	}
}

func TestApplyAcceptsUnchangedInvalidValues(t *testing.T) {
	a := account.Account{
		Username: "two words", UsernameKey: "two words", Email: "x", EmailKey: "x", Phone: "12", Address: strings.Repeat("x", 300),
	}
	err := a.Apply(account.Patch{
		Username: domain.Some(a.Username), Email: domain.Some(a.Email), Phone: domain.Some("12"), PhoneE164: "12",
		Address: domain.Some(a.Address),
	}, now)
	if err != nil || a.UsernameKey != "two words" || a.EmailKey != "x" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestReplacementClearsAbsentFieldsExceptPassword(t *testing.T) {
	a := existingAccount(t)
	a.Address, a.RoleID, a.IsStaff, a.IsSuperuser = "Kathmandu", role, true, true
	c := validPatch()
	c.Address, c.Password = domain.Optional[string]{}, domain.Optional[string]{}
	if err := a.Apply(c.ReplacementBy(access.Actor{Superuser: true}), now); err != nil {
		t.Fatal(err)
	}
	if a.Address != "" || a.RoleID != "" || a.IsStaff || a.IsSuperuser || a.PasswordHash != "hash" {
		t.Errorf("got %+v", a)
	}
	want := []string{"username: Username cannot be blank.", "email: Email cannot be blank.", "phoneNumber: Phone Number cannot be blank."}
	if got := problems(a.Apply(account.Patch{}.Replacement(), now)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOnlySuperusersSetFlags(t *testing.T) {
	on, off, null := domain.Some(true), domain.Some(false), domain.Null[bool]()
	both := account.Account{IsStaff: true, IsSuperuser: true}
	for name, c := range map[string]struct {
		a     account.Account
		patch account.Patch
		want  string // "" if everyone may
	}{
		"absent":                {both, account.Patch{}, ""},
		"absent in PUT":         {both, account.Patch{}.ReplacementBy(access.Actor{}), ""},
		"unchanged":             {both, account.Patch{IsStaff: on, IsSuperuser: on}, ""},
		"not set on a new one":  {account.Account{}, account.Patch{IsStaff: off, IsSuperuser: null}, ""},
		"staff on a new one":    {account.Account{}, account.Patch{IsStaff: on}, "Only a superuser may set isStaff."},
		"the superuser flag":    {account.Account{}, account.Patch{IsSuperuser: on}, "Only a superuser may set isSuperuser."},
		"clearing both":         {both, account.Patch{IsStaff: off, IsSuperuser: off}, "Only a superuser may set isStaff, isSuperuser."},
		"clearing both by null": {both, account.Patch{IsStaff: null, IsSuperuser: null}, "Only a superuser may set isStaff, isSuperuser."},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.patch.Restrict(access.Actor{Superuser: true}, c.a); err != nil {
				t.Errorf("a superuser was refused: %v", err)
			}
			checkRefusal(t, c.patch.Restrict(access.Actor{Staff: true}, c.a), domain.Forbidden, c.want)
		})
	}
}

// checkRefusal checks the kind and the sentence of err. If want is "", err must be nil.
func checkRefusal(t *testing.T, err error, kind domain.Kind, want string) {
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
