package record_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

// drawCase is a case with the values from which changes of its ticket are drawn.
type drawCase struct {
	*desk.Case
	statuses, priorities, people, menus []string
}

func newDrawCase(t testing.TB) drawCase {
	d := drawCase{Case: desk.NewCase(t)}
	d.statuses, d.priorities = d.StatusIDs(), d.PriorityIDs()
	for _, name := range []string{desk.Agent, desk.Agent2, desk.Customer, desk.Visitor} {
		d.people = append(d.people, string(d.ID(name)))
	}
	for i := range 3 {
		d.menus = append(d.menus, string(d.AddMenu(fmt.Sprintf("/shelf-%d/", i)).ID))
	}
	return d
}

// drawPatch draws a change of any fields.
func (d drawCase) drawPatch(rt *rapid.T) ticket.Patch {
	at := func(field string) domain.Optional[time.Time] {
		hours := rapid.IntRange(-5, 50).Draw(rt, field+" in")
		return desk.Maybe(rt, field, true, d.Now().Add(time.Duration(hours)*time.Hour+time.Microsecond))
	}
	return ticket.Patch{
		Title:       desk.Maybe(rt, "title", false, "Printer", "Smoke", "Fire"),
		Description: desk.Maybe(rt, "description", false, "It burns.", "It is out."),
		StatusID:    desk.Maybe(rt, "status", true, d.statuses...), PriorityID: desk.Maybe(rt, "priority", true, d.priorities...),
		MenuID:     desk.Maybe(rt, "menu", true, d.menus...),
		CreatedFor: desk.Maybe(rt, "customer", true, d.people...), AssignedTo: desk.Maybe(rt, "assignee", true, d.people...),
		ResponseDeadline: at("response deadline"), DueDate: at("due date"), ResolvedAt: at("resolution"), SLADueDate: at("due time"),
		IsEscalated: desk.Maybe(rt, "escalation", false, true, false), CustomerSatisfaction: desk.Maybe(rt, "satisfaction", true, 1, 5),
	}
}

// step does something that is drawn. It may be refused.
func (d drawCase) step(rt *rapid.T) error {
	ctx, as := d.T.Context(), d.Actor(rapid.SampledFrom([]string{desk.Root, desk.Agent, desk.Agent2, desk.Customer}).Draw(rt, "as"))
	d.Wait(rapid.SampledFrom([]time.Duration{0, time.Microsecond, time.Minute, 5 * time.Hour}).Draw(rt, "later"))
	switch rapid.SampledFrom([]string{"change", "change", "change", "replace", "comment", "sweep", "menu"}).Draw(rt, "do") {
	case "change":
		_, err := d.Tickets.Update(ctx, as, d.TicketID, d.drawPatch(rt), nil)
		return err
	case "replace":
		c := d.drawPatch(rt)
		if rapid.Bool().Draw(rt, "other fields unchanged") {
			c = merge(patchOf(d.Ticket()), c)
		}
		_, err := d.Tickets.Replace(ctx, as, d.TicketID, c, nil)
		return err
	case "comment":
		visibility := rapid.SampledFrom([]string{"public", "internal"}).Draw(rt, "visibility")
		draft := ticket.CommentDraft{Body: domain.Some("x"), Visibility: domain.Some(visibility)}
		draft.StatusID = desk.Maybe(rt, "status", true, d.statuses...)
		c, err := d.Comments.Write(ctx, as, d.TicketID, draft, nil)
		if err == nil && rapid.Bool().Draw(rt, "and published") {
			_, err = d.Comments.Edit(ctx, as, d.TicketID, c.ID, ticket.CommentPatch{Visibility: domain.Some("public")}, nil)
		}
		return err
	case "menu":
		d.Wait(time.Microsecond) // the store makes the ids of these entries, so only time orders them
		defer d.Wait(time.Microsecond)
		return d.Menus.Delete(ctx, as, domain.ID(rapid.SampledFrom(d.menus).Draw(rt, "menu")), nil)
	}
	_, err := d.ServiceLevels.Sweep(ctx)
	return err
}

