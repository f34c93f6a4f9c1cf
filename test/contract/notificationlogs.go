package contract

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
)

// notice is a log with every field set.
func (g ground) notice(about, to domain.ID) notification.Log {
	return notification.Log{
		ID: newID(), Type: notification.StatusChanged, RecipientID: to, SenderID: g.account.ID, TicketID: about,
		Title: "Élan \"of\" the 'printer' \\ %_", Message: "Two\nlines 日本語.", IsRead: true, IsSent: true,
		SentAt: noon.Add(-time.Hour), ReadAt: noon.Add(-time.Minute), Delivery: notification.DeliveryFailed, Resends: 3, Attempts: 7,
		LastError: "451 „try later“ '\\'", CreatedAt: noon.Add(-2 * time.Hour), UpdatedAt: noon,
	}
}

// bareNotice is a log with nothing set that may be unset.
func (g ground) bareNotice(about, to domain.ID) notification.Log {
	l := g.notice(about, to)
	l.Type, l.SenderID, l.IsRead, l.IsSent, l.SentAt, l.ReadAt = "of_another_release", "", false, false, time.Time{}, time.Time{}
	l.Delivery, l.Resends, l.Attempts, l.LastError = "of_another_release", 0, 0, ""
	return l
}

func (d desk) log(t *testing.T, id domain.ID, reach access.Reach) (notification.View, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (notification.View, error) {
		return tx.NotificationLogs.Get(ctx, id, reach)
	})
}

func notificationLogs(t *testing.T, d desk) {
	t.Run("an empty list has one empty page", func(t *testing.T) {
		(&record{desk: d}).compare(t, everything, notification.Filter{})
	})
	t.Run("whatever is asked for, pages give what the reference gives", func(t *testing.T) { recorded(t, d) })
	t.Run("a log comes back as it was written, with its names of now", func(t *testing.T) {
		g := d.ground(t)
		x := g.ticket()
		full, bare := g.notice(x.ID, g.account.ID), g.bareNotice(x.ID, g.account.ID)
		d.addTickets(t, x)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.NotificationLogs.Add(ctx), tx.NotificationLogs.Add(ctx, full, bare))
		})
		g.account.Username = unique("new")
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, g.account) })
		got, err := d.log(t, full.ID, everything)
		must(t, err)
		same(t, got, notification.View{Log: full, Recipient: g.account.Username, Sender: g.account.Username, TicketNumber: x.Number})
		got, err = d.log(t, bare.ID, access.Reach{Account: g.account.ID})
		must(t, err)
		same(t, got, notification.View{Log: bare, Recipient: g.account.Username, TicketNumber: x.Number})
	})
	t.Run("a log that says something of an internal note is found by those alone who see every ticket", func(t *testing.T) {
		g := d.ground(t)
		x := g.ticket()
		l := g.notice(x.ID, g.account.ID)
		l.Internal = true
		d.addTickets(t, x)
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
		got, err := d.log(t, l.ID, everything)
		must(t, err)
		same(t, got.Log, l)
		_, err = d.log(t, l.ID, access.Reach{Account: g.account.ID})
		wantMissing(t, err)
	})
	t.Run("a log is locked within a reach, and saved whole", func(t *testing.T) { lockedLogs(t, d) })
	t.Run("a log that is locked waits for whoever holds it", func(t *testing.T) { countedAttempts(t, d) })
	t.Run("of many who send a log again at once one does", func(t *testing.T) { countedResends(t, d) })
	t.Run("a log is not found that is unknown, out of reach, or of a deleted ticket", func(t *testing.T) {
		g, stranger := d.ground(t), someAccount()
		x := g.ticket()
		l := g.notice(x.ID, stranger.ID) // its recipient no longer sees the ticket
		d.addTickets(t, x)
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.Accounts.Add(ctx, stranger), tx.NotificationLogs.Add(ctx, l))
		})
		for _, reach := range []access.Reach{{}, {Account: stranger.ID}} {
			_, err := d.log(t, l.ID, reach)
			wantMissing(t, err)
		}
		_, err := d.log(t, newID(), everything)
		wantMissing(t, err)
		x.Delete(noon)
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, x) })
		_, err = d.log(t, l.ID, everything)
		wantMissing(t, err)
	})
}

