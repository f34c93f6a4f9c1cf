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

// readersOf returns an account as a reader of either scope.
func readersOf(a account.Account) []ports.Reader {
	return []ports.Reader{{ID: a.ID, Username: a.Username, SeesAll: true}, {ID: a.ID, Username: a.Username}}
}

func (d suite) inbox(t *testing.T, r ports.Reader, isRead *bool, before *ports.TimelinePosition, size int) []notification.View {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) ([]notification.View, error) {
		return tx.Inbox.List(ctx, r, isRead, before, size)
	})
}

func (d suite) unread(t *testing.T, r ports.Reader) int {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) (int, error) { return tx.Inbox.Unread(ctx, r) })
}

func (d suite) readAll(t *testing.T, r ports.Reader, now time.Time) (n int) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		n, err = tx.Inbox.ReadAll(ctx, r, now)
		return err
	})
	return n
}

func inboxes(t *testing.T, d suite) {
	t.Run("an inbox is read page by page, the newest first, while logs are added, without hidden ones", func(t *testing.T) { inboxList(t, d) })
	t.Run("a log is locked only by its recipient, and saved with all fields", func(t *testing.T) { inboxLog(t, d) })
	t.Run("ReadAll reads the whole inbox, and keeps the time of earlier reading", func(t *testing.T) { inboxReadAll(t, d) })
	t.Run("readers are the active accounts that may view tickets", func(t *testing.T) { readers(t, d) })
}

// wantInbox returns the expected inbox.
func (r *logModel) wantInbox(by ports.Reader, isRead *bool) []notification.View {
	views := []notification.View{}
	for _, l := range r.logs {
		x := firstWhere(r.tickets, func(x ticket.Ticket) bool { return x.ID == l.TicketID })
		if l.RecipientID == by.ID && x.DeletedAt.IsZero() && (isRead == nil || *isRead == l.IsRead) &&
			(by.SeesAll || !l.Internal && x.Within(access.Reach{Account: by.ID})) {
			views = append(views,
				notification.View{Log: l, Recipient: r.username(l.RecipientID), Sender: r.username(l.SenderID), TicketNumber: x.Number})
		}
	}
	slices.SortFunc(views, func(a, b notification.View) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return views
}

func inboxList(t *testing.T, d suite) {
	r := logModel{suite: d}
	r.populate(t, 120)
	yes, no := true, false
	late := func() notification.Log {
		l := fixtures{account: r.people[0]}.fullLog(r.tickets[1].ID, r.people[0].ID)
		l.CreatedAt = noon.Add(time.Second)
		return l
	}
	for _, who := range append(r.people, someAccount()) {
		for _, reader := range readersOf(who) {
			same(t, d.unread(t, reader), len(r.wantInbox(reader, &no)))
			for _, isRead := range []*bool{nil, &yes, &no} {
				want := r.wantInbox(reader, isRead)
				got := readToEnd(func(place *ports.TimelinePosition, size int) []notification.View {
					if place != nil {
						l := late()
						r.logs = append(r.logs, l)
						d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Add(ctx, l) })
					}
					return d.inbox(t, reader, isRead, place, size)
				}, func(v notification.View) ports.TimelinePosition {
					return ports.TimelinePosition{At: v.CreatedAt, ID: v.ID}
				})
				same(t, got, want)
			}
		}
	}
}

func inboxLog(t *testing.T, d suite) {
	g, stranger := d.addFixtures(t), someAccount()
	x, deleted := g.ticket(), g.ticket()
	deleted.DeletedAt = noon
	mine, secret, foreign, past := g.bareLog(x.ID, g.account.ID), g.fullLog(x.ID, g.account.ID), g.fullLog(x.ID, stranger.ID),
		g.fullLog(deleted.ID, g.account.ID)
	secret.Internal = true
	d.addTickets(t, x, deleted)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, stranger), tx.NotificationLogs.Add(ctx, mine, secret, foreign, past))
	})
	lock := func(r ports.Reader, id domain.ID) (v notification.View, err error) {
		err = d.try(t, func(ctx context.Context, tx ports.Tx) error {
			v, err = tx.Inbox.Lock(ctx, r, id)
			return err
		})
		return v, err
	}
	all, own := readersOf(g.account)[0], readersOf(g.account)[1]
	for _, hidden := range []struct {
		by ports.Reader
		id domain.ID
	}{
		{all, foreign.ID},
		{all, past.ID},
		{all, newID()},
		{own, secret.ID},
		{readersOf(stranger)[1], foreign.ID},
		{readersOf(stranger)[0], mine.ID},
	} {
		_, err := lock(hidden.by, hidden.id)
		wantMissing(t, err)
	}
	for _, reader := range []ports.Reader{all, own} {
		got, err := lock(reader, mine.ID)
		must(t, err)
		same(t, got, notification.View{Log: mine, Recipient: g.account.Username, TicketNumber: x.Number})
	}
	changed := secret
	changed.ID, changed.CreatedAt, changed.UpdatedAt = mine.ID, mine.CreatedAt, noon.Add(time.Second)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.NotificationLogs.Save(ctx, changed) })
	got, err := lock(all, mine.ID)
	must(t, err)
	same(t, got.Log, changed)
	wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.NotificationLogs.Save(ctx, g.fullLog(x.ID, g.account.ID))
	}))
}

