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

// watched counts how often a store is asked who reads; adding logs fails with fault if there is one.
type watched struct {
	asked int
	fault error
}

type watchedInbox struct {
	ports.Inbox
	by *watched
}

func (s watchedInbox) Readers(ctx context.Context, ids []domain.ID) ([]notification.Reader, error) {
	s.by.asked++
	return s.Inbox.Readers(ctx, ids)
}

type watchedLogs struct {
	ports.NotificationLogs
	by *watched
}

func (s watchedLogs) Add(ctx context.Context, logs ...notification.Log) error {
	return errors.Join(s.by.fault, s.NotificationLogs.Add(ctx, logs...))
}

// tap lets the ports of a desk be watched.
func (w *watched) tap(tx *ports.Tx) {
	tx.Inbox, tx.NotificationLogs = watchedInbox{tx.Inbox, w}, watchedLogs{tx.NotificationLogs, w}
}

// watch lets the bell's use cases be watched.
func (b *notifyDesk) watch() *watched {
	w := &watched{}
	b.App = b.With(desk.Tap(w.tap))
	return w
}

func TestWhereNobodyElseIsConcernedTheStoreIsNotAsked(t *testing.T) {
	b := newNotifyDesk(t)
	s := b.watch()
	b.Open(desk.Customer, ticket.Patch{})
	desk.Check(t, b.Change(desk.Customer, ticket.Patch{Description: domain.Some("New")}))
	desk.Check(t, b.say(desk.Agent, ticket.Internal))
	if s.asked != 0 {
		t.Errorf("asked %d times", s.asked)
	}
	desk.Check(t, b.Change(desk.Admin, ticket.Patch{StatusID: b.StatusTo("RESOLVED"), PriorityID: b.PriorityTo("HIGH")}))
	if s.asked != 1 {
		t.Errorf("asked %d times for one change", s.asked)
	}
}

func TestAChangeOfWhichNobodyCanBeToldIsNotMade(t *testing.T) {
	b := newNotifyDesk(t)
	b.watch().fault = errors.New("out of paper")
	if err := b.Change(desk.Admin, toStatus("RESOLVED")(b)); err == nil {
		t.Error("the change was made")
	}
	if err := b.say(desk.Customer, ticket.Public); err == nil {
		t.Error("the comment was written")
	}
	v := desk.Must(b.Tickets.Get(t.Context(), b.Actor(desk.Admin), b.TicketID))(t)
	if got := b.rings(); v.StatusName != "Open" || got != "" {
		t.Errorf("the status is %s, told %q", v.StatusName, got)
	}
}
