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
	Fields
}

// draft returns a new account with its password hashed, outside of any transaction. The password is hashed only if
// judge, which gets the error of the account's own rules, returns nil.
func (s drafts) draft(
	ctx context.Context, c account.Patch, judge func(tx ports.Tx, a account.Account, invalid error) error,
) (account.Account, error) {
	c = s.patch(c, account.Account{})
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

// ShownPhone returns the phone number of an account as clients see it: in national form; "" if there is none.
func ShownPhone(phones ports.Phones, a account.Account) string {
	if !a.HasPhone() {
		return ""
	}
	return phones.National(a.Phone)
}

// e164 returns the E.164 form of a number as it was typed; "" if it is invalid or absent. What the account holds is accepted
// in the form in which it is shown, even if it is no number or the numbering plans have changed.
func (f Fields) e164(typed domain.Optional[string], of account.Account) string {
	if !typed.Given() {
		return ""
	}
	if of.Phone != "" && strings.TrimSpace(typed.Value) == ShownPhone(f.Phones, of) {
		return of.Phone
	}
	e164, _ := f.Phones.Normalise(typed.Value)
	return e164
}
