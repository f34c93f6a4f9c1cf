package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/ticket"
	"tickt/ports"
)

// comment returns a public comment with every field set.
func (g fixtures) comment(ticketID domain.ID) ticket.Comment {
	return ticket.Comment{
		ID: newID(), TicketID: ticketID, Body: "Élan \"of\" the 'printer' \\ %_\n日本語", Visibility: ticket.Public, AuthorID: g.account.ID,
		CreatedAt: noon.Add(-time.Minute), EditedAt: noon,
	}
}

func (g fixtures) note(ticketID domain.ID) ticket.Comment {
	c := g.comment(ticketID)
	c.Visibility, c.EditedAt = ticket.Internal, time.Time{}
	return c
}

func (d suite) addComments(t *testing.T, all ...ticket.Comment) {
	t.Helper()
	d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
		for _, c := range all {
			err = errors.Join(err, tx.Comments.Add(ctx, c))
		}
		return err
	})
}

func (d suite) comment(t *testing.T, ticketID, id domain.ID, notes bool) (ticket.CommentView, error) {
	return attempt(t, d, func(ctx context.Context, tx ports.Tx) (ticket.CommentView, error) {
		return tx.Comments.Get(ctx, ticketID, id, notes)
	})
}

func (d suite) comments(t *testing.T, ticketID domain.ID, notes bool, after *ports.TimelinePosition, size int) []ticket.CommentView {
	t.Helper()
	return read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.CommentView, error) {
		return tx.Comments.List(ctx, ticketID, notes, after, size)
	})
}

// saidRule compares what was said with the comments: public ones, by when they were written or made public.
func saidRule(t *testing.T, d suite, g fixtures) {
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	question, answer, note, old := g.comment(x.ID), g.comment(x.ID), g.note(x.ID), g.comment(x.ID)
	question.Effect, question.SaidAt = ticket.EffectAsked, noon.Add(time.Minute)
	answer.Effect, answer.SaidAt = ticket.EffectAnswered, noon
	d.addComments(t, question, answer, note, old, g.comment(other.ID))
	got := read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.Saying, error) { return tx.Comments.Said(ctx, x.ID) })
	want := []ticket.Saying{
		{CommentID: old.ID, AuthorID: g.account.ID, At: old.CreatedAt},
		{CommentID: answer.ID, AuthorID: g.account.ID, Effect: ticket.EffectAnswered, At: answer.SaidAt},
		{CommentID: question.ID, AuthorID: g.account.ID, Effect: ticket.EffectAsked, At: question.SaidAt},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("said (want -, got +):\n%s", diff)
	}
}

// versionsRule reads the versions of a comment in pages, before and after it is removed.
func versionsRule(t *testing.T, d suite, g fixtures) {
	x := g.ticket()
	d.addTickets(t, x)
	c, other := g.comment(x.ID), g.comment(x.ID)
	d.addComments(t, c, other)
	first, second := c.Former(newID(), noon.Add(time.Minute), false), c.Former(newID(), noon.Add(2*time.Minute), true)
	second.Visibility = ticket.Internal
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Comments.AddVersion(ctx, second), tx.Comments.AddVersion(ctx, first),
			tx.Comments.AddVersion(ctx, other.Former(newID(), noon, false)))
	})
	check := func(ticketID domain.ID, after *ports.TimelinePosition, size int, want ...ticket.CommentVersion) {
		t.Helper()
		got := read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.VersionView, error) {
			return tx.Comments.Versions(ctx, ticketID, c.ID, after, size)
		})
		views := []ticket.VersionView{}
		for _, v := range want {
			views = append(views, ticket.VersionView{CommentVersion: v, Editor: g.account.Username})
		}
		if diff := cmp.Diff(views, got); diff != "" {
			t.Errorf("versions (want -, got +):\n%s", diff)
		}
	}
	check(x.ID, nil, 10, first, second, c.Version())
	check(x.ID, nil, 2, first, second)
	check(x.ID, nil, 1, first)
	check(x.ID, &ports.TimelinePosition{At: first.Until, ID: first.ID}, 10, second, c.Version())
	check(g.ticket().ID, nil, 10)
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Remove(ctx, c.ID) })
	check(x.ID, nil, 10, first, second)
}

