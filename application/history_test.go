package application_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
)

// value is a field of a ticket as history writes it, and what a reference is called.
type value struct{ is, name string }

// portrait is all of a ticket that can change, by the names that clients know, and whether it is in view.
type portrait map[string]value

func portrayed(v ticket.View) portrait {
	at := func(t time.Time) value {
		if t.IsZero() {
			return value{}
		}
		return value{is: t.UTC().Format(time.RFC3339Nano)}
	}
	p := portrait{
		"title": {is: v.Title}, "description": {is: v.Description},
		"menu": {string(v.MenuID), v.MenuName}, "status": {string(v.StatusID), v.StatusName}, "priority": {string(v.PriorityID), v.PriorityName},
		"createdFor": {string(v.CreatedFor), v.CreatedForName}, "assignedTo": {string(v.AssignedTo), v.AssignedToName},
		"responseDeadline": at(v.ResponseDeadline), "dueDate": at(v.DueDate), "firstResponseAt": at(v.FirstResponseAt),
		"resolvedAt": at(v.ResolvedAt), "slaDueDate": at(v.SLADueDate),
		"slaBreached": {is: strconv.FormatBool(v.SLABreached)}, "isEscalated": {is: strconv.FormatBool(v.IsEscalated)},
		"customerSatisfaction": {},
	}
	if v.CustomerSatisfaction != 0 {
		p["customerSatisfaction"] = value{is: strconv.Itoa(v.CustomerSatisfaction)}
	}
	return p
}

// wholly is a change that sends back all that was read of a ticket.
func wholly(v ticket.View) ticket.Change {
	id := func(id domain.ID) domain.Change[string] {
		if id == "" {
			return domain.Cleared[string]()
		}
		return domain.To(string(id))
	}
	at := func(t time.Time) domain.Change[time.Time] {
		if t.IsZero() {
			return domain.Cleared[time.Time]()
		}
		return domain.To(t)
	}
	c := ticket.Change{
		Title: domain.To(v.Title), Description: domain.To(v.Description), StatusID: id(v.StatusID), PriorityID: id(v.PriorityID), MenuID: id(v.MenuID),
		CreatedFor: id(v.CreatedFor), AssignedTo: id(v.AssignedTo), ResponseDeadline: at(v.ResponseDeadline), DueDate: at(v.DueDate),
		ResolvedAt: at(v.ResolvedAt), SLADueDate: at(v.SLADueDate), IsEscalated: domain.To(v.IsEscalated), CustomerSatisfaction: domain.Cleared[int](),
	}
	if v.CustomerSatisfaction != 0 {
		c.CustomerSatisfaction = domain.To(v.CustomerSatisfaction)
	}
	return c
}

// records gives all that is on record of a ticket, the newest first, also of a deleted one.
func records(d *fixture.Desk, id domain.ID) (all []ticket.EntryView) {
	d.Update(func(ctx context.Context, tx ports.Tx) error {
		var before *ports.Moment
		for {
			part, err := tx.History.List(ctx, id, true, before, 7)
			if err != nil || len(part) == 0 {
				return err
			}
			all = append(all, part...)
			last := part[len(part)-1]
			before = &ports.Moment{At: last.At, ID: last.ID}
		}
	})
	return all
}

// recorded checks that what is new on record is what became of the ticket: one entry for each field that differs,
// caused by an actor, "" the service itself, now.
func (l *lobby) recorded(before ticket.View, known int, by string) {
	l.t.Helper()
	was, is := portrayed(before), portrayed(l.ticket())
	all := records(l.Desk, l.id)
	fresh := all[:len(all)-known]
	var changed []string
	for _, e := range fresh {
		if e.Kind != ticket.EntryChanged {
			continue
		}
		changed = append(changed, e.Field)
		if got, want := [2]value{{e.From, e.FromName}, {e.To, e.ToName}}, [2]value{was[e.Field], is[e.Field]}; got != want {
			l.t.Errorf("%s went %q, want %q", e.Field, got, want)
		}
	}
	var differ []string
	for _, field := range slices.Sorted(maps.Keys(was)) {
		if was[field] != is[field] {
			differ = append(differ, field)
		}
	}
	if slices.Sort(changed); !slices.Equal(changed, differ) || len(fresh) == 0 {
		l.t.Errorf("on record are %q, what differs is %q", changed, differ)
	}
	l.causedBy(fresh, by)
}

