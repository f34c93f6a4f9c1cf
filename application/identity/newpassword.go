package identity

import (
	"context"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// setPassword sets the hash of a new password of a locked account, which the caller saves. It ends what the former password
// made possible: the sessions of the account, except the session kept, "" for none, and the addresses that are known for it.
// Links that were mailed to the account no longer work, see account.Mail.Works. The account is told by mail. Every change of
// the password of an account that exists is made here.
func setPassword(ctx context.Context, mails Mails, tx ports.Tx, a *account.Account, hash string, kept domain.ID) error {
	now := mails.Clock()
	a.SetPassword(hash, now)
	if err := tx.Sessions.RevokeOf(ctx, a.ID, kept, now); err != nil {
		return err
	}
	if err := tx.KnownAddresses.Forget(ctx, a.ID); err != nil {
		return err
	}
	return mails.notify(ctx, tx, account.PasswordChanged, *a)
}
