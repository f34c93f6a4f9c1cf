package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// entry returns an entry with every field set.
func (g fixtures) entry(ticketID domain.ID) ticket.Entry {
	return ticket.Entry{
		ID: newID(), TicketID: ticketID, At: noon, ActorID: g.account.ID, Via: access.ViaAPI, Kind: ticket.EntryChanged, Field: "priority",
		From: "a", To: "b\n\"'\\", FromName: "Élan ?", ToName: "日本語", CommentID: newID(), Internal: true,
	}
}

// bareEntry returns an entry whose optional fields are unset.
func (g fixtures) bareEntry(ticketID domain.ID) ticket.Entry {
	return ticket.Entry{ID: newID(), TicketID: ticketID, At: noon, Via: access.ViaJob, Kind: ticket.EntryDeleted}
}

func (d suite) addHistory(t *testing.T, entries ...ticket.Entry) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.History.Add(ctx, entries) })
}

func (d suite) history(t *testing.T, ticketID domain.ID, notes bool, before *ports.TimelinePosition, size int) []ticket.EntryView {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.EntryView, error) {
		return tx.History.List(ctx, ticketID, notes, before, size)
	})
}

// newestFirst returns entries as a list should show them; the account of the fixtures is the only actor.
func (g fixtures) newestFirst(entries []ticket.Entry, notes bool) []ticket.EntryView {
	views := []ticket.EntryView{}
	for i := range entries {
		e := ticket.EntryView{Entry: entries[len(entries)-1-i]}
		if e.ActorID == g.account.ID {
			e.Actor = g.account.Username
		}
		if notes || !e.Internal {
			views = append(views, e)
		}
	}
	return views
}

func history(t *testing.T, d suite) {
	t.Run("entries are read as they were added, in order, with the actor's current name",
		func(t *testing.T) { entriesRoundTrip(t, d) })
	t.Run("history is read page by page, the newest first, while entries are added", func(t *testing.T) { pageThroughHistory(t, d) })
	t.Run("status changes of tickets are listed, the oldest first", func(t *testing.T) { statusChanges(t, d) })
	t.Run("the first title is what the first change of the title came from", func(t *testing.T) { firstTitle(t, d) })
	t.Run("an entry of a failed Update is not stored", func(t *testing.T) {
		g, failed := d.addFixtures(t), errors.New("no")
		x := g.ticket()
		d.addTickets(t, x)
		err := d.try(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.History.Add(ctx, []ticket.Entry{g.entry(x.ID)}), failed)
		})
		if !errors.Is(err, failed) {
			t.Error(err)
		}
		same(t, d.history(t, x.ID, true, nil, 5), []ticket.EntryView{})
	})
	t.Run("a lost menu is recorded on each ticket that refers to it, even deleted ones", func(t *testing.T) { menuLost(t, d) })
	t.Run("locking a ticket returns the time of its newest entry", func(t *testing.T) { lastEntries(t, d) })
	t.Run("after waiting for a ticket, the time of an entry added in the meantime is returned", func(t *testing.T) { lastEntryInARace(t, d) })
	t.Run("a lost menu is recorded on tickets that got it in the meantime, not on those that lost it",
		func(t *testing.T) { menuLostInARace(t, d) })
}

func firstTitle(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	entries := []ticket.Entry{g.entry(x.ID), g.entry(x.ID), g.entry(x.ID), g.entry(x.ID), g.entry(other.ID)}
	for i, c := range []struct {
		kind     ticket.EntryKind
		field    string
		from, to string
		at       time.Duration
	}{
		{ticket.EntryChanged, ticket.TitleField, "second", "third", 2},
		{ticket.EntryChanged, ticket.TitleField, "first", "second", 1},
		{ticket.EntryChanged, "description", "none", "some", 0},
		{ticket.EntryCreated, ticket.TitleField, "no change", "", 0},
		{ticket.EntryChanged, ticket.TitleField, "other", "another", 0},
	} {
		entries[i].Kind, entries[i].Field, entries[i].From, entries[i].To = c.kind, c.field, c.from, c.to
		entries[i].At = noon.Add(c.at * time.Hour)
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.History.Add(ctx, entries) })
	unchanged := g.ticket()
	d.addTickets(t, unchanged)
	for id, want := range map[domain.ID]string{x.ID: "first", other.ID: "other", unchanged.ID: ""} {
		got, err := attempt(t, d, func(ctx context.Context, tx ports.Tx) (string, error) { return tx.History.FirstTitle(ctx, id) })
		must(t, err)
		same(t, got, want)
	}
}

