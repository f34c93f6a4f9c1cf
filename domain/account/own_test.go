package account_test

import (
	"slices"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/account"
)

func TestOwnChangeKeepsWhatIsNotSent(t *testing.T) {
	a := existingAccount(t)
	was := a
	if err := a.ApplyOwn(account.OwnPatch{}, now.Add(1)); err != nil {
		t.Fatal(err)
	}
	if a != was {
		t.Errorf("got %+v, want %+v", a, was)
	}
	err := a.ApplyOwn(account.OwnPatch{
		Phone: domain.Some("+15551234567"), PhoneE164: "+15551234567", Address: domain.Some(" Pokhara "),
		Language: domain.Some("ne"), TimeZone: domain.Some(" Asia/Kathmandu "),
	}, now)
	was.Phone, was.Address, was.Language, was.TimeZone, was.UpdatedAt = "+15551234567", "Pokhara", account.Nepali, "Asia/Kathmandu", now
	if err != nil || a != was {
		t.Errorf("got %+v, %v; want %+v", a, err, was)
	}
	null := domain.Null[string]()
	err = a.ApplyOwn(account.OwnPatch{Address: null, Language: null, TimeZone: null}, now)
	if was.Address, was.Language, was.TimeZone = "", account.English, ""; err != nil || a != was {
		t.Errorf("got %+v, %v; want %+v", a, err, was)
	}
}

func TestOwnChangeReportsEveryProblem(t *testing.T) {
	a := existingAccount(t)
	var unread domain.Problems
	unread.Add("language", domain.CodeType, domain.Params{"want": domain.TermAText})
	err := a.ApplyOwn(account.OwnPatch{
		Phone: domain.Some("1"), PhoneRegion: "NP", Address: domain.Some(strings.Repeat("x", 256)), Language: domain.Some("de"),
		TimeZone: domain.Some("Local"), Unread: unread,
	}, now)
	want := []string{
		"language: language must be a string.", "phoneNumber: Enter a valid phone number: national in NP, or international with \"+\".",
		"address: Address must be at most 255 characters.",
		"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
	}
	if got := problems(err); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSessionDescribesItsClientInOnePrintableLine(t *testing.T) {
	for sent, want := range map[string]string{
		"":                                 "",
		" curl/8.1 ":                       "curl/8.1",
		"a\x00b\x1b[31mc\u202ed\u200be\nf": "ab[31mcde f",
		"a\xffb":                           "a\ufffdb",
		"ब्राउज़र 5":                       "ब्राउज़र 5",
		strings.Repeat("é", 300):           strings.Repeat("é", 255),
	} {
		var s account.Session
		if s.SeenFrom(account.Client{Address: "192.0.2.1", UserAgent: sent}); s.UserAgent != want || s.Address != "192.0.2.1" {
			t.Errorf("%q is stored as %q of %s", sent, s.UserAgent, s.Address)
		}
	}
}

func TestNewPhoneIsValidAndDiffers(t *testing.T) {
	a := account.Account{Phone: "+9779841000001"}
	for name, c := range map[string]struct {
		patch account.OwnPatch
		want  bool
	}{
		"none sent": {account.OwnPatch{}, false},
		"null":      {account.OwnPatch{Phone: domain.Null[string]()}, false},
		"invalid":   {account.OwnPatch{Phone: domain.Some("12")}, false},
		"the same":  {account.OwnPatch{Phone: domain.Some("984-1000001"), PhoneE164: a.Phone}, false},
		"another":   {account.OwnPatch{Phone: domain.Some("984-1000002"), PhoneE164: "+9779841000002"}, true},
		"another, beside an invalid language": {
			account.OwnPatch{Phone: domain.Some("984-1000002"), PhoneE164: "+9779841000002", Language: domain.Some("de")}, true,
		},
	} {
		if got := c.patch.NewPhone(a); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if a.Phone != "+9779841000001" {
		t.Errorf("the account has %s", a.Phone)
	}
}
