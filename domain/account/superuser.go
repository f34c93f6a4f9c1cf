package account

import "tickt/domain"

// Somebody must always be able to do everything: the last superuser that can sign in stays one. The methods here take
// how many of those there are, and fail as a Conflict.

// IsActiveSuperuser says whether the account is a superuser that can sign in.
func (a Account) IsActiveSuperuser() bool { return a.IsSuperuser && a.IsActive }

// Demotes says whether the change takes the account out of the superusers that can sign in.
func (c Patch) Demotes(a Account) bool { return a.IsActiveSuperuser() && !c.IsSuperuser.Or(true) }

// MayDemote refuses to take the superuser flag from the last superuser.
func (a Account) MayDemote(superusers int) error { return a.mayLose("demote", superusers) }

// MayDeactivate refuses the account of by, who asks, and the last superuser.
func (a Account) MayDeactivate(by domain.ID, superusers int) error {
	return a.mayDoWithout("deactivate", by, superusers)
}

// MayDelete refuses the account of by, who asks, and the last superuser.
func (a Account) MayDelete(by domain.ID, superusers int) error {
	return a.mayDoWithout("delete", by, superusers)
}

func (a Account) mayDoWithout(verb string, by domain.ID, superusers int) error {
	if a.ID == by {
		return domain.Fail(domain.Conflict, "You cannot "+verb+" your own account.")
	}
	return a.mayLose(verb, superusers)
}

func (a Account) mayLose(verb string, superusers int) error {
	if a.IsActiveSuperuser() && superusers <= 1 {
		return domain.Fail(domain.Conflict, "You cannot "+verb+" the last active superuser.")
	}
	return nil
}
