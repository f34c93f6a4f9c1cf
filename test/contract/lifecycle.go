package contract

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// replyStatuses compares the status that LockFor finds for a reply with that of the domain, for several catalogs.
func replyStatuses(t *testing.T, d suite) {
	g := d.addFixtures(t)
	x := g.ticket()
	d.addTickets(t, x)
	type change func(own *ticket.Status, others []ticket.Status)
	open := func(i, weight int) change {
		return func(_ *ticket.Status, others []ticket.Status) {
			others[i].StatusType, others[i].Weight = ticket.Open, weight
		}
	}
	byDefault := func(i int) change {
		return func(_ *ticket.Status, others []ticket.Status) {
			for j := range others {
				others[j].IsDefault = i == j
			}
		}
	}
	says := func(r ticket.OnReply) change { return func(own *ticket.Status, _ []ticket.Status) { own.OnReply = r } }
	others := []ticket.Status{someStatus(), someStatus(), someStatus()}
	for i := range others {
		others[i].StatusType = ticket.InProgress
	}
	statusKind.add(t, d, others...)
	own := g.status
	for i, step := range []change{
		says(ticket.OpenOnReply), open(0, 5), open(1, 4), open(2, 4), byDefault(0), says(ticket.KeepOnReply), says(ticket.OpenOnReply),
		func(_ *ticket.Status, others []ticket.Status) { others[0].StatusType = ticket.Pending },
		byDefault(2), open(0, 0),
	} {
		step(&own, others)
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			for _, isDefault := range []bool{false, true} { // at most one may be the default at any time
				for _, s := range append([]ticket.Status{own}, others...) {
					if s.IsDefault == isDefault {
						err = errors.Join(err, tx.Statuses.Save(ctx, s))
					}
				}
			}
			return err
		})
		all := read(t, d, func(ctx context.Context, tx ports.Tx) ([]ticket.Status, error) {
			all, _, err := tx.Statuses.List(ctx, hugePage)
			return all, err
		})
		for _, wanted := range []bool{true, false} {
			var found ticket.Found
			d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
				_, found, err = tx.Tickets.LockFor(ctx, x.ID, everything, ticket.Refs{ReplyStatus: wanted})
				return err
			})
			want := own.ReplyStatus(all)
			switch {
			case !wanted || want == nil:
				if found.ReplyStatus != nil {
					t.Errorf("step %d: found %+v, want none", i, found.ReplyStatus)
				}
			case found.ReplyStatus == nil:
				t.Errorf("step %d: found none, want %+v", i, want)
			default:
				got := *found.ReplyStatus
				if got.ID != want.ID || got.Name != want.Name || got.StatusType != want.StatusType || got.Weight != want.Weight {
					t.Errorf("step %d: found %+v, want %+v", i, got, want)
				}
			}
		}
	}
}

func followUps(t *testing.T, d suite) {
	g, other := d.addFixtures(t), d.addFixtures(t)
	old, next := other.ticket(), g.ticket()
	next.FollowUpOf = old.ID
	d.addTickets(t, old, next)
	numberFor := func(reach access.Reach) string {
		t.Helper()
		v, err := getTicket(t, d, next.ID, reach)
		must(t, err)
		var locked ticket.View
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			locked, err = tx.Tickets.Lock(ctx, next.ID, reach)
			return err
		})
		if v.FollowUpOf != old.ID || locked.FollowUpNumber != v.FollowUpNumber {
			t.Errorf("read %q, locked %q, of %s", v.FollowUpNumber, locked.FollowUpNumber, v.FollowUpOf)
		}
		return v.FollowUpNumber
	}
	find := func(id domain.ID) *ticket.FollowUp {
		return read(t, d, func(ctx context.Context, tx ports.Tx) (*ticket.FollowUp, error) {
			found, err := tx.Tickets.Find(ctx, ticket.Refs{FollowUpOf: id})
			return found.FollowUp, err
		})
	}
	same(t, numberFor(everything), old.Number)
	same(t, numberFor(access.Reach{Account: g.account.ID}), "")
	same(t, find(old.ID), &ticket.FollowUp{
		ID: old.ID, Number: old.Number, StatusType: other.status.StatusType, CreatedBy: other.account.ID,
	})
	if found := find(newID()); found != nil {
		t.Errorf("found %+v", found)
	}
	old.CreatedFor = g.account.ID
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, old) })
	same(t, numberFor(access.Reach{Account: g.account.ID}), old.Number)
	same(t, find(old.ID).CreatedFor, g.account.ID)
	old.DeletedAt = noon
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Tickets.Save(ctx, old) })
	same(t, numberFor(everything), "")
	if found := find(old.ID); found != nil {
		t.Errorf("found a deleted ticket: %+v", found)
	}
}

