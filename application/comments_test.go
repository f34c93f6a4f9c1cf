package application_test

import (
	"errors"
	"fmt"
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

func TestWhoMayTalkOnATicket(t *testing.T) {
	l := newLobby(t)
	holding := func(scope access.Scope, actions access.Actions) access.Actor {
		return access.Actor{ID: l.ID(fixture.Customer), Username: "x", Scope: scope, Grants: access.Grants{{URL: access.TicketsMenu, Actions: actions}}}
	}
	statusRefused, nothing := "You may not set statusId.", "You do not have the required permission to access this resource."
	noNotes, unknown := "You may not write internal notes.", "Data not found."
	for name, tc := range map[string]struct {
		actor              access.Actor
		public, note, move string // why it is refused; "" where it is not
	}{
		"superuser":             {l.Actor(fixture.Root), "", "", ""},
		"admin":                 {l.Actor(fixture.Admin), "", "", ""},
		"agent":                 {l.Actor(fixture.Agent), "", "", ""},
		"requester":             {l.Actor(fixture.Customer), "", noNotes, statusRefused},
		"another customer":      {l.Actor(fixture.Visitor), unknown, unknown, unknown},
		"who only views":        {l.Actor(fixture.Watcher), nothing, nothing, nothing},
		"without a role":        {l.Actor(fixture.Nobody), nothing, nothing, nothing},
		"creates and views":     {holding(access.ScopeAll, access.MayView|access.MayCreate), "", noNotes, nothing},
		"updates and views":     {holding(access.ScopeAll, access.MayView|access.MayUpdate), "", "", ""},
		"own, creates, views":   {holding(access.ScopeOwn, access.MayView|access.MayCreate), "", noNotes, nothing},
		"everything but a view": {holding(access.ScopeAll, access.MayEverything&^access.MayView), nothing, nothing, nothing},
		"deletes and views":     {holding(access.ScopeAll, access.MayView|access.MayDelete), nothing, nothing, nothing},
	} {
		t.Run(name, func(t *testing.T) {
			for says, try := range map[string]struct {
				d    ticket.CommentDraft
				want string
			}{
				"in public": {publicly("x"), tc.public}, "among the desk": {internally("x"), tc.note}, "with a status": {l.moving(publicly("x"), "PENDING"), tc.move},
			} {
				before := len(l.talk(fixture.Root))
				c, err := l.Comments.Write(t.Context(), tc.actor, l.id, try.d, nil)
				made := len(l.talk(fixture.Root)) - before
				if try.want == "" {
					if err != nil || made != 1 || c.Author != tc.actor.Username || c.AuthorID != tc.actor.ID {
						t.Errorf("%s: %v, made %d: %+v", says, err, made, c)
					}
					continue
				}
				kind := domain.Forbidden
				if try.want == unknown {
					kind = domain.NotFound
				}
				if fails(t, err, kind, try.want); made != 0 {
					t.Errorf("%s: it was kept all the same", says)
				}
			}
		})
	}
}

func TestWhoReadsWhatIsSaid(t *testing.T) {
	l := newLobby(t)
	question := l.wrote(fixture.Customer, publicly("When?"))
	secret := l.wrote(fixture.Agent, internally("Never."))
	l.wrote(fixture.Agent, publicly("Soon."))
	whole := []string{"customer: When?", "agent: Never.", "agent: Soon."}
	for _, name := range []string{fixture.Root, fixture.Admin, fixture.Agent2} {
		if got := l.talk(name); !slices.Equal(got, whole) {
			t.Errorf("%s reads %q", name, got)
		}
		if got := must[ticket.CommentView](t)(l.Comments.Get(t.Context(), l.Actor(name), l.id, secret.ID)); got != secret {
			t.Errorf("%s reads %+v, want %+v", name, got, secret)
		}
	}
	if got := l.talk(fixture.Customer); !slices.Equal(got, []string{"customer: When?", "agent: Soon."}) {
		t.Errorf("the requester reads %q", got)
	}
	ctx, customer, visitor := t.Context(), l.Actor(fixture.Customer), l.Actor(fixture.Visitor)
	_, err := l.Comments.Get(ctx, customer, l.id, secret.ID)
	kind(t, err, domain.NotFound)
	for _, who := range []access.Actor{visitor, l.Actor(fixture.Watcher)} {
		_, _, err = l.Comments.List(ctx, who, l.id, nil, 10)
		kind(t, err, domain.NotFound)
		_, err = l.Comments.Get(ctx, who, l.id, question.ID)
		kind(t, err, domain.NotFound)
	}
	other := l.Open(fixture.Customer, ticket.Change{})
	_, err = l.Comments.Get(ctx, customer, other.ID, question.ID)
	kind(t, err, domain.NotFound)
	check(t, l.Tickets.Delete(ctx, l.Actor(fixture.Root), l.id, nil))
	_, _, err = l.Comments.List(ctx, l.Actor(fixture.Root), l.id, nil, 10)
	kind(t, err, domain.NotFound)
	_, err = l.write(fixture.Root, publicly("x"))
	kind(t, err, domain.NotFound)
}

func TestWhatIsSaidIsReadInPartsTheOldestFirst(t *testing.T) {
	l := newLobby(t)
	var want, got []string
	for n := range 5 {
		want = append(want, fmt.Sprint(n))
		l.wrote(fixture.Customer, publicly(fmt.Sprint(n)))
		l.wrote(fixture.Agent, internally("hidden"))
		if n%2 == 1 {
			l.Wait(time.Minute)
		}
	}
	var after *ports.Moment
	for parts := 1; ; parts++ {
		all, next, err := l.Comments.List(t.Context(), l.Actor(fixture.Customer), l.id, after, 2)
		check(t, err)
		for _, c := range all {
			got = append(got, c.Body)
		}
		if next == nil {
			if parts != 3 {
				t.Errorf("there were %d parts", parts)
			}
			break
		}
		after = next
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
	if all, next, err := l.Comments.List(t.Context(), l.Actor(fixture.Customer), l.id, nil, 5); len(all) != 5 || next != nil || err != nil {
		t.Errorf("a whole part gave %d, %v, %v", len(all), next, err)
	}
}

func TestACommentStandsAfterAQuarterOfAnHour(t *testing.T) {
	l := newLobby(t)
	ctx, customer := t.Context(), l.Actor(fixture.Customer)
	edited, deleted := l.wrote(fixture.Customer, publicly("a")), l.wrote(fixture.Customer, publicly("b"))
	edit := func(body string) (ticket.CommentView, error) {
		return l.Comments.Edit(ctx, customer, l.id, edited.ID, ticket.CommentChange{Body: domain.To(body)}, nil)
	}
	l.Wait(15 * time.Minute)
	c := must[ticket.CommentView](t)(edit("c"))
	if c.Body != "c" || !c.EditedAt.Equal(l.Now()) || c.Author != "customer" {
		t.Errorf("edited to %+v", c)
	}
	if got := must[ticket.CommentView](t)(l.Comments.Get(ctx, customer, l.id, c.ID)); got != c {
		t.Errorf("kept %+v", got)
	}
	l.Wait(time.Microsecond)
	_, err := edit("d")
	fails(t, err, domain.Conflict, "A comment can be changed for 15 minutes only.")
	fails(t, l.Comments.Delete(ctx, customer, l.id, deleted.ID, nil), domain.Conflict, "A comment can be changed for 15 minutes only.")
	if got := l.talk(fixture.Customer); !slices.Equal(got, []string{"customer: c", "customer: b"}) {
		t.Errorf("read %q", got)
	}
}

func TestOnlyTheAuthorChangesAComment(t *testing.T) {
	l := newLobby(t)
	said := l.wrote(fixture.Customer, publicly("a"))
	secret := l.wrote(fixture.Agent, internally("b"))
	for _, tc := range []struct {
		as   string
		id   domain.ID
		kind domain.Kind
	}{
		{fixture.Root, said.ID, domain.Forbidden},
		{fixture.Agent, said.ID, domain.Forbidden},
		{fixture.Agent2, secret.ID, domain.Forbidden},
		{fixture.Customer, secret.ID, domain.NotFound},
		{fixture.Visitor, said.ID, domain.NotFound},
		{fixture.Watcher, said.ID, domain.Forbidden},
		{fixture.Nobody, said.ID, domain.Forbidden},
		{fixture.Customer, l.id, domain.NotFound},
	} {
		_, err := l.Comments.Edit(t.Context(), l.Actor(tc.as), l.id, tc.id, ticket.CommentChange{Body: domain.To("c")}, nil)
		kind(t, err, tc.kind)
		kind(t, l.Comments.Delete(t.Context(), l.Actor(tc.as), l.id, tc.id, nil), tc.kind)
	}
	other := l.Open(fixture.Customer, ticket.Change{})
	kind(t, l.Comments.Delete(t.Context(), l.Actor(fixture.Customer), other.ID, said.ID, nil), domain.NotFound)
	if got := l.talk(fixture.Root); len(got) != 2 {
		t.Errorf("left %q", got)
	}
}

func TestWhatWasDoneWithACommentStaysOnRecord(t *testing.T) {
	l := newLobby(t)
	ctx, agent := t.Context(), l.Actor(fixture.Agent)
	for _, d := range []ticket.CommentDraft{internally("a"), publicly("a")} {
		c := l.wrote(fixture.Agent, d)
		for range 2 { // the second time nothing changes
			must[ticket.CommentView](t)(l.Comments.Edit(ctx, agent, l.id, c.ID, ticket.CommentChange{Body: domain.To("b")}, nil))
		}
		check(t, l.Comments.Delete(ctx, agent, l.id, c.ID, nil))
	}
	answered := []string{"comment_deleted", "comment_edited", "commented", "changedslaDueDate", "changedfirstResponseAt"}
	secret := []string{"comment_deleted", "comment_edited", "commented"}
	if got := l.kinds(fixture.Customer); !slices.Equal(got, append(answered, "created")) {
		t.Errorf("the requester reads %q", got)
	}
	if got := l.kinds(fixture.Agent2); !slices.Equal(got, slices.Concat(answered, secret, []string{"created"})) {
		t.Errorf("the desk reads %q", got)
	}
	if got := l.talk(fixture.Root); got != nil {
		t.Errorf("left %q", got)
	}
}

func TestACommentAndItsStatusAreKeptTogetherOrNotAtAll(t *testing.T) {
	l := newLobby(t)
	check(t, l.move(fixture.Agent, "CLOSED"))
	before, record := l.ticket(), l.kinds(fixture.Root)
	unknown := publicly("x")
	unknown.StatusID = domain.To(string(l.NewID()))
	for name, tc := range map[string]struct {
		d    ticket.CommentDraft
		kind domain.Kind
		says string
	}{
		"a closed ticket":               {publicly("x"), domain.Conflict, "A closed ticket takes no other change but its status."},
		"the status that it has":        {l.moving(publicly("x"), "CLOSED"), domain.Conflict, "A closed ticket takes no other change but its status."},
		"a status that may not follow":  {l.moving(publicly("x"), "PENDING"), domain.Conflict, "A closed ticket can only be moved to open or in_progress."},
		"a status that is none":         {unknown, domain.Invalid, "statusId: Invalid ticket status."},
		"no words, but a status":        {l.moving(publicly(" "), "OPEN"), domain.Invalid, "body: Body cannot be blank."},
		"a visibility that there isn't": {ticket.CommentDraft{Body: domain.To("x"), Visibility: domain.To("x"), StatusID: l.moving(ticket.CommentDraft{}, "OPEN").StatusID}, domain.Invalid, "Invalid visibility."},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := l.write(fixture.Agent, tc.d)
			fails(t, err, tc.kind, tc.says)
			if l.ticket() != before || l.talk(fixture.Root) != nil || !slices.Equal(l.kinds(fixture.Root), record) {
				t.Errorf("it left %+v, %q, %q", l.ticket(), l.talk(fixture.Root), l.kinds(fixture.Root))
			}
		})
	}
	l.Wait(time.Hour)
	l.wrote(fixture.Agent, l.moving(publicly("Once more."), "OPEN"))
	if v := l.ticket(); v.StatusType != ticket.Open || !v.ResolvedAt.IsZero() || !v.UpdatedAt.Equal(l.Now()) {
		t.Errorf("reopened to %+v", v)
	}
	if got := l.kinds(fixture.Root); !slices.Equal(got, slices.Concat([]string{"commented", "changedresolvedAt", "changedstatus"}, record)) {
		t.Errorf("on record: %q", got)
	}
	l.wrote(fixture.Agent, l.moving(internally("Done."), "CLOSED"))
	if v := l.ticket(); v.StatusType != ticket.Closed || len(l.talk(fixture.Root)) != 2 {
		t.Errorf("closed to %+v", v)
	}
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
