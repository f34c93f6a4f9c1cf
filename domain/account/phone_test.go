package account_test

import (
	"testing"

	"tickt/domain/account"
)

func TestPhoneSearch(t *testing.T) {
	for typed, prefix := range map[string]string{
		"9841234567": "9841234567", "+977 984-123 4567": "9779841234567", "00977 9841234567": "9779841234567", "(01) 4412345": "14412345",
		"९८४१": "9841", "\u202a+९७७ ९८४१२३\u202c": "977984123", "+44 (0)20 7946/0958": "442079460958", "0984": "984",
		"984": "", "98412x": "", "anita": "", "": "", "TKT-20260301-0001": "", "0000": "", "a@b.de": "",
	} {
		if got := account.PhonePrefix(account.PhoneSearch(typed)); got != prefix {
			t.Errorf("%+q: %q, want %q", typed, got, prefix)
		}
	}
}