func (l *lobby) causedBy(entries []ticket.EntryView, who string) {
	l.t.Helper()
	breached := slices.ContainsFunc(entries, func(e ticket.EntryView) bool { return e.Kind == ticket.EntryBreached })
	for _, e := range entries {
		by, id, via := who, domain.ID(""), access.ViaJob
		if breached && e.Field != "title" { // time has done the rest
			by = ""
		}
		if by != "" {
			id, via = l.ID(by), access.ViaAPI
		}
		if e.TicketID != l.id || e.Actor != by || e.ActorID != id || e.Via != via || !e.At.Equal(l.Now()) {
			l.t.Errorf("%s %s was caused by %q %s via %s at %v", e.Kind, e.Field, e.Actor, e.ActorID, e.Via, e.At)
		}
	}
}

// edit is a field that clients write: how it is set, and how it is cleared where it can be.
type edit struct {
	set   ticket.Change
	clear func(*ticket.Change)
}

func (l *lobby) edits() map[string]edit {
	id := func(id domain.ID) domain.Change[string] { return domain.To(string(id)) }
	later := l.Now().Add(72 * time.Hour)
	return map[string]edit{
		"title":       {set: ticket.Change{Title: domain.To("Smoke")}},
		"description": {set: ticket.Change{Description: domain.To("Everywhere.")}},
		"status":      {ticket.Change{StatusID: id(l.Status("RESOLVED").ID)}, func(c *ticket.Change) { c.StatusID = domain.Cleared[string]() }},
		"priority":    {ticket.Change{PriorityID: id(l.Priority("CRITICAL").ID)}, func(c *ticket.Change) { c.PriorityID = domain.Cleared[string]() }},
		"menu":        {ticket.Change{MenuID: id(l.Menu(access.RolesMenu).ID)}, func(c *ticket.Change) { c.MenuID = domain.Cleared[string]() }},
		"createdFor":  {ticket.Change{CreatedFor: id(l.ID(fixture.Visitor))}, func(c *ticket.Change) { c.CreatedFor = domain.Cleared[string]() }},
		"assignedTo":  {ticket.Change{AssignedTo: id(l.ID(fixture.Agent2))}, func(c *ticket.Change) { c.AssignedTo = domain.Cleared[string]() }},
		"responseDeadline": {ticket.Change{ResponseDeadline: domain.To(later)}, func(c *ticket.Change) {
			c.ResponseDeadline = domain.Cleared[time.Time]()
		}},
		"dueDate":     {ticket.Change{DueDate: domain.To(later)}, func(c *ticket.Change) { c.DueDate = domain.Cleared[time.Time]() }},
		"resolvedAt":  {ticket.Change{ResolvedAt: domain.To(later)}, func(c *ticket.Change) { c.ResolvedAt = domain.Cleared[time.Time]() }},
		"slaDueDate":  {ticket.Change{SLADueDate: domain.To(later)}, func(c *ticket.Change) { c.SLADueDate = domain.Cleared[time.Time]() }},
		"isEscalated": {ticket.Change{IsEscalated: domain.To(true)}, func(c *ticket.Change) { c.IsEscalated = domain.Change[bool]{} }},
		"customerSatisfaction": {
			ticket.Change{StatusID: id(l.Status("RESOLVED").ID), CustomerSatisfaction: domain.To(4)},
			func(c *ticket.Change) { c.CustomerSatisfaction = domain.Cleared[int]() },
		},
	}
}

// merged is what c says, and what over says where it says something.
func merged(c, over ticket.Change) ticket.Change {
	return ticket.Change{
		Title: either(c.Title, over.Title), Description: either(c.Description, over.Description), StatusID: either(c.StatusID, over.StatusID),
		PriorityID: either(c.PriorityID, over.PriorityID), MenuID: either(c.MenuID, over.MenuID), CreatedFor: either(c.CreatedFor, over.CreatedFor),
		AssignedTo: either(c.AssignedTo, over.AssignedTo), ResponseDeadline: either(c.ResponseDeadline, over.ResponseDeadline),
		DueDate: either(c.DueDate, over.DueDate), ResolvedAt: either(c.ResolvedAt, over.ResolvedAt), SLADueDate: either(c.SLADueDate, over.SLADueDate),
		IsEscalated: either(c.IsEscalated, over.IsEscalated), CustomerSatisfaction: either(c.CustomerSatisfaction, over.CustomerSatisfaction),
	}
}

func either[T any](a, b domain.Change[T]) domain.Change[T] {
	if b.Set {
		return b
	}
	return a
}

