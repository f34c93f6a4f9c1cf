package record_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

var errForgotten = errors.New("nobody remembers")

// forgetfulHistory is that of a store that cannot keep it.
type forgetfulHistory struct{ ports.History }

func (forgetfulHistory) Add(context.Context, []ticket.Entry) error { return errForgotten }

func (forgetfulHistory) LoseMenu(context.Context, domain.ID, string, ticket.Cause) error {
	return errForgotten
}

func TestNothingIsKeptThatCannotBePutOnRecord(t *testing.T) {
	c := desk.NewCase(t)
	note := c.MustWrite(desk.Agent, desk.Internal("a"))
	before, agent, ctx := c.Ticket(), c.Actor(desk.Agent), t.Context()
	shelf := c.AddMenu("/shelf/").ID
	forgetful := c.With(desk.Tap(func(tx *ports.Tx) { tx.History = forgetfulHistory{tx.History} }))
	for name, try := range map[string]func() error{
		"comment": func() error {
			return desk.Err(forgetful.Comments.Write(ctx, agent, c.TicketID, c.WithStatus(desk.Public("x"), "PENDING"), nil))
		},
		"edit": func() error {
			change := ticket.CommentPatch{Body: domain.Some("b")}
			return desk.Err(forgetful.Comments.Edit(ctx, agent, c.TicketID, note.ID, change, nil))
		},
		"take back": func() error { return forgetful.Comments.Delete(ctx, agent, c.TicketID, note.ID, nil) },
		"open": func() error {
			change := ticket.Patch{Title: domain.Some("x"), Description: domain.Some("x")}
			return desk.Err(forgetful.Tickets.Open(ctx, agent, change, nil))
		},
		"change": func() error {
			return desk.Err(forgetful.Tickets.Update(ctx, agent, c.TicketID, ticket.Patch{Title: domain.Some("x")}, nil))
		},
		"delete":        func() error { return forgetful.Tickets.Delete(ctx, agent, c.TicketID, nil) },
		"remove a menu": func() error { return forgetful.Menus.Delete(ctx, c.Actor(desk.Root), shelf, nil) },
	} {
		if err := try(); !errors.Is(err, errForgotten) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.Wait(25 * time.Hour)
	if _, err := forgetful.ServiceLevels.Sweep(ctx); !errors.Is(err, errForgotten) {
		t.Error("sweep:", err)
	}
	page := desk.Must(c.Tickets.List(ctx, c.Actor(desk.Root), ticket.Query{Order: ticket.ByCreated, Size: 9, Number: 1}))(t)
	if c.Ticket() != before || len(page.Tickets) != 1 || !slices.Equal(c.CommentsAs(desk.Root), []string{"agent: a"}) {
		t.Errorf("left %+v, %q", page, c.CommentsAs(desk.Root))
	}
	if got := c.Menu("/shelf/"); got.ID != shelf {
		t.Errorf("left %+v", got)
	}
}