func lockedLogs(t *testing.T, d desk) {
	g, stranger := d.ground(t), someAccount()
	x, deleted := g.ticket(), g.ticket()
	deleted.DeletedAt = noon
	l, secret, past := g.bareNotice(x.ID, g.account.ID), g.notice(x.ID, g.account.ID), g.notice(deleted.ID, g.account.ID)
	secret.Internal = true
	d.addTickets(t, x, deleted)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, stranger), tx.NotificationLogs.Add(ctx, l, secret, past))
	})
	lock := func(id domain.ID, reach access.Reach) (v notification.View, err error) {
		err = d.try(t, func(ctx context.Context, tx ports.Tx) error {
			v, err = tx.NotificationLogs.Lock(ctx, id, reach)
			return err
		})
		return v, err
	}
	own := access.Reach{Account: g.account.ID}
	for _, hidden := range []struct {
		id    domain.ID
		reach access.Reach
	}{{newID(), everything}, {past.ID, everything}, {secret.ID, own}, {l.ID, access.Reach{Account: stranger.ID}}, {l.ID, access.Reach{}}} {
		_, err := lock(hidden.id, hidden.reach)
		wantMissing(t, err)
	}
	for _, reach := range []access.Reach{everything, own} {
		got, err := lock(l.ID, reach)
		must(t, err)
		same(t, got, notification.View{Log: l, Recipient: g.account.Username, TicketNumber: x.Number})
	}
	changed := secret
	changed.ID, changed.CreatedAt, changed.UpdatedAt = l.ID, l.CreatedAt, noon.Add(time.Second)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Save(ctx, changed) })
	got, err := lock(l.ID, everything)
	must(t, err)
	same(t, got.Log, changed)
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.NotificationLogs.Save(ctx, g.notice(x.ID, g.account.ID))
	}))
}

// countedAttempts lets many count the attempts of one log at once: each must see what the one before has kept.
func countedAttempts(t *testing.T, d desk) {
	g := d.ground(t)
	x := g.ticket()
	l := g.bareNotice(x.ID, g.account.ID)
	l.Queue()
	d.addTickets(t, x)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
	const n = 8
	wantNoErrors(t, together(n, func(int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			v, err := tx.NotificationLogs.Lock(ctx, l.ID, everything)
			if err != nil {
				return err
			}
			v.Failed("busy", noon)
			return tx.NotificationLogs.Save(ctx, v.Log)
		})
	}))
	got, err := d.log(t, l.ID, everything)
	must(t, err)
	same(t, got.Attempts, n)
}

// countedResends lets many send one log again at once: all but the first must see that it waits already.
func countedResends(t *testing.T, d desk) {
	g := d.ground(t)
	x := g.ticket()
	l := g.notice(x.ID, g.account.ID)
	l.IsSent, l.SentAt = false, time.Time{}
	d.addTickets(t, x)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
	const n = 8
	refused := 0
	for _, err := range together(n, func(int) error {
		return d.try(t, func(ctx context.Context, tx ports.Tx) error {
			v, err := tx.NotificationLogs.Lock(ctx, l.ID, everything)
			if err == nil {
				err = v.Resend(noon)
			}
			if err != nil {
				return err
			}
			return tx.NotificationLogs.Save(ctx, v.Log)
		})
	}) {
		if domain.KindOf(err) == domain.Conflict {
			refused++
		}
	}
	same(t, refused, n-1)
	got, err := d.log(t, l.ID, everything)
	must(t, err)
	want := l
	must(t, want.Resend(noon))
	same(t, got.Log, want)
}

// record is a store of logs beside what the test knows of them: the reference that lists are compared with.
type record struct {
	desk
	people  []account.Account
	tickets []ticket.Ticket
	logs    []notification.Log
}

