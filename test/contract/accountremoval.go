package contract

import (
	"context"
	"errors"
	"testing"

	"tickt/domain"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

func removedAccounts(t *testing.T, d suite) {
	remove := func(id domain.ID) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Remove(ctx, id) })
	}
	t.Run("an unreferenced account is removed with its sessions and assignments", func(t *testing.T) {
		g := d.addFixtures(t)
		session, byOther, byItself := someSession(g.account.ID), assignment(g.account.ID, g.menu.ID, ""),
			assignment(g.account.ID, someMenu().ID, g.account.ID)
		menu := someMenu()
		byItself.MenuID = menu.ID
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Menus.Add(ctx, menu), tx.Sessions.Add(ctx, session), tx.AccountPermissions.Add(ctx, byOther),
				tx.AccountPermissions.Add(ctx, byItself))
		})
		must(t, remove(g.account.ID))
		wantMissing(t, remove(g.account.ID))
		_, err := getSession(t, d, session.ID)
		wantMissing(t, err)
		for _, id := range []domain.ID{byOther.ID, byItself.ID} {
			_, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (ports.AccountPermissionView, error) {
				return tx.AccountPermissions.Get(ctx, id)
			})
			wantMissing(t, err)
		}
		d.update(t, func(ctx context.Context, tx ports.Tx) error { // its unique values are available again
			again := g.account
			again.ID = newID()
			return tx.Accounts.Add(ctx, again)
		})
	})
	for name, refer := range map[string]func(context.Context, ports.Tx, fixtures, domain.ID) error{
		"a ticket as its creator":   ticketOf(func(x *ticket.Ticket, id domain.ID) { x.CreatedBy = id }),
		"a ticket as its requester": ticketOf(func(x *ticket.Ticket, id domain.ID) { x.CreatedFor = id }),
		"a ticket as its assignee":  ticketOf(func(x *ticket.Ticket, id domain.ID) { x.AssignedTo = id }),
		"a deleted ticket":          ticketOf(func(x *ticket.Ticket, id domain.ID) { x.CreatedBy, x.DeletedAt = id, noon }),
		"a log as its recipient":    logOf(func(l *notification.Log, id domain.ID) { l.RecipientID = id }),
		"a log as its sender":       logOf(func(l *notification.Log, id domain.ID) { l.SenderID = id }),
		"a comment as its author": func(ctx context.Context, tx ports.Tx, g fixtures, id domain.ID) error {
			x := g.ticket()
			c := g.comment(x.ID)
			c.AuthorID = id
			return errors.Join(tx.Tickets.Add(ctx, x), tx.Comments.Add(ctx, c))
		},
		"history as the old assignee":  entryOf(func(e *ticket.Entry, id domain.ID) { e.Field, e.From = "assignedTo", string(id) }),
		"history as the new requester": entryOf(func(e *ticket.Entry, id domain.ID) { e.Field, e.To = "createdFor", string(id) }),
		"history as its actor":         entryOf(func(e *ticket.Entry, id domain.ID) { e.ActorID = id }),
		"an assignment as its assigner": func(ctx context.Context, tx ports.Tx, g fixtures, id domain.ID) error {
			return tx.AccountPermissions.Add(ctx, assignment(g.account.ID, g.menu.ID, id))
		},
	} {
		t.Run("an account is not removed if referenced by "+name, func(t *testing.T) {
			g, a := d.addFixtures(t), someAccount()
			s := someSession(a.ID)
			d.update(t, func(ctx context.Context, tx ports.Tx) error {
				return errors.Join(tx.Accounts.Add(ctx, a), tx.Sessions.Add(ctx, s), refer(ctx, tx, g, a.ID))
			})
			wantInUse(t, remove(a.ID))
			same(t, getAccount(t, d, a.ID), a)
			_, err := getSession(t, d, s.ID)
			must(t, err)
		})
	}
}

