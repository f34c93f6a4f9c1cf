package account_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/account"
)

func TestLastSuperuserAndOwnAccountAreKept(t *testing.T) {
	root := account.Account{ID: "root", IsActive: true, IsSuperuser: true}
	retired := account.Account{ID: "old", IsSuperuser: true}
	clerk := account.Account{ID: "clerk", IsActive: true}
	for name, c := range map[string]struct {
		a                          account.Account
		by                         domain.ID
		superusers                 int
		delete, deactivate, demote string // the sentence of the refusal; "" if allowed
	}{
		"one of two": {root, "other", 2, "", "", ""},
		"the last": {
			root, "other", 1, "You cannot delete the last active superuser.",
			"You cannot deactivate the last active superuser.", "You cannot demote the last active superuser.",
		},
		"oneself, one of two":      {root, "root", 2, "You cannot delete your own account.", "You cannot deactivate your own account.", ""},
		"a deactivated superuser":  {retired, "root", 1, "", "", ""},
		"another account":          {clerk, "root", 1, "", "", ""},
		"oneself, not a superuser": {clerk, "clerk", 1, "You cannot delete your own account.", "You cannot deactivate your own account.", ""},
		"no superusers":            {clerk, "x", 0, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, c.a.MayDelete(c.by, c.superusers), domain.Conflict, c.delete)
			checkRefusal(t, c.a.MayDeactivate(c.by, c.superusers), domain.Conflict, c.deactivate)
			checkRefusal(t, c.a.MayDemote(c.superusers), domain.Conflict, c.demote)
		})
	}
}

func TestPatchDemotes(t *testing.T) {
	root := account.Account{IsActive: true, IsSuperuser: true}
	for name, c := range map[string]struct {
		a     account.Account
		patch account.Patch
		want  bool
	}{
		"the flag cleared":       {root, account.Patch{IsSuperuser: domain.Some(false)}, true},
		"the flag absent in PUT": {root, account.Patch{}.Replacement(), true},
		"the flag absent":        {root, account.Patch{}, false},
		"the flag kept":          {root, account.Patch{IsSuperuser: domain.Some(true)}, false},
		"an inactive superuser":  {account.Account{IsSuperuser: true}, account.Patch{IsSuperuser: domain.Some(false)}, false},
		"not a superuser":        {account.Account{IsActive: true}, account.Patch{IsSuperuser: domain.Some(false)}, false},
	} {
		if got := c.patch.Demotes(c.a); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