// statusChanges reads the status changes among entries of every kind.
func statusChanges(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x, still := g.ticket(), g.ticket()
	d.addTickets(t, x, still)
	done := someStatus()
	done.StatusType = ticket.Resolved
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Statuses.Add(ctx, done) })
	moved := func(from, to domain.ID, minutes int) ticket.Entry {
		e := g.bareEntry(x.ID)
		e.At, e.Kind, e.Field, e.From, e.To = noon.Add(time.Duration(minutes)*time.Minute), ticket.EntryChanged, ticket.StatusField,
			string(from), string(to)
		return e
	}
	gone := newID()
	d.addHistory(t, moved(done.ID, gone, 2), g.entry(x.ID), moved(g.status.ID, done.ID, 1), g.entry(still.ID))
	got := read(t, d, func(ctx context.Context, tx ports.Tx) (map[domain.ID][]ticket.StatusChange, error) {
		return tx.History.StatusChanges(ctx, []domain.ID{still.ID, x.ID, newID()})
	})
	same(t, got, map[domain.ID][]ticket.StatusChange{x.ID: {
		{At: noon.Add(time.Minute), From: g.status.StatusType, To: ticket.Resolved}, {At: noon.Add(2 * time.Minute), From: ticket.Resolved},
	}})
}

func entriesRoundTrip(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	d.addHistory(t)
	all := []ticket.Entry{g.entry(x.ID), g.bareEntry(x.ID)}
	d.addHistory(t, all[0], g.entry(other.ID), all[1])
	var many []ticket.Entry // more rows than a hot statement has
	for range 25 {
		many = append(many, g.entry(x.ID), g.bareEntry(x.ID))
	}
	d.addHistory(t, many...)
	g.account.Username = unique("new")
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, g.account) })
	all = append(all, many...)
	for _, notes := range []bool{true, false} {
		same(t, d.history(t, x.ID, notes, nil, 100), g.newestFirst(all, notes))
	}
}

// pageThroughHistory reads entries, many of the same time, page by page; between pages it adds entries.
func pageThroughHistory(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	var all []ticket.Entry
	add := func() {
		e, elsewhere := g.entry(x.ID), g.entry(other.ID)
		e.Internal, e.At = len(all)%3 == 1, noon.Add(time.Duration(len(all)/4)*time.Microsecond)
		elsewhere.At = e.At
		d.addHistory(t, e, elsewhere)
		all = append(all, e)
	}
	for range 14 {
		add()
	}
	for _, notes := range []bool{true, false} {
		want := g.newestFirst(all, notes)
		got := readToEnd(func(place *ports.TimelinePosition, size int) []ticket.EntryView {
			if place != nil {
				add()
			}
			return d.history(t, x.ID, notes, place, size)
		}, func(v ticket.EntryView) ports.TimelinePosition { return ports.TimelinePosition{At: v.At, ID: v.ID} })
		same(t, got, want)
	}
}

func menuLost(t *testing.T, d suite) {
	g, another := d.addFixtures(t), d.addFixtures(t)
	x, deleted, unrelated := g.ticket(), g.ticket(), g.ticket()
	x.MenuID, deleted.MenuID, deleted.DeletedAt, unrelated.MenuID = g.menu.ID, g.menu.ID, noon, another.menu.ID
	d.addTickets(t, x, deleted, unrelated, g.ticket())
	by := ticket.Cause{Actor: g.account.ID, Via: access.ViaAPI, At: noon}
	lose := func(menu domain.ID, by ticket.Cause) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return errors.Join(tx.History.LoseMenu(ctx, menu, g.menu.Name, by), tx.Menus.Remove(ctx, menu))
		})
	}
	lose(g.menu.ID, by)
	ids := map[domain.ID]bool{}
	for _, ticketID := range []domain.ID{x.ID, deleted.ID} {
		got := d.history(t, ticketID, false, nil, 5)
		if len(got) != 1 || len(got[0].ID) != 32 || ids[got[0].ID] {
			t.Fatalf("got %+v", got)
		}
		ids[got[0].ID] = true
		want := ticket.MenuLost(got[0].ID, ticketID, g.menu.ID, g.menu.Name, by)
		same(t, got, []ticket.EntryView{{Entry: want, Actor: g.account.Username}})
	}
	same(t, d.history(t, unrelated.ID, true, nil, 5), []ticket.EntryView{})

	lose(another.menu.ID, ticket.Cause{Via: access.ViaJob, At: noon})
	got := d.history(t, unrelated.ID, false, nil, 5)
	if len(got) != 1 || got[0].ActorID != "" || got[0].Via != access.ViaJob {
		t.Errorf("got %+v", got)
	}
}

