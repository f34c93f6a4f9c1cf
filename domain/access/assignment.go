package access

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
)

// AssignmentPatch is what a client says of an account's own permission on a menu. Ids are held as they
// came; an assignment keeps the account and the menu that it was made for.
type AssignmentPatch struct {
	AccountID domain.Optional[string]
	MenuID    domain.Optional[string]
	Actions   ActionsPatch
	Unread    domain.Problems // with fields that could not be read at all, to be reported with the others
}

// Replacement is what PUT means: flags that were left out return to their default.
func (c AssignmentPatch) Replacement() AssignmentPatch {
	c.Actions = c.Actions.Replacement()
	return c
}

// NewAccountPermission makes an assignment for the account and the menu that the ids of c led to, nil where
// they led to none. by is the account that assigns. No flag at all is an assignment that refuses.
func NewAccountPermission(id domain.ID, c AssignmentPatch, account *Holder, menu *Menu, by domain.ID,
	now time.Time,
) (AccountPermission, error) {
	p := slices.Clone(c.Unread)
	switch {
	case p.Has("accountId"):
	case strings.TrimSpace(c.AccountID.Value) == "":
		p.Add("accountId", domain.CodeNoAccount)
	case account == nil:
		p.Add("accountId", domain.CodeAccountToAssign)
	}
	switch {
	case p.Has("menuId"):
	case strings.TrimSpace(c.MenuID.Value) == "":
		p.Add("menuId", domain.CodeNoMenu)
	case menu == nil:
		p.Add("menuId", domain.CodeMenuToAssign)
	}
	if err := p.Err(); err != nil {
		return AccountPermission{}, err
	}
	return AccountPermission{
		ID: id, AccountID: account.ID, MenuID: menu.ID, Actions: c.Actions.Replacement().On(MayNothing),
		AssignedBy: by, AssignedAt: now, CreatedAt: now, UpdatedAt: now,
	}, nil
}

// Apply changes the flags. The error lists every problem; the assignment is then as it was.
func (x *AccountPermission) Apply(c AssignmentPatch, now time.Time) error {
	p := slices.Clone(c.Unread)
	if c.AccountID.Set && strings.TrimSpace(c.AccountID.Value) != string(x.AccountID) {
		p.Add("accountId", domain.CodeAccountChanged)
	}
	if c.MenuID.Set && strings.TrimSpace(c.MenuID.Value) != string(x.MenuID) {
		p.Add("menuId", domain.CodeMenuChanged)
	}
	if err := p.Err(); err != nil {
		return err
	}
	x.Actions, x.UpdatedAt = c.Actions.On(x.Actions), now
	return nil
}
