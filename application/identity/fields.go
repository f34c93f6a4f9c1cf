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
	Passwords  ports.Passwords
	Phones     ports.Phones
	Addresses  ports.Addresses
	LookAlikes ports.LookAlikes
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
	c.PhoneRegion, c.PhoneE164 = f.Phones.Region(), f.e164(c.Phone, of)
	c.Email, c.EmailKey = f.email(c.Email, of)
	c.Password = f.password(&c.Unread, c.Password)
	return c
}

// ownPatch is patch for what an account sends of itself.
func (f Fields) ownPatch(c account.OwnPatch, of account.Account) account.OwnPatch {
	c.PhoneRegion, c.PhoneE164 = f.Phones.Region(), f.e164(c.Phone, of)
	c.Email, c.EmailKey = f.email(c.Email, of)
	return c
}

// email returns an e-mail address as it is stored, and its key; "" if no mail can be sent to it. What the account has is no new
// address, whether or not mail can be sent to it.
func (f Fields) email(typed domain.Optional[string], of account.Account) (_ domain.Optional[string], key string) {
	if !typed.Given() || typed.Value == of.Email {
		return typed, of.EmailKey
	}
	a, ok := f.Addresses.Read(typed.Value)
	if !ok {
		return typed, ""
	}
	typed.Value = a.Text
	return typed, a.Key
}
