package account_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

var now = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func draft() account.Draft {
	return account.Draft{
		Username: "Anita.Rai", Email: "anita@example.com", Phone: "9841234567", PhoneE164: "+9779841234567",
		Password: "seven brown otters", Address: "Kathmandu",
	}
}

// problems lists what is wrong as "field: message".
func problems(err error) (out []string) {
	var e *domain.Error
	if errors.As(err, &e) {
		for _, p := range e.Problems {
			out = append(out, p.Field+": "+p.Message)
		}
	}
	return out
}

func TestANewAccountIsActiveAndHasNoHash(t *testing.T) {
	d := draft()
	d.Username, d.Email, d.RoleID, d.IsStaff = "  Anita.Rai ", " Anita@Example.com", "r", true
	a, err := account.New("a", d, now)
	want := account.Account{
		ID: "a", Username: "Anita.Rai", UsernameKey: "anita.rai", Email: "Anita@Example.com", EmailKey: "anita@example.com",
		Phone: "+9779841234567", Address: "Kathmandu", RoleID: "r", IsActive: true, IsStaff: true, CreatedAt: now, UpdatedAt: now,
	}
	if err != nil || a != want {
		t.Errorf("got %+v, %v; want %+v", a, err, want)
	}
}

func TestEveryProblemOfANewAccountIsToldAtOnce(t *testing.T) {
	_, err := account.New("a", account.Draft{Address: strings.Repeat("x", 256)}, now)
	want := []string{
		"username: Username cannot be blank.",
		"email: Email cannot be blank.",
		"phoneNumber: Phone Number cannot be blank.",
		"password: Password cannot be blank.",
		"address: Address must be at most 255 characters.",
	}
	if got := problems(err); !slices.Equal(got, want) || domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnUnsoundAccountStillHoldsTheKeysThatAreSound(t *testing.T) {
	d := draft()
	d.Username, d.Password = "no spaces", ""
	a, err := account.New("a", d, now)
	if err == nil || a.UsernameKey != "" || a.EmailKey != "anita@example.com" || a.Phone != "+9779841234567" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestWhatAFieldOfAnAccountMayHold(t *testing.T) {
	host := strings.Repeat("a", 63)
	for name, c := range map[string]struct {
		change func(*account.Draft)
		want   string // "" where it may
	}{
		"every sign a user name may have":   {func(d *account.Draft) { d.Username = "aZ9@.+-_" }, ""},
		"a user name in Devanagari letters": {func(d *account.Draft) { d.Username = "नयन७" }, ""},
		"the longest user name":             {func(d *account.Draft) { d.Username = strings.Repeat("न", 50) }, ""},
		"a user name too long":              {func(d *account.Draft) { d.Username = strings.Repeat("न", 51) }, "username: Username must be at most 50 characters."},
		"a user name of spaces":             {func(d *account.Draft) { d.Username = " \t" }, "username: Username cannot be blank."},
		"a user name with a space":          {func(d *account.Draft) { d.Username = "a b" }, "username: Username may contain only letters, digits and @.+-_ characters."},
		"a user name with a slash":          {func(d *account.Draft) { d.Username = "a/b" }, "username: Username may contain only letters, digits and @.+-_ characters."},
		"a user name with a loose accent":   {func(d *account.Draft) { d.Username = "e\u0301" }, "username: Username may contain only letters, digits and @.+-_ characters."},
		"a user name with a zero-width gap": {func(d *account.Draft) { d.Username = "a\u200bb" }, "username: Username may contain only letters, digits and @.+-_ characters."},
		"a user name with NUL":              {func(d *account.Draft) { d.Username = "a\x00b" }, "username: Username contains characters that are not allowed."},
		"a user name that is no UTF-8":      {func(d *account.Draft) { d.Username = "a\xff" }, "username: Username contains characters that are not allowed."},

		"an e-mail with a tag": {func(d *account.Draft) { d.Email = "a.b+c@mail.example.co.uk" }, ""},
		"the longest e-mail": {func(d *account.Draft) {
			d.Email = "abcdefghijklmnopqrstuvwxyz@" + host + "." + host + "." + host + "." + strings.Repeat("a", 35)
		}, ""},
		"an e-mail too long": {func(d *account.Draft) {
			d.Email = "abcdefghijklmnopqrstuvwxyz@" + host + "." + host + "." + host + "." + strings.Repeat("a", 36)
		}, "email: Email must be at most 254 characters."},
		"an e-mail without @":        {func(d *account.Draft) { d.Email = "anita" }, "email: Enter a valid email address."},
		"an e-mail without a host":   {func(d *account.Draft) { d.Email = "anita@" }, "email: Enter a valid email address."},
		"an e-mail without a dot":    {func(d *account.Draft) { d.Email = "anita@localhost" }, "email: Enter a valid email address."},
		"two e-mails":                {func(d *account.Draft) { d.Email = "a@b.com,c@d.com" }, "email: Enter a valid email address."},
		"an e-mail with a name":      {func(d *account.Draft) { d.Email = "Anita <a@b.com>" }, "email: Enter a valid email address."},
		"an e-mail with two @":       {func(d *account.Draft) { d.Email = "a@b@c.com" }, "email: Enter a valid email address."},
		"an e-mail host of a hyphen": {func(d *account.Draft) { d.Email = "a@-b.com" }, "email: Enter a valid email address."},
		"an e-mail with a newline":   {func(d *account.Draft) { d.Email = "a@b.com\nBcc: c@d.com" }, "email: Email contains characters that are not allowed."},

		"a phone number that is none": {func(d *account.Draft) { d.PhoneE164 = "" }, "phoneNumber: Enter a valid phone number."},
		"no address":                  {func(d *account.Draft) { d.Address = "" }, ""},
		"the longest address":         {func(d *account.Draft) { d.Address = strings.Repeat("न", 255) }, ""},
		"an address of two lines":     {func(d *account.Draft) { d.Address = "a\nb" }, "address: Address contains characters that are not allowed."},
	} {
		t.Run(name, func(t *testing.T) { judge(t, c.change, c.want) })
	}
}

func TestWhatAPasswordMayBe(t *testing.T) {
	const known = "password: Password cannot be the same as the username, email or phone number."
	for name, c := range map[string]struct{ password, want string }{
		"the shortest":                     {"otters 7", ""},
		"the longest":                      {strings.Repeat("न", 128), ""},
		"spaces at the ends":               {" otters7 ", ""},
		"nothing":                          {"", "password: Password cannot be blank."},
		"spaces":                           {"          ", "password: Password cannot be blank."},
		"seven characters":                 {"otters7", "password: Password must be at least 8 characters."},
		"seven characters of many bytes":   {"ननननननन", "password: Password must be at least 8 characters."},
		"129 characters":                   {strings.Repeat("a", 129), "password: Password must be at most 128 characters."},
		"a control character":              {"otters\x00seven", "password: Password contains characters that are not allowed."},
		"the user name":                    {"Anita.Rai", known},
		"the user name in capitals":        {"ANITA.RAI", known},
		"the e-mail":                       {"Anita@Example.com", known},
		"the phone number":                 {"9841234567", known},
		"the phone number with its region": {"+977 984-1234567", known},
		"another phone number":             {"9841234568", ""},
		"a common one":                     {"password123", "password: Password is too common."},
		"a common one in capitals":         {"PassWord123", "password: Password is too common."},
		"a row of keys":                    {"qwertyuiop", "password: Password is too common."},
	} {
		t.Run(name, func(t *testing.T) {
			judge(t, func(d *account.Draft) { d.Password = c.password }, c.want)
		})
	}
}

func judge(t *testing.T, change func(*account.Draft), want string) {
	t.Helper()
	d := draft()
	change(&d)
	_, err := account.New("a", d, now)
	if got := strings.Join(problems(err), "; "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestASignInIsNotedWithoutAnEdit(t *testing.T) {
	a, _ := account.New("a", draft(), now)
	a.SetPassword("old", now)
	later := now.Add(time.Hour)
	a.MarkLogin(later, "")
	if a.LastLogin != later || a.PasswordHash != "old" || a.UpdatedAt != now {
		t.Errorf("got %+v", a)
	}
	a.MarkLogin(later, "new")
	if a.PasswordHash != "new" {
		t.Error("the newer hash was not kept")
	}
}

func TestWhoMaySignIn(t *testing.T) {
	for name, c := range map[string]struct {
		account account.Account
		hash    string
		want    bool
	}{
		"an active account":                      {account.Account{IsActive: true, PasswordHash: "h"}, "h", true},
		"a deactivated one":                      {account.Account{PasswordHash: "h"}, "h", false},
		"one that never had a password":          {account.Account{IsActive: true}, "", false},
		"one whose password was changed between": {account.Account{IsActive: true, PasswordHash: "new"}, "h", false},
		"nobody":                                 {account.Account{}, "", false},
	} {
		if got := c.account.MaySignIn(c.hash); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestANameIsLookedUpUnderItsFoldedForm(t *testing.T) {
	for typed, want := range map[string]string{
		"Anita": "anita", " ANITA ": "anita", "": "", "a b": "", "a\x00": "", "\xff": "", strings.Repeat("a", 51): "",
	} {
		if key, ok := account.NameKey(typed); ok != (want != "") || ok && key != want {
			t.Errorf("%q: %q, %v; want %q", typed, key, ok, want)
		}
	}
}

func FuzzNewHoldsNothingThatNoStoreCanKeep(f *testing.F) {
	f.Add("Anita", "anita@example.com", "Kathmandu")
	f.Add("ß", "a@b.c\x00", "\xff")
	f.Fuzz(func(t *testing.T, username, email, address string) {
		d := draft()
		d.Username, d.Email, d.Address = username, email, address
		a, err := account.New("a", d, now)
		for _, s := range []string{a.UsernameKey, a.EmailKey} {
			if !domain.Line(s) {
				t.Errorf("the key %q holds what no store can keep", s)
			}
		}
		if err == nil && (!domain.Line(a.Username+a.Email+a.Address) || a.UsernameKey == "" || a.EmailKey == "") {
			t.Errorf("accepted %+v", a)
		}
	})
}