// lastEntries checks the time of the newest entry in every method that locks tickets.
func lastEntries(t *testing.T, d suite) {
	g := d.addFixtures(t)
	due := g.dueTickets(2)
	x, bare := due[0], due[1]
	d.addTickets(t, x, bare)
	newest := noon.Add(time.Hour + time.Microsecond)
	var entries []ticket.Entry
	for _, at := range []time.Time{noon, newest, noon.Add(-time.Hour)} {
		e := g.entry(x.ID)
		e.At = at
		entries = append(entries, e)
	}
	d.addHistory(t, entries...)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		locks := map[string]func() ([]ticket.View, error){
			"LockDue":    func() ([]ticket.View, error) { return tx.Tickets.LockDue(ctx, noon.Add(time.Hour), 1000) },
			"LockActive": func() ([]ticket.View, error) { return tx.Tickets.LockActive(ctx, "", 1000) },
			"Lock": func() ([]ticket.View, error) {
				v, err := tx.Tickets.Lock(ctx, x.ID, everything)
				w, err2 := tx.Tickets.Lock(ctx, bare.ID, everything)
				return []ticket.View{v, w}, errors.Join(err, err2)
			},
			"LockFor": func() ([]ticket.View, error) {
				v, _, err := tx.Tickets.LockFor(ctx, x.ID, everything, ticket.Refs{})
				w, _, err2 := tx.Tickets.LockFor(ctx, bare.ID, everything, ticket.Refs{})
				return []ticket.View{v, w}, errors.Join(err, err2)
			},
		}
		for name, lock := range locks {
			views, err := lock()
			if err != nil {
				return err
			}
			found := 0
			for _, v := range views {
				if v.ID == x.ID || v.ID == bare.ID {
					found++
					if want := map[domain.ID]time.Time{x.ID: newest}[v.ID]; !v.LastAt.Equal(want) {
						t.Errorf("%s: LastAt is %v, want %v", name, v.LastAt, want)
					}
				}
			}
			if found != 2 {
				t.Errorf("%s returns %d of the two tickets", name, found)
			}
		}
		return nil
	})
	got, err := getTicket(t, d, x.ID, everything)
	must(t, err)
	same(t, got, g.view(x))
}

// lastEntryInARace locks a ticket while another Update that holds it adds an entry.
func lastEntryInARace(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.ticket()
	d.addTickets(t, x)
	for i, lock := range []func(context.Context, ports.Tx) (ticket.View, error){
		func(ctx context.Context, tx ports.Tx) (ticket.View, error) {
			return tx.Tickets.Lock(ctx, x.ID, everything)
		},
		func(ctx context.Context, tx ports.Tx) (ticket.View, error) {
			v, _, err := tx.Tickets.LockFor(ctx, x.ID, everything, ticket.Refs{})
			return v, err
		},
	} {
		done := make(chan struct{})
		e := g.entry(x.ID)
		e.At = noon.Add(time.Duration(i+1) * time.Hour)
		var v ticket.View
		var failed error
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Tickets.Lock(ctx, x.ID, everything)
			go func() {
				defer close(done)
				failed = d.try(t, func(ctx context.Context, tx ports.Tx) (err error) {
					v, err = lock(ctx, tx)
					return err
				})
			}()
			waitBriefly(done)
			return errors.Join(err, tx.History.Add(ctx, []ticket.Entry{e}))
		})
		<-done
		must(t, failed)
		if !v.LastAt.Equal(e.At) {
			t.Errorf("after waiting, LastAt is %v, want %v", v.LastAt, e.At)
		}
	}
}

// menuLostInARace removes a menu while another Update adds a ticket with it, or removes it from one.
func menuLostInARace(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.ticket()
	x.MenuID = g.menu.ID
	same(t, len(d.loseMenuDuring(t, g, x.ID, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Add(ctx, x) })), 1)

	g = d.addFixtures(t)
	x = g.ticket()
	x.MenuID = g.menu.ID
	d.addTickets(t, x)
	same(t, len(d.loseMenuDuring(t, g, x.ID, func(ctx context.Context, tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, x.ID, everything)
		v.MenuID = ""
		return errors.Join(err, tx.Tickets.Save(ctx, v.Ticket))
	})), 0)
}

// loseMenuDuring removes the menu of the fixtures during an Update that runs change, and returns the history of a
// ticket afterwards.
func (d suite) loseMenuDuring(
	t *testing.T, g fixtures, ticketID domain.ID, change func(context.Context, ports.Tx) error,
) []ticket.EntryView {
	t.Helper()
	done := make(chan struct{})
	var lost error
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := change(ctx, tx)
		go func() {
			defer close(done)
			lost = d.try(t, func(ctx context.Context, tx ports.Tx) error {
				return errors.Join(tx.History.LoseMenu(ctx, g.menu.ID, g.menu.Name, ticket.Cause{Via: access.ViaJob, At: noon}),
					tx.Menus.Remove(ctx, g.menu.ID))
			})
		}()
		waitBriefly(done)
		return err
	})
	<-done
	must(t, lost)
	return d.history(t, ticketID, true, nil, 5)
}
