package account

import (
	"regexp"
	"strings"
	"unicode"

	"tickt/domain"
)

const (
	maxUsername = 50
	maxEmail    = 254 // RFC 5321 §4.5.3.1.3, without the angle brackets
	maxPhone    = 64  // as typed
	maxAddress  = 255
)

// emailPattern matches what the HTML standard calls a valid e-mail address
// (https://html.spec.whatwg.org/#valid-e-mail-address), if its host has a dot.
var emailPattern = regexp.MustCompile("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+" +
	`@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$`)

// NameKey returns the key by which a user name is looked up. ok is false if typed is not a valid user name.
func NameKey(typed string) (key string, ok bool) {
	var p domain.Problems
	name := checkUsername(&p, typed)
	return domain.FoldCase(name), len(p) == 0
}

// checkUsername checks a user name and returns it trimmed. It uses the rule Multiline so that notInName refuses characters
// that are not allowed in a line: the sentence of CodeUsername says which are allowed.
func checkUsername(p *domain.Problems, typed string) string {
	name := p.Text("username", domain.TermUsername, typed, maxUsername, domain.Required, domain.Multiline)
	if !p.Has("username") && strings.ContainsFunc(name, notInName) {
		p.Add("username", domain.CodeUsername)
	}
	return name
}

// notInName reports whether a user name may not hold r. Combining marks are refused, since with them one name could be
// written in two ways.
func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@.+-_", r)
}

func checkEmail(p *domain.Problems, typed string) string {
	address := p.Text("email", domain.TermEmail, typed, maxEmail, domain.Required)
	if !p.Has("email") && !emailPattern.MatchString(address) {
		p.Add("email", domain.CodeEmail)
	}
	return address
}

func checkPhone(p *domain.Problems, typed, e164 string) string {
	p.Text("phoneNumber", domain.TermPhoneNumber, typed, maxPhone, domain.Required)
	if !p.Has("phoneNumber") && e164 == "" {
		p.Add("phoneNumber", domain.CodePhone)
	}
	return e164
}
