package application_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
)

// lobby is a desk with a ticket of a customer on which people talk.
type lobby struct {
	*fixture.Desk
	t  testing.TB
	id domain.ID // of the ticket
}

func newLobby(t testing.TB) *lobby {
	l := &lobby{Desk: fixture.New(t), t: t}
	l.id = l.Open(fixture.Customer, ticket.Change{}).ID
	return l
}

func publicly(body string) ticket.CommentDraft {
	return ticket.CommentDraft{Body: domain.To(body)}
}

func internally(body string) ticket.CommentDraft {
	return ticket.CommentDraft{Body: domain.To(body), Visibility: domain.To("internal")}
}

// moving lets a draft change the status too.
func (l *lobby) moving(d ticket.CommentDraft, code string) ticket.CommentDraft {
	d.StatusID = domain.To(string(l.Status(code).ID))
	return d
}

// write says something on the lobby's ticket.
func (l *lobby) write(as string, d ticket.CommentDraft) (ticket.CommentView, error) {
	return l.Comments.Write(l.t.Context(), l.Actor(as), l.id, d, nil)
}

func (l *lobby) wrote(as string, d ticket.CommentDraft) ticket.CommentView {
	l.t.Helper()
	return must[ticket.CommentView](l.t)(l.write(as, d))
}

func (l *lobby) move(as, code string) error {
	_, err := l.Tickets.Change(l.t.Context(), l.Actor(as), l.id, ticket.Change{StatusID: domain.To(string(l.Status(code).ID))}, nil)
	return err
}

func (l *lobby) ticket() ticket.View {
	l.t.Helper()
	return must[ticket.View](l.t)(l.Tickets.Get(l.t.Context(), l.Actor(fixture.Root), l.id))
}

// talk gives what is said on the ticket, as somebody reads it.
func (l *lobby) talk(as string) (said []string) {
	l.t.Helper()
	all, next, err := l.Comments.List(l.t.Context(), l.Actor(as), l.id, nil, 100)
	if err != nil || next != nil {
		l.t.Fatal(next, err)
	}
	for _, c := range all {
		said = append(said, c.Author+": "+c.Body)
	}
	return said
}

// kinds gives what happened to the ticket, the newest first, as somebody reads it.
func (l *lobby) kinds(as string) (out []string) {
	l.t.Helper()
	all, _, err := l.Tickets.History(l.t.Context(), l.Actor(as), l.id, nil, 100)
	check(l.t, err)
	for _, e := range all {
		out = append(out, string(e.Kind)+e.Field)
	}
	return out
}

func TestNothingIsKeptThatCannotBePutOnRecord(t *testing.T) {
	l := newLobby(t)
	c := l.wrote(fixture.Agent, internally("a"))
	before, agent, ctx := l.ticket(), l.Actor(fixture.Agent), t.Context()
	shelf := must[access.MenuView](t)(l.Menus.Create(ctx, l.Actor(fixture.Root), access.MenuChange{Name: domain.To("Shelf"), URL: domain.To("/shelf/")}, nil))
	forgetful := application.New(application.Deps{Store: forgetful{l.Store}, Clock: l.Now, NewID: l.NewID, Zone: time.UTC})
	for name, try := range map[string]func() error{
		"comment": func() error {
			_, err := forgetful.Comments.Write(ctx, agent, l.id, l.moving(publicly("x"), "PENDING"), nil)
			return err
		},
		"edit": func() error {
			_, err := forgetful.Comments.Edit(ctx, agent, l.id, c.ID, ticket.CommentChange{Body: domain.To("b")}, nil)
			return err
		},
		"take back": func() error { return forgetful.Comments.Delete(ctx, agent, l.id, c.ID, nil) },
		"open": func() error {
			_, err := forgetful.Tickets.Open(ctx, agent, ticket.Change{Title: domain.To("x"), Description: domain.To("x")}, nil)
			return err
		},
		"change": func() error {
			_, err := forgetful.Tickets.Change(ctx, agent, l.id, ticket.Change{Title: domain.To("x")}, nil)
			return err
		},
		"delete":        func() error { return forgetful.Tickets.Delete(ctx, agent, l.id, nil) },
		"remove a menu": func() error { return forgetful.Menus.Delete(ctx, l.Actor(fixture.Root), shelf.ID, nil) },
	} {
		if err := try(); !errors.Is(err, errForgotten) {
			t.Errorf("%s: %v", name, err)
		}
	}
	l.Wait(25 * time.Hour)
	if _, err := forgetful.ServiceLevels.Sweep(ctx); !errors.Is(err, errForgotten) {
		t.Error("sweep:", err)
	}
	page := must[ports.TicketPage](t)(l.Tickets.List(ctx, l.Actor(fixture.Root), ticket.Query{Order: ticket.ByCreated, Size: 9, Number: 1}))
	if l.ticket() != before || len(page.Tickets) != 1 || !slices.Equal(l.talk(fixture.Root), []string{"agent: a"}) {
		t.Errorf("left %+v, %q", page, l.talk(fixture.Root))
	}
	if got := l.Menu("/shelf/"); got.ID != shelf.ID {
		t.Errorf("left %+v", got)
	}
}