func autoClosing(t *testing.T, d suite) {
	g := d.addFixtures(t)
	g.status.StatusType, g.status.AutoCloseDays = ticket.Resolved, 7
	shut := someStatus()
	shut.StatusType, shut.Weight = ticket.Closed, 99
	d.update(t, func(ctx context.Context, tx ports.Tx) error { return tx.Statuses.Save(ctx, g.status) })
	xs := make([]ticket.Ticket, 5)
	for i := range xs {
		xs[i] = g.ticket()
		xs[i].AutoCloseAt = noon.Add(time.Duration(5-i) * time.Hour) // the last is the earliest
	}
	xs[0].AutoCloseAt = time.Time{}
	gone, aside := g.ticket(), g.ticket()
	gone.AutoCloseAt, gone.DeletedAt, aside.AutoCloseAt = noon, noon, noon
	d.addTickets(t, append(xs, gone, aside)...)
	said := func(at time.Time, visibility ticket.Visibility) {
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			return tx.Comments.Add(ctx, ticket.Comment{
				ID: newID(), TicketID: xs[4].ID, Body: "x", Visibility: visibility, AuthorID: g.account.ID, CreatedAt: at,
			})
		})
	}
	said(noon.Add(-3*time.Hour), ticket.Public)
	said(noon.Add(-2*time.Hour), ticket.Public)
	said(noon.Add(-time.Hour), ticket.Internal)
	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		_, err := tx.SetAsides.Put(ctx, ports.SetAside{TicketID: aside.ID, Attempts: 1, Reason: "x", SetAsideAt: noon, RetryAt: noon})
		return err
	})
	closable := func(now time.Time, limit int) (views []ticket.View) {
		t.Helper()
		var refs []ports.TicketRef
		d.update(t, func(ctx context.Context, tx ports.Tx) (err error) {
			refs, err = tx.Tickets.Closable(ctx, now, limit)
			if err == nil {
				views, err = tx.Tickets.LockClosable(ctx, now, limit)
			}
			return err
		})
		if len(refs) != len(views) {
			t.Errorf("%d refs, %d tickets", len(refs), len(views))
		}
		return views
	}
	if !read(t, d, func(ctx context.Context, tx ports.Tx) (bool, error) {
		all, _, err := tx.Statuses.List(ctx, hugePage)
		return slices.ContainsFunc(all, func(s ticket.Status) bool { return s.StatusType == ticket.Closed }), err
	}) {
		same(t, idsOf(closable(noon.Add(9*time.Hour), 10)), []domain.ID{})
	}
	statusKind.add(t, d, shut)
	same(t, idsOf(closable(noon.Add(time.Hour-time.Microsecond), 10)), []domain.ID{})
	due := closable(noon.Add(3*time.Hour), 10)
	same(t, idsOf(due), []domain.ID{xs[4].ID, xs[3].ID, xs[2].ID})
	same(t, idsOf(closable(noon.Add(9*time.Hour), 2)), []domain.ID{xs[4].ID, xs[3].ID})
	same(t, due[0].LastPublicAt, noon.Add(-2*time.Hour))
	same(t, due[1].LastPublicAt, time.Time{})
	same(t, due[0].AutoCloseDays, 7)

	inStatus := func(after domain.ID, limit int) (ids []domain.ID) {
		t.Helper()
		d.update(t, func(ctx context.Context, tx ports.Tx) error {
			views, err := tx.Tickets.LockInStatus(ctx, g.status.ID, after, limit)
			refs, err2 := tx.Tickets.RefsInStatus(ctx, g.status.ID, after, limit)
			ids = idsOf(views)
			if len(refs) != len(ids) || len(ids) > 0 && refs[0].ID != ids[0] {
				t.Errorf("refs %v of %v", refs, ids)
			}
			return errors.Join(err, err2)
		})
		return ids
	}
	all := inStatus("", 100)
	if len(all) != 6 || !slices.IsSorted(all) || slices.Contains(all, gone.ID) {
		t.Errorf("in the status: %v", all)
	}
	same(t, inStatus(all[1], 2), all[2:4])
	same(t, inStatus(all[5], 2), []domain.ID{})

	d.update(t, func(ctx context.Context, tx ports.Tx) error {
		return errors.Join(tx.Tickets.SetStatus(ctx, nil, shut.ID), tx.Tickets.SetStatus(ctx, []domain.ID{xs[4].ID, xs[3].ID}, shut.ID))
	})
	for i, x := range xs {
		v, err := getTicket(t, d, x.ID, everything)
		must(t, err)
		want := g
		if x.StatusID = g.status.ID; i >= 3 {
			want.status, x.StatusID = shut, shut.ID
		}
		same(t, v, want.view(x))
	}
	// the copies of the status are right too
	page := read(t, d, func(ctx context.Context, tx ports.Tx) (ports.TicketPage, error) {
		return tx.Tickets.List(ctx, everything, ticket.Query{
			Filter: ticket.Filter{CreatedBy: []domain.ID{g.account.ID}}, Order: ticket.ByPriority, Now: noon, Size: 10,
		})
	})
	ids := idsOf(page.Tickets)
	if len(ids) != 6 || slices.Index(ids, xs[4].ID) < 4 || slices.Index(ids, xs[3].ID) < 4 {
		t.Errorf("listed as %v", ids)
	}
	if err := d.try(t, func(ctx context.Context, tx ports.Tx) error {
		return tx.Tickets.SetStatus(ctx, []domain.ID{xs[0].ID}, newID())
	}); !errors.Is(err, ports.ErrGone) {
		t.Errorf("an unknown status: %v", err)
	}
}
