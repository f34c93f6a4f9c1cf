package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// accountEdit is a change of an account that an actor asks for.
type accountEdit struct {
	drafts
	actor  access.Actor
	id     domain.ID
	change account.Patch
	match  usecase.Match[ports.AccountView]
}

// hash returns the hash of the new password, "" if there is none. It fails, without hashing, if the change would fail.
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

// apply returns the account as changed, or fails if the actor may not change it so.
func (e accountEdit) apply(ctx context.Context, r reads) (account.Account, error) {
	a, was, superusers, err := r.account(ctx, e.actor, e.id, e.change.Demotes, e.match)
	if err != nil {
		return a, err
	}
	if err := e.change.Restrict(e.actor, a); err != nil {
		return a, err
	}
	if e.change.Demotes(a) {
		if err := a.MayDemote(superusers); err != nil {
			return a, err
		}
	}
	c := e.change
	c.PhoneE164 = e.e164(c.Phone, a)
	invalid := a.Apply(c, e.Clock())
	role, err := r.validate(ctx, a, was.RoleID, invalid)
	if err != nil {
		return a, err
	}
	return a, r.mayGive(ctx, e.actor, was, a.RoleID, role)
}
