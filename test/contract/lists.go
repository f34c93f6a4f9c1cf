package contract

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/search"
	"tickt/domain/ticket"
	"tickt/ports"
)

func lists(t *testing.T, d suite) {
	t.Run("an empty list has one empty page", func(t *testing.T) {
		for _, o := range ticket.Orders {
			for number := range 3 {
				page, err := d.list(t.Context(), everything, ticket.Query{Order: o, Now: noon, Size: 5, Number: number})
				must(t, err)
				same(t, page, ports.TicketPage{Tickets: []ticket.View{}})
			}
		}
	})
	p := populate(t, d, 2026, 200)
	t.Run("random queries, by page and by cursor, return what the model returns", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) { p.compare(t.Context(), r, p.anyReach(r), p.anyQuery(r)) })
	})
	t.Run("every filter alone selects the right tickets", func(t *testing.T) { p.everyFilter(t) })
	t.Run("tickets whose urgency has expired are in the right place", func(t *testing.T) {
		for hours := range 8 {
			q := ticket.Query{Order: ticket.ByImportance, Now: noon.Add(time.Duration(hours) * time.Hour), Size: 50}
			p.compare(t.Context(), t, everything, q)
		}
	})
	t.Run("changed weights and a renamed creator change the order immediately", func(t *testing.T) { p.changeWeights(t) })
	t.Run("paging by cursor returns every ticket once while others are added", func(t *testing.T) { p.walkWhileWriting(t) })
}

// filtersAndOrders lists with each filter alone, and in each order by cursor and by page.
func filtersAndOrders(t *testing.T, d suite) {
	p := populate(t, d, 2026, 50)
	p.everyFilter(t)
	for _, o := range ticket.Orders {
		for _, reach := range []access.Reach{everything, {Account: idsOfPeople(p)[0]}} {
			for _, hours := range []time.Duration{0, 3} { // later, some stored urgencies have expired
				p.compare(t.Context(), t, reach, ticket.Query{Order: o, Now: noon.Add(hours * time.Hour), Size: 7})
			}
		}
	}
}

func (d suite) list(ctx context.Context, reach access.Reach, q ticket.Query) (page ports.TicketPage, err error) {
	err = d.store.View(ctx, func(tx ports.Tx) (err error) {
		page, err = tx.Tickets.List(ctx, reach, q)
		return err
	})
	return page, err
}

// failer has the methods that *testing.T and *rapid.T share.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// compare reads a list to its end by cursor, and some of its pages by number, and compares them with the model.
func (p *population) compare(ctx context.Context, t failer, reach access.Reach, q ticket.Query) {
	t.Helper()
	want := p.want(reach, q)
	var walked []ticket.View
	for at := q; ; {
		page, err := p.list(ctx, reach, at)
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		walked = append(walked, page.Tickets...)
		if page.Next == nil {
			break
		}
		if len(page.Tickets) != q.Size || len(walked) >= len(want) {
			t.Fatalf("a page of %d has a next one; %d tickets read of %d", len(page.Tickets), len(walked), len(want))
		}
		if last := page.Tickets[q.Size-1].PositionIn(q.Order, q.Now); last.Compare(*page.Next) != 0 {
			t.Fatalf("Next is %+v, but the last ticket is at %+v", *page.Next, last)
		}
		at.After = page.Next
	}
	if diff := cmp.Diff(want, append([]ticket.View{}, walked...)); diff != "" {
		t.Fatalf("by cursor, want -, got +:\n%s", diff)
	}
	last := (len(want) + q.Size - 1) / q.Size
	for _, number := range []int{1, (last + 1) / 2, last, last + 1} {
		at := q
		at.Number = max(number, 1)
		page, err := p.list(ctx, reach, at)
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		from := min((at.Number-1)*q.Size, len(want))
		if diff := cmp.Diff(want[from:min(from+q.Size, len(want))], page.Tickets); diff != "" || page.Count != len(want) || page.Next != nil {
			t.Fatalf("page %d, count %d of %d, next %v; want -, got +:\n%s", at.Number, page.Count, len(want), page.Next, diff)
		}
	}
}

