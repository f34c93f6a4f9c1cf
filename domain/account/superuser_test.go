package account_test

import (
	"testing"

	"tickt/domain"
	"tickt/domain/account"
)

func TestTheLastSuperuserAndOnesOwnAccountStay(t *testing.T) {
	root := account.Account{ID: "root", IsActive: true, IsSuperuser: true}
	retired := account.Account{ID: "old", IsSuperuser: true}
	clerk := account.Account{ID: "clerk", IsActive: true}
	for name, c := range map[string]struct {
		a                          account.Account
		by                         domain.ID
		superusers                 int
		delete, deactivate, demote string // what is said; "" where it may be done
	}{
		"one of two": {root, "other", 2, "", "", ""},
		"the last": {
			root, "other", 1, "You cannot delete the last active superuser.",
			"You cannot deactivate the last active superuser.", "You cannot demote the last active superuser.",
		},
		"oneself of two":          {root, "root", 2, "You cannot delete your own account.", "You cannot deactivate your own account.", ""},
		"a deactivated one":       {retired, "root", 1, "", "", ""},
		"somebody else":           {clerk, "root", 1, "", "", ""},
		"oneself, no superuser":   {clerk, "clerk", 1, "You cannot delete your own account.", "You cannot deactivate your own account.", ""},
		"somebody, none is there": {clerk, "x", 0, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, c.a.MayDelete(c.by, c.superusers), domain.Conflict, c.delete)
			refused(t, c.a.MayDeactivate(c.by, c.superusers), domain.Conflict, c.deactivate)
			refused(t, c.a.MayDemote(c.superusers), domain.Conflict, c.demote)
		})
	}
}

func TestWhichChangesDemote(t *testing.T) {
	root := account.Account{IsActive: true, IsSuperuser: true}
	for name, c := range map[string]struct {
		a     account.Account
		asked account.Patch
		want  bool
	}{
		"the flag taken":               {root, account.Patch{IsSuperuser: domain.Some(false)}, true},
		"the flag left out of PUT":     {root, account.Patch{}.Replacement(), true},
		"the flag left out":            {root, account.Patch{}, false},
		"the flag kept":                {root, account.Patch{IsSuperuser: domain.Some(true)}, false},
		"one that cannot sign in":      {account.Account{IsSuperuser: true}, account.Patch{IsSuperuser: domain.Some(false)}, false},
		"one that is none in any case": {account.Account{IsActive: true}, account.Patch{IsSuperuser: domain.Some(false)}, false},
	} {
		if got := c.asked.Demotes(c.a); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
