package contract

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// bodies are what comments and internal notes say, in several scripts.
var bodies = []string{
	"The fuser is broken.", "プリンターが故障した",
	"Le problème est résolu", "打印机坏了", "?!",
	"เครื่องพิมพ์เสีย", "프린터가 고장났어요",
	"fuser, again", "प्रिन्टर बिग्रियो",
}

// searched are searches for these, for parts of them, and for phrases.
var searched = []string{
	"fuser", "FUSER bro", "リンター",
	"probleme", `"is broken"`, `"broken fuser"`, "印机", "พิมพ์",
	"린터", "प्रि", "print fuser", "anna", "again", "tkt",
	"x1 fuser",
	`"故障した"`, "?!", "日本",
}

// searches compares what searches find with the documents of a model, while comments are written, edited and taken back.
func searches(t *testing.T, d suite) {
	p := populate(t, d, 2032, 40)
	p.comments = map[domain.ID][]ticket.Comment{}
	p.compareSearches(t, "without comments")
	for i := range 60 {
		x := pick(p.random, p.tickets)
		c := ticket.Comment{
			ID: newID(), TicketID: x.ID, Body: pick(p.random, bodies), Visibility: ticket.Public, AuthorID: p.people[0].ID,
			CreatedAt: noon.Add(time.Duration(i) * time.Minute),
		}
		if p.chance(40) {
			c.Visibility = ticket.Internal
		}
		p.changeComments(t, x, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Add(ctx, c) })
		p.comments[x.ID] = append(p.comments[x.ID], c)
	}
	p.compareSearches(t, "with comments")
	for id, all := range p.comments {
		x := firstWhere(p.tickets, func(x ticket.Ticket) bool { return x.ID == id })
		switch p.random.IntN(3) {
		case 0:
			all[0].Body = pick(p.random, bodies)
			p.changeComments(t, x, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Save(ctx, all[0]) })
		case 1:
			all[0].Visibility = ticket.Internal
			p.changeComments(t, x, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Save(ctx, all[0]) })
		default:
			p.changeComments(t, x, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Remove(ctx, all[0].ID) })
			p.comments[id] = all[1:]
		}
	}
	p.compareSearches(t, "with comments that were changed")
	for i := range p.tickets[:20] {
		x := &p.tickets[i]
		switch i % 3 {
		case 0:
			x.Title = "Fuser " + x.Title
		case 1:
			x.CreatedFor = p.people[0].ID
		default:
			x.DeletedAt = noon
		}
		p.update(t, func(ctx context.Context, tx ports.Tx) error {
			_, err := tx.Tickets.Lock(ctx, x.ID, everything)
			if errors.Is(err, domain.ErrNotFound) { // deleted before
				err = nil
			}
			return errors.Join(err, tx.Tickets.Save(ctx, *x))
		})
	}
	p.compareSearches(t, "with tickets that were changed")
	p.longDocuments(t)
}

// changeComments changes comments on a ticket, which it locks as the use cases do.
func (p *population) changeComments(t *testing.T, x ticket.Ticket, change func(context.Context, ports.Tx) error) {
	t.Helper()
	p.update(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.Tickets.Lock(ctx, x.ID, everything)
		if errors.Is(err, domain.ErrNotFound) {
			err = nil
		}
		return errors.Join(err, change(ctx, tx))
	})
}

// compareSearches compares searches of readers with and without internal notes, of all tickets and of their own: what they find, in
// which order, and how many.
func (p *population) compareSearches(t *testing.T, when string) {
	t.Helper()
	for i, typed := range searched {
		for _, reader := range []struct {
			reach access.Reach
			notes bool
		}{{everything, true}, {everything, false}, {access.Reach{Account: p.people[0].ID}, false}} {
			q := ticket.Query{
				Filter: ticket.Filter{Search: searchFor(typed)}, Order: ticket.Orders[i%len(ticket.Orders)], Now: noon, Size: 9, Notes: reader.notes,
			}
			t.Run(fmt.Sprintf("%s, %s, notes %v, all %v", when, typed, reader.notes, reader.reach.All), func(t *testing.T) {
				p.compare(t.Context(), t, reader.reach, q)
			})
		}
	}
}

// longDocuments adds texts of the greatest length. None is refused; all are found after Rewrite at the latest.
func (p *population) longDocuments(t *testing.T) {
	x := p.tickets[slices.IndexFunc(p.tickets, func(x ticket.Ticket) bool { return x.DeletedAt.IsZero() })]
	var long strings.Builder
	for r := range rune(0x4000) {
		long.WriteRune(0x4e00 + r*0x9fff%0x4fff)
	}
	for i := range 8 {
		c := ticket.Comment{
			ID: newID(), TicketID: x.ID, Body: fmt.Sprintf("seen%d ", i) + strings.Repeat(long.String(), 4)[:3*0xff00], Visibility: ticket.Public,
			AuthorID: p.people[0].ID, CreatedAt: noon.Add(time.Duration(100+i) * time.Hour),
		}
		p.changeComments(t, x, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Add(ctx, c) })
		p.comments[x.ID] = append(p.comments[x.ID], c)
	}
	p.update(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.Documents.Rewrite(ctx, []domain.ID{x.ID, newID()})
	})
	for _, typed := range []string{"seen7", "seen0", "fuser"} {
		q := ticket.Query{Filter: ticket.Filter{Search: searchFor(typed)}, Order: ticket.ByCreated, Now: noon, Size: 9}
		p.compare(t.Context(), t, everything, q)
	}
}
