package contract

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

func transactions(t *testing.T, d suite) {
	t.Run("a failed Update leaves nothing in any port", func(t *testing.T) { failedUpdates(t, d) })
	t.Run("errors of the caller are returned unchanged", func(t *testing.T) {
		own := domain.Fail(domain.Conflict, "No.")
		fail := func(ports.Tx) error { return fmt.Errorf("caller: %w", own) }
		for name, call := range d.calls() {
			if err := call(t.Context(), fail); !errors.Is(err, own) || domain.KindOf(err) != domain.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("nothing is done after the context has ended", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for name, call := range d.calls() {
			err := call(ctx, func(tx ports.Tx) error {
				_, err := tx.Menus.All(ctx)
				return err
			})
			if err == nil {
				t.Errorf("%s succeeded", name)
			}
		}
	})
	t.Run("uncommitted writes are not visible", func(t *testing.T) { uncommittedReads(t, d) })
	t.Run("a read never sees half an Update", func(t *testing.T) { atomicReads(t, d) })
}

func (d suite) calls() map[string]func(context.Context, func(ports.Tx) error) error {
	return map[string]func(context.Context, func(ports.Tx) error) error{
		"View": d.store.View, "Update": d.store.Update,
	}
}

// fullFixtures are stored entities of every kind, so that a test can change all of them.
type fullFixtures struct {
	fixtures
	role       access.Role
	permission access.RolePermission
	assignment access.AccountPermission
	session    account.Session
	ticket     ticket.Ticket
	holder     account.Account // of the role
	removable  account.Account // nothing refers to it
	log        notification.Log
	reply      ports.IdempotencyRecord
	calendar   sla.Calendar
	policy     sla.Policy // its target uses the calendar
	key        string     // of the throttle
}

func (d suite) addFullFixtures(t *testing.T) fullFixtures {
	t.Helper()
	f := fullFixtures{fixtures: d.addFixtures(t), role: someRole(), key: unique("key")}
	f.permission = permission(f.role.ID, f.menu.ID)
	f.assignment = assignment(f.account.ID, f.menu.ID, "")
	f.session = someSession(f.account.ID)
	f.ticket = f.fixtures.ticket()
	f.holder, f.removable = someAccount(), someAccount()
	f.holder.RoleID = f.role.ID
	f.log, f.reply = f.fullLog(f.ticket.ID, f.account.ID), someRecord()
	f.calendar, f.policy = someCalendar(), barePolicy()
	f.policy.Targets[0].CalendarID = f.calendar.ID
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		_, hit := tx.Throttle.Hit(ctx, []account.Limit{{Key: f.key, Group: f.key}}, noon, noon.Add(-time.Hour))
		return errors.Join(hit, tx.Roles.Add(ctx, f.role), tx.RolePermissions.Replace(ctx, f.role.ID, []access.RolePermission{f.permission}),
			tx.AccountPermissions.Add(ctx, f.assignment), tx.Sessions.Add(ctx, f.session), tx.Tickets.Add(ctx, f.ticket),
			tx.Accounts.Add(ctx, f.holder), tx.Accounts.Add(ctx, f.removable), tx.NotificationLogs.Add(ctx, f.log),
			tx.IdempotencyRecords.Save(ctx, f.reply),
			tx.KnownAddresses.Save(ctx, account.KnownAddress{AccountID: f.account.ID, Address: f.key, SignedInAt: noon}),
			tx.Calendars.Add(ctx, f.calendar), tx.Policies.Add(ctx, f.policy))
	})
	return f
}

