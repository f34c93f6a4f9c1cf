package identity

import (
	"context"
	"errors"
	"slices"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// reads are how a change looks at what it is judged by: locking it where it is about to be made, in the order
// superusers, account, role; or not, where it is only tried.
type reads struct {
	tx   ports.Tx
	lock bool
}

// account gives an account that is still what the client saw. Where the change would cost a superuser that can sign
// in, as goes says of the account, it gives how many of those there are as well.
func (r reads) account(
	ctx context.Context, id domain.ID, goes func(account.Account) bool, match usecase.Match[ports.AccountView],
) (a account.Account, superusers int, err error) {
	if a, err = r.tx.Accounts.Get(ctx, id); err != nil {
		return a, 0, err
	}
	counted := goes(a)
	if counted {
		if superusers, err = r.superusers(ctx); err != nil {
			return a, 0, err
		}
	}
	if r.lock {
		if a, err = r.tx.Accounts.Lock(ctx, id); err != nil {
			return a, 0, err
		}
	}
	if goes(a) && !counted { // it was made a superuser in between
		if superusers, err = r.superusers(ctx); err != nil {
			return a, 0, err
		}
	}
	return a, superusers, match.Still(func() (ports.AccountView, error) { return r.tx.Accounts.View(ctx, id) })
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

// settle adds to what is wrong with an account by itself what only the store can tell: a role that there is none of,
// and values that belong to others. It gives the role where it is another one than before, else nil.
func (r reads) settle(ctx context.Context, a account.Account, before domain.ID, invalid error) (role *access.Role, err error) {
	var p domain.Problems
	var e *domain.Error
	switch {
	case errors.As(invalid, &e):
		p = slices.Clone(e.Problems)
	case invalid != nil:
		return nil, invalid
	}
	if a.RoleID != "" && a.RoleID != before {
		if role, err = usecase.Known(r.role(ctx, a.RoleID)); err != nil {
			return nil, err
		}
		if role == nil {
			account.AddUnknownRole(&p)
		}
	}
	taken, err := r.tx.Accounts.Taken(ctx, a.UsernameKey, a.EmailKey, a.Phone, a.ID)
	if err != nil {
		return nil, err
	}
	for _, field := range taken {
		account.AddTaken(&p, field)
	}
	return role, p.Err()
}

// mayGive asks whether the actor may move an account from the role that it has to another one, or, with "", out of it.
func (r reads) mayGive(ctx context.Context, actor access.Actor, h access.Holder, id domain.ID, role *access.Role) error {
	switch {
	case id == h.RoleID:
		return nil
	case role == nil:
		return actor.MayTakeRole(h)
	}
	all, permitted, err := powersOf(ctx, r.tx, id)
	if err != nil {
		return err
	}
	if err := actor.MayGiveRole(h, *role, all, permitted); err != nil || h.ID == "" {
		return err
	}
	return mayWiden(ctx, r.tx, actor, []domain.ID{h.ID}, *role, all)
}

// mayWiden asks whether the actor may let what accounts hold by themselves reach as far as the scope of a role.
func mayWiden(ctx context.Context, tx ports.Tx, actor access.Actor, ids []domain.ID, role access.Role, all []access.Menu) error {
	if role.TicketScope != access.ScopeAll || actor.MayWidenAnybody(all) == nil {
		return nil
	}
	held, err := tx.Accounts.Grants(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := actor.MayWiden(held[id].Scope, held[id].Grants, role, all); err != nil {
			return err
		}
	}
	return nil
}

// powersOf gives what a role permits, and the menus that there are.
func powersOf(ctx context.Context, tx ports.Tx, role domain.ID) (all []access.Menu, permitted []access.RolePermission, err error) {
	if all, err = tx.Menus.All(ctx); err != nil {
		return nil, nil, err
	}
	permitted, err = usecase.PermissionsOf(ctx, tx, role)
	return all, permitted, err
}

// mayEmpower asks whether the actor may let somebody in as an account.
func mayEmpower(ctx context.Context, tx ports.Tx, actor access.Actor, h access.Holder) error {
	held, err := tx.Accounts.Grants(ctx, []domain.ID{h.ID})
	if err != nil {
		return err
	}
	return actor.MayEmpower(h, held[h.ID].Scope, held[h.ID].Grants)
}

func holderOf(a account.Account) access.Holder {
	return access.Holder{ID: a.ID, RoleID: a.RoleID, Superuser: a.IsSuperuser}
}

// accountTaken turns a race for a name into the same answer as a plain duplicate.
func accountTaken(err error) error {
	return usecase.Raced(err, account.AddTaken)
}
