package account_test

import (
	"fmt"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

func TestMailIsSuspendedAfterThreeRefusalsWithinAWeek(t *testing.T) {
	const day = 24 * time.Hour
	type refusal struct {
		mail, address string
		after         time.Duration
	}
	const own = "anita@example.com"
	for name, c := range map[string]struct {
		refusals []refusal
		want     bool
	}{
		"two":                    {[]refusal{{"a", own, 0}, {"b", own, day}}, false},
		"three":                  {[]refusal{{"a", own, 0}, {"b", own, 0}, {"c", own, 7*day - time.Second}}, true},
		"three in eight days":    {[]refusal{{"a", own, 0}, {"b", own, 0}, {"c", own, 7 * day}}, false},
		"the last three of four": {[]refusal{{"a", own, 0}, {"b", own, 5 * day}, {"c", own, 8 * day}, {"d", own, 9 * day}}, true},
		"three times the same":   {[]refusal{{"a", own, 0}, {"a", own, day}, {"a", own, 2 * day}, {"b", own, 2 * day}}, false},
		"of another address":     {[]refusal{{"a", own, 0}, {"b", "x@example.com", 0}, {"c", own, 0}}, false},
		"of another case":        {[]refusal{{"a", own, 0}, {"b", "Anita@example.com", 0}, {"c", own, 0}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := account.New("a", validPatch(), now)
			if err != nil {
				t.Fatal(err)
			}
			before := a.UpdatedAt
			for _, r := range c.refusals {
				a.RefuseMail(domain.ID(r.mail), r.address, now.Add(r.after))
			}
			if a.MailSuspended() != c.want || a.UpdatedAt != before {
				t.Errorf("%+v", a)
			}
			if last := c.refusals[len(c.refusals)-1]; c.want && !a.MailSuspendedAt.Equal(now.Add(last.after)) {
				t.Errorf("suspended at %v", a.MailSuspendedAt)
			}
		})
	}
}

// suspended returns an account to which mail is suspended.
func suspended(t *testing.T) account.Account {
	t.Helper()
	a, err := account.New("a", validPatch(), now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if !a.RefuseMail(domain.ID(fmt.Sprint("m", i)), a.Email, now) {
			t.Error("nothing changed")
		}
	}
	if a.RefuseMail("m9", a.Email, now) {
		t.Error("a suspended account changed")
	}
	return a
}

func TestSuspensionEndsWithTheAddressOrOnRequest(t *testing.T) {
	for name, c := range map[string]struct {
		patch account.Patch
		want  bool
	}{
		"another address":      {account.Patch{Email: domain.Some("other@example.com")}, false},
		"another case":         {account.Patch{Email: domain.Some("Anita@example.com")}, false},
		"the same address":     {account.Patch{Email: domain.Some("anita@example.com")}, true},
		"on request":           {account.Patch{ResumeMail: true}, false},
		"another field":        {account.Patch{Address: domain.Some("Patan")}, true},
		"PUT without a change": {account.Patch{Username: domain.Some("Anita.Rai"), Email: domain.Some("anita@example.com")}.Replacement(), true},
	} {
		t.Run(name, func(t *testing.T) {
			a := suspended(t)
			a.Apply(c.patch, now) //nolint:errcheck // a replacement lacks required fields
			if a.MailSuspended() != c.want {
				t.Errorf("suspended: %v", a.MailSuspended())
			}
			if !c.want && (a.MailRefusals != "" || !a.RefuseMail("m0", a.Email, now) || a.MailSuspended()) {
				t.Errorf("it does not begin again: %+v", a)
			}
		})
	}
}

func TestResumingMailThatIsNotSuspendedChangesNothing(t *testing.T) {
	a, _ := account.New("a", validPatch(), now)
	a.RefuseMail("m1", a.Email, now)
	was := a.MailRefusals
	if err := a.Apply(account.Patch{ResumeMail: true}, now); err != nil || a.MailRefusals != was || was == "" {
		t.Errorf("%q, then %q, %v", was, a.MailRefusals, err)
	}
}
