package permissions_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
)

// Whatever accounts that are not superusers do, in any order and any world: no account ends up with a power that none
// of the accounts which did something had at the start; and none of them changes an account or a role that holds more.
func TestNoSequenceOfChangesEscalatesPermissions(t *testing.T) {
	accepted := map[string]int{}
	for range rounds() {
		rapid.Check(t, func(rt *rapid.T) {
			w := drawWorld(t, rt)
			moves := map[string]func(*rapid.T){}
			for name, m := range w.moves() {
				moves[name] = func(rt *rapid.T) {
					if w.tryMove(rt, m) {
						accepted[name]++
					}
				}
			}
			rt.Repeat(moves)
		})
	}
	for name := range (&world{}).moves() {
		if accepted[name] == 0 && !testing.Short() {
			t.Errorf("no account ever managed to %s: the worlds are too strict to show anything", name)
		}
	}
}

// rounds returns how many times rapid's default number of worlds is drawn: rare holes need many.
func rounds() int {
	if testing.Short() {
		return 1
	}
	return 12
}

// tryMove lets an account make a move and, if it was accepted, checks the world. It reports whether it was accepted.
func (w *world) tryMove(t *rapid.T, m move) bool {
	var able []account.Account
	for _, a := range w.now.accounts {
		if a.IsActive && !a.IsSuperuser {
			able = append(able, a)
		}
	}
	by := drawOne(t, "actor", able, func(a account.Account) string { return a.Username })
	what, err := m(t, w.actor(by.ID))
	switch {
	case err == nil:
	case domain.KindOf(err) == domain.Internal:
		t.Fatalf("%s failed to %s: %v", by.Username, what, err)
	default:
		return false
	}
	t.Logf("%s could %s", by.Username, what)
	before := w.now
	w.now = w.snapshot()
	w.acted[by.ID] = true
	w.checkPowers(t, before, by)
	w.checkReach(t, before, by)
	w.checkSuperusers(t, before)
	w.checkActor(t, before, by)
	w.checkOpenedAccounts(t, before, by)
	return true
}

// checkPowers checks that whatever an account gains by a move, the account that made it held before; and that whatever
// an account has beyond its own start, one of those that acted had at the start.
func (w *world) checkPowers(t *rapid.T, before permissionSnapshot, by account.Account) {
	giver, known := before.powers(by), w.known()
	for _, a := range w.now.accounts {
		if a.IsSuperuser {
			continue
		}
		has := w.now.powers(a)
		was, _ := before.account(a.ID)
		if extra := difference(has, before.powersOf(was), giver); extra != "" {
			t.Fatalf("%s got from %s, which does not hold it: %s", a.Username, by.Username, extra)
		}
		first, _ := w.start.account(a.ID)
		if extra := difference(has, w.start.powersOf(first), known); extra != "" {
			t.Fatalf("%s holds what no account that acted held at the start: %s", a.Username, extra)
		}
	}
}

// known are the powers that the accounts which acted had at the start.
func (w *world) known() powers {
	out := powers{}
	for _, a := range w.start.accounts {
		if w.acted[a.ID] {
			maps.Copy(out, w.start.powers(a))
		}
	}
	return out
}

// checkReach checks that an account or a role which a move changed or deleted held nothing that the actor did not hold.
// Whoever can change an account can become it: sign in as it, or read its mail. So everything that such an account held
// at the start, one of those that acted must have had at the start.
func (w *world) checkReach(t *rapid.T, before permissionSnapshot, by account.Account) {
	reach := before.powers(by)
	for _, a := range before.accounts {
		was, assigned := before.of(a.ID)
		is, assignedNow := w.now.of(a.ID)
		if a.ID == by.ID || a.IsSuperuser || was == is && sameRows(assigned, assignedNow) {
			continue
		}
		if extra := difference(before.holdings(a), reach); extra != "" {
			t.Fatalf("%s changed %s, which held more: %s", by.Username, a.Username, extra)
		}
		w.taken[a.ID] = true
	}
	for _, a := range w.start.accounts {
		if extra := difference(w.start.holdings(a), w.known()); extra != "" && w.taken[a.ID] {
			t.Fatalf("%s was taken over, and held what no account that acted held at the start: %s", a.Username, extra)
		}
	}
	for _, r := range before.roles {
		was, permitted := before.ofRole(r.ID)
		is, permittedNow := w.now.ofRole(r.ID)
		if was == is && sameRows(permitted, permittedNow) {
			continue
		}
		if extra := difference(before.permitted(r.ID), reach); extra != "" {
			t.Fatalf("%s changed the role %s, which held more: %s", by.Username, r.Name, extra)
		}
	}
}

