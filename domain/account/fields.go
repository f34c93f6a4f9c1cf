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

// email is what the HTML standard calls a valid e-mail address, of a host that has a dot
// (https://html.spec.whatwg.org/#valid-e-mail-address).
var email = regexp.MustCompile("^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+" +
	`@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$`)

// NameKey gives the key under which a typed user name is looked up; ok is false for a text that no account
// can be named.
func NameKey(typed string) (key string, ok bool) {
	var p domain.Problems
	name := checkUsername(&p, typed)
	return domain.FoldCase(name), len(p) == 0
}

// checkUsername leaves it to notInName to refuse what may not stand in a line, in words that tell what may.
func checkUsername(p *domain.Problems, typed string) string {
	name := p.Text("username", domain.TermUsername, typed, maxUsername, domain.Required, domain.Multiline)
	if !p.Has("username") && strings.ContainsFunc(name, notInName) {
		p.Add("username", domain.CodeUsername)
	}
	return name
}

// notInName refuses combining marks too: the same name could be written in two ways.
func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@.+-_", r)
}

func checkEmail(p *domain.Problems, typed string) string {
	address := p.Text("email", domain.TermEmail, typed, maxEmail, domain.Required)
	if !p.Has("email") && !email.MatchString(address) {
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
