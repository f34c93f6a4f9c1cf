package ticketing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

func TestWhoMayComment(t *testing.T) {
	c := desk.NewCase(t)
	holding := func(scope access.Scope, actions access.Actions) access.Actor {
		return access.Actor{
			ID: c.ID(desk.Customer), Username: "x", Via: access.ViaAPI, Scope: scope,
			Grants: access.Grants{{URL: access.TicketsMenu, Actions: actions}},
		}
	}
	statusRefused, forbidden := "You may not set statusId.", "You do not have the required permission to access this resource."
	noNotes, unknown := "You may not write internal notes.", "Data not found."
	for name, tc := range map[string]struct {
		actor              access.Actor
		public, note, move string // why it is refused; "" if it is not
	}{
		"superuser":             {c.Actor(desk.Root), "", "", ""},
		"admin":                 {c.Actor(desk.Admin), "", "", ""},
		"agent":                 {c.Actor(desk.Agent), "", "", ""},
		"requester":             {c.Actor(desk.Customer), "", noNotes, statusRefused},
		"another customer":      {c.Actor(desk.Visitor), unknown, unknown, unknown},
		"views only":            {c.Actor(desk.Watcher), forbidden, forbidden, forbidden},
		"without a role":        {c.Actor(desk.Nobody), forbidden, forbidden, forbidden},
		"creates and views":     {holding(access.ScopeAll, access.MayView|access.MayCreate), "", noNotes, forbidden},
		"updates and views":     {holding(access.ScopeAll, access.MayView|access.MayUpdate), "", "", ""},
		"own, creates, views":   {holding(access.ScopeOwn, access.MayView|access.MayCreate), "", noNotes, forbidden},
		"everything but a view": {holding(access.ScopeAll, access.MayEverything&^access.MayView), forbidden, forbidden, forbidden},
		"deletes and views":     {holding(access.ScopeAll, access.MayView|access.MayDelete), forbidden, forbidden, forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			for says, try := range map[string]struct {
				d    ticket.CommentDraft
				want string
			}{
				"public comment":        {desk.Public("x"), tc.public},
				"internal note":         {desk.Internal("x"), tc.note},
				"comment with a status": {c.WithStatus(desk.Public("x"), "PENDING"), tc.move},
			} {
				before := len(c.CommentsAs(desk.Root))
				said, err := c.Comments.Write(t.Context(), tc.actor, c.TicketID, try.d, nil)
				made := len(c.CommentsAs(desk.Root)) - before
				if try.want == "" {
					if err != nil || made != 1 || said.Author != tc.actor.Username || said.AuthorID != tc.actor.ID {
						t.Errorf("%s: %v, stored %d: %+v", says, err, made, said)
					}
					continue
				}
				kind := domain.Forbidden
				if try.want == unknown {
					kind = domain.NotFound
				}
				if desk.Fails(t, err, kind, try.want); made != 0 {
					t.Errorf("%s: the refused comment was stored", says)
				}
			}
		})
	}
}

func TestWhoReadsComments(t *testing.T) {
	c := desk.NewCase(t)
	question := c.MustWrite(desk.Customer, desk.Public("When?"))
	secret := c.MustWrite(desk.Agent, desk.Internal("Never."))
	c.MustWrite(desk.Agent, desk.Public("Soon."))
	whole := []string{"customer: When?", "agent: Never.", "agent: Soon."}
	for _, name := range []string{desk.Root, desk.Admin, desk.Agent2} {
		if got := c.CommentsAs(name); !slices.Equal(got, whole) {
			t.Errorf("%s reads %q", name, got)
		}
		if got := desk.Must(c.Comments.Get(t.Context(), c.Actor(name), c.TicketID, secret.ID))(t); got != secret {
			t.Errorf("%s reads %+v, want %+v", name, got, secret)
		}
	}
	if got := c.CommentsAs(desk.Customer); !slices.Equal(got, []string{"customer: When?", "agent: Soon."}) {
		t.Errorf("the requester reads %q", got)
	}
	ctx, customer, visitor := t.Context(), c.Actor(desk.Customer), c.Actor(desk.Visitor)
	_, err := c.Comments.Get(ctx, customer, c.TicketID, secret.ID)
	desk.Kind(t, err, domain.NotFound)
	for _, who := range []access.Actor{visitor, c.Actor(desk.Watcher)} {
		_, _, err = c.Comments.List(ctx, who, c.TicketID, nil, 10)
		desk.Kind(t, err, domain.NotFound)
		_, err = c.Comments.Get(ctx, who, c.TicketID, question.ID)
		desk.Kind(t, err, domain.NotFound)
	}
	other := c.Open(desk.Customer, ticket.Patch{})
	_, err = c.Comments.Get(ctx, customer, other.ID, question.ID)
	desk.Kind(t, err, domain.NotFound)
	desk.Check(t, c.Tickets.Delete(ctx, c.Actor(desk.Root), c.TicketID, nil))
	_, _, err = c.Comments.List(ctx, c.Actor(desk.Root), c.TicketID, nil, 10)
	desk.Kind(t, err, domain.NotFound)
	_, err = c.Write(desk.Root, desk.Public("x"))
	desk.Kind(t, err, domain.NotFound)
}

