package password

import (
	"unicode/utf8"

	"golang.org/x/text/secure/precis"

	"tickt/domain/account"
	"tickt/ports"
)

// longest is the length in characters of the longest password that is normalised. Normalization makes one character of at most
// four, so that a longer one is too long in every form.
const longest = 4 * account.MaxPassword

// Normalise implements ports.Passwords.
func (*Hasher) Normalise(password string) (form string, err error) { return Normalise(password) }

// Normalise returns a password in the form that is hashed: OpaqueString of RFC 8265 §4.2, in which a ü is the same whether it
// was typed as one character or as two, and every space is the same. It fails with a *ports.CharacterError if the password holds
// what no password may hold. It returns a password that is too long in every form as it is.
func Normalise(password string) (form string, err error) {
	if password == "" || utf8.RuneCountInString(password) > longest {
		return password, nil
	}
	form, ok := opaque(password)
	if !ok {
		return "", refusedIn(password)
	}
	return form, nil
}

func opaque(password string) (form string, ok bool) {
	form, err := precis.OpaqueString.String(password)
	return form, err == nil && utf8.ValidString(password)
}

// refusedIn returns the first character of a refused password with which nothing that follows is accepted: whether some
// characters are allowed depends on those before and after them.
func refusedIn(password string) *ports.CharacterError {
	refused, at := &ports.CharacterError{}, 0
	for i, r := range password {
		if _, ok := opaque(password[:i]); ok || i == 0 {
			refused = &ports.CharacterError{Character: r, Position: at + 1}
		}
		at++
	}
	return refused
}

// typedForms returns the forms in which a typed password may have been hashed: normalised, and as it was typed, if that differs.
// Passwords were hashed as they were typed before they were normalised, and by Django.
func typedForms(password string) []string {
	form, err := Normalise(password)
	if err != nil || form == password {
		return []string{password}
	}
	return []string{form, password}
}
