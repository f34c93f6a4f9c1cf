package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/text"
	"tickt/ports"
)

// Me are the use cases of the actor's own account. They need no permission, and no account gets a right through them.
type Me struct {
	drafts
	guard *Guard
}

// NewMe returns the use cases of the actor's own account. The guard is that of the sign-ins.
func NewMe(mails Mails, fields Fields, guard *Guard) *Me {
	return &Me{drafts{mails, fields}, guard}
}

// Profile is an account as it sees itself.
type Profile struct {
	ports.AccountView
	Scope  access.Scope
	Grants access.Grants // the menus on which it may do something, by URL
	// EmailAsked reports that a new address was mailed a link to confirm it.
	EmailAsked bool
}

// Get returns the account of the actor.
func (s *Me) Get(ctx context.Context, actor access.Actor) (Profile, error) {
	if err := actor.RequireAccount(); err != nil {
		return Profile{}, err
	}
	return usecase.View(ctx, s.Store, func(tx ports.Tx) (Profile, error) { return profile(ctx, tx, actor) })
}

// profile reads the account of the actor. It fails as Unauthenticated if the account was deleted.
func profile(ctx context.Context, tx ports.Tx, actor access.Actor) (Profile, error) {
	v, err := tx.Accounts.View(ctx, actor.ID)
	if err != nil {
		return Profile{}, revokedIfGone(err)
	}
	p := Profile{AccountView: v, Scope: access.ScopeOwn}
	if actor.SeesAll() {
		p.Scope = access.ScopeAll
	}
	var all []access.Menu
	if actor.Superuser {
		if all, err = tx.Menus.All(ctx); err != nil {
			return Profile{}, err
		}
	}
	p.Grants = actor.Rights(all)
	return p, nil
}

// Update changes those fields of the actor's account that are set in c. A new e-mail address is not stored: it gets a mail
// with a link to confirm it, and the link of an earlier one no longer works. That needs the current password, as
// ChangePassword does, and fails as Conflict if mail is off. After too many new addresses or phone numbers it fails as
// Throttled.
func (s *Me) Update(
	ctx context.Context, actor access.Actor, c account.OwnPatch, match usecase.Match[Profile], client account.Client,
) (Profile, error) {
	if err := actor.RequireAccount(); err != nil {
		return Profile{}, err
	}
	proof, leave, err := s.admit(ctx, actor, c, client)
	defer leave()
	if err != nil {
		return Profile{}, err
	}
	return usecase.Update(ctx, s.Store, func(tx ports.Tx) (Profile, error) {
		a, err := tx.Accounts.Lock(ctx, actor.ID)
		if err != nil {
			return Profile{}, revokedIfGone(err)
		}
		if err := match.Still(func() (Profile, error) { return profile(ctx, tx, actor) }); err != nil {
			return Profile{}, err
		}
		if proof != nil {
			if err := proved(ctx, tx, a, proof.attempt); err != nil {
				return Profile{}, err
			}
		}
		former := a
		invalid := a.ApplyOwn(s.ownPatch(c, a), s.Clock())
		if _, err := (reads{tx: tx, lock: true}).validate(ctx, former, a, invalid); err != nil {
			return Profile{}, err
		}
		if !domain.Same(a, former) {
			if err := accountTaken(tx.Accounts.Save(ctx, a)); err != nil {
				return Profile{}, err
			}
		}
		asks := proof != nil && proof.newEmail
		if asks {
			if err := s.askForConfirmation(ctx, tx, a, c); err != nil {
				return Profile{}, err
			}
		} else if c.Email.Set { // the stored address: a change that waits for its confirmation is withdrawn
			if err := tx.AccountMails.RemoveOf(ctx, a.ID, account.EmailConfirmation); err != nil {
				return Profile{}, err
			}
		}
		p, err := profile(ctx, tx, actor)
		p.EmailAsked = asks
		return p, err
	})
}

var errPasswordChanged = domain.Fail(domain.Conflict, "The password was changed by somebody else meanwhile. Try again.")

