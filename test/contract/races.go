package contract

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

func races(t *testing.T, d suite) {
	t.Run("after waiting for a lock, the ticket is current, names included", func(t *testing.T) { lockAfterWait(t, d) })
	t.Run("concurrent ticket numbers are unique and without gaps", func(t *testing.T) { numbersWithoutGap(t, d) })
	t.Run("no update is lost between Lock and Save", func(t *testing.T) { lostUpdates(t, d) })
	t.Run("of concurrent writes of a unique value one succeeds; the others fail with its field", func(t *testing.T) { uniqueRaces(t, d) })
	t.Run("concurrent changes of the default leave one default and no error", func(t *testing.T) {
		defaultRace(t, d, statusKind)
		defaultRace(t, d, priorityKind)
	})
	t.Run("concurrent hits are all counted", func(t *testing.T) { parallelHits(t, d) })
	t.Run("set-up runs one at a time", func(t *testing.T) {
		wantNoErrors(t, concurrently(10, func(int) error {
			return d.try(t, func(ctx context.Context, tx ports.Tx) error {
				seeds, err := tx.Setup.Lock(ctx)
				return errors.Join(err, tx.Setup.SetSeeds(ctx, seeds+1))
			})
		}))
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			seeds, err := tx.Setup.Lock(ctx)
			same(t, seeds, 10)
			return err
		})
	})
}

func wantNoErrors(t *testing.T, errs []error) {
	t.Helper()
	must(t, errors.Join(errs...))
}

// lockAfterWait changes the references of a ticket while another Update waits for it.
func lockAfterWait(t *testing.T, d suite) {
	old, now := d.addFixtures(t), d.addFixtures(t)
	for name, lock := range map[string]func(context.Context, ports.Tx, domain.ID) (ticket.View, error){
		"Lock": func(ctx context.Context, tx ports.Tx, id domain.ID) (ticket.View, error) {
			return tx.Tickets.Lock(ctx, id, everything)
		},
		"LockFor": func(ctx context.Context, tx ports.Tx, id domain.ID) (ticket.View, error) {
			v, found, err := tx.Tickets.LockFor(ctx, id, everything, ticket.Refs{})
			if err == nil {
				wantClassified(t, found, now.status, now.priority)
			}
			return v, err
		},
	} {
		x := old.ticket()
		d.addTickets(t, x)
		x.StatusID, x.PriorityID, x.AssignedTo, x.MenuID = now.status.ID, now.priority.ID, now.account.ID, now.menu.ID
		var seen ticket.View
		done := make(chan struct{})
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			if _, err := tx.Tickets.Lock(ctx, x.ID, everything); err != nil {
				return err
			}
			go func() {
				defer close(done)
				_ = d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
					seen, err = lock(ctx, tx, x.ID)
					return err
				})
			}()
			waitBriefly(done)
			return tx.Tickets.Save(ctx, x)
		})
		<-done
		if seen.StatusName != now.status.Name || seen.StatusType != now.status.StatusType || seen.PriorityName != now.priority.Name ||
			seen.AssignedToName != now.account.Username || seen.MenuName != now.menu.Name {
			t.Errorf("%s: %+v", name, seen)
		}
	}
}

func numbersWithoutGap(t *testing.T, d suite) {
	const n = 60
	given := make([]int, n)
	wantNoErrors(t, concurrently(n, func(i int) (err error) {
		given[i], err = d.store.NextNumber(t.Context(), "20260401")
		return err
	}))
	slices.Sort(given)
	for i, got := range given {
		if got != i+1 {
			t.Fatalf("numbers: %v", given)
		}
	}
}