func TestEveryFieldThatIsSetOrClearedIsOnRecord(t *testing.T) {
	for field, e := range newLobby(t).edits() {
		for _, way := range []string{"PATCH", "PUT"} {
			t.Run(way+" "+field, func(t *testing.T) {
				l := newLobby(t)
				send := func(c ticket.Change) {
					before, known := l.ticket(), len(records(l.Desk, l.id))
					l.Wait(time.Minute)
					var err error
					if way == "PUT" {
						_, err = l.Tickets.Replace(t.Context(), l.Actor(fixture.Agent), l.id, c, nil)
					} else {
						_, err = l.Tickets.Change(t.Context(), l.Actor(fixture.Agent), l.id, c, nil)
					}
					check(t, err)
					if l.recorded(before, known, fixture.Agent); portrayed(before)[field] == portrayed(l.ticket())[field] {
						t.Errorf("%s did not change", field)
					}
				}
				set, cleared := l.edits()[field].set, ticket.Change{}
				if way == "PUT" {
					set = merged(wholly(l.ticket()), set)
				}
				send(set)
				if e.clear == nil {
					return
				}
				if way == "PUT" {
					cleared = wholly(l.ticket())
				}
				e.clear(&cleared)
				if field == "isEscalated" && way == "PATCH" {
					cleared.IsEscalated = domain.To(false) // which has no null
				}
				send(cleared)
			})
		}
	}
}

func TestEveryOtherChangeIsOnRecordToo(t *testing.T) {
	shelf := access.MenuChange{Name: domain.To("Shelf"), URL: domain.To("/shelf/")}
	for name, tc := range map[string]struct {
		given func(*lobby)
		do    func(*lobby) error
		by    string
		want  []string
	}{
		"opening is one entry": {
			do:   func(l *lobby) error { l.id = l.Open(fixture.Agent, ticket.Change{}).ID; return nil },
			by:   fixture.Agent,
			want: []string{"created"},
		},
		"opening in a late status too": {
			do: func(l *lobby) error {
				l.id = l.Open(fixture.Agent, ticket.Change{StatusID: domain.To(string(l.Status("CLOSED").ID))}).ID
				return nil
			},
			by:   fixture.Agent,
			want: []string{"created"},
		},
		"a status": {
			do: func(l *lobby) error { return l.move(fixture.Agent, "RESOLVED") }, by: fixture.Agent,
			want: []string{"changedslaDueDate", "changedresolvedAt", "changedfirstResponseAt", "changedstatus"},
		},
		"reopening": {
			given: func(l *lobby) { check(l.t, l.move(fixture.Agent, "CLOSED")) },
			do:    func(l *lobby) error { return l.move(fixture.Admin, "IN_PROGRESS") }, by: fixture.Admin,
			want: []string{"changedresolvedAt", "changedstatus"},
		},
		"a question": {
			do: func(l *lobby) error { l.wrote(fixture.Customer, publicly("x")); return nil }, by: fixture.Customer,
			want: []string{"commented"},
		},
		"an answer with a status": {
			do: func(l *lobby) error { l.wrote(fixture.Agent, l.moving(publicly("x"), "PENDING")); return nil }, by: fixture.Agent,
			want: []string{"commented", "changedslaDueDate", "changedfirstResponseAt", "changedstatus"},
		},
		"a breach that is noticed": {
			given: func(l *lobby) { l.Wait(24*time.Hour + time.Second) },
			do:    func(l *lobby) error { _, err := l.ServiceLevels.Sweep(l.t.Context()); return err },
			want:  []string{"sla_breachedfirst_response", "sla_warningfirst_response", "changedslaBreached"},
		},
		"a breach that a change notices": {
			given: func(l *lobby) { l.Wait(25 * time.Hour) },
			do: func(l *lobby) error {
				_, err := l.Tickets.Change(l.t.Context(), l.Actor(fixture.Agent), l.id, ticket.Change{Title: domain.To("x")}, nil)
				return err
			},
			by: fixture.Agent, want: []string{
				"changedtitle", "sla_breachedfirst_response", "sla_warningfirst_response", "changedslaBreached",
			},
		},
		"a menu that is removed": {
			given: func(l *lobby) {
				m := must[access.MenuView](l.t)(l.Menus.Create(l.t.Context(), l.Actor(fixture.Root), shelf, nil))
				l.id = l.Open(fixture.Agent, ticket.Change{MenuID: domain.To(string(m.ID))}).ID
			},
			do: func(l *lobby) error {
				return l.Menus.Delete(l.t.Context(), l.Actor(fixture.Admin), l.Menu("/shelf/").ID, nil)
			},
			by: fixture.Admin, want: []string{"changedmenu"},
		},
		"a menu that another ticket names": {
			given: func(l *lobby) {
				m := must[access.MenuView](l.t)(l.Menus.Create(l.t.Context(), l.Actor(fixture.Root), shelf, nil))
				l.Open(fixture.Agent, ticket.Change{MenuID: domain.To(string(m.ID))})
			},
			do: func(l *lobby) error {
				return l.Menus.Delete(l.t.Context(), l.Actor(fixture.Admin), l.Menu("/shelf/").ID, nil)
			},
		},
		"a menu that cannot be removed": {
			given: func(l *lobby) {
				l.id = l.Open(fixture.Agent, ticket.Change{MenuID: domain.To(string(l.Menu(access.RolesMenu).ID))}).ID
			},
			do: func(l *lobby) error {
				fails(l.t, l.Menus.Delete(l.t.Context(), l.Actor(fixture.Root), l.Menu(access.RolesMenu).ID, nil), domain.Conflict, "")
				return nil
			},
		},
		"what is sent back as it was read": {
			do: func(l *lobby) error {
				_, err := l.Tickets.Replace(l.t.Context(), l.Actor(fixture.Agent), l.id, wholly(l.ticket()), nil)
				return err
			},
		},
		"a warning": {
			given: func(l *lobby) { l.Wait(23 * time.Hour) },
			do:    func(l *lobby) error { _, err := l.ServiceLevels.Sweep(l.t.Context()); return err },
			want:  []string{"sla_warningfirst_response"},
		},
		"time that passes without a warning": {
			given: func(l *lobby) { l.Wait(19 * time.Hour) },
			do:    func(l *lobby) error { _, err := l.ServiceLevels.Sweep(l.t.Context()); return err },
		},
		"what is refused": {
			do: func(l *lobby) error { kind(l.t, l.move(fixture.Customer, "CLOSED"), domain.Forbidden); return nil },
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLobby(t)
			if tc.given != nil {
				tc.given(l)
			}
			before, first := l.ticket(), l.id
			known := len(records(l.Desk, l.id))
			l.Wait(time.Microsecond)
			check(t, tc.do(l))
			if l.id != first {
				known = 0
			}
			all := records(l.Desk, l.id)
			var got []string
			for _, e := range all[:len(all)-known] {
				got = append(got, string(e.Kind)+e.Field)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("on record: %q, want %q", got, tc.want)
			}
			if l.causedBy(all[:len(all)-known], tc.by); l.id == first && tc.want != nil {
				l.recorded(before, known, tc.by)
			}
		})
	}
}