func ticketOf(set func(*ticket.Ticket, domain.ID)) func(context.Context, ports.Tx, fixtures, domain.ID) error {
	return func(ctx context.Context, tx ports.Tx, g fixtures, id domain.ID) error {
		x := g.ticket()
		set(&x, id)
		added := x
		added.DeletedAt = g.ticket().DeletedAt
		return errors.Join(tx.Tickets.Add(ctx, added), tx.Tickets.Save(ctx, x))
	}
}

func entryOf(set func(*ticket.Entry, domain.ID)) func(context.Context, ports.Tx, fixtures, domain.ID) error {
	return func(ctx context.Context, tx ports.Tx, g fixtures, id domain.ID) error {
		x := g.ticket()
		e := g.entry(x.ID)
		e.From, e.To = "", ""
		set(&e, id)
		return errors.Join(tx.Tickets.Add(ctx, x), tx.History.Add(ctx, []ticket.Entry{e}))
	}
}

func logOf(set func(*notification.Log, domain.ID)) func(context.Context, ports.Tx, fixtures, domain.ID) error {
	return func(ctx context.Context, tx ports.Tx, g fixtures, id domain.ID) error {
		x := g.ticket()
		l := g.fullLog(x.ID, g.account.ID)
		set(&l, id)
		return errors.Join(tx.Tickets.Add(ctx, x), tx.NotificationLogs.Add(ctx, l))
	}
}

func superusers(t *testing.T, d suite) {
	active, inactive := someAccount(), bareAccount()
	active.IsSuperuser, inactive.IsSuperuser = true, true
	count := func() int {
		return read(t, d, func(ctx context.Context, tx ports.Tx) (int, error) { return tx.Accounts.ActiveSuperusers(ctx) })
	}
	t.Run("active superusers are counted and locked", func(t *testing.T) {
		same(t, count(), 0)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			none, err := tx.Accounts.LockSuperusers(ctx)
			same(t, none, 0)
			return errors.Join(err, tx.Accounts.Add(ctx, active), tx.Accounts.Add(ctx, inactive))
		})
		same(t, count(), 1)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			n, err := tx.Accounts.LockSuperusers(ctx)
			same(t, n, 1)
			return err
		})
	})
	t.Run("after waiting for a lock, the remaining superusers are counted", func(t *testing.T) {
		other := someAccount()
		other.IsSuperuser = true
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Add(ctx, other) })
		left, done := 0, make(chan struct{})
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			n, err := tx.Accounts.LockSuperusers(ctx)
			same(t, n, 2)
			go func() {
				defer close(done)
				_ = d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
					left, err = tx.Accounts.LockSuperusers(ctx)
					return err
				})
			}()
			waitBriefly(done)
			return errors.Join(err, tx.Accounts.Remove(ctx, other.ID))
		})
		<-done
		same(t, left, 1)
	})
	t.Run("of two concurrent removals of the last two superusers one is refused", func(t *testing.T) {
		for range 8 {
			oneSuperuserStays(t, d, active)
		}
	})
}

var errLast = errors.New("the last superuser")

// oneSuperuserStays adds a second superuser and deactivates both concurrently.
func oneSuperuserStays(t *testing.T, d suite, first account.Account) {
	second := someAccount()
	second.IsSuperuser = true
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Save(ctx, first), tx.Accounts.Add(ctx, second))
	})
	both := []account.Account{first, second}
	refused := 0
	for _, err := range concurrently(2, func(i int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			n, err := tx.Accounts.LockSuperusers(ctx)
			if err == nil && n < 2 {
				err = errLast
			}
			a := both[i]
			a.IsActive = false
			return saveIfOK(err, func() error { return tx.Accounts.Save(ctx, a) })
		})
	}) {
		if errors.Is(err, errLast) {
			refused++
		} else {
			must(t, err)
		}
	}
	same(t, refused, 1)
	second.IsActive = false
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, second) })
}
