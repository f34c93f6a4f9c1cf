package account_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/sentence"
	"tickt/domain/text"
)

var now = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

// validPatch returns a patch that is valid for a new account.
func validPatch() account.Patch {
	return account.Patch{
		Username: domain.Some("Anita.Rai"), Email: domain.Some("anita@example.com"), EmailKey: "anita@example.com",
		Phone:       domain.Some("9841234567"),
		PhoneRegion: "NP", PhoneE164: "+9779841234567",
		Password: domain.Some("seven brown otters"), Address: domain.Some("Kathmandu"),
	}
}

// role is the id of a role.
const role = "0123456789abcdef0123456789abcdef"

// problems returns the problems of an error as "field: sentence".
func problems(err error) (out []string) {
	var e *domain.Error
	if errors.As(err, &e) {
		for _, p := range e.Problems {
			out = append(out, p.Field+": "+sentence.English.Of(p))
		}
	}
	return out
}

func TestNewAccountIsActiveWithoutHash(t *testing.T) {
	d := validPatch()
	d.Username, d.Email, d.RoleID, d.IsStaff = domain.Some("  Anita.Rai "), domain.Some(" Anita@Example.com"), domain.Some(" "+role+" "),
		domain.Some(true)
	a, err := account.New("a", d, now)
	want := account.Account{
		ID: "a", Username: "Anita.Rai", UsernameKey: "anita.rai", Email: "Anita@Example.com", EmailKey: "anita@example.com",
		Phone: "+9779841234567", Address: "Kathmandu", RoleID: domain.ID(role), IsActive: true, IsStaff: true,
		Language: account.English, CreatedAt: now, UpdatedAt: now,
	}
	if err != nil || a != want {
		t.Errorf("got %+v, %v; want %+v", a, err, want)
	}
}

