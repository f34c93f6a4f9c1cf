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
	guard  *Guard
	actor  access.Actor
	id     domain.ID
	change account.Patch
	match  usecase.Match[ports.AccountView]
}

// prepared is what a change needs before its transaction.
type prepared struct {
	hash  string   // of the new password; "" if there is none
	proof *attempt // by which the actor has proved that the account is its own; nil if it sent no current password
}

// prepare verifies the current password and hashes the new one. It fails, without either, if the change would fail. The
// caller calls leave after the change, see Guard.
func (e accountEdit) prepare(ctx context.Context) (p prepared, leave func(), err error) {
	current, renews := e.change.Current.Value, e.change.Password.Set
	proves := e.actor.ID == e.id && current != ""
	if !proves && !renews {
		return p, stay, nil
	}
	var guess attempt
	leave = stay
	err = e.Store.View(ctx, func(tx ports.Tx) error {
		former, _, err := e.apply(ctx, reads{tx: tx, looks: e.LookAlikes})
		if err == nil && proves {
			guess, err = e.guess(ctx, tx, former, e.change.Client)
		}
		return err
	})
	if err == nil && proves {
		p.proof = &guess
		leave, err = e.guard.prove(ctx, e.Store, &guess, current)
	}
	if err == nil && renews {
		p.hash, err = e.Passwords.Hash(ctx, e.change.Password.Value)
	}
	return p, leave, err
}

// store changes the account, and tells its former e-mail address if it gets another one: an address that somebody else has
// set is as good as the password.
func (e accountEdit) store(ctx context.Context, tx ports.Tx, p prepared) error {
	r := reads{tx: tx, lock: true, looks: e.LookAlikes}
	former, a, err := e.apply(ctx, r)
	if err != nil {
		return err
	}
	if p.proof != nil {
		if err := proved(ctx, tx, former, *p.proof); err != nil {
			return err
		}
	}
	if p.hash != "" {
		if err := setPassword(ctx, e.Mails, tx, &a, p.hash, e.actor.Session); err != nil {
			return err
		}
	}
	if domain.Same(a, former) {
		return nil
	}
	if err := accountTaken(tx.Accounts.Save(ctx, a)); err != nil {
		return err
	}
	if err := r.keepLook(ctx, former, a); err != nil || a.Email == former.Email {
		return err
	}
	return e.notify(ctx, tx, account.EmailChanged, former)
}

// apply returns the account as it is and as changed, or fails if the actor may not change it so.
func (e accountEdit) apply(ctx context.Context, r reads) (former, a account.Account, err error) {
	former, was, superusers, err := r.account(ctx, e.actor, e.id, e.change.Demotes, e.match)
	if err != nil {
		return former, a, err
	}
	if err := e.change.Restrict(e.actor, former); err != nil {
		return former, a, err
	}
	if e.change.Demotes(former) {
		if err := former.MayDemote(superusers); err != nil {
			return former, a, err
		}
	}
	a = former
	c := e.patch(e.change, a)
	invalid := a.ApplyBy(e.actor.ID, c, e.Clock())
	role, err := r.validate(ctx, former, a, invalid)
	if err != nil {
		return former, a, err
	}
	return former, a, r.mayGive(ctx, e.actor, was, a.RoleID, role)
}
