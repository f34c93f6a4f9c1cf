package memory

import (
	"context"
	"math"
	"slices"
	"time"

	"tickt/domain"
	"tickt/domain/account"
)

// storedCount is a count with its group.
type storedCount struct {
	account.Count
	group string
}

type throttle struct{ *tx }

func (s throttle) Counts(
	_ context.Context, keys []string, since time.Time, id domain.ID, address string,
) ([]account.Count, account.KnownAddress, error) {
	out := []account.Count{}
	for _, k := range keys {
		if c, ok := s.counts.rows[k]; ok && c.Start.After(since) {
			out = append(out, c.Count)
		}
	}
	known := account.KnownAddress{AccountID: id, Address: address}
	if k, ok := s.knownAddresses.rows[knownKey(known)]; ok {
		known = k
	}
	return out, known, nil
}

func (s throttle) Hit(_ context.Context, limits []account.Limit, now, since time.Time) ([]account.Count, error) {
	out := []account.Count{}
	for _, l := range limits {
		c, ok := s.counts.rows[l.Key]
		if !ok || !c.Start.After(since) {
			c.Count = account.Count{Key: l.Key, Start: now}
		}
		c.N, c.group = c.N+1, l.Group
		if err := s.counts.put(s.log, l.Key, c); err != nil {
			return nil, err
		}
		out = append(out, c.Count)
	}
	return out, nil
}

func (s throttle) Clear(_ context.Context, keys []string) error {
	_, err := s.counts.removeWhere(s.log, math.MaxInt, func(c storedCount) bool { return slices.Contains(keys, c.Key) })
	return err
}

func (s throttle) ClearGroup(_ context.Context, group string) error {
	_, err := s.counts.removeWhere(s.log, math.MaxInt, func(c storedCount) bool { return c.group == group })
	return err
}

func (s throttle) Purge(_ context.Context, before time.Time, limit int) (int, error) {
	return s.counts.removeWhere(s.log, limit, func(c storedCount) bool { return c.Start.Before(before) })
}

type knownAddresses struct{ *tx }

func knownKey(k account.KnownAddress) string { return string(k.AccountID) + " " + k.Address }

func (s knownAddresses) Save(_ context.Context, k account.KnownAddress) error {
	if stored, ok := s.knownAddresses.rows[knownKey(k)]; ok && !stored.SignedInAt.Before(k.SignedInAt) {
		return s.log.writable()
	}
	return s.knownAddresses.put(s.log, knownKey(k), k)
}

func (s knownAddresses) ForgetOldest(_ context.Context, holder domain.ID, keep, limit int) error {
	all := s.knownAddresses.where(func(k account.KnownAddress) bool { return k.AccountID == holder })
	slices.SortFunc(all, func(a, b account.KnownAddress) int {
		return newestFirst(a.SignedInAt, b.SignedInAt, domain.ID(a.Address), domain.ID(b.Address))
	})
	excess := all[min(keep, len(all)):]
	excess = excess[:min(limit, len(excess))]
	_, err := s.knownAddresses.removeWhere(s.log, limit, func(k account.KnownAddress) bool {
		return slices.ContainsFunc(excess, func(x account.KnownAddress) bool { return knownKey(x) == knownKey(k) })
	})
	return err
}

func (s knownAddresses) Forget(_ context.Context, id domain.ID) error {
	_, err := s.knownAddresses.removeWhere(s.log, math.MaxInt, func(k account.KnownAddress) bool { return k.AccountID == id })
	return err
}

func (s knownAddresses) Purge(_ context.Context, before time.Time, limit int) (int, error) {
	return s.knownAddresses.removeWhere(s.log, limit, func(k account.KnownAddress) bool { return k.SignedInAt.Before(before) })
}