// writeEverything calls every method that writes: it changes or removes existing entities and adds new ones.
func (f fullFixtures) writeEverything(ctx context.Context, tx ports.Tx) error {
	g := fixtures{someStatus(), somePriority(), someMenu(), someAccount()}
	role, later := someRole(), noon.Add(time.Hour)
	added := g.ticket()
	saved, swept := f.ticket, added
	saved.Title, saved.StatusID = "Changed", g.status.ID
	swept.SLABreached = true
	holder, status, priority, menu, held := f.account, f.status, f.priority, f.menu, f.role
	holder.Address, holder.RoleID, status.Weight, priority.Weight, menu.Name, held.TicketScope = "Changed", role.ID, 50, 50, "Changed",
		access.ScopeOwn
	session, byRole, byAccount := f.session, f.permission, f.assignment
	session.Revoke(later)
	byRole.Actions, byAccount.Actions = access.MayDelete, access.MayDelete
	_, hit := tx.Throttle.Hit(ctx, limits(f.key, unique("key")), noon, noon.Add(-time.Hour))
	err := errors.Join(hit, tx.Setup.SetSeeds(ctx, 9), tx.Setup.SetKeyChecks(ctx, []account.KeyCheck{"written"}),
		tx.Statuses.Add(ctx, g.status), tx.Statuses.Save(ctx, status), tx.Priorities.Add(ctx, g.priority), tx.Priorities.Save(ctx, priority),
		tx.Menus.Add(ctx, g.menu), tx.Menus.Save(ctx, menu), tx.Roles.Add(ctx, role), tx.Roles.Save(ctx, held),
		tx.Accounts.Add(ctx, g.account), tx.Accounts.Save(ctx, holder), tx.Sessions.Add(ctx, someSession(g.account.ID)),
		tx.Sessions.Save(ctx, session),
		tx.RolePermissions.Save(ctx, byRole), tx.AccountPermissions.Save(ctx, byAccount),
		tx.AccountPermissions.Add(ctx, assignment(g.account.ID, g.menu.ID, "")),
		tx.Tickets.Add(ctx, added), tx.Tickets.Save(ctx, saved), tx.Tickets.SaveDue(ctx, []ticket.Ticket{swept}))
	err = errors.Join(err, tx.Accounts.Remove(ctx, f.removable.ID), tx.AccountRoles.Give(ctx, []domain.ID{f.holder.ID}, role.ID, later),
		tx.NotificationLogs.Add(ctx, f.fullLog(added.ID, f.account.ID)), tx.Sessions.RevokeOf(ctx, f.account.ID, "", noon),
		tx.IdempotencyRecords.Save(ctx, someRecord()))
	err = errors.Join(err, f.writeLevels(ctx, tx))
	_, purgedReplies := tx.IdempotencyRecords.Purge(ctx, later, 1)
	_, purgedCounts := tx.Throttle.Purge(ctx, later, 1)
	_, purgedSessions := tx.Sessions.Purge(ctx, later.Add(account.RefreshLifetime), 1)
	return errors.Join(err, purgedReplies, purgedCounts, purgedSessions, tx.Throttle.Clear(ctx, []string{f.key}),
		tx.Throttle.ClearGroup(ctx, f.key), f.writeAddresses(ctx, tx),
		tx.RolePermissions.Replace(ctx, role.ID, []access.RolePermission{permission(role.ID, g.menu.ID)}),
		tx.RolePermissions.Remove(ctx, f.permission.ID), tx.AccountPermissions.Remove(ctx, f.assignment.ID),
		tx.Roles.Remove(ctx, f.role.ID), tx.Menus.Remove(ctx, f.menu.ID), tx.Statuses.Remove(ctx, f.status.ID))
}

// writeAddresses is writeEverything for known addresses.
func (f fullFixtures) writeAddresses(ctx context.Context, tx ports.Tx) error {
	later := account.KnownAddress{AccountID: f.account.ID, Address: f.key, SignedInAt: noon.Add(time.Hour)}
	err := errors.Join(tx.KnownAddresses.Save(ctx, later), tx.KnownAddresses.Forget(ctx, f.account.ID), tx.KnownAddresses.Save(ctx, later),
		tx.KnownAddresses.ForgetOldest(ctx, f.account.ID, 1, 1), tx.Sessions.RevokeOldest(ctx, f.account.ID, 1, 1, noon))
	_, purged := tx.KnownAddresses.Purge(ctx, noon.Add(2*time.Hour), 1)
	return errors.Join(err, purged)
}

// writeLevels is writeEverything for calendars and policies.
func (f fullFixtures) writeLevels(ctx context.Context, tx ports.Tx) error {
	calendar, policy, free, brief := f.calendar, f.policy, someCalendar(), barePolicy()
	calendar.TimeZone, calendar.VersionID = "UTC", newID()
	policy.IsActive, policy.PriorityIDs, policy.Targets = true, []domain.ID{f.priority.ID}, brief.Targets
	return errors.Join(tx.Calendars.Add(ctx, free), tx.Calendars.Save(ctx, calendar), tx.Policies.Add(ctx, brief),
		tx.Policies.Save(ctx, policy),
		tx.Calendars.Remove(ctx, f.calendar.ID), tx.Policies.Remove(ctx, brief.ID))
}

// snapshot is everything that can be read.
type snapshot struct {
	Account     account.Account
	Session     account.Session
	Counts      []account.Count
	Known       account.KnownAddress
	Roles       []ports.RoleView
	Menus       []access.Menu
	Permissions []ports.RolePermissionView
	Assignments []ports.AccountPermissionView
	Statuses    []ticket.Status
	Priorities  []ticket.Priority
	Tickets     ports.TicketPage
	Accounts    []ports.AccountView
	Found       []ports.AccountView
	Logs        []notification.View
	Reply       ports.IdempotencyRecord
	Calendars   []sla.Calendar
	Policies    []sla.Policy
	Active      []sla.Policy
}