func (p *population) anyReach(r *rapid.T) access.Reach {
	if rapid.Bool().Draw(r, "all") {
		return everything
	}
	return access.Reach{Account: p.anyPerson(r, "reach")}
}

func (p *population) anyPerson(r *rapid.T, label string) domain.ID {
	return rapid.SampledFrom(append([]domain.ID{newID(), ""}, idsOfPeople(p)...)).Draw(r, label)
}

func idsOfPeople(p *population) (ids []domain.ID) {
	for _, a := range p.people {
		ids = append(ids, a.ID)
	}
	return ids
}

// anyQuery draws a query. Each part of the filter is rarely set, so that some tickets match.
func (p *population) anyQuery(r *rapid.T) ticket.Query {
	set := func(part string) bool { return rapid.IntRange(0, 5).Draw(r, part) == 5 }
	people := func(part string) (ids []domain.ID) {
		if set(part) {
			ids = rapid.SliceOfN(rapid.Custom(func(r *rapid.T) domain.ID { return p.anyPerson(r, "who") }), 0, 4).Draw(r, part)
		}
		return ids
	}
	codes := func(part, format string) (codes []string) {
		if set(part) {
			codes = rapid.SliceOfN(rapid.Custom(func(r *rapid.T) string { return fmt.Sprintf(format, rapid.IntRange(0, 6).Draw(r, "n")) }), 0,
				3).Draw(r, part)
		}
		return codes
	}
	flag := func(part string) *bool {
		if !set(part) {
			return nil
		}
		b := rapid.Bool().Draw(r, part)
		return &b
	}
	moment := func(part string) time.Time {
		if !set(part) {
			return time.Time{}
		}
		return noon.Add(time.Duration(rapid.IntRange(-20, 7).Draw(r, part)) * time.Hour)
	}
	f := ticket.Filter{
		Statuses: codes("status", "S-%d"), Priorities: codes("priority", "P-%d"),
		AssignedTo: people("assigned to"), CreatedFor: people("created for"), CreatedBy: people("created by"),
		Breached: flag("breached"), Escalated: flag("escalated"), Overdue: flag("overdue"),
		Active: set("active"), Unassigned: set("unassigned"), Urgent: set("urgent"),
		After: moment("after"), Before: moment("before"), DueBefore: moment("due before"),
	}
	if set("menu") {
		f.Menus = []domain.ID{newID(), rapid.SampledFrom(p.menus).Draw(r, "which").ID}
	}
	if set("search") {
		f.Search = searchFor(anySearch(r))
	}
	return ticket.Query{
		Filter: f, Order: rapid.SampledFrom(ticket.Orders).Draw(r, "order"),
		Now: noon.Add(time.Duration(rapid.IntRange(0, 8*60).Draw(r, "now")) * time.Minute), Size: rapid.IntRange(1, 7).Draw(r, "size"),
	}
}

// anySearch draws one or two prefixes of words.
func anySearch(r *rapid.T) (text string) {
	for range rapid.IntRange(1, 2).Draw(r, "words") {
		word := []rune(rapid.SampledFrom(vocabulary).Draw(r, "word"))
		text += " " + string(word[:rapid.IntRange(1, len(word)).Draw(r, "letters")])
	}
	return text
}

// searchFor returns the search for what was typed.
func searchFor(typed string) *search.Query {
	q, ok := search.Parse(typed)
	if !ok {
		panic("too many words: " + typed)
	}
	return &q
}

