package phone_test

import (
	"strings"
	"testing"

	"tickt/adapters/phone"
)

func newParser(t testing.TB, region string) *phone.Parser {
	t.Helper()
	p, err := phone.New(region)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNewRefusesUnknownRegions(t *testing.T) {
	for _, region := range []string{"", "XX", "NPL", "Nepal", "001", "ZZ"} {
		if _, err := phone.New(region); err == nil {
			t.Errorf("%q was accepted", region)
		}
	}
	if _, err := phone.New(" np "); err != nil {
		t.Error(err)
	}
}

func TestNormalise(t *testing.T) {
	for name, c := range map[string]struct{ region, number, want string }{
		"national":                    {"NP", "9841234567", "+9779841234567"},
		"national with spaces":        {"NP", " 984-123 4567 ", "+9779841234567"},
		"a landline":                  {"NP", "01-4412345", "+97714412345"},
		"international of the region": {"NP", "+977 9841234567", "+9779841234567"},
		"international of another":    {"NP", "+44 20 7946 0958", "+442079460958"},
		"with a trunk prefix":         {"GB", "020 7946 0958", "+442079460958"},
		"another country's without +": {"NP", "020 7946 0958", ""},
		"too short":                   {"NP", "98412", ""},
		"too long":                    {"NP", "98412345678", ""},
		"no operator":                 {"NP", "0000000000", ""},
		"unknown country code":        {"NP", "+999123456789", ""},
		"letters":                     {"US", "1-800-FLOWERS", ""},
		"an extension":                {"US", "212-555-0123 ext. 5", ""},
		"a parameter":                 {"NP", "9841234567;ext=5", ""},
		"Devanagari digits":           {"NP", "९८४-१२३४५६७", "+9779841234567"},
		"Arabic digits":               {"EG", "٠١٠٠١٢٣٤٥٦٧", "+201001234567"},
		"full width":                  {"NP", "＋９７７　９８４１２３４５６７", "+9779841234567"},
		"pasted from a contact card":  {"NP", "\u202a+977\u00a0984\u20111234567\u202c", "+9779841234567"},
		"an override":                 {"NP", "984\u202e1234567", "+9779841234567"},
		"letters of another script":   {"NP", "९८४१२३४५६क", ""},
		"a newline":                   {"NP", "984123\n4567", ""},
		"NUL":                         {"NP", "9841234567\x00", ""},
		"nothing":                     {"NP", "", ""},
		"a plus":                      {"NP", "+", ""},
		"a huge text":                 {"NP", strings.Repeat("9", 1<<20), ""},
		"invalid UTF-8":               {"NP", "\xff9841234567", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := newParser(t, c.region).Normalise(c.number); got != c.want || ok != (c.want != "") {
				t.Errorf("got %q, %v; want %q", got, ok, c.want)
			}
		})
	}
}

func TestNational(t *testing.T) {
	for name, c := range map[string]struct{ region, e164, want string }{
		"a mobile number":          {"NP", "+9779841234567", "9841234567"},
		"a landline":               {"NP", "+97714412345", "014412345"},
		"with a trunk prefix":      {"GB", "+442079460958", "02079460958"},
		"of another region":        {"NP", "+442079460958", "+442079460958"},
		"of a shared calling code": {"US", "+16135550123", "+16135550123"},
		"no number":                {"NP", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newParser(t, c.region)
			got := p.National(c.e164)
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if back, ok := p.Normalise(got); c.e164 != "" && (!ok || back != c.e164) {
				t.Errorf("%q normalises to %q, want %q", got, back, c.e164)
			}
		})
	}
}
