package identity

import (
	"context"
	"strings"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// drafts decides on new accounts before they are stored.
type drafts struct {
	Mails
	Passwords ports.Passwords
	Phones    ports.Phones
}

// draft returns a new account with its password hashed, outside of any transaction. The password is hashed only if
// judge, which gets the error of the account's own rules, returns nil.
func (s drafts) draft(
	ctx context.Context, c account.Patch, judge func(tx ports.Tx, a account.Account, invalid error) error,
) (account.Account, error) {
	c.PhoneE164 = s.e164(c.Phone, "")
	a, invalid := account.New(s.NewID(), c, s.Clock())
	err := s.Store.View(ctx, func(tx ports.Tx) error { return judge(tx, a, invalid) })
	if err != nil {
		return a, err
	}
	hash, err := s.Passwords.Hash(ctx, c.Password.Value)
	if err != nil {
		return a, err
	}
	a.SetPassword(hash, s.Clock())
	return a, nil
}

// e164 returns the E.164 form of a number as it was typed; "" if it is invalid or absent. The number that the account
// has, kept, is accepted in the form in which it is shown, even if the numbering plans have changed.
func (s drafts) e164(typed domain.Optional[string], kept string) string {
	if !typed.Given() {
		return ""
	}
	if kept != "" && strings.TrimSpace(typed.Value) == s.Phones.National(kept) {
		return kept
	}
	e164, _ := s.Phones.Normalise(typed.Value)
	return e164
}