func recorded(t *testing.T, d desk) {
	r := record{desk: d}
	r.write(t, 60)
	yes, no := true, false
	filters := map[string]notification.Filter{
		"nothing": {}, "read": {IsRead: &yes}, "unread": {IsRead: &no}, "sent": {IsSent: &yes}, "unsent": {IsSent: &no},
		"one type": {Types: notification.Types[:1]}, "types": {Types: notification.Types[1:4]}, "no type": {Types: []notification.Type{}},
		"an unknown type": {Types: []notification.Type{"none"}}, "a ticket": {Tickets: []domain.ID{r.tickets[1].ID}},
		"tickets, one deleted, one unknown": {Tickets: []domain.ID{r.tickets[0].ID, r.tickets[2].ID, newID()}},
		"a recipient":                       {Recipients: []domain.ID{r.people[1].ID}}, "no recipient": {Recipients: []domain.ID{}},
		"all at once": {
			IsRead: &no, IsSent: &yes, Types: notification.Types, Tickets: []domain.ID{r.tickets[1].ID, r.tickets[2].ID},
			Recipients: []domain.ID{r.people[0].ID, r.people[1].ID},
		},
	}
	for name, f := range filters {
		t.Run(name, func(t *testing.T) {
			for _, reach := range []access.Reach{everything, {Account: r.people[0].ID}, {Account: r.people[1].ID}, {Account: newID()}, {}} {
				r.compare(t, reach, f)
			}
		})
	}
}

// write makes people, tickets between them, of which the first is deleted, and random logs about them.
func (r *record) write(t *testing.T, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(2026, 2))
	g := r.ground(t)
	r.people = []account.Account{g.account, someAccount(), someAccount()}
	r.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, r.people[1]), tx.Accounts.Add(ctx, r.people[2]))
	})
	for i := range 5 {
		x := g.ticket()
		x.CreatedBy = r.people[i%3].ID
		switch i {
		case 0:
			x.DeletedAt = noon
		case 3:
			x.CreatedFor, x.AssignedTo = r.people[1].ID, r.people[2].ID
		}
		r.tickets = append(r.tickets, x)
	}
	r.addTickets(t, r.tickets...)
	for range n {
		l := g.notice(one(random, r.tickets).ID, one(random, r.people).ID)
		l.Type, l.IsRead, l.IsSent = one(random, notification.Types), random.IntN(2) == 0, random.IntN(2) == 0
		l.Internal = random.IntN(3) == 0
		l.SenderID = one(random, append([]account.Account{{}}, r.people...)).ID
		l.CreatedAt = noon.Add(time.Duration(random.IntN(20)) * time.Microsecond)
		r.logs = append(r.logs, l)
	}
	r.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, r.logs...) })
}

func (r *record) compare(t *testing.T, reach access.Reach, f notification.Filter) {
	t.Helper()
	want := []notification.View{}
	for _, l := range r.logs {
		x := named(r.tickets, func(x ticket.Ticket) bool { return x.ID == l.TicketID })
		if x.DeletedAt.IsZero() && x.Within(reach) && (reach.All || !l.Internal) && (f.IsRead == nil || *f.IsRead == l.IsRead) &&
			(f.IsSent == nil || *f.IsSent == l.IsSent) &&
			(f.Types == nil || slices.Contains(f.Types, l.Type)) && (f.Tickets == nil || slices.Contains(f.Tickets, l.TicketID)) &&
			(f.Recipients == nil || slices.Contains(f.Recipients, l.RecipientID)) {
			want = append(want, notification.View{Log: l, Recipient: r.called(l.RecipientID), Sender: r.called(l.SenderID), TicketNumber: x.Number})
		}
	}
	slices.SortFunc(want, func(a, b notification.View) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	comparePages(t, r.desk, want, func(ctx context.Context, tx ports.Tx, p ports.Page) ([]notification.View, int, error) {
		return tx.NotificationLogs.List(ctx, reach, f, p)
	})
}

func (r *record) called(id domain.ID) string {
	return named(r.people, func(a account.Account) bool { return a.ID == id }).Username
}
