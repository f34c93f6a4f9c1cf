package contract

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/search"
	"tickt/domain/ticket"
	"tickt/ports"
)

// population is a store of random tickets with a copy of its content, from which the expected lists are computed.
type population struct {
	suite
	random     *rand.Rand
	statuses   []ticket.Status
	priorities []ticket.Priority
	menus      []access.Menu
	people     []account.Account
	tickets    []ticket.Ticket
	comments   map[domain.ID][]ticket.Comment // by ticket, the oldest first
}

// vocabulary has words in several scripts; some are prefixes of others, some are equal when folded.
var vocabulary = []string{
	"print", "Printer", "PRINTED", "naïve", "NAÏVE", "naive", "e\u0301cole", "日本語", "日本", "Дело", "straße", "STRASSE",
	"x1", "x1y2", "and", "or", "not", "near", "ﬁn", "नमस्ते",
}

// populate fills a store. Weights repeat, and some equal an urgency; names differ in case and script; times repeat.
// So every order has ties.
func populate(t *testing.T, d suite, seed uint64, n int) *population {
	p := &population{suite: d, random: rand.New(rand.NewPCG(seed, 1))}
	for i, w := range []int{1, 2, 2, 5, 6, 0} {
		s := statusKind.with(entry{code: fmt.Sprintf("S-%d", i)})
		s.Weight, s.StatusType = w, ticket.StatusTypes[i]
		p.statuses = append(p.statuses, s)
	}
	for i, w := range []int{10, 20, 20, ticket.UrgencyEscalated, 2000} {
		p.priorities = append(p.priorities, priorityKind.with(entry{code: fmt.Sprintf("P-%d", i), weight: w}))
	}
	for range 3 {
		p.menus = append(p.menus, someMenu())
	}
	for _, name := range []string{"anna", "Bert", "ÉLAN", "élise", "Zoë", "anna-b", "bert2"} {
		a := someAccount()
		a.Username, a.UsernameKey, a.IsActive = name, domain.FoldCase(name), name != "bert2" && name != "élise"
		p.people = append(p.people, a)
	}
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, m := range p.menus {
			err = errors.Join(err, tx.Menus.Add(ctx, m))
		}
		for _, a := range p.people {
			err = errors.Join(err, tx.Accounts.Add(ctx, a))
		}
		return err
	})
	statusKind.add(t, d, p.statuses...)
	priorityKind.add(t, d, p.priorities...)
	p.insert(t, n)
	return p
}

