package ticketing_test

import (
	"context"
	"testing"
	"time"

	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/test/desk"
)

func TestRepeatedCommentIsWrittenOnce(t *testing.T) {
	c := desk.NewCase(t)
	write := func(fingerprint string, d ticket.CommentDraft) error {
		once := desk.Once("k", fingerprint, func(made ticket.CommentView) string { return made.Body })
		return desk.Err(c.Comments.Write(t.Context(), c.Actor(desk.Agent), c.TicketID, d, once))
	}
	desk.Fails(t, write("a", desk.Public(" ")), domain.Invalid, "Body cannot be blank.")
	closing := c.WithStatus(desk.Public("Done."), "CLOSED")
	desk.Check(t, write("a", closing))
	desk.Replays(t, write("a", closing), "Done.") // although the ticket is closed now
	desk.Check(t, c.SetStatus(desk.Agent, "OPEN"))
	desk.Replays(t, write("a", closing), "Done.")
	desk.Fails(t, write("b", desk.Public("x")), domain.Reused, "The Idempotency-Key was used for another request.")
	if v := c.Ticket(); v.StatusType != ticket.Open || len(c.CommentsAs(desk.Root)) != 1 {
		t.Errorf("left %+v, %q", v, c.CommentsAs(desk.Root))
	}
}

func TestEditOfACommentChecksItsCondition(t *testing.T) {
	c := desk.NewCase(t)
	said := c.MustWrite(desk.Customer, desk.Public("a"))
	get := func(ctx context.Context, actor access.Actor, id domain.ID) (ticket.CommentView, error) {
		return c.Comments.Get(ctx, actor, c.TicketID, id)
	}
	edit := func(
		ctx context.Context, actor access.Actor, id domain.ID, d ticket.CommentPatch, m usecase.Match[ticket.CommentView],
	) (ticket.CommentView, error) {
		return c.Comments.Edit(ctx, actor, c.TicketID, id, d, m)
	}
	remove := func(ctx context.Context, actor access.Actor, id domain.ID, m usecase.Match[ticket.CommentView]) error {
		return c.Comments.Delete(ctx, actor, c.TicketID, id, m)
	}
	desk.Conditioned(t, c.Actor(desk.Customer), said.ID, get, remove, ticket.CommentPatch{Body: domain.Some("b")}, edit)
}

func TestFirstPublicAnswerIsTheFirstResponse(t *testing.T) {
	c := desk.NewCase(t)
	waiting := c.Ticket()
	c.MustWrite(desk.Customer, desk.Public("Hello?"))
	c.MustWrite(desk.Agent, desk.Internal("Who is it?"))
	if c.Ticket() != waiting || waiting.SLADueDate.IsZero() {
		t.Errorf("became %+v", c.Ticket())
	}
	c.Wait(23 * time.Hour)
	if _, err := c.ServiceLevels.Sweep(t.Context()); err != nil || c.Ticket().Urgency != ticket.UrgencyDueSoon {
		t.Fatalf("%v, %+v", err, c.Ticket())
	}
	c.MustWrite(desk.Agent, desk.Public("Hello."))
	if v := c.Ticket(); !v.FirstResponseAt.Equal(c.Now()) || !v.SLADueDate.IsZero() || v.SLABreached || v.Urgency != 0 ||
		!v.UpdatedAt.Equal(c.Now()) {
		t.Errorf("became %+v", v)
	}
	answered := c.Ticket()
	c.Wait(2 * time.Hour)
	c.MustWrite(desk.Agent2, desk.Public("Me too."))
	if n, err := c.ServiceLevels.Sweep(t.Context()); n != 0 || err != nil || c.Ticket() != answered {
		t.Errorf("%d, %v, became %+v", n, err, c.Ticket())
	}
}