// everyFilter tests each part of a filter alone.
func (p *population) everyFilter(t *testing.T) {
	yes, no := true, false
	someone, none := []domain.ID{p.people[0].ID, p.people[2].ID}, []domain.ID{}
	filters := map[string]ticket.Filter{
		"menus": {Menus: []domain.ID{p.menus[0].ID, p.menus[1].ID}}, "an unknown menu": {Menus: []domain.ID{newID()}}, "no menu": {Menus: none},
		"statuses": {Statuses: []string{"S-0", "S-3"}}, "an unknown status": {Statuses: []string{"NONE"}}, "no status": {Statuses: []string{}},
		"priorities": {Priorities: []string{"P-1", "P-4"}}, "an unknown priority": {Priorities: []string{"NONE"}},
		"assigned to": {AssignedTo: someone}, "created for": {CreatedFor: someone}, "created by": {CreatedBy: someone},
		"assigned to no one": {AssignedTo: []domain.ID{""}}, "created by an unknown account": {CreatedBy: []domain.ID{newID()}},
		"breached": {Breached: &yes}, "not breached": {Breached: &no}, "escalated": {Escalated: &yes}, "not escalated": {Escalated: &no},
		"overdue": {Overdue: &yes}, "not overdue": {Overdue: &no},
		"active": {Active: true}, "unassigned": {Unassigned: true}, "urgent": {Urgent: true},
		"unassigned, active and urgent": {Unassigned: true, Active: true, Urgent: true},
		"created after":                 {After: noon.Add(-10 * time.Hour)}, "created before": {Before: noon.Add(-10 * time.Hour)},
		"due before": {DueBefore: noon.Add(100 * time.Microsecond)}, "a search without a word": {Search: searchFor("?!")},
		"a search for part of the number": {Search: searchFor(p.tickets[7].Number)},
	}
	for _, w := range vocabulary {
		filters["search "+w] = ticket.Filter{Search: searchFor(w)}
	}
	for name, f := range filters {
		t.Run(name, func(t *testing.T) {
			p.compare(t.Context(), t, everything, ticket.Query{Filter: f, Order: ticket.ByCreated, Now: noon, Size: 60})
		})
	}
}

// changeWeights reverses the weights, renames a creator, and compares every order again.
func (p *population) changeWeights(t *testing.T) {
	for i := range p.statuses {
		p.statuses[i].Weight = 9 - p.statuses[i].Weight
	}
	for i := range p.priorities {
		p.priorities[i].Weight = 3000 - p.priorities[i].Weight
	}
	p.people[0].Username, p.people[0].UsernameKey = "zzz", "zzz"
	p.update(t, func(ctx context.Context, tx ports.Tx) error {
		err := tx.Accounts.Save(ctx, p.people[0])
		for _, s := range p.statuses {
			err = errors.Join(err, tx.Statuses.Save(ctx, s))
		}
		for _, x := range p.priorities {
			err = errors.Join(err, tx.Priorities.Save(ctx, x))
		}
		return err
	})
	for _, o := range ticket.Orders {
		p.compare(t.Context(), t, everything, ticket.Query{Order: o, Now: noon, Size: 60})
	}
}

// walkWhileWriting adds tickets, before and after the current position, between the pages.
func (p *population) walkWhileWriting(t *testing.T) {
	for _, o := range ticket.Orders {
		t.Run(string(o), func(t *testing.T) {
			q := ticket.Query{Order: o, Now: noon, Size: 20}
			missing := idsOf(p.want(everything, q))
			seen := map[domain.ID]bool{}
			for {
				page, err := p.list(t.Context(), everything, q)
				must(t, err)
				for _, v := range page.Tickets {
					if seen[v.ID] {
						t.Fatalf("ticket %s was listed twice", v.ID)
					}
					seen[v.ID] = true
				}
				if page.Next == nil {
					break
				}
				q.After = page.Next
				p.insert(t, 5)
			}
			missing = slices.DeleteFunc(missing, func(id domain.ID) bool { return seen[id] })
			if len(missing) > 0 {
				t.Errorf("missed %d tickets: %v", len(missing), missing)
			}
		})
	}
}
