package identity

import (
	"context"
	"strings"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// draftAccount decides on a new account and hashes its password, outside of any transaction and only where judge,
// which is given what is wrong with the account by itself, lets it pass.
func (s *Accounts) draftAccount(ctx context.Context, c account.Change, judge func(tx ports.Tx, a account.Account, invalid error) error) (account.Account, error) {
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

// e164 gives the normalised form of a number as it was typed, "" where it is none. The number that an account has is
// accepted as it is shown, whatever the numbering plans say today.
func (s *Accounts) e164(typed domain.Change[string], kept string) string {
	if !typed.Given() {
		return ""
	}
	if kept != "" && strings.TrimSpace(typed.Value) == s.Phones.National(kept) {
		return kept
	}
	e164, _ := s.Phones.Normalise(typed.Value)
	return e164
}

// accountEdit is a change that an actor asks of an account.
type accountEdit struct {
	*Accounts
	actor  access.Actor
	id     domain.ID
	change account.Change
	match  usecase.Match[ports.AccountView]
}

// hash gives the hash of the new password, "" where there is none, if the change is in order so far.
func (e accountEdit) hash(ctx context.Context) (string, error) {
	if !e.change.Password.Set {
		return "", nil
	}
	err := e.Store.View(ctx, func(tx ports.Tx) error {
		_, err := e.apply(ctx, reads{tx: tx})
		return err
	})
	if err != nil {
		return "", err
	}
	return e.Passwords.Hash(ctx, e.change.Password.Value)
}

// apply gives the account as it will be, where the actor may make it so.
func (e accountEdit) apply(ctx context.Context, r reads) (account.Account, error) {
	a, superusers, err := r.account(ctx, e.id, e.change.Demotes, e.match)
	if err != nil {
		return a, err
	}
	was := holderOf(a)
	if err := e.permitted(ctx, r, a); err != nil {
		return a, err
	}
	if e.change.Demotes(a) {
		if err := a.MayDemote(superusers); err != nil {
			return a, err
		}
	}
	c := e.change
	c.PhoneE164 = e.e164(c.Phone, a.Phone)
	invalid := a.Apply(c, e.Clock())
	role, err := r.settle(ctx, a, was.RoleID, invalid)
	if err != nil {
		return a, err
	}
	return a, r.mayGive(ctx, e.actor, was, a.RoleID, role)
}

// permitted asks whether the actor may make such a change of the account at all, whatever the values.
func (e accountEdit) permitted(ctx context.Context, r reads, a account.Account) error {
	if err := e.actor.MayTouch(holderOf(a)); err != nil {
		return err
	}
	if err := e.change.Restrict(e.actor, a); err != nil || !e.change.Password.Set {
		return err
	}
	return mayEmpower(ctx, r.tx, e.actor, holderOf(a))
}
