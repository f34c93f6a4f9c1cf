package account

import (
	_ "embed" // for the list of common passwords
	"fmt"
	"strings"
	"sync"
	"unicode"

	"tickt/domain"
)

// The length of a password, in characters.
const (
	MinPassword = 8
	MaxPassword = 128
)

// commonPasswords holds one folded password a line, of the length that the rules let through.
//
//go:embed common_passwords.txt
var commonPasswords string

var common = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonPasswords) {
		set[strings.TrimSpace(line)] = true
	}
	return set
})

// checkPassword judges a password that is about to be set. It is taken as it is: no trimming.
func (a Account) checkPassword(p *domain.Problems, password string) {
	if p.Has("password") {
		return
	}
	add := func(code, message string) { p.Add("password", code, message) }
	switch n := domain.Length(password); {
	case strings.TrimSpace(password) == "":
		add(domain.CodeRequired, "Password cannot be blank.")
	case !domain.Line(password):
		add(domain.CodeInvalid, "Password contains characters that are not allowed.")
	case n < MinPassword:
		add(domain.CodeTooShort, fmt.Sprintf("Password must be at least %d characters.", MinPassword))
	case n > MaxPassword:
		add(domain.CodeTooLong, fmt.Sprintf("Password must be at most %d characters.", MaxPassword))
	case a.tells(password):
		add(domain.CodeInvalid, "Password cannot be the same as the username, email or phone number.")
	case common()[domain.Fold(password)]:
		add(domain.CodeInvalid, "Password is too common.")
	}
}

// tells says whether a password repeats what others know of the account.
func (a Account) tells(password string) bool {
	key := domain.Fold(password)
	return key == a.UsernameKey || key == a.EmailKey || samePhone(password, a.Phone)
}

// samePhone says whether a text is the E.164 number, however it is spaced and whether or not its country is named.
func samePhone(text, e164 string) bool {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("+-()./", r) {
			return -1
		}
		return r
	}, text)
	digits = strings.TrimLeft(digits, "0") // a trunk prefix, or the international 00
	return len(digits) >= 6 && strings.HasSuffix(e164, digits)
}
