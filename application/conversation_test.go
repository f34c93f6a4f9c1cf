package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
)

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

func TestACommentUnderAKeyIsWrittenOnce(t *testing.T) {
	l := newLobby(t)
	under := func(fingerprint string, d ticket.CommentDraft) error {
		once := &usecase.Once{Key: "k", Fingerprint: fingerprint, Answer: func(made any) (ports.Reply, error) {
			return ports.Reply{Code: 201, Location: "/there/", Body: []byte(made.(ticket.CommentView).Body)}, nil
		}}
		_, err := l.Comments.Write(t.Context(), l.Actor(fixture.Agent), l.id, d, once)
		return err
	}
	fails(t, under("a", publicly(" ")), domain.Invalid, "Body cannot be blank.")
	closing := l.moving(publicly("Done."), "CLOSED")
	check(t, under("a", closing))
	replays(t, under("a", closing), "Done.") // though the ticket is closed now
	check(t, l.move(fixture.Agent, "OPEN"))
	replays(t, under("a", closing), "Done.")
	fails(t, under("b", publicly("x")), domain.Reused, "The Idempotency-Key was used for another request.")
	if v := l.ticket(); v.StatusType != ticket.Open || len(l.talk(fixture.Root)) != 1 {
		t.Errorf("left %+v, %q", v, l.talk(fixture.Root))
	}
}

func TestAnEditOfACommentAsksItsCondition(t *testing.T) {
	l := newLobby(t)
	c := l.wrote(fixture.Customer, publicly("a"))
	get := func(ctx context.Context, actor access.Actor, id domain.ID) (ticket.CommentView, error) {
		return l.Comments.Get(ctx, actor, l.id, id)
	}
	edit := func(ctx context.Context, actor access.Actor, id domain.ID, d ticket.CommentChange, m usecase.Match[ticket.CommentView]) (ticket.CommentView, error) {
		return l.Comments.Edit(ctx, actor, l.id, id, d, m)
	}
	remove := func(ctx context.Context, actor access.Actor, id domain.ID, m usecase.Match[ticket.CommentView]) error {
		return l.Comments.Delete(ctx, actor, l.id, id, m)
	}
	conditioned(t, l.Actor(fixture.Customer), c.ID, get, remove, ticket.CommentChange{Body: domain.To("b")}, edit)
}

func TestTheFirstAnswerOfTheDeskEndsTheWaiting(t *testing.T) {
	l := newLobby(t)
	waiting := l.ticket()
	l.wrote(fixture.Customer, publicly("Hello?"))
	l.wrote(fixture.Agent, internally("Who is it?"))
	if l.ticket() != waiting || waiting.SLADueDate.IsZero() {
		t.Errorf("became %+v", l.ticket())
	}
	l.Wait(23 * time.Hour)
	if _, err := l.ServiceLevels.Sweep(t.Context()); err != nil || l.ticket().Urgency != ticket.UrgencyDueSoon {
		t.Fatalf("%v, %+v", err, l.ticket())
	}
	l.wrote(fixture.Agent, publicly("Hello."))
	if v := l.ticket(); !v.FirstResponseAt.Equal(l.Now()) || !v.SLADueDate.IsZero() || v.SLABreached || v.Urgency != 0 || !v.UpdatedAt.Equal(l.Now()) {
		t.Errorf("became %+v", v)
	}
	answered := l.ticket()
	l.Wait(2 * time.Hour)
	l.wrote(fixture.Agent2, publicly("Me too."))
	if n, err := l.ServiceLevels.Sweep(t.Context()); n != 0 || err != nil || l.ticket() != answered {
		t.Errorf("%d, %v, became %+v", n, err, l.ticket())
	}
}

func TestAnAnswerThatComesLateKeepsItsBreach(t *testing.T) {
	for name, d := range map[string]func(*lobby) ticket.CommentDraft{
		"alone":         func(*lobby) ticket.CommentDraft { return publicly("Hello.") },
		"with a status": func(l *lobby) ticket.CommentDraft { return l.moving(publicly("Which one?"), "PENDING") },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLobby(t)
			l.Wait(24 * time.Hour) // and nobody has swept yet
			l.wrote(fixture.Agent, d(l))
			if v := l.ticket(); !v.SLABreached || v.Urgency != ticket.UrgencyBreached || !v.FirstResponseAt.Equal(l.Now()) || !v.SLADueDate.IsZero() {
				t.Errorf("became %+v", v)
			}
		})
	}
}

func TestANoteThatIsPublishedAnswersTheTicket(t *testing.T) {
	l := newLobby(t)
	c := l.wrote(fixture.Agent, internally("Hello."))
	l.Wait(time.Minute)
	must[ticket.CommentView](t)(l.Comments.Edit(t.Context(), l.Actor(fixture.Agent), l.id, c.ID, ticket.CommentChange{Visibility: domain.To("public")}, nil))
	if v := l.ticket(); !v.FirstResponseAt.Equal(l.Now()) {
		t.Errorf("became %+v", v)
	}
	if got := l.talk(fixture.Customer); len(got) != 1 {
		t.Errorf("the requester reads %q", got)
	}
}

func TestANoteIsNotAnsweredAgainToWhoMayNoLongerReadIt(t *testing.T) {
	b := newBell(t)
	under := func(key string, v ticket.Visibility) error {
		once := &usecase.Once{Key: key, Fingerprint: "a", Answer: func(any) (ports.Reply, error) { return ports.Reply{Code: 201, Location: "/there/"}, nil }}
		return second(b.write(once, fixture.Admin, v))
	}
	check(t, under("note", ticket.Internal))
	check(t, under("word", ticket.Public))
	b.move(fixture.Admin, "customer")
	_, err := b.Tickets.Change(t.Context(), b.Actor(fixture.Root), b.id, ticket.Change{CreatedFor: b.named(fixture.Admin)}, nil)
	check(t, err)
	fails(t, under("note", ticket.Internal), domain.Forbidden, "You may not write internal notes.")
	replays(t, under("word", ticket.Public), "")
	b.move(fixture.Customer, "admin")
	b.move(fixture.Agent2, "customer")
	other := b.Open(fixture.Agent, ticket.Change{})
	_, err = b.Comments.Write(t.Context(), b.Actor(fixture.Agent2), other.ID, publicly("x"), &usecase.Once{Key: "word", Fingerprint: "a"})
	kind(t, err, domain.NotFound)
}

func TestWhatARequesterSendsBackActsOnNothing(t *testing.T) {
	l := newLobby(t)
	later, err := l.Priorities.Create(t.Context(), l.Actor(fixture.Root), ticket.PriorityChange{Name: domain.To("Someday"), Code: domain.To("SOMEDAY")}, nil)
	check(t, err)
	v := l.Open(fixture.Customer, ticket.Change{PriorityID: domain.To(string(later.ID))})
	_, err = l.Priorities.Change(t.Context(), l.Actor(fixture.Root), later.ID, ticket.PriorityChange{SLAHours: domain.To(1)}, nil)
	check(t, err)
	back := ticket.Change{Title: domain.To("Other"), SLADueDate: domain.Cleared[time.Time](), StatusID: domain.To(string(v.StatusID))}
	got, err := l.Tickets.Change(t.Context(), l.Actor(fixture.Customer), v.ID, back, nil)
	check(t, err)
	if got.Title != "Other" || !got.SLADueDate.IsZero() {
		t.Errorf("became %+v", got)
	}
}
