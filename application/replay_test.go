package application_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	fixture "tickt/test/desk"
)

// ofDesk is a desk whose things can be drawn.
type ofDesk struct {
	*lobby
	statuses, priorities, people, menus []string
}

func drawable(l *lobby) ofDesk {
	d := ofDesk{lobby: l}
	for _, code := range []string{"OPEN", "IN_PROGRESS", "PENDING", "RESOLVED", "CLOSED", "CANCELLED"} {
		d.statuses = append(d.statuses, string(l.Status(code).ID))
	}
	for _, code := range []string{"CRITICAL", "HIGH", "MEDIUM", "LOW"} {
		d.priorities = append(d.priorities, string(l.Priority(code).ID))
	}
	for _, name := range []string{fixture.Agent, fixture.Agent2, fixture.Customer, fixture.Visitor} {
		d.people = append(d.people, string(l.ID(name)))
	}
	for i := range 3 {
		url := fmt.Sprintf("/shelf-%d/", i)
		m := must[access.MenuView](l.t)(l.Menus.Create(l.t.Context(), l.Actor(fixture.Root), access.MenuChange{Name: domain.To(url), URL: domain.To(url)}, nil))
		d.menus = append(d.menus, string(m.ID))
	}
	return d
}

// maybe draws a change to one of the values, to nothing, or, mostly, none.
func maybe[T any](rt *rapid.T, field string, clearable bool, values ...T) domain.Change[T] {
	switch n := rapid.IntRange(0, 9).Draw(rt, field); {
	case n == 0 && clearable:
		return domain.Cleared[T]()
	case n <= 2:
		return domain.To(rapid.SampledFrom(values).Draw(rt, field+" is"))
	}
	return domain.Change[T]{}
}

func (d ofDesk) drawn(rt *rapid.T) ticket.Change {
	at := func(field string) domain.Change[time.Time] {
		hours := rapid.IntRange(-5, 50).Draw(rt, field+" in")
		return maybe(rt, field, true, d.Now().Add(time.Duration(hours)*time.Hour+time.Microsecond))
	}
	return ticket.Change{
		Title: maybe(rt, "title", false, "Printer", "Smoke", "Fire"), Description: maybe(rt, "description", false, "It burns.", "It is out."),
		StatusID: maybe(rt, "status", true, d.statuses...), PriorityID: maybe(rt, "priority", true, d.priorities...), MenuID: maybe(rt, "menu", true, d.menus...),
		CreatedFor: maybe(rt, "customer", true, d.people...), AssignedTo: maybe(rt, "assignee", true, d.people...),
		ResponseDeadline: at("response deadline"), DueDate: at("due date"), ResolvedAt: at("resolution"), SLADueDate: at("due time"),
		IsEscalated: maybe(rt, "escalation", false, true, false), CustomerSatisfaction: maybe(rt, "satisfaction", true, 1, 5),
	}
}

// step does something, drawn, that may be refused.
func (d ofDesk) step(rt *rapid.T) error {
	ctx, as := d.t.Context(), d.Actor(rapid.SampledFrom([]string{fixture.Root, fixture.Agent, fixture.Agent2, fixture.Customer}).Draw(rt, "as"))
	d.Wait(rapid.SampledFrom([]time.Duration{0, time.Microsecond, time.Minute, 5 * time.Hour}).Draw(rt, "later"))
	switch rapid.SampledFrom([]string{"change", "change", "change", "replace", "comment", "sweep", "menu"}).Draw(rt, "do") {
	case "change":
		_, err := d.Tickets.Change(ctx, as, d.id, d.drawn(rt), nil)
		return err
	case "replace":
		c := d.drawn(rt)
		if rapid.Bool().Draw(rt, "the rest as it was") {
			c = merged(wholly(d.ticket()), c)
		}
		_, err := d.Tickets.Replace(ctx, as, d.id, c, nil)
		return err
	case "comment":
		draft := ticket.CommentDraft{Body: domain.To("x"), Visibility: domain.To(rapid.SampledFrom([]string{"public", "internal"}).Draw(rt, "visibility"))}
		draft.StatusID = maybe(rt, "status", true, d.statuses...)
		c, err := d.Comments.Write(ctx, as, d.id, draft, nil)
		if err == nil && rapid.Bool().Draw(rt, "and published") {
			_, err = d.Comments.Edit(ctx, as, d.id, c.ID, ticket.CommentChange{Visibility: domain.To("public")}, nil)
		}
		return err
	case "menu":
		d.Wait(time.Microsecond) // the store makes the ids of these entries: they sort by their moment only
		defer d.Wait(time.Microsecond)
		return d.Menus.Delete(ctx, as, domain.ID(rapid.SampledFrom(d.menus).Draw(rt, "menu")), nil)
	}
	_, err := d.ServiceLevels.Sweep(ctx)
	return err
}

