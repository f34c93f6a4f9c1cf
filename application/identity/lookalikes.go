package identity

import (
	"context"
	"slices"

	"tickt/domain/account"
	"tickt/domain/namekey"
	"tickt/domain/text"
	"tickt/ports"
)

// looksLikeAnother reports whether an account has a new user name that looks like that of another account, in capitals too. With
// lock, no other Update creates such a name meanwhile.
func (r reads) looksLikeAnother(ctx context.Context, former, a account.Account) (bool, error) {
	if a.UsernameKey == "" || !account.MayLookAlike(a.Username) || text.Key(a.Username) == text.Key(former.Username) {
		return false, nil
	}
	skeletons := r.looks.Skeletons(a.Username)
	if r.lock {
		for _, s := range slices.Sorted(slices.Values(skeletons)) { // in one order, so that no two Updates wait for each other
			if err := r.tx.NameKeys.Reserve(ctx, ports.UserLooks, s); err != nil {
				return false, err
			}
		}
	}
	alike, err := r.tx.NameKeys.Holders(ctx, ports.UserLooks, skeletons)
	return slices.ContainsFunc(alike, func(x namekey.Row) bool { return x.ID != a.ID }), err
}

// keepLook stores the skeleton of the user name of an account, if the name has changed.
func (r reads) keepLook(ctx context.Context, former, a account.Account) error {
	if a.Username == former.Username {
		return nil
	}
	return r.tx.NameKeys.Set(ctx, ports.UserLooks, []namekey.Row{{ID: a.ID, Key: r.looks.Skeletons(a.Username)[0]}})
}