func comments(t *testing.T, d suite) {
	t.Run("a comment is read as it was written, with its author's current name, until it is removed",
		func(t *testing.T) { commentLife(t, d) })
	g := d.addFixtures(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	t.Run("versions are read in their order, the current one last, and remain without the comment",
		func(t *testing.T) { versionsRule(t, d, g) })
	t.Run("what public comments said is read in the order in which they did", func(t *testing.T) { saidRule(t, d, g) })
	t.Run("a comment is not found on another ticket, nor a note by a reader without notes", func(t *testing.T) {
		c, n := g.comment(x.ID), g.note(x.ID)
		d.addComments(t, c, n)
		for _, missing := range []struct {
			ticketID, id domain.ID
			notes        bool
		}{{other.ID, c.ID, true}, {x.ID, newID(), true}, {x.ID, n.ID, false}, {"", c.ID, true}} {
			_, err := d.comment(t, missing.ticketID, missing.id, missing.notes)
			wantMissing(t, err)
			wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error {
				_, err := tx.Comments.Lock(ctx, missing.ticketID, missing.id, missing.notes)
				return err
			}))
		}
		got, err := d.comment(t, x.ID, n.ID, true)
		must(t, err)
		same(t, got, ticket.CommentView{Comment: n, Author: g.account.Username})
	})
	t.Run("an unknown comment is neither saved nor removed", func(t *testing.T) {
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Save(ctx, g.comment(x.ID)) }))
		wantMissing(t, d.try(t, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Remove(ctx, newID()) }))
	})
	t.Run("a ticket without comments has an empty list", func(t *testing.T) {
		same(t, d.comments(t, other.ID, true, nil, 5), []ticket.CommentView{})
	})
	t.Run("comments are read page by page, the oldest first, while others are added", func(t *testing.T) { pageThroughComments(t, d) })
}

func commentLife(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.ticket()
	d.addTickets(t, x)
	ticketID, c := x.ID, g.comment(x.ID)
	d.addComments(t, c)
	g.account.Username = unique("new")
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Accounts.Save(ctx, g.account) })
	want := ticket.CommentView{Comment: c, Author: g.account.Username}
	got, err := d.comment(t, ticketID, c.ID, false)
	must(t, err)
	same(t, got, want)

	want.Body, want.Visibility, want.EditedAt = "again", ticket.Internal, time.Time{}
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		locked, err := tx.Comments.Lock(ctx, ticketID, c.ID, false)
		same(t, locked, got)
		return errors.Join(err, tx.Comments.Save(ctx, want.Comment))
	})
	got, err = d.comment(t, ticketID, c.ID, true)
	must(t, err)
	same(t, got, want)

	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Comments.Remove(ctx, c.ID) })
	_, err = d.comment(t, ticketID, c.ID, true)
	wantMissing(t, err)
}

// pageThroughComments reads comments, many of the same time, page by page; before each page it adds a comment to the
// ticket and one to another.
func pageThroughComments(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x, other := g.ticket(), g.ticket()
	d.addTickets(t, x, other)
	var added []ticket.Comment
	add := func(i int, ticketID domain.ID) {
		c := g.comment(ticketID)
		if i%3 == 1 {
			c = g.note(ticketID)
		}
		c.CreatedAt = noon.Add(time.Duration(i/4) * time.Microsecond)
		if d.addComments(t, c); ticketID == x.ID {
			added = append(added, c)
		}
	}
	for i := range 14 {
		add(i, x.ID)
	}
	want := func(notes bool) []ticket.CommentView {
		views := []ticket.CommentView{}
		for _, c := range added {
			if notes || c.Visibility == ticket.Public {
				views = append(views, ticket.CommentView{Comment: c, Author: g.account.Username})
			}
		}
		return views
	}
	for _, notes := range []bool{true, false} {
		got := readToEnd(func(place *ports.TimelinePosition, size int) []ticket.CommentView {
			if n := len(added); n < 40 {
				add(n, x.ID)
				add(n, other.ID)
			}
			return d.comments(t, x.ID, notes, place, size)
		}, func(v ticket.CommentView) ports.TimelinePosition {
			return ports.TimelinePosition{At: v.CreatedAt, ID: v.ID}
		})
		same(t, got, want(notes))
	}
}

// readToEnd reads a list to its end, three entries at a time.
func readToEnd[V any](read func(from *ports.TimelinePosition, size int) []V, place func(V) ports.TimelinePosition) []V {
	const size = 3
	all := []V{}
	var from *ports.TimelinePosition
	for {
		part := read(from, size)
		all = append(all, part...)
		if len(part) < size {
			return all
		}
		last := place(part[size-1])
		from = &last
	}
}
