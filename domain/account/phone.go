package account

import (
	"strings"

	"tickt/domain"
	"tickt/domain/text"
)

// phonePlaceholder returns a text that replaces a phone number or makes it unique. No valid number holds a "#".
func phonePlaceholder(id domain.ID) string { return "#" + string(id) }

// HasPhone reports whether the account has a phone number. An account without one holds a unique placeholder in its place.
func (a Account) HasPhone() bool { return a.Phone != "" && a.Phone != phonePlaceholder(a.ID) }

// minPhoneSearch is the least number of digits by which a phone number is searched.
const minPhoneSearch = 4

// PhoneSearch returns a search in the characters of a phone number if it looks like one or like its beginning, and otherwise "": it
// holds at least four digits, of any script, and nothing else but what people write between them.
func PhoneSearch(typed string) string {
	number := text.Phone(typed)
	foreign := strings.ContainsFunc(number, func(r rune) bool { return !strings.ContainsRune("0123456789+-(). /", r) })
	if foreign || len(phoneDigits(number)) < minPhoneSearch {
		return ""
	}
	return number
}

// PhonePrefix returns the digits with which a phone number must begin, with or without its country code, to match a PhoneSearch:
// those of the search without the prefix of a trunk or of international calls, which no stored number has.
func PhonePrefix(search string) string {
	return strings.TrimLeft(phoneDigits(strings.Replace(search, "(0)", "", 1)), "0")
}

func phoneDigits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}
