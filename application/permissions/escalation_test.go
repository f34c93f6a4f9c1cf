package permissions_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
)

// Whatever accounts that are not superusers do, in any order and any world: no account ends up with a power that none
// of the accounts which did something had at the start.
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
	w.checkSuperusers(t, before)
	w.checkActor(t, before, by)
	w.checkOpenedAccounts(t, before, by)
	return true
}

// checkPowers checks that whatever an account gains by a move, the account that made it held before; and that whatever
// an account has beyond its own start, one of those that acted had at the start.
func (w *world) checkPowers(t *rapid.T, before permissionSnapshot, by account.Account) {
	giver := before.powers(by)
	known := powers{}
	for _, a := range w.start.accounts {
		if w.acted[a.ID] {
			maps.Copy(known, w.start.powers(a))
		}
	}
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

// checkSuperusers checks that no account becomes a superuser or ceases to be one, that superusers do not change, and
// that one of them can sign in.
func (w *world) checkSuperusers(t *rapid.T, before permissionSnapshot) {
	is := func(a account.Account) bool { return a.IsSuperuser }
	if was, are := filter(before.accounts, is), filter(w.now.accounts, is); !slices.Equal(was, are) {
		t.Fatalf("the superusers were %+v and are %+v", was, are)
	} else if !slices.ContainsFunc(are, func(a account.Account) bool { return a.IsActive }) {
		t.Fatal("no superuser can sign in any more")
	}
	for _, p := range []permissionSnapshot{before, w.now} {
		theirs := func(x ports.AccountPermissionView) bool { a, _ := p.account(x.AccountID); return a.IsSuperuser }
		for _, x := range filter(p.assignments, theirs) {
			if !slices.Contains(before.assignments, x) || !slices.Contains(w.now.assignments, x) {
				t.Fatalf("an assignment of a superuser was changed: %+v", x)
			}
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
	own := func(x ports.AccountPermissionView) bool { return x.AccountID == by.ID }
	if !slices.Equal(filter(before.assignments, own), filter(w.now.assignments, own)) {
		t.Fatalf("%s changed its own assignments", by.Username)
	}
	roles := func(x ports.RolePermissionView) bool { return x.RoleID == by.RoleID }
	bare := func(x ports.RolePermissionView) access.RolePermission { return x.RolePermission }
	if !slices.Equal(mapSlice(filter(before.permissions, roles), bare), mapSlice(filter(w.now.permissions, roles), bare)) {
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