// ChangePassword changes the password of the actor's account and ends its other sessions. A wrong current password is
// a GuessError and counts as a failed sign-in, so that the password cannot be guessed with a stolen access token: after too many
// of them the change fails as Throttled. The current password is checked only if everything else is valid.
func (s *Me) ChangePassword(ctx context.Context, actor access.Actor, c account.PasswordChange, client account.Client) error {
	if err := actor.RequireAccount(); err != nil {
		return err
	}
	c.New = s.password(&c.Unread, c.New)
	guess, leave, err := s.prove(ctx, actor, c.Current.Value, client, c.Check)
	defer leave()
	if err != nil {
		return err
	}
	hash, err := s.Passwords.Hash(ctx, c.New.Value)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		a, err := tx.Accounts.Lock(ctx, actor.ID)
		if err != nil {
			return revokedIfGone(err)
		}
		if err := proved(ctx, tx, a, guess); err != nil {
			return err
		}
		if err := setPassword(ctx, s.Mails, tx, &a, hash, actor.Session); err != nil {
			return err
		}
		return tx.Accounts.Save(ctx, a)
	})
}

// GuessError is the error of a current password that is wrong, or that is refused because of too many attempts. It counts as
// a failed sign-in.
type GuessError struct{ Err error }

func (e *GuessError) Error() string { return e.Err.Error() }

func (e *GuessError) Unwrap() error { return e.Err }

// asGuess returns err as a GuessError, unless it is a fault of the service.
func asGuess(err error) error {
	if kind := domain.KindOf(err); kind == domain.Invalid || kind == domain.Throttled {
		return &GuessError{err}
	}
	return err
}

// prove verifies the current password of the actor, after check has accepted the account. It returns the attempt to sign in
// as which that counts, which is under way until the caller calls leave, see Guard. It fails with a GuessError if the password
// is wrong, or while the attempt is blocked.
func (s *Me) prove(
	ctx context.Context, actor access.Actor, current string, client account.Client, check func(account.Account) error,
) (guess attempt, leave func(), err error) {
	guess, err = usecase.View(ctx, s.Store, func(tx ports.Tx) (attempt, error) {
		a, err := tx.Accounts.Get(ctx, actor.ID)
		if err != nil {
			return attempt{}, revokedIfGone(err)
		}
		if err := check(a); err != nil {
			return attempt{}, err
		}
		return s.guess(ctx, tx, a, client)
	})
	if err != nil {
		return guess, stay, err
	}
	leave, err = s.guard.prove(ctx, s.Store, &guess, current)
	return guess, leave, err
}

// guess returns the attempt to sign in as which a current password of an account counts. It fails as Throttled while that is
// blocked.
func (s drafts) guess(ctx context.Context, tx ports.Tx, a account.Account, client account.Client) (attempt, error) {
	guess := attempt{
		now: s.Clock(), client: client, account: a,
		throttle: account.ThrottleFor(text.Key(a.Username), client.Address, digest),
	}
	_, err := checkThrottle(ctx, tx, &guess)
	return guess, asGuess(err)
}

// prove verifies the current password of an account. A wrong one counts as a failed sign-in. The caller calls leave, as after
// verify.
func (g *Guard) prove(ctx context.Context, store ports.Store, guess *attempt, current string) (leave func(), err error) {
	ok, _, leave, err := g.verify(ctx, *guess, current)
	if err == nil {
		err = settle(ctx, store, guess, ok, account.WrongPassword())
	}
	return leave, asGuess(err)
}

// proved checks that what prove found still holds for the locked account, and clears the counts of failures.
func proved(ctx context.Context, tx ports.Tx, a account.Account, guess attempt) error {
	switch {
	case !a.IsActive:
		return ports.ErrSessionRevoked
	case !a.MaySignIn(guess.account.PasswordHash):
		return errPasswordChanged
	}
	counts, err := checkThrottle(ctx, tx, &guess)
	if err != nil {
		return asGuess(err)
	}
	return tx.Throttle.Clear(ctx, guess.throttle.ToClear(counts))
}
