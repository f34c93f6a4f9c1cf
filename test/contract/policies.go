package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/lifecycle"
	"tickt/domain/sla"
	"tickt/ports"
)

// somePolicy returns a policy with every field set, a unique name and position, and references to stored entities.
func (d suite) somePolicy(t *testing.T) sla.Policy {
	t.Helper()
	a, b, c := d.addFixtures(t), d.addFixtures(t), someCalendar()
	d.addCalendars(t, c)
	x := barePolicy()
	x.PriorityIDs, x.MenuIDs = []domain.ID{b.priority.ID, a.priority.ID}, []domain.ID{b.menu.ID, a.menu.ID}
	x.Targets = []sla.Target{
		{Metric: sla.Resolution, Minutes: 2_635_200, CalendarID: c.ID, WarnPercent: 99},
		{Metric: sla.FirstResponse, Minutes: 1, CalendarID: sla.AlwaysOpenID, WarnPercent: 1},
		{Metric: sla.NextResponse, Minutes: 60, CalendarID: c.ID, WarnPercent: 80},
	}
	x.PauseTypes, x.OnReopen = []lifecycle.StatusType{lifecycle.Pending, lifecycle.Open}, sla.ReopenRestarts
	x.EscalateOnBreach, x.IsActive = true, true
	return x
}

// barePolicy returns a policy whose optional fields are unset.
func barePolicy() sla.Policy {
	name := unique("Größe")
	return sla.Policy{
		ID: newID(), Name: name, NameKey: domain.FoldCase(name), Position: int(made.Add(1)), PriorityIDs: []domain.ID{}, MenuIDs: []domain.ID{},
		Targets:    []sla.Target{{Metric: sla.FirstResponse, Minutes: 5, CalendarID: sla.AlwaysOpenID, WarnPercent: 50}},
		PauseTypes: []lifecycle.StatusType{}, OnReopen: sla.ReopenResumes, CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon,
	}
}

func (d suite) addPolicies(t *testing.T, all ...sla.Policy) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, x := range all {
			err = errors.Join(err, tx.Policies.Add(ctx, x))
		}
		return err
	})
}

func getPolicy(t *testing.T, d suite, id domain.ID) (sla.Policy, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (sla.Policy, error) { return tx.Policies.Get(ctx, id) })
}

func activePolicies(t *testing.T, d suite) []sla.Policy {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) ([]sla.Policy, error) { return tx.Policies.Active(ctx) })
}

func policies(t *testing.T, d suite) {
	t.Run("policies are listed by page and position", func(t *testing.T) { listedPolicies(t, d) })
	t.Run("a policy is read as it was added or saved", func(t *testing.T) {
		x, other := d.somePolicy(t), barePolicy()
		other.ID = x.ID
		d.addPolicies(t, x)
		for _, change := range []struct{ from, to sla.Policy }{{x, other}, {other, x}} {
			got, err := getPolicy(t, d, x.ID)
			must(t, err)
			same(t, got, change.from)
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				locked, err := tx.Policies.Lock(ctx, x.ID)
				same(t, locked, change.from)
				return errors.Join(err, tx.Policies.Save(ctx, change.to))
			})
		}
	})
	t.Run("a policy is not removed while clocks are open by it", func(t *testing.T) { policyClocks(t, d) })
	t.Run("a clock by a policy is stored or the policy removed, but not both", func(t *testing.T) { policyRace(t, d) })
	t.Run("an unknown policy is not found", func(t *testing.T) {
		_, err := getPolicy(t, d, newID())
		wantMissing(t, err)
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Policies.Lock(ctx, newID())
			return err
		}))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Save(ctx, barePolicy()) }))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Remove(ctx, newID()) }))
	})
	t.Run("the folded name and the position of another policy are taken", func(t *testing.T) { takenPolicies(t, d) })
	t.Run("Known returns the references that exist", func(t *testing.T) { knownReferences(t, d) })
	t.Run("a priority or a menu is not removed while a policy refers to it", func(t *testing.T) { referencedByPolicies(t, d) })
	t.Run("a policy is removed with its child rows", func(t *testing.T) {
		x := d.somePolicy(t)
		d.addPolicies(t, x)
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Remove(ctx, x.ID) })
		_, err := getPolicy(t, d, x.ID)
		wantMissing(t, err)
		d.addPolicies(t, x)
	})
	t.Run("active policies are ordered by position, their targets have the current calendar versions",
		func(t *testing.T) { activeOrder(t, d) })
	t.Run("concurrent policies get consecutive positions", func(t *testing.T) { lastPlace(t, d) })
}

func listedPolicies(t *testing.T, d suite) {
	list := func(p ports.Page, count int) []sla.Policy {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]sla.Policy, error) {
			xs, n, err := tx.Policies.List(ctx, p)
			if n != count {
				t.Errorf("%d policies in all, want %d", n, count)
			}
			return xs, err
		})
	}
	same(t, list(ports.Page{Number: 1, Size: 10}, 0), []sla.Policy{})
	same(t, activePolicies(t, d), []sla.Policy{})
	a, b, c := d.somePolicy(t), barePolicy(), d.somePolicy(t)
	a.Position, b.Position, c.Position = 999_999, 1_000_000, 1_000_001
	d.addPolicies(t, b, c, a)
	same(t, list(ports.Page{Number: 1, Size: 2}, 3), []sla.Policy{a, b})
	same(t, list(ports.Page{Number: 2, Size: 2}, 3), []sla.Policy{c})
	same(t, list(ports.Page{Number: 3, Size: 2}, 3), []sla.Policy{})
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Policies.Remove(ctx, a.ID), tx.Policies.Remove(ctx, b.ID), tx.Policies.Remove(ctx, c.ID))
	})
}