// insert adds random tickets.
func (p *population) insert(t *testing.T, n int) {
	xs := make([]ticket.Ticket, n)
	for i := range xs {
		if xs[i] = p.ticket(); i > 0 && p.chance(30) {
			xs[i].FollowUpOf = xs[p.random.IntN(i)].ID
		}
	}
	p.addTickets(t, xs...)
	p.tickets = append(p.tickets, xs...)
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func (p *population) chance(percent int) bool { return p.random.IntN(100) < percent }

// moment returns one of a few times around noon, or the zero time.
func (p *population) moment() time.Time {
	if p.chance(40) {
		return time.Time{}
	}
	return noon.Add(time.Duration(p.random.IntN(13)-6)*time.Hour + time.Duration(p.random.IntN(3))*100*time.Microsecond)
}

func (p *population) ticket() ticket.Ticket {
	words := make([]string, 1+p.random.IntN(4))
	for i := range words {
		words[i] = pick(p.random, vocabulary)
	}
	id, status := newID(), pick(p.random, p.statuses)
	x := ticket.Ticket{
		ID: id, Number: "TKT-20260301-" + string(id[24:]), Title: strings.Join(words, ", "), Description: pick(p.random, vocabulary) + "!",
		StatusID: status.ID, PriorityID: pick(p.random, p.priorities).ID, CreatedBy: pick(p.random, p.people).ID,
		ResponseDeadline: p.moment(), DueDate: p.moment(), SLADueDate: p.moment(), SLABreached: p.chance(15), IsEscalated: p.chance(20),
		CreatedAt: noon.Add(-time.Duration(1+p.random.IntN(20)) * time.Hour), UpdatedAt: noon,
	}
	for _, person := range []*domain.ID{&x.CreatedFor, &x.AssignedTo} {
		if p.chance(60) {
			*person = pick(p.random, p.people).ID
		}
	}
	if p.chance(60) {
		x.MenuID = pick(p.random, p.menus).ID
	}
	if p.chance(30) {
		x.FirstResponseAt = noon.Add(-time.Hour)
	}
	if p.chance(10) {
		x.DeletedAt = noon
	}
	// its urgency was computed some time ago, without a sweep since
	v := p.view(x)
	v.RecomputeUrgency(noon.Add(-time.Duration(p.random.IntN(6)) * time.Hour))
	return v.Ticket
}

func firstWhere[T any](all []T, match func(T) bool) (x T) {
	if i := slices.IndexFunc(all, match); i >= 0 {
		return all[i]
	}
	return x
}

func (p *population) status(id domain.ID) ticket.Status {
	return firstWhere(p.statuses, func(s ticket.Status) bool { return s.ID == id })
}

func (p *population) priority(id domain.ID) ticket.Priority {
	return firstWhere(p.priorities, func(x ticket.Priority) bool { return x.ID == id })
}

func (p *population) view(x ticket.Ticket) ticket.View {
	whose := func(id domain.ID) account.Account {
		return firstWhere(p.people, func(a account.Account) bool { return a.ID == id })
	}
	person := func(id domain.ID) string { return whose(id).Username }
	s, r := p.status(x.StatusID), p.priority(x.PriorityID)
	return ticket.View{Ticket: x, Names: ticket.Names{
		MenuName:   firstWhere(p.menus, func(m access.Menu) bool { return m.ID == x.MenuID }).Name,
		StatusName: s.Name, StatusType: s.StatusType, StatusWeight: s.Weight, PriorityName: r.Name, PriorityWeight: r.Weight,
		CreatedForName: person(x.CreatedFor), AssignedToName: person(x.AssignedTo),
		AssigneeGone: x.AssignedTo != "" && !whose(x.AssignedTo).IsActive, CreatedByName: person(x.CreatedBy),
	}}
}

// viewWithin is view for a reader, who learns only of the tickets within its reach.
func (p *population) viewWithin(x ticket.Ticket, reach access.Reach) ticket.View {
	v := p.view(x)
	followed := firstWhere(p.tickets, func(y ticket.Ticket) bool { return y.ID == x.FollowUpOf })
	if followed.ID != "" && followed.DeletedAt.IsZero() && followed.Within(reach) {
		v.FollowUpNumber = followed.Number
	}
	return v
}

// document returns what is searched of a ticket.
func (p *population) document(x ticket.Ticket) search.Document {
	requester := firstWhere(p.people, func(a account.Account) bool { return a.ID == x.Requester() })
	document := x.Searched(ticket.Requester{Username: requester.Username, Email: requester.Email})
	for _, c := range slices.Backward(p.comments[x.ID]) {
		document.Add(c.Searched())
	}
	return document.Document()
}

// want returns the expected list, filtered and sorted by the domain.
func (p *population) want(reach access.Reach, q ticket.Query) []ticket.View {
	out := []ticket.View{}
	for _, x := range p.tickets {
		v := p.viewWithin(x, reach)
		if x.DeletedAt.IsZero() && x.Within(reach) && q.Filter.Matches(v, p.status(x.StatusID).Code, p.priority(x.PriorityID).Code, q.Now) &&
			q.Finds(p.document(x)) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b ticket.View) int { return a.PositionIn(q.Order, q.Now).Compare(b.PositionIn(q.Order, q.Now)) })
	return out
}