// replay lets what is on record happen to a ticket, oldest first, or undoes it, newest first.
func replay(rt *rapid.T, p portrait, entries []ticket.EntryView, undo bool) portrait {
	p = maps.Clone(p)
	for _, e := range entries {
		if e.Kind != ticket.EntryChanged {
			continue
		}
		from, to := value{e.From, e.FromName}, value{e.To, e.ToName}
		if undo {
			from, to = to, from
		}
		if p[e.Field] != from {
			rt.Fatalf("%s was %q, and changed from %q to %q", e.Field, p[e.Field], from, to)
		}
		p[e.Field] = to
	}
	return p
}

// changeEverything changes every field that somebody may set, whatever the ticket has gone through, and returns those whose
// values became others. Each change must be accepted: what a property shows does not depend on what was drawn.
func (d ofDesk) changeEverything(rt *rapid.T) map[string]bool {
	before := portrayed(d.ticket())
	other := func(is domain.ID, of []string) domain.Change[string] {
		return domain.To(of[slices.IndexFunc(of, func(id string) bool { return id != string(is) })])
	}
	touched := map[string]bool{}
	for _, change := range []func(ticket.View) ticket.Change{
		func(ticket.View) ticket.Change { return ticket.Change{StatusID: domain.To(d.statuses[0])} },
		func(v ticket.View) ticket.Change {
			later := d.Now().Add(1000 * time.Hour)
			return ticket.Change{
				Title: domain.To(v.Title + "!"), Description: domain.To(v.Description + "!"), PriorityID: other(v.PriorityID, d.priorities),
				CreatedFor: other(v.CreatedFor, d.people), AssignedTo: other(v.AssignedTo, d.people[:2]), ResponseDeadline: domain.To(later),
				DueDate: domain.To(later.Add(time.Hour)), SLADueDate: domain.To(later), IsEscalated: domain.To(!v.IsEscalated),
			}
		},
		func(v ticket.View) ticket.Change {
			return ticket.Change{StatusID: domain.To(d.statuses[3]), CustomerSatisfaction: domain.To(1 + v.CustomerSatisfaction%5)}
		},
	} {
		d.Wait(time.Minute)
		if _, err := d.Tickets.Change(d.t.Context(), d.Actor(fixture.Root), d.id, change(d.ticket()), nil); err != nil {
			rt.Fatalf("%v of %+v", err, before)
		}
		after := portrayed(d.ticket())
		for field, is := range after {
			if is != before[field] {
				touched[field] = true
			}
		}
		before = after
	}
	return touched
}

func TestTheRecordOfATicketIsComplete(t *testing.T) {
	accepted, refused := 0, 0
	tryEach(t, func(rt *rapid.T) {
		d := drawable(newLobby(example{t, rt}))
		opening := d.drawn(rt)
		opening.Title, opening.Description = domain.To("Printer"), domain.To("It burns.")
		first, err := d.Tickets.Open(t.Context(), d.Actor(fixture.Agent), opening, nil)
		if err != nil {
			rt.Skip(err)
		}
		d.id = first.ID
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			switch err := d.step(rt); {
			case err == nil:
				accepted++
			case domain.KindOf(err) == domain.Internal:
				rt.Fatal(err)
			default:
				refused++
			}
		}
		touched := d.changeEverything(rt)
		last := d.ticket()
		all := records(d.Desk, d.id)
		if !maps.Equal(replay(rt, portrayed(last), all, true), portrayed(first)) {
			rt.Fatalf("undoing it all does not lead back to\n%+v\nfrom\n%+v", first, last)
		}
		for field := range touched {
			if !slices.ContainsFunc(all, func(e ticket.EntryView) bool { return e.Field == field }) {
				rt.Fatalf("no change of %s is on record", field)
			}
		}
		slices.Reverse(all)
		if all[0].Kind != ticket.EntryCreated || !maps.Equal(replay(rt, portrayed(first), all, false), portrayed(last)) {
			rt.Fatalf("repeating it all does not lead from\n%+v\nto\n%+v", first, last)
		}
	})
	t.Logf("%d drawn changes were accepted, %d refused", accepted, refused)
}
