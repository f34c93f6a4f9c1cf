package account

import "tickt/domain"

// There must always be an account that can do everything, so the last active superuser must remain one. Methods in this
// file that must keep it take the number of active superusers. All of them fail as Conflict.

// IsActiveSuperuser reports whether the account is an active superuser.
func (a Account) IsActiveSuperuser() bool { return a.IsSuperuser && a.IsActive }

// Demotes reports whether the patch takes the superuser flag from a, an active superuser.
func (c Patch) Demotes(a Account) bool { return a.IsActiveSuperuser() && !c.IsSuperuser.Or(true) }

// MayDemote refuses to take the superuser flag from the last active superuser.
func (a Account) MayDemote(superusers int) error { return a.keepLastSuperuser("demote", superusers) }

// MayDeactivate refuses to deactivate the last active superuser, or the account of the actor, by.
func (a Account) MayDeactivate(by domain.ID, superusers int) error {
	return a.mayRemove("deactivate", by, superusers)
}

// MayDelete refuses to delete the last active superuser, or the account of the actor, by.
func (a Account) MayDelete(by domain.ID, superusers int) error {
	return a.mayRemove("delete", by, superusers)
}

// MayUnlock refuses the actor, by, its own account: whoever has a stolen access token could guess the password without limit.
func (a Account) MayUnlock(by domain.ID) error {
	if a.ID == by {
		return yourself("unlock")
	}
	return nil
}

func (a Account) mayRemove(verb string, by domain.ID, superusers int) error {
	if a.ID == by {
		return yourself(verb)
	}
	return a.keepLastSuperuser(verb, superusers)
}

func yourself(verb string) error {
	return domain.FailFor(domain.ReasonYourself, "You cannot "+verb+" your own account.")
}

func (a Account) keepLastSuperuser(verb string, superusers int) error {
	if a.IsActiveSuperuser() && superusers <= 1 {
		return domain.FailFor(domain.ReasonLastSuperuser, "You cannot "+verb+" the last active superuser.")
	}
	return nil
}