func takenPolicies(t *testing.T, d suite) {
	a, b := barePolicy(), barePolicy()
	a.NameKey = domain.FoldCase("ÉLAN")
	d.addPolicies(t, a, b)
	for field, clash := range map[string]func(*sla.Policy){
		"name":     func(x *sla.Policy) { x.NameKey = domain.FoldCase("élan") },
		"position": func(x *sla.Policy) { x.Position = a.Position },
	} {
		added, saved := barePolicy(), b
		clash(&added)
		clash(&saved)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Add(ctx, added) }), field)
		wantTaken(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Save(ctx, saved) }), field)
	}
	taken := func(nameKey string, position int, except domain.ID) []string {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]string, error) {
			return tx.Policies.Taken(ctx, nameKey, position, except)
		})
	}
	same(t, taken(a.NameKey, a.Position, ""), []string{"name", "position"})
	same(t, taken(a.NameKey, a.Position, a.ID), []string{})
	same(t, taken(a.NameKey, b.Position, b.ID), []string{"name"})
	same(t, taken("new", b.Position, a.ID), []string{"position"})
	same(t, taken("", 0, ""), []string{})
}

func knownReferences(t *testing.T, d suite) {
	a, b, c := d.addFixtures(t), d.addFixtures(t), someCalendar()
	d.addCalendars(t, c)
	known := func(priorities, menus, calendars []domain.ID) sla.Known {
		return read(t, d, func(ctx context.Context, tx ports.Tx) (sla.Known, error) {
			return tx.Policies.Known(ctx, priorities, menus, calendars)
		})
	}
	none := []domain.ID{}
	same(t, known(nil, nil, nil), sla.Known{Priorities: none, Menus: none, Calendars: none})
	same(t, known([]domain.ID{a.menu.ID}, []domain.ID{c.ID}, []domain.ID{a.priority.ID}),
		sla.Known{Priorities: none, Menus: none, Calendars: none})
	same(t, known([]domain.ID{b.priority.ID, newID(), a.priority.ID, b.priority.ID}, []domain.ID{b.menu.ID, a.menu.ID},
		[]domain.ID{newID(), c.ID, sla.AlwaysOpenID}), sla.Known{
		Priorities: []domain.ID{a.priority.ID, b.priority.ID}, Menus: []domain.ID{a.menu.ID, b.menu.ID},
		Calendars: []domain.ID{c.ID, sla.AlwaysOpenID},
	})
}

func referencedByPolicies(t *testing.T, d suite) {
	g, x := d.addFixtures(t), barePolicy()
	x.PriorityIDs, x.MenuIDs = []domain.ID{g.priority.ID}, []domain.ID{g.menu.ID}
	d.addPolicies(t, x)
	removals := []func(context.Context, ports.Tx) error{
		func(ctx context.Context, tx ports.Tx) error { return tx.Priorities.Remove(ctx, g.priority.ID) },
		func(ctx context.Context, tx ports.Tx) error { return tx.Menus.Remove(ctx, g.menu.ID) },
	}
	for _, remove := range removals {
		wantInUse(t, d.try(t, remove))
	}
	x.PriorityIDs, x.MenuIDs = []domain.ID{}, []domain.ID{}
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Save(ctx, x) })
	for _, remove := range removals {
		d.update(t, remove)
	}
}

func activeOrder(t *testing.T, d suite) {
	for _, x := range activePolicies(t, d) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Policies.Remove(ctx, x.ID) })
	}
	first, last, idle := d.somePolicy(t), barePolicy(), d.somePolicy(t)
	first.Position, last.Position, last.IsActive, idle.IsActive = 2_000_001, 2_000_002, true, false
	d.addPolicies(t, last, idle, first)
	changed := read(t, d, func(ctx context.Context, tx ports.Tx) (sla.Calendar, error) {
		return tx.Calendars.Get(ctx, first.Targets[0].CalendarID)
	})
	changed.VersionID = newID()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Calendars.Save(ctx, changed) })

	first.Targets[0].CalendarID, first.Targets[1].CalendarID, first.Targets[2].CalendarID = changed.VersionID, sla.AlwaysOpenVersion,
		changed.VersionID
	last.Targets[0].CalendarID = sla.AlwaysOpenVersion
	same(t, activePolicies(t, d), []sla.Policy{first, last})
}

// lastPlace adds policies at the last position concurrently.
func lastPlace(t *testing.T, d suite) {
	const n = 20
	last := func() (place int) {
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			place, err = tx.Policies.LockPositions(ctx)
			return err
		})
		return place
	}
	before := last()
	wantNoErrors(t, concurrently(n, func(int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			place, err := tx.Policies.LockPositions(ctx)
			x := barePolicy()
			x.Position = place + 1
			return saveIfOK(err, func() error { return tx.Policies.Add(ctx, x) })
		})
	}))
	same(t, last(), before+n)
}
