package account

import (
	"strings"

	"tickt/domain/search"
)

// Document returns what is searched of an account: the words of its user name and e-mail address, and its phone number, if it has
// one, with and without the country code.
func (a Account) Document() search.Document {
	const maxCountryCode = 3 // digits (ITU-T E.164 §6.2.1)
	parts := []search.Part{{Text: a.Username}, {Text: a.Email}}
	if a.HasPhone() {
		digits := strings.TrimPrefix(a.Phone, "+")
		parts = append(parts, search.Part{Text: digits})
		for n := 1; n <= maxCountryCode && n < len(digits); n++ {
			parts = append(parts, search.Part{Text: digits[n:]})
		}
	}
	return search.NewDocument("", parts...)
}
