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

// fullLog returns a log with every field set.
func (g fixtures) fullLog(about, to domain.ID) notification.Log {
	return notification.Log{
		ID: newID(), Type: notification.StatusChanged, RecipientID: to, SenderID: g.account.ID, TicketID: about,
		Title: "Élan \"of\" the 'printer' \\ %_", Message: "Two\nlines 日本語.", News: &notification.News{
			Title: "Élan \"\\", By: "ana",
			Facts: []notification.Fact{{Kind: notification.FactDueMoved, Was: noon, At: noon.Add(time.Microsecond)}, {Kind: "of_another_release"}},
		}, IsRead: true, IsSent: true,
		SentAt: noon.Add(-time.Hour), ReadAt: noon.Add(-time.Minute), Delivery: notification.DeliveryFailed, Resends: 3, Attempts: 7,
		LastError: "451 „try later“ '\\'", CreatedAt: noon.Add(-2 * time.Hour), UpdatedAt: noon,
	}
}

// bareLog returns a log whose optional fields are unset, with a type and a delivery state of another release.
func (g fixtures) bareLog(about, to domain.ID) notification.Log {
	l := g.fullLog(about, to)
	l.Type, l.SenderID, l.IsRead, l.IsSent, l.SentAt, l.ReadAt = "of_another_release", "", false, false, time.Time{}, time.Time{}
	l.News, l.Delivery, l.Resends, l.Attempts, l.LastError = nil, "of_another_release", 0, 0, ""
	return l
}

func (d suite) log(t *testing.T, id domain.ID, reach access.Reach) (notification.View, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (notification.View, error) {
		return tx.NotificationLogs.Get(ctx, id, reach)
	})
}

func notificationLogs(t *testing.T, d suite) {
	t.Run("an empty list has one empty page", func(t *testing.T) {
		(&logModel{suite: d}).compare(t, everything, notification.Filter{})
	})
	t.Run("filters within every reach return what the model returns", func(t *testing.T) { filteredLogs(t, d) })
	t.Run("a log is read as it was written, with current names", func(t *testing.T) {
		g := d.addFixtures(t)
		x := g.ticket()
		full, bare := g.fullLog(x.ID, g.account.ID), g.bareLog(x.ID, g.account.ID)
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
	t.Run("a log about an internal note is found only if the reach is all", func(t *testing.T) {
		g := d.addFixtures(t)
		x := g.ticket()
		l := g.fullLog(x.ID, g.account.ID)
		l.Internal = true
		d.addTickets(t, x)
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
		got, err := d.log(t, l.ID, everything)
		must(t, err)
		same(t, got.Log, l)
		_, err = d.log(t, l.ID, access.Reach{Account: g.account.ID})
		wantMissing(t, err)
	})
	t.Run("a log is locked within a reach, and saved with all fields", func(t *testing.T) { lockedLogs(t, d) })
	t.Run("Lock waits for another Update that has locked the log", func(t *testing.T) { countedAttempts(t, d) })
	t.Run("a mail must wait for earlier ones of the same ticket and recipient that were not attempted", func(t *testing.T) { mustWait(t, d) })
	t.Run("of concurrent resends of a log one succeeds", func(t *testing.T) { countedResends(t, d) })
	t.Run("an unknown log, one out of reach, or one of a deleted ticket is not found", func(t *testing.T) {
		g, stranger := d.addFixtures(t), someAccount()
		x := g.ticket()
		l := g.fullLog(x.ID, stranger.ID) // its recipient no longer sees the ticket
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

func lockedLogs(t *testing.T, d suite) {
	g, stranger := d.addFixtures(t), someAccount()
	x, deleted := g.ticket(), g.ticket()
	deleted.DeletedAt = noon
	l, secret, past := g.bareLog(x.ID, g.account.ID), g.fullLog(x.ID, g.account.ID), g.fullLog(deleted.ID, g.account.ID)
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
	for _, each := range []notification.Log{l, secret, past} {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			got, err := tx.NotificationLogs.LockToDeliver(ctx, each.ID)
			same(t, got, each)
			return err
		})
	}
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.NotificationLogs.LockToDeliver(ctx, newID())
		return err
	}))
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
		return tx.NotificationLogs.Save(ctx, g.fullLog(x.ID, g.account.ID))
	}))
}

