package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/account"
	"tickt/ports"
)

// setPassword sets the hash of a new password of a locked account, which the caller saves, and ends its sessions except the
// session kept, "" for none. Every change of the password of an account that may have sessions is made here.
func setPassword(ctx context.Context, base usecase.Base, tx ports.Tx, a *account.Account, hash string, kept domain.ID) error {
	now := base.Clock()
	a.SetPassword(hash, now)
	return tx.Sessions.RevokeOf(ctx, a.ID, kept, now)
}