// lostUpdates adds a second to a locked time, many times concurrently.
func lostUpdates(t *testing.T, d suite) {
	f := d.addFullFixtures(t)
	k := statusKind.with(entry{isDefault: true})
	statusKind.add(t, d, k)
	const n = 20
	cases := map[string]func(context.Context, ports.Tx, func(*time.Time)) error{
		"account": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Accounts.Lock(ctx, f.account.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Accounts.Save(ctx, x) })
		},
		"accounts of a role": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			all, err := tx.AccountRoles.Lock(ctx, []domain.ID{f.holder.ID})
			if err != nil {
				return err
			}
			tick(&all[0].UpdatedAt)
			return tx.AccountRoles.Give(ctx, []domain.ID{f.holder.ID}, f.role.ID, all[0].UpdatedAt)
		},
		"session": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Sessions.Lock(ctx, f.session.ID)
			tick(&x.RotatedAt)
			return saveIfOK(err, func() error { return tx.Sessions.Save(ctx, x) })
		},
		"role": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Roles.Lock(ctx, f.role.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Roles.Save(ctx, x) })
		},
		"menu tree": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			all, err := tx.Menus.LockAll(ctx)
			x := menuIn(all, f.menu.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Menus.Save(ctx, x) })
		},
		"role permission": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.RolePermissions.Lock(ctx, f.permission.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.RolePermissions.Save(ctx, x.RolePermission) })
		},
		"assignment": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.AccountPermissions.Lock(ctx, f.assignment.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.AccountPermissions.Save(ctx, x.AccountPermission) })
		},
		"status": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Statuses.Lock(ctx, f.status.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Statuses.Save(ctx, x) })
		},
		"default status": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Statuses.LockDefault(ctx)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Statuses.Save(ctx, x) })
		},
		"priority": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Priorities.Lock(ctx, f.priority.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Priorities.Save(ctx, x) })
		},
		"calendar": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Calendars.Lock(ctx, f.calendar.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Calendars.Save(ctx, x) })
		},
		"policy": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Policies.Lock(ctx, f.policy.ID)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Policies.Save(ctx, x) })
		},
		"ticket": func(ctx context.Context, tx ports.Tx, tick func(*time.Time)) error {
			x, err := tx.Tickets.Lock(ctx, f.ticket.ID, everything)
			tick(&x.UpdatedAt)
			return saveIfOK(err, func() error { return tx.Tickets.Save(ctx, x.Ticket) })
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			wantNoErrors(t, concurrently(n, func(int) error {
				return d.try(t, func(ctx context.Context, tx ports.Tx) error {
					return change(ctx, tx, func(at *time.Time) { *at = at.Add(time.Second) })
				})
			}))
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				return change(ctx, tx, func(at *time.Time) {
					if got := at.Sub(noon); got != n*time.Second {
						t.Errorf("the time advanced by %v, want %v", got, n*time.Second)
					}
				})
			})
		})
	}
}

func saveIfOK(err error, save func() error) error {
	if err != nil {
		return err
	}
	return save()
}

// uniqueRaces adds ten entities with the same unique value concurrently, for each unique value.
func uniqueRaces(t *testing.T, d suite) {
	g, role := d.addFixtures(t), someRole()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Roles.Add(ctx, role) })
	phone := someAccount().Phone
	spelled := []string{domain.FoldCase("ÄRZTE & Söhne"), domain.FoldCase("ärzte & SÖHNE")} // both are folded to the same name
	var turn atomic.Int64
	raced := func() string { return spelled[turn.Add(1)%2] }
	for name, c := range map[string]struct {
		field string
		add   func(context.Context, ports.Tx) error
	}{
		"account, name":  {"username", addAccount(func(a *account.Account) { a.UsernameKey = raced() })},
		"account, mail":  {"email", addAccount(func(a *account.Account) { a.EmailKey = raced() })},
		"account, phone": {"phoneNumber", addAccount(func(a *account.Account) { a.Phone = phone })},
		"role": {"name", func(ctx context.Context, tx ports.Tx) error {
			r := someRole()
			r.Name = raced()
			return tx.Roles.Add(ctx, r)
		}},
		"menu, name": {"menuName", addMenu(func(m *access.Menu) { m.NameKey = raced() })},
		"menu, URL":  {"menuUrl", addMenu(func(m *access.Menu) { m.URL = "/raced/" })},
		"assignment": {"menuId", func(ctx context.Context, tx ports.Tx) error {
			return tx.AccountPermissions.Add(ctx, assignment(g.account.ID, g.menu.ID, ""))
		}},
		"status, name": {"name", func(ctx context.Context, tx ports.Tx) error {
			return addEntry(statusKind, entry{nameKey: raced()})(ctx, tx)
		}},
		"status, code": {"code", addEntry(statusKind, entry{code: "RACED"})},
		"priority, name": {"name", func(ctx context.Context, tx ports.Tx) error {
			return addEntry(priorityKind, entry{nameKey: raced()})(ctx, tx)
		}},
		"priority, code": {"code", addEntry(priorityKind, entry{code: "RACED"})},
		"calendar": {"name", func(ctx context.Context, tx ports.Tx) error {
			x := someCalendar()
			x.NameKey = raced()
			return tx.Calendars.Add(ctx, x)
		}},
		"policy, name":     {"name", addPolicy(func(x *sla.Policy) { x.NameKey = raced() })},
		"policy, position": {"position", addPolicy(func(x *sla.Policy) { x.Position = 3_000_000 })},
	} {
		t.Run(name, func(t *testing.T) {
			won := 0
			for _, err := range concurrently(10, func(int) error { return d.try(t, c.add) }) {
				if err == nil {
					won++
				} else {
					wantTaken(t, err, c.field)
				}
			}
			if won != 1 {
				t.Errorf("%d writes succeeded, want 1", won)
			}
		})
	}
}

