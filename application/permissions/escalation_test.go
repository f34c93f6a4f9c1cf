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

// Whatever accounts that are no superusers do, in whatever order and world: nobody ends up with a power that none of
// those who did something had at the start.
func TestNobodyEverHoldsWhatNobodyWhoActedHeld(t *testing.T) {
	accepted := map[string]int{}
	for range rounds() {
		rapid.Check(t, func(rt *rapid.T) {
			w := drawWorld(t, rt)
			moves := map[string]func(*rapid.T){}
			for name, m := range w.moves() {
				moves[name] = func(rt *rapid.T) {
					if w.try(rt, m) {
						accepted[name]++
					}
				}
			}
			rt.Repeat(moves)
		})
	}
	for name := range (&world{}).moves() {
		if accepted[name] == 0 && !testing.Short() {
			t.Errorf("nobody ever managed to %s: the worlds are too hard to prove anything", name)
		}
	}
}

// rounds is how often as many worlds are drawn as rapid draws by default: rare holes need many.
func rounds() int {
	if testing.Short() {
		return 1
	}
	return 12
}

// try lets somebody make a move and, where it was accepted, judges what has become of the world.
func (w *world) try(t *rapid.T, m move) bool {
	var able []account.Account
	for _, a := range w.now.accounts {
		if a.IsActive && !a.IsSuperuser {
			able = append(able, a)
		}
	}
	by := one(t, "actor", able, func(a account.Account) string { return a.Username })
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
	w.now = w.look()
	w.acted[by.ID] = true
	w.judgePowers(t, before, by)
	w.judgeSuperusers(t, before)
	w.judgeActor(t, before, by)
	w.judgeEntries(t, before, by)
	return true
}

// judgePowers: what anybody gains by a move, who makes it held before it; so what anybody has beyond its own start,
// somebody who acted had at the start.
func (w *world) judgePowers(t *rapid.T, before permissionSnapshot, by account.Account) {
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
		if extra := beyond(has, before.powersOf(was), giver); extra != "" {
			t.Fatalf("%s got from %s, who does not hold it: %s", a.Username, by.Username, extra)
		}
		first, _ := w.start.account(a.ID)
		if extra := beyond(has, w.start.powersOf(first), known); extra != "" {
			t.Fatalf("%s holds what nobody who acted held at the start: %s", a.Username, extra)
		}
	}
}

// judgeSuperusers: nobody becomes one or ceases to be one, nothing of them changes, and one can sign in.
func (w *world) judgeSuperusers(t *rapid.T, before permissionSnapshot) {
	is := func(a account.Account) bool { return a.IsSuperuser }
	if was, are := only(before.accounts, is), only(w.now.accounts, is); !slices.Equal(was, are) {
		t.Fatalf("the superusers were %+v and are %+v", was, are)
	} else if !slices.ContainsFunc(are, func(a account.Account) bool { return a.IsActive }) {
		t.Fatal("no superuser can sign in any more")
	}
	for _, p := range []permissionSnapshot{before, w.now} {
		theirs := func(x ports.AccountPermissionView) bool { a, _ := p.account(x.AccountID); return a.IsSuperuser }
		for _, x := range only(p.assignments, theirs) {
			if !slices.Contains(before.assignments, x) || !slices.Contains(w.now.assignments, x) {
				t.Fatalf("an assignment of a superuser was changed: %+v", x)
			}
		}
	}
	if i := slices.IndexFunc(w.now.accounts, func(a account.Account) bool { return a.IsStaff }); i >= 0 {
		t.Fatalf("%s became staff", w.now.accounts[i].Username)
	}
}

// judgeActor: nobody changes what they themselves are, nor what their role is.
func (w *world) judgeActor(t *rapid.T, before permissionSnapshot, by account.Account) {
	is, ok := w.now.account(by.ID)
	if !ok || !is.IsActive || is.RoleID != by.RoleID {
		t.Fatalf("%s changed itself from %+v to %+v", by.Username, by, is)
	}
	own := func(x ports.AccountPermissionView) bool { return x.AccountID == by.ID }
	if !slices.Equal(only(before.assignments, own), only(w.now.assignments, own)) {
		t.Fatalf("%s changed its own assignments", by.Username)
	}
	roles := func(x ports.RolePermissionView) bool { return x.RoleID == by.RoleID }
	bare := func(x ports.RolePermissionView) access.RolePermission { return x.RolePermission }
	if !slices.Equal(mapped(only(before.permissions, roles), bare), mapped(only(w.now.permissions, roles), bare)) {
		t.Fatalf("%s changed the permissions of its own role", by.Username)
	}
	if before.scope(by.RoleID) != w.now.scope(by.RoleID) {
		t.Fatalf("%s changed the scope of its own role", by.Username)
	}
}

// judgeEntries: whoever opens an account, by a password or by activating it, could act as that account; so it may do
// no more than who opened it.
func (w *world) judgeEntries(t *rapid.T, before permissionSnapshot, by account.Account) {
	for _, a := range w.now.accounts {
		was, known := before.account(a.ID)
		opened := !known || a.PasswordHash != was.PasswordHash || a.IsActive && !was.IsActive
		if !opened || a.ID == by.ID {
			continue
		}
		if extra := beyond(w.now.powers(a), before.powers(by)); extra != "" {
			t.Fatalf("%s could act as %s, who holds more: %s", by.Username, a.Username, extra)
		}
	}
}
