package record_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// checkRecorded checks that the new history entries describe the difference of the ticket to before: one entry for each
// changed field, caused now by an actor ("" for the service itself). known is the number of older entries.
func checkRecorded(c *desk.Case, before ticket.View, known int, by string) {
	c.T.Helper()
	was, is := snapshotOf(before), snapshotOf(c.Ticket())
	all := c.FullHistory()
	fresh := all[:len(all)-known]
	var changed []string
	for _, e := range fresh {
		if e.Kind != ticket.EntryChanged {
			continue
		}
		changed = append(changed, e.Field)
		if got, want := [2]value{{e.From, e.FromName}, {e.To, e.ToName}}, [2]value{was[e.Field], is[e.Field]}; got != want {
			c.T.Errorf("%s: recorded %q, want %q", e.Field, got, want)
		}
	}
	var differ []string
	for _, field := range slices.Sorted(maps.Keys(was)) {
		if was[field] != is[field] {
			differ = append(differ, field)
		}
	}
	if slices.Sort(changed); !slices.Equal(changed, differ) || len(fresh) == 0 {
		c.T.Errorf("recorded changes of %q, want %q", changed, differ)
	}
	checkCause(c, fresh, by)
}

// checkCause checks that entries were caused now by an actor ("" for the service itself). Entries of a breach that a
// change found are caused by the service.
func checkCause(c *desk.Case, entries []ticket.EntryView, actor string) {
	c.T.Helper()
	breached := slices.ContainsFunc(entries, func(e ticket.EntryView) bool { return e.Kind == ticket.EntryBreached })
	for _, e := range entries {
		by, id, via := actor, domain.ID(""), access.ViaJob
		if breached && e.Field != "title" { // everything else is part of the breach
			by = ""
		}
		if by != "" {
			id, via = c.ID(by), access.ViaAPI
		}
		if e.TicketID != c.TicketID || e.Actor != by || e.ActorID != id || e.Via != via || !e.At.Equal(c.Now()) {
			c.T.Errorf("%s %s was caused by %q %s via %s at %v", e.Kind, e.Field, e.Actor, e.ActorID, e.Via, e.At)
		}
	}
}

func TestHistoryOfOtherChanges(t *testing.T) {
	for name, tc := range map[string]struct {
		given func(*desk.Case)
		do    func(*desk.Case) error
		by    string
		want  []string
	}{
		"opening is one entry": {
			do:   func(c *desk.Case) error { c.TicketID = c.Open(desk.Agent, ticket.Patch{}).ID; return nil },
			by:   desk.Agent,
			want: []string{"created"},
		},
		"opening in a later status is one entry": {
			do: func(c *desk.Case) error {
				c.TicketID = c.Open(desk.Agent, ticket.Patch{StatusID: c.StatusTo("CLOSED")}).ID
				return nil
			},
			by:   desk.Agent,
			want: []string{"created"},
		},
		"a status": {
			do: func(c *desk.Case) error { return c.SetStatus(desk.Agent, "RESOLVED") }, by: desk.Agent,
			want: []string{"changedslaDueDate", "changedresolvedAt", "changedfirstResponseAt", "changedstatus"},
		},
		"reopening": {
			given: func(c *desk.Case) { desk.Check(c.T, c.SetStatus(desk.Agent, "CLOSED")) },
			do:    func(c *desk.Case) error { return c.SetStatus(desk.Admin, "IN_PROGRESS") }, by: desk.Admin,
			want: []string{"changedslaDueDate", "changedresolvedAt", "changedfirstResponseAt", "changedstatus"},
		},
		"a question": {
			do: func(c *desk.Case) error { c.MustWrite(desk.Customer, desk.Public("x")); return nil }, by: desk.Customer,
			want: []string{"commented"},
		},
		"an answer with a status": {
			do: func(c *desk.Case) error {
				c.MustWrite(desk.Agent, c.WithStatus(desk.Public("x"), "PENDING"))
				return nil
			}, by: desk.Agent,
			want: []string{"commented", "changedslaDueDate", "changedfirstResponseAt", "changedstatus"},
		},
		"a breach that is noticed": {
			given: func(c *desk.Case) { c.Wait(24*time.Hour + time.Second) },
			do:    func(c *desk.Case) error { return desk.Err(c.ServiceLevels.Sweep(c.T.Context())) },
			want:  []string{"sla_breachedfirst_response", "sla_warningfirst_response", "changedslaBreached"},
		},
		"a breach that a change notices": {
			given: func(c *desk.Case) { c.Wait(25 * time.Hour) },
			do:    func(c *desk.Case) error { return c.Change(desk.Agent, ticket.Patch{Title: domain.Some("x")}) },
			by:    desk.Agent, want: []string{
				"changedtitle", "sla_breachedfirst_response", "sla_warningfirst_response", "changedslaBreached",
			},
		},
		"a menu that is removed": {
			given: func(c *desk.Case) {
				c.AddMenu("/shelf/")
				c.TicketID = c.Open(desk.Agent, ticket.Patch{MenuID: c.MenuTo("/shelf/")}).ID
			},
			do: func(c *desk.Case) error {
				return c.Menus.Delete(c.T.Context(), c.Actor(desk.Admin), c.Menu("/shelf/").ID, nil)
			},
			by: desk.Admin, want: []string{"changedmenu"},
		},
		"a menu that another ticket names": {
			given: func(c *desk.Case) {
				c.AddMenu("/shelf/")
				c.Open(desk.Agent, ticket.Patch{MenuID: c.MenuTo("/shelf/")})
			},
			do: func(c *desk.Case) error {
				return c.Menus.Delete(c.T.Context(), c.Actor(desk.Admin), c.Menu("/shelf/").ID, nil)
			},
		},
		"a menu that cannot be removed": {
			given: func(c *desk.Case) {
				c.TicketID = c.Open(desk.Agent, ticket.Patch{MenuID: c.MenuTo(access.RolesMenu)}).ID
			},
			do: func(c *desk.Case) error {
				desk.Fails(c.T, c.Menus.Delete(c.T.Context(), c.Actor(desk.Root), c.Menu(access.RolesMenu).ID, nil), domain.Conflict, "")
				return nil
			},
		},
		"a ticket sent back unchanged": {
			do: func(c *desk.Case) error {
				return desk.Err(c.Tickets.Replace(c.T.Context(), c.Actor(desk.Agent), c.TicketID, patchOf(c.Ticket()), nil))
			},
		},
		"a warning": {
			given: func(c *desk.Case) { c.Wait(23 * time.Hour) },
			do:    func(c *desk.Case) error { return desk.Err(c.ServiceLevels.Sweep(c.T.Context())) },
			want:  []string{"sla_warningfirst_response"},
		},
		"time that passes without a warning": {
			given: func(c *desk.Case) { c.Wait(19 * time.Hour) },
			do:    func(c *desk.Case) error { return desk.Err(c.ServiceLevels.Sweep(c.T.Context())) },
		},
		"a refused change": {
			do: func(c *desk.Case) error {
				desk.Kind(c.T, c.SetStatus(desk.Customer, "CLOSED"), domain.Forbidden)
				return nil
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := desk.NewCase(t)
			if tc.given != nil {
				tc.given(c)
			}
			before, first := c.Ticket(), c.TicketID
			known := len(c.FullHistory())
			c.Wait(time.Microsecond)
			desk.Check(t, tc.do(c))
			if c.TicketID != first {
				known = 0
			}
			all := c.FullHistory()
			var got []string
			for _, e := range all[:len(all)-known] {
				got = append(got, string(e.Kind)+e.Field)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("recorded %q, want %q", got, tc.want)
			}
			if checkCause(c, all[:len(all)-known], tc.by); c.TicketID == first && tc.want != nil {
				checkRecorded(c, before, known, tc.by)
			}
		})
	}
}

