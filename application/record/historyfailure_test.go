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

var errHistory = errors.New("history cannot be written")

// failingHistory fails all writes.
type failingHistory struct{ ports.History }

func (failingHistory) Add(context.Context, []ticket.Entry) error { return errHistory }

func (failingHistory) LoseMenu(context.Context, domain.ID, string, ticket.Cause) error {
	return errHistory
}

func TestChangeWithoutHistoryIsNotKept(t *testing.T) {
	c := desk.NewCase(t)
	note := c.MustWrite(desk.Agent, desk.Internal("a"))
	before, agent, ctx := c.Ticket(), c.Actor(desk.Agent), t.Context()
	shelf := c.AddMenu("/shelf/").ID
	failing := c.With(desk.Tap(func(tx *ports.Tx) { tx.History = failingHistory{tx.History} }))
	for name, try := range map[string]func() error{
		"comment": func() error {
			return desk.Err(failing.Comments.Write(ctx, agent, c.TicketID, c.WithStatus(desk.Public("x"), "PENDING"), nil))
		},
		"edit": func() error {
			change := ticket.CommentPatch{Body: domain.Some("b")}
			return desk.Err(failing.Comments.Edit(ctx, agent, c.TicketID, note.ID, change, nil))
		},
		"delete a comment": func() error { return failing.Comments.Delete(ctx, agent, c.TicketID, note.ID, nil) },
		"open": func() error {
			change := ticket.Patch{Title: domain.Some("x"), Description: domain.Some("x")}
			return desk.Err(failing.Tickets.Open(ctx, agent, change, nil))
		},
		"change": func() error {
			return desk.Err(failing.Tickets.Update(ctx, agent, c.TicketID, ticket.Patch{Title: domain.Some("x")}, nil))
		},
		"delete":        func() error { return failing.Tickets.Delete(ctx, agent, c.TicketID, nil) },
		"remove a menu": func() error { return failing.Menus.Delete(ctx, c.Actor(desk.Root), shelf, nil) },
	} {
		if err := try(); !errors.Is(err, errHistory) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.Wait(25 * time.Hour)
	if _, err := failing.ServiceLevels.Sweep(ctx); !errors.Is(err, errHistory) {
		t.Error("sweep:", err)
	}
	page := desk.Must(c.Tickets.List(ctx, c.Actor(desk.Root), ticket.Query{Order: ticket.ByCreated, Size: 9, Number: 1}))(t)
	if c.Ticket() != before || len(page.Tickets) != 1 || !slices.Equal(c.CommentsAs(desk.Root), []string{"agent: a"}) {
		t.Errorf("stored %+v, %q", page, c.CommentsAs(desk.Root))
	}
	if got := c.Menu("/shelf/"); got.ID != shelf {
		t.Errorf("stored %+v", got)
	}
}