func TestNewAccountReportsEveryProblem(t *testing.T) {
	_, err := account.New("a", account.Patch{Address: domain.Some(strings.Repeat("x", 256)), RoleID: domain.Some("boss")}, now)
	want := []string{
		"username: Username cannot be blank.",
		"email: Email cannot be blank.",
		"phoneNumber: Phone Number cannot be blank.",
		"password: Password cannot be blank.",
		"address: Address must be at most 255 characters.",
		"roleId: Selected role does not exist.",
	}
	if got := problems(err); !slices.Equal(got, want) || domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInvalidAccountKeepsValidKeys(t *testing.T) {
	d := validPatch()
	d.Username, d.Password = domain.Some("no spaces"), domain.Some("")
	a, err := account.New("a", d, now)
	if err == nil || a.UsernameKey != "" || a.EmailKey != "anita@example.com" || a.Phone != "+9779841234567" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestAccountFieldRules(t *testing.T) {
	host := strings.Repeat("a", 63)
	for name, c := range map[string]struct {
		change func(*account.Patch)
		want   string // "" if there is no problem
	}{
		"a user name of all allowed signs":  {func(d *account.Patch) { d.Username = domain.Some("aZ9@.+-_") }, ""},
		"a user name in Devanagari letters": {func(d *account.Patch) { d.Username = domain.Some("नयन७") }, ""},
		"the longest user name":             {func(d *account.Patch) { d.Username = domain.Some(strings.Repeat("न", 50)) }, ""},
		"a user name too long": {
			func(d *account.Patch) { d.Username = domain.Some(strings.Repeat("न", 51)) }, "username: Username must be at most 50 characters.",
		},
		"a user name of spaces": {func(d *account.Patch) { d.Username = domain.Some(" \t") }, "username: Username cannot be blank."},
		"a user name with a space": {
			func(d *account.Patch) { d.Username = domain.Some("a b") }, "username: Username may contain only letters, digits and @.+-_ characters.",
		},
		"a user name with a slash": {
			func(d *account.Patch) { d.Username = domain.Some("a/b") }, "username: Username may contain only letters, digits and @.+-_ characters.",
		},
		"a user name with a combining mark": {func(d *account.Patch) { d.Username = domain.Some("e\u0301") }, ""},
		"a user name with vowel signs":      {func(d *account.Patch) { d.Username = domain.Some("सीता") }, ""},
		"the longest user name in NFD":      {func(d *account.Patch) { d.Username = domain.Some(strings.Repeat("u\u0308", 50)) }, ""},
		"a user name with a stack of marks": {
			func(d *account.Patch) { d.Username = domain.Some("z\u0334\u0311\u035bal") },
			"username: Username may contain only letters, digits and @.+-_ characters.",
		},
		"a user name with a mark of another script": {
			func(d *account.Patch) { d.Username = domain.Some("a\u093e") },
			"username: Username may contain only letters, digits and @.+-_ characters.",
		},
		"a user name of two scripts": {
			func(d *account.Patch) { d.Username = domain.Some("rооt") },
			"username: Username must not mix letters of several scripts, or digits of several systems.",
		},
		"a user name that means oneself": {
			func(d *account.Patch) { d.Username = domain.Some("ＭＥ") },
			"username: Username cannot be 'me', 'none' or 32 hexadecimal characters.",
		},
		"a user name that means no one": {
			func(d *account.Patch) { d.Username = domain.Some("None") },
			"username: Username cannot be 'me', 'none' or 32 hexadecimal characters.",
		},
		"a user name like an id": {
			func(d *account.Patch) { d.Username = domain.Some("0123456789ABCDEF0123456789abcdef") },
			"username: Username cannot be 'me', 'none' or 32 hexadecimal characters.",
		},
		"a user name with a zero-width space": {
			func(d *account.Patch) { d.Username = domain.Some("a\u200bb") },
			"username: Username may contain only letters, digits and @.+-_ characters.",
		},
		"a user name with NUL": {
			func(d *account.Patch) { d.Username = domain.Some("a\x00b") },
			"username: Username contains a character that is not allowed: U+0000 (control character) at position 2.",
		},
		"a user name in invalid UTF-8": {
			func(d *account.Patch) { d.Username = domain.Some("a\xff") },
			"username: Username contains a character that is not allowed: 0xFF (not valid UTF-8) at position 2.",
		},

		"an e-mail with a tag": {func(d *account.Patch) { d.Email = domain.Some("a.b+c@mail.example.co.uk") }, ""},
		"the longest e-mail": {func(d *account.Patch) {
			d.Email = domain.Some("abcdefghijklmnopqrstuvwxyz@" + host + "." + host + "." + host + "." + strings.Repeat("a", 35))
		}, ""},
		"an e-mail too long": {func(d *account.Patch) {
			d.Email = domain.Some("abcdefghijklmnopqrstuvwxyz@" + host + "." + host + "." + host + "." + strings.Repeat("a", 36))
		}, "email: Email must be at most 254 characters."},
		"an e-mail that no mail can be sent to": {func(d *account.Patch) { d.EmailKey = "" }, "email: Enter a valid email address."},
		"an e-mail with a newline": {
			func(d *account.Patch) { d.Email = domain.Some("a@b.com\nBcc: c@d.com") },
			"email: Email contains a character that is not allowed: U+000A (control character) at position 8.",
		},

		"an invalid phone number": {
			func(d *account.Patch) { d.PhoneE164 = "" },
			"phoneNumber: Enter a valid phone number: national in NP, or international with \"+\".",
		},
		"no address":          {func(d *account.Patch) { d.Address = domain.Some("") }, ""},
		"the longest address": {func(d *account.Patch) { d.Address = domain.Some(strings.Repeat("न", 255)) }, ""},
		"an address of two lines": {
			func(d *account.Patch) { d.Address = domain.Some("a\nb") },
			"address: Address contains a character that is not allowed: U+000A (control character) at position 2.",
		},
	} {
		t.Run(name, func(t *testing.T) { checkNew(t, c.change, c.want) })
	}
}

func TestPasswordRules(t *testing.T) {
	const known = "password: Password cannot be the same as the username, email or phone number."
	for name, c := range map[string]struct{ password, want string }{
		"the shortest":                           {"otters 7", ""},
		"the longest":                            {strings.Repeat("न", 128), ""},
		"spaces at the ends":                     {" otters7 ", ""},
		"nothing":                                {"", "password: Password cannot be blank."},
		"spaces":                                 {"          ", "password: Password cannot be blank."},
		"seven characters":                       {"otters7", "password: Password must be at least 8 characters."},
		"seven characters of many bytes":         {"ननननननन", "password: Password must be at least 8 characters."},
		"129 characters":                         {strings.Repeat("a", 129), "password: Password must be at most 128 characters."},
		"the phone number in Devanagari digits":  {"९८४१२३४५६७", known},
		"the user name in full-width letters":    {"Ａｎｉｔａ．Ｒａｉ", known},
		"a common one in full-width letters":     {"ｐａｓｓｗｏｒｄ１２３", "password: Password is too common."},
		"the user name":                          {"Anita.Rai", known},
		"the user name in capitals":              {"ANITA.RAI", known},
		"the e-mail":                             {"Anita@Example.com", known},
		"the phone number":                       {"9841234567", known},
		"the phone number with its country code": {"+977 984-1234567", known},
		"another phone number":                   {"9841234568", ""},
		"a common one":                           {"password123", "password: Password is too common."},
		"a common one in capitals":               {"PassWord123", "password: Password is too common."},
		"a keyboard row":                         {"qwertyuiop", "password: Password is too common."},
	} {
		t.Run(name, func(t *testing.T) {
			checkNew(t, func(d *account.Patch) { d.Password = domain.Some(c.password) }, c.want)
		})
	}
}

func checkNew(t *testing.T, change func(*account.Patch), want string) {
	t.Helper()
	d := validPatch()
	change(&d)
	_, err := account.New("a", d, now)
	if got := strings.Join(problems(err), "; "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMarkLoginKeepsUpdatedAt(t *testing.T) {
	a, _ := account.New("a", validPatch(), now)
	a.SetPassword("old", now)
	later := now.Add(time.Hour)
	a.MarkLogin(later, "")
	if a.LastLogin != later || a.PasswordHash != "old" || a.UpdatedAt != now {
		t.Errorf("got %+v", a)
	}
	a.MarkLogin(later, "new")
	if a.PasswordHash != "new" {
		t.Error("the newer hash was not stored")
	}
}

func TestMaySignInNeedsActiveAccountAndCurrentHash(t *testing.T) {
	for name, c := range map[string]struct {
		account account.Account
		hash    string
		want    bool
	}{
		"an active account":              {account.Account{IsActive: true, PasswordHash: "h"}, "h", true},
		"a deactivated one":              {account.Account{PasswordHash: "h"}, "h", false},
		"one that never had a password":  {account.Account{IsActive: true}, "", false},
		"one whose password has changed": {account.Account{IsActive: true, PasswordHash: "new"}, "h", false},
		"the zero account":               {account.Account{}, "", false},
	} {
		if got := c.account.MaySignIn(c.hash); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNameKey(t *testing.T) {
	for typed, want := range map[string]string{
		"Anita": "anita", " ANITA ": "anita", "": "", "a b": "", "a\x00": "", "\xff": "", strings.Repeat("a", 51): "",
	} {
		if key, ok := account.NameKey(typed); ok != (want != "") || ok && key != want {
			t.Errorf("%q: %q, %v; want %q", typed, key, ok, want)
		}
	}
}

func FuzzAccountText(f *testing.F) {
	f.Add("Anita", "anita@example.com", "Kathmandu")
	f.Add("ß", "a@b.c\x00", "\xff")
	f.Fuzz(func(t *testing.T, username, email, address string) {
		d := validPatch()
		d.Username, d.Email, d.Address = domain.Some(username), domain.Some(email), domain.Some(address)
		a, err := account.New("a", d, now)
		for _, s := range []string{a.UsernameKey, a.EmailKey} {
			if !text.Line.Holds(s) {
				t.Errorf("the key %q holds characters that are not allowed in a line", s)
			}
		}
		if err == nil && (!text.Line.Holds(a.Username) || !text.Line.Holds(a.Email) || !text.Line.Holds(a.Address) ||
			a.UsernameKey == "" || a.EmailKey == "") {
			t.Errorf("accepted %+v", a)
		}
		b := existingAccount(t)
		err = b.Apply(account.Patch{Username: d.Username, Email: d.Email, Address: d.Address}, now)
		if err == nil && (b.UsernameKey != domain.FoldCase(b.Username) || b.EmailKey != domain.FoldCase(b.Email) ||
			!text.Line.Holds(b.Username) || !text.Line.Holds(b.Email) || !text.Line.Holds(b.Address)) {
			t.Errorf("changed to %+v", b)
		}
	})
}

func TestHasMailbox(t *testing.T) {
	for address, want := range map[string]bool{
		"zoe@example.org": true, "": false, "x@import.invalid": false, "x@IMPORT.Invalid": false, "x@invalid.org": true,
	} {
		if got := (account.Account{Email: address}).HasMailbox(); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