// replay applies history entries, oldest first, to a snapshot, or undoes them, newest first.
func replay(rt *rapid.T, p ticketSnapshot, entries []ticket.EntryView, undo bool) ticketSnapshot {
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
			rt.Fatalf("%s was %q, but the history says that it changed from %q to %q", e.Field, p[e.Field], from, to)
		}
		p[e.Field] = to
	}
	return p
}

// changeEverything changes every field that clients can set, whatever the state of the ticket, and returns the fields
// whose values changed. Each change must be accepted, so that the property does not depend on what was drawn.
func (d drawCase) changeEverything(rt *rapid.T) map[string]bool {
	before := snapshotOf(d.Ticket())
	other := func(is domain.ID, of []string) domain.Optional[string] {
		return domain.Some(of[slices.IndexFunc(of, func(id string) bool { return id != string(is) })])
	}
	touched := map[string]bool{}
	for _, change := range []func(ticket.View) ticket.Patch{
		func(ticket.View) ticket.Patch { return ticket.Patch{StatusID: domain.Some(d.statuses[0])} },
		func(v ticket.View) ticket.Patch {
			later := d.Now().Add(1000 * time.Hour)
			return ticket.Patch{
				Title: domain.Some(v.Title + "!"), Description: domain.Some(v.Description + "!"), PriorityID: other(v.PriorityID, d.priorities),
				CreatedFor: other(v.CreatedFor, d.people), AssignedTo: other(v.AssignedTo, d.people[:2]), ResponseDeadline: domain.Some(later),
				DueDate: domain.Some(later.Add(time.Hour)), SLADueDate: domain.Some(later), IsEscalated: domain.Some(!v.IsEscalated),
			}
		},
		func(v ticket.View) ticket.Patch {
			return ticket.Patch{StatusID: domain.Some(d.statuses[3]), CustomerSatisfaction: domain.Some(1 + v.CustomerSatisfaction%5)}
		},
	} {
		d.Wait(time.Minute)
		if _, err := d.Tickets.Update(d.T.Context(), d.Actor(desk.Root), d.TicketID, change(d.Ticket()), nil); err != nil {
			rt.Fatalf("%v of %+v", err, before)
		}
		after := snapshotOf(d.Ticket())
		for field, is := range after {
			if is != before[field] {
				touched[field] = true
			}
		}
		before = after
	}
	return touched
}

func TestHistoryOfATicketIsComplete(t *testing.T) {
	accepted, refused := 0, 0
	desk.CheckProperty(t, func(rt *rapid.T) {
		d := newDrawCase(desk.Example(t, rt))
		opening := d.drawPatch(rt)
		opening.Title, opening.Description = domain.Some("Printer"), domain.Some("It burns.")
		first, err := d.Tickets.Open(t.Context(), d.Actor(desk.Agent), opening, nil)
		if err != nil {
			rt.Skip(err)
		}
		d.TicketID = first.ID
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
		last := d.Ticket()
		all := d.FullHistory()
		if !maps.Equal(replay(rt, snapshotOf(last), all, true), snapshotOf(first)) {
			rt.Fatalf("undoing the history does not lead back to\n%+v\nfrom\n%+v", first, last)
		}
		for field := range touched {
			if !slices.ContainsFunc(all, func(e ticket.EntryView) bool { return e.Field == field }) {
				rt.Fatalf("no change of %s is in the history", field)
			}
		}
		slices.Reverse(all)
		if all[0].Kind != ticket.EntryCreated || !maps.Equal(replay(rt, snapshotOf(first), all, false), snapshotOf(last)) {
			rt.Fatalf("replaying the history does not lead from\n%+v\nto\n%+v", first, last)
		}
	})
	t.Logf("%d drawn changes were accepted, %d refused", accepted, refused)
}