func inboxReadAll(t *testing.T, d suite) {
	r := logModel{suite: d}
	r.populate(t, 120)
	random := rand.New(rand.NewPCG(2026, 4))
	for round := range 6 {
		who := r.people[round%3]
		reader := pick(random, readersOf(who))
		if round < 3 {
			reader = readersOf(who)[1]
		}
		now, n, no := noon.Add(time.Duration(round)*time.Second), 0, false
		for _, v := range r.wantInbox(reader, &no) {
			i := slices.IndexFunc(r.logs, func(l notification.Log) bool { return l.ID == v.ID })
			if r.logs[i].Read(now) {
				n++
			}
		}
		same(t, d.readAll(t, reader, now), n)
		same(t, d.readAll(t, reader, now.Add(time.Hour)), 0)
		same(t, d.unread(t, reader), 0)
		for _, who := range r.people {
			same(t, d.inbox(t, readersOf(who)[0], nil, nil, 200), r.wantInbox(readersOf(who)[0], nil))
		}
	}
}

func readers(t *testing.T, d suite) {
	menu, agents, customers, barred := someMenu(), someRole(), someRole(), someRole()
	menu.URL, customers.TicketScope = access.TicketsMenu, access.ScopeOwn
	agents.ReceivesUnassigned, barred.ReceivesUnassigned = true, true
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := errors.Join(tx.Menus.Add(ctx, menu), tx.Roles.Add(ctx, agents), tx.Roles.Add(ctx, customers), tx.Roles.Add(ctx, barred))
		for _, role := range []domain.ID{agents.ID, customers.ID} {
			err = errors.Join(err, tx.RolePermissions.Replace(ctx, role, []access.RolePermission{permission(role, menu.ID)}))
		}
		return err
	})
	own := func(a access.Actions) *access.Actions { return &a }
	var ids []domain.ID
	want, receivers := []notification.Reader{}, []notification.Reader{}
	for _, c := range []struct {
		role    domain.ID
		own     *access.Actions
		change  func(*account.Account)
		reads   bool
		seesAll bool
	}{
		{agents.ID, nil, nil, true, true},
		{customers.ID, nil, nil, true, false},
		{barred.ID, nil, nil, false, false},
		{barred.ID, own(access.MayView), nil, true, true},
		{agents.ID, own(access.MayUpdate), nil, false, false},
		{"", nil, nil, false, false},
		{"", own(access.MayView), nil, true, false},
		{agents.ID, nil, func(a *account.Account) { a.IsActive = false }, false, false},
		{"", nil, func(a *account.Account) { a.IsSuperuser = true }, true, true},
		{customers.ID, own(access.MayNothing), func(a *account.Account) { a.IsSuperuser = true }, true, true},
		{agents.ID, nil, func(a *account.Account) { a.IsSuperuser = true }, true, true},
		{"", nil, func(a *account.Account) { a.IsSuperuser, a.IsActive = true, false }, false, false},
	} {
		p := credentials{account: someAccount(), own: c.own}
		p.account.RoleID = c.role
		if c.change != nil {
			c.change(&p.account)
		}
		p.session = someSession(p.account.ID)
		d.addCredentials(t, p, menu.ID)
		ids = append(ids, p.account.ID)
		if c.reads {
			r := notification.Reader{
				ID: p.account.ID, Username: p.account.Username, SeesAll: c.seesAll,
				Receives: c.role == agents.ID || c.role == barred.ID, Superuser: p.account.IsSuperuser,
			}
			want = append(want, r)
			if r.Receives || r.Superuser {
				receivers = append(receivers, r)
			}
		}
	}
	find := func(ids ...domain.ID) []notification.Reader {
		return read(t, d, func(ctx context.Context, tx ports.Tx) ([]notification.Reader, error) {
			return tx.Inbox.Readers(ctx, ids)
		})
	}
	same(t, find(append(ids, newID(), ids[0])...), want)
	same(t, find(ids[0]), want[:1])
	same(t, find(newID()), []notification.Reader{})
	same(t, find(), []notification.Reader{})
	got := read(t, d, func(ctx context.Context, tx ports.Tx) ([]notification.Reader, error) { return tx.Inbox.Receivers(ctx) })
	same(t, slices.DeleteFunc(got, func(r notification.Reader) bool { return !slices.Contains(ids, r.ID) }), receivers)
}
