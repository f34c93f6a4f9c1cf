package identity

import (
	"context"
	"strings"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// drafts decide on accounts before they are stored.
type drafts struct {
	usecase.Base
	Passwords ports.Passwords
	Phones    ports.Phones
}

// draft decides on a new account and hashes its password, outside of any transaction and only where judge,
// which is given what is wrong with the account by itself, lets it pass.
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

// e164 returns the normalised form of a number as it was typed, "" where it is none. The number that an account has is
// accepted as it is shown, whatever the numbering plans say today.
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
