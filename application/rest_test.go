package application_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
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
