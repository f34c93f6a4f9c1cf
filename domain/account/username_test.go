package account_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/account"
)

// TestNamesFromBeforeTheRuleStay changes accounts whose names could not be chosen today.
func TestNamesFromBeforeTheRuleStay(t *testing.T) {
	for _, name := range []string{"rооt", "me", "None", "0123456789abcdef0123456789abcdef", "a1٣"} {
		a, _ := account.New("a", validPatch(), now)
		a.Username = name
		if err := a.Apply(account.Patch{Username: domain.Some(name), Address: domain.Some("Pokhara")}, now); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if err := a.Apply(account.Patch{Username: domain.Some("x" + name)}, now); err == nil && name == "rооt" {
			t.Errorf("%q became another mixed name", name)
		}
	}
}

func TestImportedNamesLiveOn(t *testing.T) {
	for typed, want := range map[string]string{
		"Ju\u0308rgen": "J\u00fcrgen", "सीता": "सीता", "rооt": "rооt", "a b": "a_b", "a\u0301\u0301\u0301": "\u00e1\u0301_", "me": "me.i1",
		"\u0301x": "_x",
	} {
		a, notes := account.Restore("i1", account.Record{Username: typed, Email: "a@b.de", EmailKey: "a@b.de", E164: "+9779841234567"}, now)
		if a.Username != want {
			t.Errorf("%+q became %+q, want %+q", typed, a.Username, want)
		}
		if changed := want != typed && typed != "Ju\u0308rgen"; (len(notes) > 0) != changed {
			t.Errorf("%+q: notes %v", typed, notes)
		}
	}
}
