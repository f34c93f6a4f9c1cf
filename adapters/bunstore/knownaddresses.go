package bunstore

import (
	"context"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

type knownAddresses struct{ conn }

func (s knownAddresses) Save(ctx context.Context, k account.KnownAddress) error {
	_, err := exec(ctx, s.conn, s.statement(`INSERT INTO known_addresses AS k (account_id, address, signed_in_at) VALUES (?, ?, ?)
 ON CONFLICT (account_id, address) DO UPDATE SET signed_in_at = excluded.signed_in_at WHERE k.signed_in_at < excluded.signed_in_at`,
		k.AccountID, k.Address, k.SignedInAt))
	return err
}

func (s knownAddresses) ForgetOldest(ctx context.Context, holder domain.ID, keep, limit int) error {
	_, err := exec(ctx, s.conn, s.statement(`DELETE FROM known_addresses WHERE account_id = ? AND address IN
 (SELECT k.address FROM known_addresses k WHERE k.account_id = ? ORDER BY k.signed_in_at DESC, k.address DESC LIMIT ? OFFSET ?)`,
		holder, holder, limit, keep))
	return err
}

func (s knownAddresses) Forget(ctx context.Context, account domain.ID) error {
	_, err := exec(ctx, s.conn, s.statement(`DELETE FROM known_addresses WHERE account_id = ?`, account))
	return err
}

func (s knownAddresses) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(ctx, s.conn, s.statement(`DELETE FROM known_addresses WHERE (account_id, address) IN
 (SELECT k.account_id, k.address FROM known_addresses k WHERE k.signed_in_at < ? LIMIT ?`, before, limit).
		add(s.forUpdateSkipLocked("k")+`)`))
	return int(n), err
}