func TestADeletedTicketKeepsItsRecordButShowsItToNobody(t *testing.T) {
	l := newLobby(t)
	check(t, l.Tickets.Delete(t.Context(), l.Actor(fixture.Agent), l.id, nil))
	all := records(l.Desk, l.id)
	if len(all) != 2 || all[0].Kind != ticket.EntryDeleted || all[1].Kind != ticket.EntryCreated || all[1].Actor != fixture.Customer {
		t.Errorf("on record: %+v", all)
	}
	l.causedBy(all[:1], fixture.Agent)
	for _, name := range []string{fixture.Root, fixture.Customer} {
		_, _, err := l.Tickets.History(t.Context(), l.Actor(name), l.id, nil, 10)
		kind(t, err, domain.NotFound)
	}
}

func TestTheRecordIsReadInPartsTheNewestFirstByWhoSeesTheTicket(t *testing.T) {
	l := newLobby(t)
	for n := range 4 {
		l.wrote(fixture.Agent, internally("hidden"))
		_, err := l.Tickets.Change(t.Context(), l.Actor(fixture.Agent), l.id, ticket.Change{Title: domain.To(fmt.Sprint(n))}, nil)
		check(t, err)
		if n%2 == 1 {
			l.Wait(time.Minute)
		}
	}
	var before *ports.Moment
	var got []string
	for {
		all, next, err := l.Tickets.History(t.Context(), l.Actor(fixture.Customer), l.id, before, 2)
		check(t, err)
		for _, e := range all {
			got = append(got, string(e.Kind)+e.To)
		}
		if before = next; next == nil {
			break
		}
	}
	if want := []string{"changed3", "changed2", "changed1", "changed0", "created" + l.ticket().Number}; !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
	if n := len(l.kinds(fixture.Agent2)); n != 9 {
		t.Errorf("the desk reads %d entries", n)
	}
	for name, want := range map[string]domain.Kind{fixture.Visitor: domain.NotFound, fixture.Watcher: domain.NotFound, fixture.Nobody: domain.Forbidden} {
		_, _, err := l.Tickets.History(t.Context(), l.Actor(name), l.id, nil, 10)
		kind(t, err, want)
	}
}
