package usecase

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/ports"
)

// RefuseMail records that the mail server refused the address of an account for good when a mail was sent to it. It reports whether
// mail to the account is suspended by that.
func RefuseMail(ctx context.Context, tx ports.Tx, account, mail domain.ID, address string, now time.Time) (suspended bool, err error) {
	a, err := tx.Accounts.Lock(ctx, account)
	if err != nil || !a.RefuseMail(mail, address, now) {
		return false, err
	}
	return a.MailSuspended(), tx.Accounts.Save(ctx, a)
}
