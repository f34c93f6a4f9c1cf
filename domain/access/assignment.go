package access

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
)

// AssignmentPatch is what a client sends of an assignment. Ids are held as the client sent them. The account and the menu
// of an existing assignment cannot change.
type AssignmentPatch struct {
	AccountID domain.Optional[string]
	MenuID    domain.Optional[string]
	Actions   ActionsPatch
	Unread    domain.Problems // problems of fields that could not be read; reported with the others
}

// Replacement returns the patch that PUT applies: absent flags return to their defaults.
func (c AssignmentPatch) Replacement() AssignmentPatch {
	c.Actions = c.Actions.Replacement()
	return c
}

// NewAccountPermission returns a new assignment. account and menu are what the ids of c refer to, or nil if they do not
// exist; by is the account that assigns. An assignment without any action refuses what the role permits.
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

// Apply changes the flags. The error is Invalid and lists every problem; the assignment is then unchanged.
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
	if actions := c.Actions.On(x.Actions); x.Actions != actions {
		x.Actions, x.UpdatedAt = actions, now
	}
	return nil
}
