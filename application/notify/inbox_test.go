package notify_test

import (
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// setStatuses lets an agent set statuses, a minute apart, and returns the inbox of the customer, newest first.
func (b *notifyDesk) setStatuses(codes ...string) []notification.View {
	b.T.Helper()
	for _, code := range codes {
		b.Wait(time.Minute)
		desk.Check(b.T, b.Change(desk.Agent, toStatus(code)(b)))
	}
	return b.inbox(desk.Customer, nil)
}

// inbox returns all logs in the inbox of a member.
func (b *notifyDesk) inbox(name string, isRead *bool) []notification.View {
	b.T.Helper()
	all, next, err := b.Inbox.List(b.T.Context(), b.Actor(name), isRead, nil, 100)
	desk.Check(b.T, err)
	if next != nil {
		b.T.Errorf("next position %+v, want none", next)
	}
	return all
}

func (b *notifyDesk) unread(name string) int {
	b.T.Helper()
	return desk.Must(b.Inbox.Unread(b.T.Context(), b.Actor(name)))(b.T)
}

func TestInboxIsPagedNewestFirst(t *testing.T) {
	b := newNotifyDesk(t)
	b.setStatuses("PENDING", "IN_PROGRESS", "RESOLVED", "OPEN", "RESOLVED")
	ends := []string{"Resolved", "Open", "Resolved", "In Progress", "Pending"}
	for _, size := range []int{1, 2, 3, 5, 6} {
		var all []notification.View
		var at *ports.TimelinePosition
		for page := 0; page == 0 || at != nil; page++ {
			logs, next, err := b.Inbox.List(t.Context(), b.Actor(desk.Customer), nil, at, size)
			desk.Check(t, err)
			if len(logs) > size || len(logs) == 0 || page > len(ends) {
				t.Fatalf("page %d of %d has %d logs", page, size, len(logs))
			}
			all, at = append(all, logs...), next
		}
		if len(all) != len(ends) {
			t.Fatalf("pages of %d: %d logs", size, len(all))
		}
		for i, l := range all {
			if !strings.HasSuffix(l.Message, "to "+ends[i]+" by agent.") || l.Recipient != desk.Customer || l.Sender != desk.Agent ||
				l.TicketNumber == "" {
				t.Errorf("pages of %d, log %d: %+v", size, i, l)
			}
		}
	}
}

func TestReadingALogTwiceKeepsTheFirstTime(t *testing.T) {
	b := newNotifyDesk(t)
	id := b.setStatuses("PENDING", "RESOLVED")[0].ID
	b.Wait(time.Hour)
	first := b.Now()
	for range 2 {
		l := desk.Must(b.Inbox.Read(t.Context(), b.Actor(desk.Customer), id))(t)
		if !l.IsRead || !l.ReadAt.Equal(first) || !l.UpdatedAt.Equal(first) || l.Recipient != desk.Customer || l.TicketNumber == "" {
			t.Errorf("read %+v", l)
		}
		b.Wait(time.Hour)
	}
	yes, no := true, false
	read, unread := b.inbox(desk.Customer, &yes), b.inbox(desk.Customer, &no)
	if len(read) != 1 || read[0].ID != id || !read[0].ReadAt.Equal(first) || len(unread) != 1 || unread[0].ID == id {
		t.Errorf("read %+v\nunread %+v", read, unread)
	}
	if n := b.unread(desk.Customer); n != 1 {
		t.Errorf("%d unread", n)
	}
}

func TestOnlyTheRecipientReadsALog(t *testing.T) {
	b := newNotifyDesk(t)
	id := b.setStatuses("PENDING")[0].ID
	for _, name := range []string{desk.Root, desk.Admin, desk.Agent, desk.Visitor, desk.Nobody} {
		_, err := b.Inbox.Read(t.Context(), b.Actor(name), id)
		desk.Kind(t, err, domain.NotFound)
		desk.Must(b.Inbox.ReadAll(t.Context(), b.Actor(name)))(t)
	}
	_, err := b.Inbox.Read(t.Context(), b.Actor(desk.Customer), "nothing")
	desk.Kind(t, err, domain.NotFound)
	if n := b.unread(desk.Customer); n != 1 {
		t.Errorf("%d unread", n)
	}
}

func TestReadAllMarksUnreadLogs(t *testing.T) {
	b := newNotifyDesk(t)
	all := b.setStatuses("PENDING", "RESOLVED", "OPEN")
	first := b.Now()
	desk.Must(b.Inbox.Read(t.Context(), b.Actor(desk.Customer), all[1].ID))(t)
	b.Wait(time.Hour)
	for _, want := range []int{2, 0} {
		if n := desk.Must(b.Inbox.ReadAll(t.Context(), b.Actor(desk.Customer)))(t); n != want {
			t.Errorf("marked %d as read, want %d", n, want)
		}
	}
	for i, l := range b.inbox(desk.Customer, nil) {
		want := b.Now()
		if i == 1 {
			want = first
		}
		if !l.IsRead || !l.ReadAt.Equal(want) {
			t.Errorf("read %+v, want at %v", l, want)
		}
	}
	if c, a := b.unread(desk.Customer), b.unread(desk.Agent); c != 0 || a != 1 {
		t.Errorf("the customer has %d unread, the agent %d", c, a)
	}
}

func TestInboxNeedsAnAccountButNoPermission(t *testing.T) {
	b := newNotifyDesk(t)
	ctx, nobody := t.Context(), access.Actor{}
	for name, ask := range map[string]func(access.Actor) error{
		"list":     func(a access.Actor) error { _, _, err := b.Inbox.List(ctx, a, nil, nil, 10); return err },
		"unread":   func(a access.Actor) error { return desk.Err(b.Inbox.Unread(ctx, a)) },
		"read all": func(a access.Actor) error { return desk.Err(b.Inbox.ReadAll(ctx, a)) },
	} {
		if err := ask(b.Actor(desk.Nobody)); err != nil {
			t.Errorf("%s, without a role: %v", name, err)
		}
		desk.Kind(t, ask(nobody), domain.Forbidden)
	}
	desk.Kind(t, desk.Err(b.Inbox.Read(ctx, nobody, b.inbox(desk.Agent, nil)[0].ID)), domain.Forbidden)
}

func TestInboxShowsOnlyWhatItsOwnerMaySee(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*notifyDesk) error
		left   int
	}{
		"nothing changed": {func(*notifyDesk) error { return nil }, 2},
		"the ticket was deleted": {func(b *notifyDesk) error {
			return b.Tickets.Delete(b.T.Context(), b.Actor(desk.Admin), b.TicketID, nil)
		}, 0},
		"the scope shrank to own tickets": { // without the internal note
			func(b *notifyDesk) error { b.setRole(desk.Agent, "customer"); return nil }, 1,
		},
		"tickets may no longer be viewed": {func(b *notifyDesk) error {
			b.AddRole("empty", access.ScopeAll)
			b.setRole(desk.Agent, "empty")
			return nil
		}, 0},
		"the scope and the ticket are gone": {func(b *notifyDesk) error {
			b.setRole(desk.Agent, "customer")
			return b.Change(desk.Admin, assigned(desk.Agent2)(b))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newNotifyDesk(t)
			desk.Check(t, b.comment(desk.Admin, ticket.Internal))
			all := b.inbox(desk.Agent, nil)
			desk.Check(t, c.change(b))
			if list, n := b.inbox(desk.Agent, nil), b.unread(desk.Agent); len(list) != c.left || n != c.left {
				t.Errorf("%d unread, listed %+v", n, list)
			}
			for i, l := range all {
				if _, err := b.Inbox.Read(t.Context(), b.Actor(desk.Agent), l.ID); (err == nil) != (i >= len(all)-c.left) {
					t.Errorf("%s: %v", l.Message, err)
				}
			}
		})
	}
}

func TestLogOfInternalNoteIsHiddenFromRequesters(t *testing.T) {
	b := newNotifyDesk(t)
	b.Assign(desk.Customer, access.NotificationsMenu, access.MayView)
	desk.Check(t, b.comment(desk.Admin, ticket.Internal))
	page := ports.Page{Number: 1, Size: 10}
	for name, want := range map[string]int{desk.Customer: 2, desk.Root: 3} {
		list, err := b.NotificationLogs.List(t.Context(), b.Actor(name), notification.Filter{}, page)
		desk.Check(t, err)
		if list.Count != want || len(list.Items) != want {
			t.Errorf("%s finds %+v", name, list)
		}
	}
	note := b.logs()[0]
	if !note.Internal {
		t.Fatalf("the newest log is %+v", note)
	}
	_, err := b.NotificationLogs.Get(t.Context(), b.Actor(desk.Customer), note.ID)
	desk.Kind(t, err, domain.NotFound)
}
