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

// entry is an entry with every field set that may be set.
func (g ground) entry(of domain.ID) ticket.Entry {
	return ticket.Entry{
		ID: newID(), TicketID: of, At: noon, ActorID: g.account.ID, Via: access.ViaAPI, Kind: ticket.EntryChanged, Field: "priority",
		From: "a", To: "b\n\"'\\", FromName: "Élan ?", ToName: "日本語", CommentID: newID(), Internal: true,
	}
}

// bareEntry is an entry with nothing set that may be unset.
func (g ground) bareEntry(of domain.ID) ticket.Entry {
	return ticket.Entry{ID: newID(), TicketID: of, At: noon, Via: access.ViaJob, Kind: ticket.EntryDeleted}
}

func (d desk) note(t *testing.T, entries ...ticket.Entry) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.History.Add(ctx, entries) })
}

func (d desk) history(t *testing.T, of domain.ID, notes bool, before *ports.TimelinePosition, size int) []ticket.EntryView {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.EntryView, error) {
		return tx.History.List(ctx, of, notes, before, size)
	})
}

// latest gives entries as a list shows them whose writers are the ground's account.
func (g ground) latest(entries []ticket.Entry, notes bool) []ticket.EntryView {
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

func history(t *testing.T, d desk) {
	t.Run("entries come back as they were written, one call's in their order, with the actor's name of now",
		func(t *testing.T) { entriesKept(t, d) })
	t.Run("history is read on, the newest first, while more happens", func(t *testing.T) { readBack(t, d) })
	t.Run("the moves of tickets from status to status are told, the oldest first", func(t *testing.T) { statusMoves(t, d) })
	t.Run("an entry of a failed update is not kept", func(t *testing.T) {
		g, failed := d.ground(t), errors.New("no")
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
	t.Run("a menu that is lost is noted on each ticket that names it, deleted ones included", func(t *testing.T) { menuLost(t, d) })
	t.Run("who locks a ticket gets the time of its newest entry", func(t *testing.T) { lastEntries(t, d) })
	t.Run("who waited for a ticket gets the time of what was put on record meanwhile", func(t *testing.T) { lastEntryInARace(t, d) })
	t.Run("a menu is lost on tickets that named it meanwhile, and not on those that gave it up", func(t *testing.T) { menuLostInARace(t, d) })
}

// statusMoves are the changes of status among entries of every kind.
func statusMoves(t *testing.T, d desk) {
	g := d.ground(t)
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
	d.note(t, moved(done.ID, gone, 2), g.entry(x.ID), moved(g.status.ID, done.ID, 1), g.entry(still.ID))
	got := read(t, d, func(ctx context.Context, tx ports.Tx) (map[domain.ID][]ticket.StatusChange, error) {
		return tx.History.StatusChanges(ctx, []domain.ID{still.ID, x.ID, newID()})
	})
	same(t, got, map[domain.ID][]ticket.StatusChange{x.ID: {
		{At: noon.Add(time.Minute), From: g.status.StatusType, To: ticket.Resolved}, {At: noon.Add(2 * time.Minute), From: ticket.Resolved},
	}})
}

func entriesKept(t *testing.T, d desk) {
	g := d.ground(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	d.note(t)
	all := []ticket.Entry{g.entry(x.ID), g.bareEntry(x.ID)}
	d.note(t, all[0], g.entry(other.ID), all[1])
	var many []ticket.Entry // more than a statement of few rows has
	for range 25 {
		many = append(many, g.entry(x.ID), g.bareEntry(x.ID))
	}
	d.note(t, many...)
	g.account.Username = unique("new")
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, g.account) })
	all = append(all, many...)
	for _, notes := range []bool{true, false} {
		same(t, d.history(t, x.ID, notes, nil, 100), g.latest(all, notes))
	}
}

// readBack reads entries of few moments in parts, and writes one before each part.
func readBack(t *testing.T, d desk) {
	g := d.ground(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	var all []ticket.Entry
	happen := func() {
		e, elsewhere := g.entry(x.ID), g.entry(other.ID)
		e.Internal, e.At = len(all)%3 == 1, noon.Add(time.Duration(len(all)/4)*time.Microsecond)
		elsewhere.At = e.At
		d.note(t, e, elsewhere)
		all = append(all, e)
	}
	for range 14 {
		happen()
	}
	for _, notes := range []bool{true, false} {
		want := g.latest(all, notes)
		got := walk(func(place *ports.TimelinePosition, size int) []ticket.EntryView {
			if place != nil {
				happen()
			}
			return d.history(t, x.ID, notes, place, size)
		}, func(v ticket.EntryView) ports.TimelinePosition { return ports.TimelinePosition{At: v.At, ID: v.ID} })
		same(t, got, want)
	}
}

func menuLost(t *testing.T, d desk) {
	g, another := d.ground(t), d.ground(t)
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
	for _, of := range []domain.ID{x.ID, deleted.ID} {
		got := d.history(t, of, false, nil, 5)
		if len(got) != 1 || len(got[0].ID) != 32 || ids[got[0].ID] {
			t.Fatalf("got %+v", got)
		}
		ids[got[0].ID] = true
		want := ticket.MenuLost(got[0].ID, of, g.menu.ID, g.menu.Name, by)
		same(t, got, []ticket.EntryView{{Entry: want, Actor: g.account.Username}})
	}
	same(t, d.history(t, unrelated.ID, true, nil, 5), []ticket.EntryView{})

	lose(another.menu.ID, ticket.Cause{Via: access.ViaJob, At: noon})
	got := d.history(t, unrelated.ID, false, nil, 5)
	if len(got) != 1 || got[0].ActorID != "" || got[0].Via != access.ViaJob {
		t.Errorf("got %+v", got)
	}
}

// lastEntries asks everything that locks tickets when the last thing happened to two of them.
func lastEntries(t *testing.T, d desk) {
	g := d.ground(t)
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
	d.note(t, entries...)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		ways := map[string]func() ([]ticket.View, error){
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
		for name, lock := range ways {
			views, err := lock()
			if err != nil {
				return err
			}
			found := 0
			for _, v := range views {
				if v.ID == x.ID || v.ID == bare.ID {
					found++
					if want := map[domain.ID]time.Time{x.ID: newest}[v.ID]; !v.LastAt.Equal(want) {
						t.Errorf("%s: the newest entry is of %v, want %v", name, v.LastAt, want)
					}
				}
			}
			if found != 2 {
				t.Errorf("%s gives %d of the two tickets", name, found)
			}
		}
		return nil
	})
	got, err := getTicket(t, d, x.ID, everything)
	must(t, err)
	same(t, got, g.view(x))
}

// lastEntryInARace locks a ticket while another Update that holds it puts something on record.
func lastEntryInARace(t *testing.T, d desk) {
	g := d.ground(t)
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
			briefly(done)
			return errors.Join(err, tx.History.Add(ctx, []ticket.Entry{e}))
		})
		<-done
		must(t, failed)
		if !v.LastAt.Equal(e.At) {
			t.Errorf("who waited sees an entry of %v, want %v", v.LastAt, e.At)
		}
	}
}

// menuLostInARace removes a menu while another Update opens a ticket with it, or takes it from one.
func menuLostInARace(t *testing.T, d desk) {
	g := d.ground(t)
	x := g.ticket()
	x.MenuID = g.menu.ID
	same(t, len(d.loseMenuDuring(t, g, x.ID, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Add(ctx, x) })), 1)

	g = d.ground(t)
	x = g.ticket()
	x.MenuID = g.menu.ID
	d.addTickets(t, x)
	same(t, len(d.loseMenuDuring(t, g, x.ID, func(ctx context.Context, tx ports.Tx) error {
		v, err := tx.Tickets.Lock(ctx, x.ID, everything)
		v.MenuID = ""
		return errors.Join(err, tx.Tickets.Save(ctx, v.Ticket))
	})), 0)
}

// loseMenuDuring removes the ground's menu while an Update is under way, and gives the history of a ticket then.
func (d desk) loseMenuDuring(t *testing.T, g ground, of domain.ID, change func(context.Context, ports.Tx) error) []ticket.EntryView {
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
		briefly(done)
		return err
	})
	<-done
	must(t, lost)
	return d.history(t, of, true, nil, 5)
}