func addAccount(set func(*account.Account)) func(context.Context, ports.Tx) error {
	return func(ctx context.Context, tx ports.Tx) error {
		a := someAccount()
		set(&a)
		return tx.Accounts.Add(ctx, a)
	}
}

func addPolicy(set func(*sla.Policy)) func(context.Context, ports.Tx) error {
	return func(ctx context.Context, tx ports.Tx) error {
		x := barePolicy()
		set(&x)
		return tx.Policies.Add(ctx, x)
	}
}

func addMenu(set func(*access.Menu)) func(context.Context, ports.Tx) error {
	return func(ctx context.Context, tx ports.Tx) error {
		m := someMenu()
		set(&m)
		return tx.Menus.Add(ctx, m)
	}
}

func addEntry[T any](k kind[T], e entry) func(context.Context, ports.Tx) error {
	return func(ctx context.Context, tx ports.Tx) error { return k.store(tx).Add(ctx, k.with(e)) }
}

// defaultRace makes existing entries the default concurrently, three times; at first no priority is the default.
func defaultRace[T any](t *testing.T, d suite, k kind[T]) {
	for range 3 {
		xs := make([]T, 24)
		for i := range xs {
			xs[i] = k.some()
		}
		k.add(t, d, xs...)
		wantNoErrors(t, concurrently(len(xs), func(i int) error {
			return d.try(t, func(ctx context.Context, tx ports.Tx) error { return k.replaceDefault(ctx, tx, xs[i]) })
		}))
		var last domain.ID
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			x, err := k.store(tx).LockDefault(ctx)
			last = k.id(x)
			return err
		})
		if !slices.ContainsFunc(xs, func(x T) bool { return k.id(x) == last }) {
			t.Errorf("the default is none of the entries")
		}
		defaults := read(t, d, func(ctx context.Context, tx ports.Tx) (n int, err error) {
			all, _, err := k.store(tx).List(ctx, ports.Page{Number: 1, Size: 100})
			for _, x := range all {
				if k.isDefault(x) {
					n++
				}
			}
			return n, err
		})
		same(t, defaults, 1)
	}
}

// parallelHits hits the same keys in different orders, which callers need not avoid, while their group is cleared.
func parallelHits(t *testing.T, d suite) {
	const n = 50
	keys := []string{unique("a"), unique("b"), unique("c")}
	group, since := unique("group"), noon.Add(-time.Hour)
	limits := []account.Limit{{Key: keys[0]}, {Key: keys[1], Group: group}, {Key: keys[2], Group: group}}
	clearing := func(i int) bool { return i%10 == 0 }
	hit := func(i int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Throttle.Hit(ctx, append(slices.Clone(limits[i%3:]), limits[:i%3]...), noon, since)
			return err
		})
	}
	wantNoErrors(t, concurrently(n, func(i int) error {
		if !clearing(i) {
			return hit(i)
		}
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Throttle.ClearGroup(ctx, group), tx.Throttle.Clear(ctx, keys[1:]))
		})
	}))
	must(t, hit(0))
	got := byKey(read(t, d, func(ctx context.Context, tx ports.Tx) ([]account.Count, error) { return countsOf(ctx, tx, keys, since) }))
	same(t, got[keys[0]], account.Count{Key: keys[0], N: n - n/10 + 1, Start: noon})
	if b, c := got[keys[1]].N, got[keys[2]].N; b != c || b > n-n/10+1 {
		t.Errorf("counted %d and %d under keys that are always hit and cleared together", b, c)
	}
}