func TestHistoryOfDeletedTicketIsKeptButNotShown(t *testing.T) {
	c := desk.NewCase(t)
	desk.Check(t, c.Tickets.Delete(t.Context(), c.Actor(desk.Agent), c.TicketID, nil))
	all := c.FullHistory()
	if len(all) != 2 || all[0].Kind != ticket.EntryDeleted || all[1].Kind != ticket.EntryCreated || all[1].Actor != desk.Customer {
		t.Errorf("recorded %+v", all)
	}
	checkCause(c, all[:1], desk.Agent)
	for _, name := range []string{desk.Root, desk.Customer} {
		_, _, err := c.Tickets.History(t.Context(), c.Actor(name), c.TicketID, nil, 10)
		desk.Kind(t, err, domain.NotFound)
	}
}

func TestHistoryIsReadInPagesByThoseWhoSeeTheTicket(t *testing.T) {
	c := desk.NewCase(t)
	for n := range 4 {
		c.MustWrite(desk.Agent, desk.Internal("hidden"))
		desk.Check(t, c.Change(desk.Agent, ticket.Patch{Title: domain.Some(fmt.Sprint(n))}))
		if n%2 == 1 {
			c.Wait(time.Minute)
		}
	}
	var before *ports.TimelinePosition
	var got []string
	for {
		all, next, err := c.Tickets.History(t.Context(), c.Actor(desk.Customer), c.TicketID, before, 2)
		desk.Check(t, err)
		for _, e := range all {
			got = append(got, string(e.Kind)+e.To)
		}
		if before = next; next == nil {
			break
		}
	}
	if want := []string{"changed3", "changed2", "changed1", "changed0", "created" + c.Ticket().Number}; !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
	if n := len(c.HistoryAs(desk.Agent2)); n != 9 {
		t.Errorf("an agent reads %d entries, want 9", n)
	}
	for name, want := range map[string]domain.Kind{
		desk.Visitor: domain.NotFound, desk.Watcher: domain.NotFound, desk.Nobody: domain.Forbidden,
	} {
		_, _, err := c.Tickets.History(t.Context(), c.Actor(name), c.TicketID, nil, 10)
		desk.Kind(t, err, want)
	}
}