// countedAttempts counts the attempts of one log concurrently: each Update must see what the one before has saved.
func countedAttempts(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.ticket()
	l := g.bareLog(x.ID, g.account.ID)
	l.Queue()
	d.addTickets(t, x)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
	const n = 8
	wantNoErrors(t, concurrently(n, func(int) error {
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

// countedResends resends one log concurrently: all but the first must see that it is queued already.
func countedResends(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.ticket()
	l := g.fullLog(x.ID, g.account.ID)
	l.IsSent, l.SentAt = false, time.Time{}
	d.addTickets(t, x)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
	const n = 8
	refused := 0
	for _, err := range concurrently(n, func(int) error {
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

// logModel is a store of logs with a copy of its content, from which the expected lists are computed.
type logModel struct {
	suite
	people  []account.Account
	tickets []ticket.Ticket
	logs    []notification.Log
}

func filteredLogs(t *testing.T, d suite) {
	r := logModel{suite: d}
	r.populate(t, 60)
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

// populate adds people, tickets between them, the first of which is deleted, and n random logs about them.
func (r *logModel) populate(t *testing.T, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(2026, 2))
	g := r.addFixtures(t)
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
		l := g.fullLog(pick(random, r.tickets).ID, pick(random, r.people).ID)
		l.Type, l.IsRead, l.IsSent = pick(random, notification.Types), random.IntN(2) == 0, random.IntN(2) == 0
		l.Internal = random.IntN(3) == 0
		l.SenderID = pick(random, append([]account.Account{{}}, r.people...)).ID
		l.CreatedAt = noon.Add(time.Duration(random.IntN(20)) * time.Microsecond)
		r.logs = append(r.logs, l)
	}
	r.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, r.logs...) })
}

func (r *logModel) compare(t *testing.T, reach access.Reach, f notification.Filter) {
	t.Helper()
	want := []notification.View{}
	for _, l := range r.logs {
		x := firstWhere(r.tickets, func(x ticket.Ticket) bool { return x.ID == l.TicketID })
		if x.DeletedAt.IsZero() && x.Within(reach) && (reach.All || !l.Internal) && (f.IsRead == nil || *f.IsRead == l.IsRead) &&
			(f.IsSent == nil || *f.IsSent == l.IsSent) &&
			(f.Types == nil || slices.Contains(f.Types, l.Type)) && (f.Tickets == nil || slices.Contains(f.Tickets, l.TicketID)) &&
			(f.Recipients == nil || slices.Contains(f.Recipients, l.RecipientID)) {
			want = append(want,
				notification.View{Log: l, Recipient: r.username(l.RecipientID), Sender: r.username(l.SenderID), TicketNumber: x.Number})
		}
	}
	slices.SortFunc(want, func(a, b notification.View) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	comparePages(t, r.suite, want, func(ctx context.Context, tx ports.Tx, p ports.Page) ([]notification.View, int, error) {
		return tx.NotificationLogs.List(ctx, reach, f, p)
	})
}

func (r *logModel) username(id domain.ID) string {
	return firstWhere(r.people, func(a account.Account) bool { return a.ID == id }).Username
}

func mustWait(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	another := d.addFixtures(t).account.ID
	for name, c := range map[string]struct {
		change func(earlier *notification.Log)
		want   bool
	}{
		"queued":                    {func(*notification.Log) {}, true},
		"at the same time, before":  {func(e *notification.Log) { e.CreatedAt = noon }, true},
		"at the same time, after":   {func(e *notification.Log) { e.CreatedAt, e.ID = noon, "f"+e.ID[1:] }, false},
		"later":                     {func(e *notification.Log) { e.CreatedAt = noon.Add(time.Microsecond) }, false},
		"attempted, and tried next": {func(e *notification.Log) { e.Attempts, e.Delivery = 1, notification.DeliveryFailed }, false},
		"sent":                      {func(e *notification.Log) { e.Delivery = notification.DeliverySent }, false},
		"dead":                      {func(e *notification.Log) { e.Delivery = notification.DeliveryDead }, false},
		"sent again":                {func(e *notification.Log) { e.Resends = 1 }, false},
		"to another recipient":      {func(e *notification.Log) { e.RecipientID = another }, false},
		"about another ticket":      {func(e *notification.Log) { e.TicketID = other.ID }, false},
	} {
		t.Run(name, func(t *testing.T) {
			l, e := g.fullLog(x.ID, g.account.ID), g.fullLog(x.ID, g.account.ID)
			for _, each := range []*notification.Log{&l, &e} {
				each.Delivery, each.Attempts, each.Resends, each.IsSent = notification.DeliveryQueued, 0, 0, false
			}
			l.CreatedAt, e.CreatedAt = noon, noon.Add(-time.Hour)
			e.ID, l.ID = "0"+e.ID[1:], "8"+l.ID[1:]
			c.change(&e)
			d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l, e) })
			waits := func(id domain.ID) bool {
				got, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (bool, error) { return tx.NotificationLogs.MustWait(ctx, id) })
				must(t, err)
				return got
			}
			same(t, waits(l.ID), c.want)
			same(t, waits(newID()), false)
			d.update(t, func(ctx context.Context, tx ports.Tx) error { // for the next one
				l.Delivery, e.Delivery = notification.DeliverySent, notification.DeliverySent
				return errors.Join(tx.NotificationLogs.Save(ctx, l), tx.NotificationLogs.Save(ctx, e))
			})
		})
	}
	t.Run("of a deleted ticket", func(t *testing.T) {
		gone := g.ticket()
		gone.DeletedAt = noon
		d.addTickets(t, gone)
		l, e := g.fullLog(gone.ID, g.account.ID), g.fullLog(gone.ID, g.account.ID)
		l.CreatedAt = e.CreatedAt.Add(time.Hour)
		e.Delivery, e.Attempts, e.Resends = notification.DeliveryQueued, 0, 0
		d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l, e) })
		got, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (bool, error) { return tx.NotificationLogs.MustWait(ctx, l.ID) })
		must(t, err)
		same(t, got, false)
	})
}