// checkUnlocked checks that an account which an actor has unlocked is another one, and holds nothing that the actor does not
// hold: whoever unlocks an account again and again may guess its password as often.
func (w *world) checkUnlocked(t *rapid.T, actor access.Actor, a account.Account) {
	by, _ := w.now.account(actor.ID)
	if extra := difference(w.now.holdings(a), w.now.powers(by)); extra != "" || a.IsSuperuser || a.ID == by.ID {
		t.Fatalf("%s unlocked %s, which is a superuser, itself, or held more: %s", by.Username, a.Username, extra)
	}
}

// sameRows reports whether two lists hold the same rows in any order.
func sameRows[T comparable](a, b []T) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x T) bool { return !slices.Contains(b, x) })
}

// checkSuperusers checks that no account becomes a superuser or ceases to be one, that superusers do not change, and
// that one of them can sign in.
func (w *world) checkSuperusers(t *rapid.T, before permissionSnapshot) {
	is := func(a account.Account) bool { return a.IsSuperuser }
	if was, are := filter(before.accounts, is), filter(w.now.accounts, is); !slices.Equal(was, are) {
		t.Fatalf("the superusers were %+v and are %+v", was, are)
	} else if !slices.ContainsFunc(are, func(a account.Account) bool { return a.IsActive }) {
		t.Fatal("no superuser can sign in any more")
	}
	for _, a := range filter(before.accounts, is) {
		_, assigned := before.of(a.ID)
		if _, now := w.now.of(a.ID); !sameRows(assigned, now) {
			t.Fatalf("the assignments of %s were changed", a.Username)
		}
	}
	if i := slices.IndexFunc(w.now.accounts, func(a account.Account) bool { return a.IsStaff }); i >= 0 {
		t.Fatalf("%s became staff", w.now.accounts[i].Username)
	}
}

// checkActor checks that the actor did not change its own account, its assignments or its role.
func (w *world) checkActor(t *rapid.T, before permissionSnapshot, by account.Account) {
	is, ok := w.now.account(by.ID)
	if !ok || !is.IsActive || is.RoleID != by.RoleID {
		t.Fatalf("%s changed itself from %+v to %+v", by.Username, by, is)
	}
	_, assigned := before.of(by.ID)
	if _, now := w.now.of(by.ID); !sameRows(assigned, now) {
		t.Fatalf("%s changed its own assignments", by.Username)
	}
	_, permitted := before.ofRole(by.RoleID)
	if _, now := w.now.ofRole(by.RoleID); !sameRows(permitted, now) {
		t.Fatalf("%s changed the permissions of its own role", by.Username)
	}
	if before.scope(by.RoleID) != w.now.scope(by.RoleID) {
		t.Fatalf("%s changed the scope of its own role", by.Username)
	}
}

// checkOpenedAccounts checks accounts that the actor created, activated, or gave a password. The actor could sign in as
// such an account, so it may do no more than the actor.
func (w *world) checkOpenedAccounts(t *rapid.T, before permissionSnapshot, by account.Account) {
	for _, a := range w.now.accounts {
		was, known := before.account(a.ID)
		opened := !known || a.PasswordHash != was.PasswordHash || a.IsActive && !was.IsActive
		if !opened || a.ID == by.ID {
			continue
		}
		if extra := difference(w.now.powers(a), before.powers(by)); extra != "" {
			t.Fatalf("%s could act as %s, which holds more: %s", by.Username, a.Username, extra)
		}
	}
}
