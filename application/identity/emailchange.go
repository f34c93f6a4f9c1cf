package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// proof is what allows a change of the actor's own account.
type proof struct {
	attempt
	newEmail bool // whether a new address is asked for
}

// admit verifies the current password if the patch changes the e-mail address, or holds a password all the same; otherwise the
// proof is nil. It counts new addresses and new phone numbers. The caller calls leave, as that of prove.
func (s *Me) admit(
	ctx context.Context, actor access.Actor, c account.OwnPatch, client account.Client,
) (found *proof, leave func(), err error) {
	if !c.Email.Set && !c.Current.Given() && !c.Phone.Set {
		return nil, stay, nil
	}
	a, err := usecase.View(ctx, s.Store, func(tx ports.Tx) (account.Account, error) { return tx.Accounts.Get(ctx, actor.ID) })
	if err != nil {
		return nil, stay, revokedIfGone(err)
	}
	found, leave, err = s.proveForEmail(ctx, actor, a, c, client)
	if err == nil && s.ownPatch(c, a).NewPhone(a) {
		err = countWithin(ctx, s.Base, account.PhoneChangeLimits(actor.ID, digest))
	}
	return found, leave, err
}

func (s *Me) proveForEmail(
	ctx context.Context, actor access.Actor, a account.Account, c account.OwnPatch, client account.Client,
) (found *proof, leave func(), err error) {
	_, changes := s.ownPatch(c, a).NewEmail(a)
	switch {
	case !changes && !c.Current.Given():
		return nil, stay, nil
	case changes && s.Mailer == nil:
		return nil, stay, errMailIsOff
	}
	guess, leave, err := s.prove(ctx, actor, c.Current.Value, client, func(a account.Account) error {
		return a.ApplyOwn(s.ownPatch(c, a), s.Clock())
	})
	if err == nil && changes {
		err = countWithin(ctx, s.Base, account.EmailChangeLimits(actor.ID, digest))
	}
	return &proof{guess, changes}, leave, err
}

// askForConfirmation stores the mail by which a locked account confirms its new address. That another account has the address
// is found out by the job that sends the mail, so that the actor does not learn it.
func (s *Me) askForConfirmation(ctx context.Context, tx ports.Tx, a account.Account, c account.OwnPatch) error {
	if err := tx.AccountMails.RemoveOf(ctx, a.ID, account.EmailConfirmation); err != nil {
		return err
	}
	address, _ := s.ownPatch(c, a).NewEmail(a)
	return s.add(ctx, tx, account.NewConfirmation(s.NewID(), a, address, s.Clock()))
}

// ConfirmEmail stores the new e-mail address of an account with the token of the link that was mailed to it, and tells the
// former address. It fails as Gone and as Throttled as Recovery.Reset does, and as Invalid if another account has got the
// address meanwhile.
func (s *Me) ConfirmEmail(ctx context.Context, token string, unread domain.Problems, address string) error {
	p := unread
	requireLinkToken(&p, token)
	if err := p.Err(); err != nil {
		return err
	}
	l := linkFor(s.Base, account.EmailConfirmation, token, address)
	m, _, err := l.find(ctx)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, err := l.use(ctx, tx, m)
		if err != nil {
			return err
		}
		former := a
		invalid := a.Apply(s.patch(account.Patch{Email: domain.Some(m.Address)}, a), s.Clock())
		if _, err := (reads{tx: tx, lock: true}).validate(ctx, former, a, invalid); err != nil {
			return err
		}
		if err := accountTaken(tx.Accounts.Save(ctx, a)); err != nil {
			return err
		}
		return s.notify(ctx, tx, account.EmailChanged, former)
	})
}