func TestCommentsArePagedOldestFirst(t *testing.T) {
	c := desk.NewCase(t)
	var want, got []string
	for n := range 5 {
		want = append(want, fmt.Sprint(n))
		c.MustWrite(desk.Customer, desk.Public(fmt.Sprint(n)))
		c.MustWrite(desk.Agent, desk.Internal("hidden"))
		if n%2 == 1 {
			c.Wait(time.Minute)
		}
	}
	var after *ports.TimelinePosition
	for pages := 1; ; pages++ {
		all, next, err := c.Comments.List(t.Context(), c.Actor(desk.Customer), c.TicketID, after, 2)
		desk.Check(t, err)
		for _, c := range all {
			got = append(got, c.Body)
		}
		if next == nil {
			if pages != 3 {
				t.Errorf("%d pages, want 3", pages)
			}
			break
		}
		after = next
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
	if all, next, err := c.Comments.List(t.Context(), c.Actor(desk.Customer), c.TicketID, nil, 5); len(all) != 5 || next != nil || err != nil {
		t.Errorf("a full page has %d comments, next %v, %v", len(all), next, err)
	}
}

func TestCommentCanBeChangedFor15Minutes(t *testing.T) {
	c := desk.NewCase(t)
	ctx, customer := t.Context(), c.Actor(desk.Customer)
	edited, deleted := c.MustWrite(desk.Customer, desk.Public("a")), c.MustWrite(desk.Customer, desk.Public("b"))
	edit := func(body string) (ticket.CommentView, error) {
		return c.Comments.Edit(ctx, customer, c.TicketID, edited.ID, ticket.CommentPatch{Body: domain.Some(body)}, nil)
	}
	c.Wait(15 * time.Minute)
	changed := desk.Must(edit("c"))(t)
	if changed.Body != "c" || !changed.EditedAt.Equal(c.Now()) || changed.Author != desk.Customer {
		t.Errorf("edited to %+v", changed)
	}
	if got := desk.Must(c.Comments.Get(ctx, customer, c.TicketID, changed.ID))(t); got != changed {
		t.Errorf("stored %+v", got)
	}
	c.Wait(time.Microsecond)
	const late = "A comment can be changed for 15 minutes only."
	desk.Fails(t, desk.Err(edit("d")), domain.Conflict, late)
	desk.Fails(t, c.Comments.Delete(ctx, customer, c.TicketID, deleted.ID, nil), domain.Conflict, late)
	if got := c.CommentsAs(desk.Customer); !slices.Equal(got, []string{"customer: c", "customer: b"}) {
		t.Errorf("read %q", got)
	}
}

func TestOnlyTheAuthorChangesAComment(t *testing.T) {
	c := desk.NewCase(t)
	said := c.MustWrite(desk.Customer, desk.Public("a"))
	secret := c.MustWrite(desk.Agent, desk.Internal("b"))
	for _, tc := range []struct {
		as   string
		id   domain.ID
		kind domain.Kind
	}{
		{desk.Root, said.ID, domain.Forbidden},
		{desk.Agent, said.ID, domain.Forbidden},
		{desk.Agent2, secret.ID, domain.Forbidden},
		{desk.Customer, secret.ID, domain.NotFound},
		{desk.Visitor, said.ID, domain.NotFound},
		{desk.Watcher, said.ID, domain.NotFound},
		{desk.Nobody, said.ID, domain.Forbidden},
		{desk.Customer, c.TicketID, domain.NotFound},
	} {
		_, err := c.Comments.Edit(t.Context(), c.Actor(tc.as), c.TicketID, tc.id, ticket.CommentPatch{Body: domain.Some("c")}, nil)
		desk.Kind(t, err, tc.kind)
		desk.Kind(t, c.Comments.Delete(t.Context(), c.Actor(tc.as), c.TicketID, tc.id, nil), tc.kind)
	}
	other := c.Open(desk.Customer, ticket.Patch{})
	desk.Kind(t, c.Comments.Delete(t.Context(), c.Actor(desk.Customer), other.ID, said.ID, nil), domain.NotFound)
	if got := c.CommentsAs(desk.Root); len(got) != 2 {
		t.Errorf("left %q", got)
	}
}

func TestAuthorWhoMayOnlyViewTicketsStillChangesItsComments(t *testing.T) {
	for _, d := range []ticket.CommentDraft{desk.Public("a"), desk.Internal("a")} {
		c := desk.NewCase(t)
		said := c.MustWrite(desk.Agent, d)
		former := access.Actor{
			ID: c.ID(desk.Agent), Username: desk.Agent, Via: access.ViaAPI, Scope: access.ScopeAll,
			Grants: access.Grants{{URL: access.TicketsMenu, Actions: access.MayView}},
		}
		edited, err := c.Comments.Edit(t.Context(), former, c.TicketID, said.ID, ticket.CommentPatch{Body: domain.Some("b")}, nil)
		if err != nil || edited.Body != "b" {
			t.Errorf("%s: edited to %+v, %v", said.Visibility, edited, err)
		}
		desk.Check(t, c.Comments.Delete(t.Context(), former, c.TicketID, said.ID, nil))
		if got := c.CommentsAs(desk.Root); len(got) != 0 {
			t.Errorf("%s: left %q", said.Visibility, got)
		}
		former.Grants = nil // it does not see the ticket
		desk.Kind(t, c.Comments.Delete(t.Context(), former, c.TicketID, said.ID, nil), domain.Forbidden)
	}
}

func TestHistoryOfComments(t *testing.T) {
	c := desk.NewCase(t)
	ctx, agent := t.Context(), c.Actor(desk.Agent)
	for _, d := range []ticket.CommentDraft{desk.Internal("a"), desk.Public("a")} {
		said := c.MustWrite(desk.Agent, d)
		for range 2 { // the second time nothing changes
			desk.Must(c.Comments.Edit(ctx, agent, c.TicketID, said.ID, ticket.CommentPatch{Body: domain.Some("b")}, nil))(t)
		}
		desk.Check(t, c.Comments.Delete(ctx, agent, c.TicketID, said.ID, nil))
	}
	answered := []string{
		"comment_deleted", "changedslaDueDate", "changedfirstResponseAt", "comment_edited", "commented",
		"changedslaDueDate", "changedfirstResponseAt",
	}
	secret := []string{"comment_deleted", "comment_edited", "commented"}
	if got := c.HistoryAs(desk.Customer); !slices.Equal(got, append(answered, "created")) {
		t.Errorf("the requester reads %q", got)
	}
	if got := c.HistoryAs(desk.Agent2); !slices.Equal(got, slices.Concat(answered, secret, []string{"created"})) {
		t.Errorf("an agent reads %q", got)
	}
	if got := c.CommentsAs(desk.Root); got != nil {
		t.Errorf("left %q", got)
	}
}

func TestCommentAndStatusAreStoredTogetherOrNotAtAll(t *testing.T) {
	c := desk.NewCase(t)
	desk.Check(t, c.SetStatus(desk.Agent, "CLOSED"))
	before, record := c.Ticket(), c.HistoryAs(desk.Root)
	unknown := desk.Public("x")
	unknown.StatusID = domain.Some(string(c.NewID()))
	for name, tc := range map[string]struct {
		d    ticket.CommentDraft
		kind domain.Kind
		says string
	}{
		"a forbidden transition": {
			c.WithStatus(desk.Public("x"), "PENDING"), domain.Conflict, "A closed ticket can only be moved to open or in_progress.",
		},
		"an unknown status":       {unknown, domain.Invalid, "statusId: Invalid ticket status."},
		"a status without a body": {c.WithStatus(desk.Public(" "), "OPEN"), domain.Invalid, "body: Body cannot be blank."},
		"an unknown visibility": {
			ticket.CommentDraft{Body: domain.Some("x"), Visibility: domain.Some("x"), StatusID: c.StatusTo("OPEN")},
			domain.Invalid, "Invalid visibility.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Write(desk.Agent, tc.d)
			desk.Fails(t, err, tc.kind, tc.says)
			if c.Ticket() != before || c.CommentsAs(desk.Root) != nil || !slices.Equal(c.HistoryAs(desk.Root), record) {
				t.Errorf("stored %+v, %q, %q", c.Ticket(), c.CommentsAs(desk.Root), c.HistoryAs(desk.Root))
			}
		})
	}
	c.Wait(time.Hour)
	c.MustWrite(desk.Agent, c.WithStatus(desk.Public("Once more."), "OPEN"))
	if v := c.Ticket(); v.StatusType != ticket.Open || !v.ResolvedAt.IsZero() || !v.UpdatedAt.Equal(c.Now()) {
		t.Errorf("reopened to %+v", v)
	}
	if got := c.HistoryAs(desk.Root); !slices.Equal(got, slices.Concat([]string{"commented", "changedresolvedAt", "changedstatus"}, record)) {
		t.Errorf("history: %q", got)
	}
	c.MustWrite(desk.Agent, c.WithStatus(desk.Internal("Done."), "CLOSED"))
	if v := c.Ticket(); v.StatusType != ticket.Closed || len(c.CommentsAs(desk.Root)) != 2 {
		t.Errorf("closed to %+v", v)
	}
}