func TestLateAnswerKeepsItsBreach(t *testing.T) {
	for name, d := range map[string]func(*desk.Case) ticket.CommentDraft{
		"alone":         func(*desk.Case) ticket.CommentDraft { return desk.Public("Hello.") },
		"with a status": func(c *desk.Case) ticket.CommentDraft { return c.WithStatus(desk.Public("Which one?"), "PENDING") },
	} {
		t.Run(name, func(t *testing.T) {
			c := desk.NewCase(t)
			c.Wait(24 * time.Hour) // without a sweep
			c.MustWrite(desk.Agent, d(c))
			if v := c.Ticket(); !v.SLABreached || v.Urgency != ticket.UrgencyBreached || !v.FirstResponseAt.Equal(c.Now()) ||
				!v.SLADueDate.IsZero() {
				t.Errorf("became %+v", v)
			}
		})
	}
}

func TestPublishedNoteIsTheFirstResponse(t *testing.T) {
	c := desk.NewCase(t)
	note := c.MustWrite(desk.Agent, desk.Internal("Hello."))
	c.Wait(time.Minute)
	publish := ticket.CommentPatch{Visibility: domain.Some("public")}
	desk.Must(c.Comments.Edit(t.Context(), c.Actor(desk.Agent), c.TicketID, note.ID, publish, nil))(t)
	if v := c.Ticket(); !v.FirstResponseAt.Equal(c.Now()) {
		t.Errorf("became %+v", v)
	}
	if got := c.CommentsAs(desk.Customer); len(got) != 1 {
		t.Errorf("the requester reads %q", got)
	}
}

func TestNoteIsNotReplayedToAnActorThatMayNoLongerReadIt(t *testing.T) {
	c := desk.NewCase(t)
	intoRole := func(name, role string) { c.Edit(c.ID(name), desk.InRole(c.Role(role))) }
	write := func(key string, d ticket.CommentDraft) error {
		once := desk.Once(key, "a", func(ticket.CommentView) string { return "" })
		return desk.Err(c.Comments.Write(t.Context(), c.Actor(desk.Admin), c.TicketID, d, once))
	}
	note, word := desk.Internal("secret words"), desk.Public("secret words")
	desk.Check(t, write("note", note))
	desk.Check(t, write("word", word))
	intoRole(desk.Admin, "customer")
	desk.Check(t, c.Change(desk.Root, ticket.Patch{CreatedFor: c.MemberTo(desk.Admin)}))
	desk.Fails(t, write("note", note), domain.Forbidden, "You may not write internal notes.")
	desk.Replays(t, write("word", word), "")
	intoRole(desk.Customer, access.AdminRole)
	intoRole(desk.Agent2, "customer")
	other := c.Open(desk.Agent, ticket.Patch{})
	once := &usecase.Idempotency{Key: "word", Fingerprint: "a"}
	_, err := c.Comments.Write(t.Context(), c.Actor(desk.Agent2), other.ID, desk.Public("x"), once)
	desk.Kind(t, err, domain.NotFound)
}

func TestFieldsThatARequesterSendsBackHaveNoEffect(t *testing.T) {
	c := desk.NewCase(t)
	someday := ticket.PriorityPatch{Name: domain.Some("Someday"), Code: domain.Some("SOMEDAY")}
	later, err := c.Priorities.Create(t.Context(), c.Actor(desk.Root), someday, nil)
	desk.Check(t, err)
	v := c.Open(desk.Customer, ticket.Patch{PriorityID: domain.Some(string(later.ID))})
	_, err = c.Priorities.Update(t.Context(), c.Actor(desk.Root), later.ID, ticket.PriorityPatch{SLAHours: domain.Some(1)}, nil)
	desk.Check(t, err)
	back := ticket.Patch{Title: domain.Some("Other"), SLADueDate: domain.Null[time.Time](), StatusID: domain.Some(string(v.StatusID))}
	got, err := c.Tickets.Update(t.Context(), c.Actor(desk.Customer), v.ID, back, nil)
	desk.Check(t, err)
	if got.Title != "Other" || !got.SLADueDate.IsZero() {
		t.Errorf("became %+v", got)
	}
}