func (d suite) snapshot(t *testing.T, f fullFixtures) snapshot {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (i snapshot, err error) {
		var errs [17]error
		all := ports.Page{Number: 1, Size: 100}
		i.Account, errs[0] = tx.Accounts.Get(ctx, f.account.ID)
		i.Session, errs[1] = tx.Sessions.Get(ctx, f.session.ID)
		i.Counts, i.Known, errs[2] = tx.Throttle.Counts(ctx, []string{f.key}, noon.Add(-time.Hour), f.account.ID, f.key)
		i.Roles, _, errs[3] = tx.Roles.List(ctx, all)
		i.Menus, errs[4] = tx.Menus.All(ctx)
		i.Permissions, errs[5] = tx.RolePermissions.Of(ctx, []domain.ID{f.role.ID})
		i.Assignments, _, errs[6] = tx.AccountPermissions.List(ctx, all)
		i.Statuses, _, errs[7] = tx.Statuses.List(ctx, all)
		i.Priorities, _, errs[8] = tx.Priorities.List(ctx, all)
		i.Tickets, errs[9] = tx.Tickets.List(ctx, everything, ticket.Query{Order: ticket.ByCreated, Now: noon, Size: 100, Number: 1})
		i.Accounts, _, errs[10] = tx.Accounts.List(ctx, ports.AccountFilter{}, all)
		i.Found, _, errs[11] = tx.Accounts.List(ctx, ports.AccountFilter{Search: accountSearch("élan")}, all)
		i.Logs, _, errs[12] = tx.NotificationLogs.List(ctx, everything, notification.Filter{}, all)
		i.Reply, errs[13] = tx.IdempotencyRecords.Get(ctx, f.reply.Key, noon.Add(-time.Hour))
		i.Calendars, _, errs[14] = tx.Calendars.List(ctx, all)
		i.Policies, _, errs[15] = tx.Policies.List(ctx, all)
		i.Active, errs[16] = tx.Policies.Active(ctx)
		return i, errors.Join(errs[:]...)
	})
}

func failedUpdates(t *testing.T, d suite) {
	f := d.addFullFixtures(t)
	before := d.snapshot(t, f)
	refused := errors.New("refused")
	for name, end := range map[string]func(){
		"it fails": func() {
			err := d.try(t, func(ctx context.Context, tx ports.Tx) error {
				must(t, f.writeEverything(ctx, tx))
				return refused
			})
			if !errors.Is(err, refused) {
				t.Errorf("want %v, got %v", refused, err)
			}
		},
		"it panics": func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.try(t, func(ctx context.Context, tx ports.Tx) error {
				must(t, f.writeEverything(ctx, tx))
				panic(refused)
			})
		},
		"its context ends before the commit": func() {
			ctx, cancel := context.WithCancel(t.Context())
			err := d.store.Update(ctx, func(tx ports.Tx) error {
				defer cancel()
				return f.writeEverything(ctx, tx)
			})
			if err == nil {
				t.Error("it was committed")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			end()
			same(t, d.snapshot(t, f), before)
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				seeds, err := tx.Setup.Lock(ctx)
				same(t, seeds, 0)
				return err
			})
		})
	}
	t.Run("the same writes are kept if it succeeds", func(t *testing.T) {
		d.update(t, f.writeEverything)
		same(t, getAccount(t, d, f.account.ID).Address, "Changed")
	})
}

func uncommittedReads(t *testing.T, d suite) {
	a := someAccount()
	var seen error
	done := make(chan struct{})
	_ = d.try(t, func(ctx context.Context, tx ports.Tx) error {
		must(t, tx.Accounts.Add(ctx, a))
		go func() {
			defer close(done)
			_, seen = attempt(t, d, func(ctx context.Context, tx ports.Tx) (account.Account, error) { return tx.Accounts.Get(ctx, a.ID) })
		}()
		waitBriefly(done)
		return errors.New("refused")
	})
	<-done
	wantMissing(t, seen)
}

// write sets the address of accounts in one Update.
func (d suite) write(t *testing.T, address string, ids ...domain.ID) error {
	return d.try(t, func(ctx context.Context, tx ports.Tx) error {
		for _, id := range ids {
			a, err := tx.Accounts.Lock(ctx, id)
			if err != nil {
				return err
			}
			a.Address = address
			if err := tx.Accounts.Save(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// atomicReads repeatedly lists two accounts while one Update after the other changes the addresses of both.
func atomicReads(t *testing.T, d suite) {
	role, x, y := someRole(), someAccount(), someAccount()
	x.RoleID, x.Address, y.RoleID, y.Address = role.ID, "0", role.ID, "0"
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Roles.Add(ctx, role), tx.Accounts.Add(ctx, x), tx.Accounts.Add(ctx, y))
	})
	done := make(chan struct{})
	var written error
	go func() {
		defer close(done)
		for i := 1; i <= 50 && written == nil; i++ {
			written = d.write(t, strconv.Itoa(i), x.ID, y.ID)
		}
	}()
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		seen := read(t, d, func(ctx context.Context, tx ports.Tx) ([]ports.AccountView, error) {
			views, _, err := tx.Accounts.List(ctx, ports.AccountFilter{Role: role.ID}, ports.Page{Number: 1, Size: 3})
			return views, err
		})
		if len(seen) != 2 || seen[0].Address != seen[1].Address {
			t.Errorf("saw %+v", seen)
		}
	}
	must(t, written)
	same(t, getAccount(t, d, y.ID).Address, "50")
}