var errForgotten = errors.New("nobody remembers")

// forgetful is a store that cannot keep history.
type forgetful struct{ ports.Store }

type forgetfulHistory struct{ ports.History }

func (forgetfulHistory) Add(context.Context, []ticket.Entry) error { return errForgotten }

func (forgetfulHistory) LoseMenu(context.Context, domain.ID, string, ticket.Cause) error {
	return errForgotten
}

func (s forgetful) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.History = forgetfulHistory{tx.History}
		return fn(tx)
	})
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kind(t testing.TB, err error, want domain.Kind) {
	t.Helper()
	if got := domain.KindOf(err); err == nil || got != want {
		t.Fatalf("got %v, want a failure of kind %v", err, want)
	}
}

// desk is an office with statuses and priorities: open (the default), resolved; medium (the default, 24 h), high (8 h).
type desk struct {
	*office
	open, resolved ticket.Status
	medium, high   ticket.Priority
}

func newDesk(t *testing.T) *desk {
	d := &desk{office: newOffice(t)}
	status := func(code string, typ ticket.StatusType, first bool) ticket.Status {
		s, err := d.Statuses.Create(t.Context(), d.root, ticket.StatusChange{Name: domain.To(code), Code: domain.To(code), StatusType: domain.To(string(typ)), IsDefault: domain.To(first)}, nil)
		check(t, err)
		return s
	}
	priority := func(code string, weight, hours int, first bool) ticket.Priority {
		p, err := d.Priorities.Create(t.Context(), d.root, ticket.PriorityChange{Name: domain.To(code), Code: domain.To(code), Weight: domain.To(weight), SLAHours: domain.To(hours), IsDefault: domain.To(first)}, nil)
		check(t, err)
		return p
	}
	d.open, d.resolved = status("open", ticket.Open, true), status("resolved", ticket.Resolved, false)
	d.medium, d.high = priority("medium", 20, 24, true), priority("high", 30, 8, false)
	return d
}

func (d *desk) file(actor access.Actor, c ticket.Change) ticket.View {
	d.t.Helper()
	c.Title, c.Description = domain.To("Printer"), domain.To("It burns.")
	v, err := d.Tickets.Open(d.t.Context(), actor, c, nil)
	check(d.t, err)
	return v
}

func TestSweepRecordsBreachesThatTimeBrought(t *testing.T) {
	d := newDesk(t)
	late, early := d.file(d.ann, ticket.Change{PriorityID: domain.To(string(d.high.ID))}), d.file(d.ann, ticket.Change{})
	sweep := func(want int) {
		t.Helper()
		n, err := d.ServiceLevels.Sweep(t.Context())
		check(t, err)
		if n != want {
			t.Errorf("swept %d, want %d", n, want)
		}
	}
	sweep(0)
	d.now = d.now.Add(8 * time.Hour)
	sweep(1)
	sweep(0)
	got, err := d.Tickets.Get(t.Context(), d.ann, late.ID)
	check(t, err)
	if !got.SLABreached || !got.UpdatedAt.Equal(d.now) {
		t.Errorf("%+v", got)
	}
	if got, err = d.Tickets.Get(t.Context(), d.ann, early.ID); err != nil || got.SLABreached {
		t.Errorf("%+v %v", got, err)
	}
}
