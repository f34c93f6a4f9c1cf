package identity

import (
	"errors"
	"fmt"
	"slices"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// Fields reads what clients send of accounts, by rules that need the tables of Unicode or the numbering plans.
type Fields struct {
	Passwords ports.Passwords
	Phones    ports.Phones
}

// password returns a new password in its normalised form. It adds a problem, and returns the password as it was typed, if no
// password may hold a character of it.
func (f Fields) password(p *domain.Problems, typed domain.Optional[string]) domain.Optional[string] {
	form, err := f.Passwords.Normalise(typed.Value)
	var refused *ports.CharacterError
	if errors.As(err, &refused) {
		*p = slices.Clone(*p)
		p.AddOnce("password", domain.CodePasswordCharacter, domain.Params{
			"character": fmt.Sprintf("U+%04X", refused.Character), "position": refused.Position,
		})
		return typed
	}
	typed.Value = form
	return typed
}

// patch returns a patch of an account with what the rules say of its fields.
func (f Fields) patch(c account.Patch, of account.Account) account.Patch {
	c.PhoneE164 = f.e164(c.Phone, of)
	c.Password = f.password(&c.Unread, c.Password)
	return c
}
