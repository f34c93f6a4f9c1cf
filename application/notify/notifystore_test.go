package notify_test

import (
	"context"
	"errors"
	"testing"

	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// storeSpy counts how often readers and receivers are read. If fault is set, adding logs fails with it.
type storeSpy struct {
	reads     int
	receivers int
	fault     error
}

type spiedInbox struct {
	ports.Inbox
	by *storeSpy
}

func (s spiedInbox) Readers(ctx context.Context, ids []domain.ID) ([]notification.Reader, error) {
	s.by.reads++
	return s.Inbox.Readers(ctx, ids)
}

func (s spiedInbox) Receivers(ctx context.Context) ([]notification.Reader, error) {
	s.by.receivers++
	return s.Inbox.Receivers(ctx)
}

type spiedLogs struct {
	ports.NotificationLogs
	by *storeSpy
}

func (s spiedLogs) Add(ctx context.Context, logs ...notification.Log) error {
	return errors.Join(s.by.fault, s.NotificationLogs.Add(ctx, logs...))
}

// tap puts the spy between a transaction and its store.
func (w *storeSpy) tap(tx *ports.Tx) {
	tx.Inbox, tx.NotificationLogs = spiedInbox{tx.Inbox, w}, spiedLogs{tx.NotificationLogs, w}
}

// spy puts a spy between the use cases and their store.
func (b *notifyDesk) spy() *storeSpy {
	w := &storeSpy{}
	b.App = b.With(desk.Tap(w.tap))
	return w
}

func TestRecipientsAreReadInFewRoundTrips(t *testing.T) {
	b := newNotifyDesk(t)
	s := b.spy()
	desk.Check(t, b.Change(desk.Customer, ticket.Patch{Description: domain.Some("New")}))
	desk.Check(t, b.comment(desk.Agent, ticket.Internal))
	if s.reads != 0 {
		t.Errorf("%d reads, want none", s.reads)
	}
	desk.Check(t, b.Change(desk.Admin, ticket.Patch{StatusID: b.StatusTo("RESOLVED"), PriorityID: b.PriorityTo("HIGH")}))
	if s.reads != 1 {
		t.Errorf("%d reads for one change, want 1", s.reads)
	}
	s.reads = 0
	b.Open(desk.Customer, ticket.Patch{})
	if s.reads != 0 || s.receivers != 1 {
		t.Errorf("%d reads and %d of receivers for a ticket without an assignee, want 0 and 1", s.reads, s.receivers)
	}
	b.Deactivate(desk.Agent)
	desk.Check(t, b.comment(desk.Customer, ticket.Public))
	if s.reads != 1 || s.receivers != 2 {
		t.Errorf("%d reads and %d of receivers for a deactivated assignee, want 1 each", s.reads, s.receivers-1)
	}
}

func TestChangeFailsIfItsNotificationsCannotBeStored(t *testing.T) {
	b := newNotifyDesk(t)
	b.spy().fault = errors.New("cannot add logs")
	if err := b.Change(desk.Admin, toStatus("RESOLVED")(b)); err == nil {
		t.Error("the change was made")
	}
	if err := b.comment(desk.Customer, ticket.Public); err == nil {
		t.Error("the comment was written")
	}
	v := desk.Must(b.Tickets.Get(t.Context(), b.Actor(desk.Admin), b.TicketID))(t)
	if got := b.newlyNotified(); v.StatusName != "Open" || got != "" {
		t.Errorf("the status is %s, notified %q", v.StatusName, got)
	}
}
