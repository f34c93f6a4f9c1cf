package identity

import (
	"context"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// reads reads what a change of accounts depends on. If lock is set, it locks what it reads, in the order superusers,
// account, role; without lock a change is only tried.
type reads struct {
	tx    ports.Tx
	lock  bool
	looks ports.LookAlikes // nil if no user name changes
}

// account returns an account that the actor may change, with what it holds. It fails as Forbidden if the account is out of
// the actor's reach, and then as Stale if it is not the one that the client saw. If demotes reports that the change costs a
// superuser that can sign in, account also returns how many of those there are.
func (r reads) account(
	ctx context.Context, actor access.Actor, id domain.ID, demotes func(account.Account) bool, match usecase.Match[ports.AccountView],
) (a account.Account, h access.Holder, superusers int, err error) {
	if a, err = r.tx.Accounts.Get(ctx, id); err != nil {
		return a, h, 0, err
	}
	counted := demotes(a)
	if counted {
		if superusers, err = r.superusers(ctx); err != nil {
			return a, h, 0, err
		}
	}
	if r.lock {
		if a, err = r.tx.Accounts.Lock(ctx, id); err != nil {
			return a, h, 0, err
		}
	}
	if demotes(a) && !counted { // it became a superuser in between
		if superusers, err = r.superusers(ctx); err != nil {
			return a, h, 0, err
		}
	}
	if h, err = mayTouch(ctx, r.tx, actor, a); err != nil {
		return a, h, 0, err
	}
	return a, h, superusers, match.Still(func() (ports.AccountView, error) { return r.tx.Accounts.View(ctx, id) })
}

func (r reads) superusers(ctx context.Context) (int, error) {
	if r.lock {
		return r.tx.Accounts.LockSuperusers(ctx)
	}
	return r.tx.Accounts.ActiveSuperusers(ctx)
}

func (r reads) role(ctx context.Context, id domain.ID) (access.Role, error) {
	if r.lock {
		return r.tx.Roles.Lock(ctx, id)
	}
	v, err := r.tx.Roles.Get(ctx, id)
	return v.Role, err
}

// validate adds to the problems of an account, the error invalid, those that only the store can tell: an unknown role,
// and values that other accounts have. It returns the account's role if it differs from the one before, else nil.
func (r reads) validate(ctx context.Context, former, a account.Account, invalid error) (role *access.Role, err error) {
	p, err := usecase.ProblemsOf(invalid)
	if err != nil {
		return nil, err
	}
	if a.RoleID != "" && a.RoleID != former.RoleID {
		if role, err = usecase.Known(r.role(ctx, a.RoleID)); err != nil {
			return nil, err
		}
		if role == nil {
			account.AddUnknownRole(&p)
		}
	}
	taken, err := r.tx.Accounts.Taken(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, field := range taken {
		account.AddTaken(&p, field)
	}
	if r.looks != nil && !p.Has("username") {
		alike, err := r.looksLikeAnother(ctx, former, a)
		if err != nil {
			return nil, err
		}
		if alike {
			p.Add("username", domain.CodeLookAlike)
		}
	}
	return role, p.Err()
}

// mayGive fails unless the actor may give a holder the role of an id, or take its role if the id is "".
func (r reads) mayGive(ctx context.Context, actor access.Actor, h access.Holder, id domain.ID, role *access.Role) error {
	switch {
	case id == h.RoleID:
		return nil
	case role == nil:
		return actor.MayTakeRole(h)
	}
	all, permitted, err := menusAndPermissions(ctx, r.tx, id)
	if err != nil {
		return err
	}
	return actor.MayGiveRole(h, *role, all, permitted)
}

// menusAndPermissions returns all menus and the permissions of a role.
func menusAndPermissions(
	ctx context.Context, tx ports.Tx, role domain.ID,
) (all []access.Menu, permitted []access.RolePermission, err error) {
	if all, err = tx.Menus.All(ctx); err != nil {
		return nil, nil, err
	}
	permitted, err = usecase.PermissionsOf(ctx, tx, role)
	return all, permitted, err
}

// mayTouch returns the holder of an account. It fails unless the account is within the actor's reach.
func mayTouch(ctx context.Context, tx ports.Tx, actor access.Actor, a account.Account) (access.Holder, error) {
	h, err := usecase.HolderOf(ctx, tx, a)
	if err != nil {
		return h, err
	}
	return h, actor.MayTouch(h)
}

// accountTaken turns a lost race for a unique value into the error of an ordinary duplicate.
func accountTaken(err error) error {
	return usecase.Raced(err, account.AddTaken)
}
