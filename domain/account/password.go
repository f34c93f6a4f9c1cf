package account

import (
	_ "embed" // for the list of common passwords
	"strings"
	"sync"
	"unicode"

	"tickt/domain"
	"tickt/domain/text"
)

// The limits of the length of a password, in characters.
const (
	MinPassword = 8
	MaxPassword = 128
)

// commonPasswords holds one folded password on each line, of a length that the rules allow.
//
//go:embed common_passwords.txt
var commonPasswords string

var common = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonPasswords) {
		set[text.Key(line)] = true
	}
	return set
})

// checkPassword checks a new password, which is normalised and not trimmed.
func (a Account) checkPassword(p *domain.Problems, password string) {
	const field = "password"
	if p.Has(field) {
		return
	}
	switch n := domain.Length(password); {
	case strings.TrimSpace(password) == "":
		p.Add(field, domain.CodeBlank, domain.Params{"label": domain.TermPassword})
	case n < MinPassword:
		p.Add(field, domain.CodeTooShort, domain.Params{"label": domain.TermPassword, "limit": MinPassword})
	case n > MaxPassword:
		p.Add(field, domain.CodeTooLong, domain.Params{"label": domain.TermPassword, "limit": MaxPassword})
	case a.repeats(password):
		p.Add(field, domain.CodePasswordRepeats)
	case common()[text.Key(password)]:
		p.Add(field, domain.CodePasswordCommon)
	}
}

// repeats reports whether a password is the user name, e-mail address or phone number of the account.
func (a Account) repeats(password string) bool {
	key := text.Key(password)
	return key == text.Key(a.Username) || key == text.Key(a.Email) || samePhone(text.ASCIIDigits(key), a.Phone)
}

// samePhone reports whether what was typed is the E.164 number, with any separators, and with or without its country code. It also
// does so if only the last six or more digits are given.
func samePhone(typed, e164 string) bool {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("+-()./", r) {
			return -1
		}
		return r
	}, typed)
	digits = strings.TrimLeft(digits, "0") // a trunk prefix, or the international 00
	return len(digits) >= 6 && strings.HasSuffix(e164, digits)
}
