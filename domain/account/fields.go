package account

import (
	"strings"
	"unicode"

	"tickt/domain"
	"tickt/domain/text"
)

const (
	maxUsername = 50
	maxEmail    = 254 // RFC 5321 §4.5.3.1.3, without the angle brackets
	maxPhone    = 64  // as typed
	maxAddress  = 255
)

// Lookup is how the account of a user name is found: it has the key of the name, or else its name is the same but for case, which is
// how earlier releases compared names. An account whose name is the same but for case comes first: of two names with one
// key, only the older has it.
type Lookup struct {
	Key    string
	Folded string
}

// LookupOf returns how the account is found that somebody means by a user name. ok is false if no account can have the name.
func LookupOf(typed string) (l Lookup, ok bool) {
	var p domain.Problems
	checkUsername(&p, text.Stored(typed))
	return Lookup{text.Key(typed), domain.FoldCase(typed)}, len(p) == 0
}

// LoggedName returns the name of an account as logs have it: the key of its user name, "" without an account.
func (a Account) LoggedName() string { return text.Key(a.Username) }

// NameKey returns the key of a user name. ok is false if typed is not a valid user name.
func NameKey(typed string) (key string, ok bool) {
	l, ok := LookupOf(typed)
	return l.Key, ok
}

// checkUsername checks a user name and returns it trimmed. It uses the rule Multiline so that notInName refuses characters
// that are not allowed in a line: the sentence of CodeUsername says which are allowed.
func checkUsername(p *domain.Problems, typed string) string {
	name := p.Text("username", domain.TermUsername, typed, maxUsername, domain.Required, domain.Multiline)
	if !p.Has("username") && (strings.ContainsFunc(name, notInName) || text.MisplacedMark(name) >= 0) {
		p.Add("username", domain.CodeUsername)
	}
	return name
}

// notInName reports whether a user name may not hold r, wherever it is.
func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune("@.+-_", r)
}

// checkEmail checks an e-mail address, whose key is "" if no mail can be sent to it, and returns it trimmed.
func checkEmail(p *domain.Problems, typed, key string) string {
	address := p.Text("email", domain.TermEmail, typed, maxEmail, domain.Required)
	if !p.Has("email") && key == "" {
		p.Add("email", domain.CodeEmail)
	}
	return address
}

// checkPhone checks a phone number and returns it in E.164. What is no number may hold anything: one sentence says what is right.
func checkPhone(p *domain.Problems, c Patch) string {
	const field = "phoneNumber"
	switch {
	case p.Has(field):
	case !domain.Visible(c.Phone.Value):
		p.Add(field, domain.CodeBlank, domain.Params{"label": domain.TermPhoneNumber})
	case domain.Length(c.Phone.Value) > maxPhone:
		p.Add(field, domain.CodeTooLong, domain.Params{"label": domain.TermPhoneNumber, "limit": maxPhone})
	case c.PhoneE164 == "":
		p.Add(field, domain.CodePhone, domain.Params{"region": c.PhoneRegion})
	}
	return c.PhoneE164
}
