package application_test

import (
	"context"
	"errors"
	"testing"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/notification"
	"tickt/domain/ticket"
	"tickt/ports"
	fixture "tickt/test/desk"
)

// watched is a store that counts how often somebody asks who reads, and whose logs fail where fault says so.
type watched struct {
	ports.Store
	asked int
	fault error
}

type watchedInbox struct {
	ports.Inbox
	store *watched
}

func (s watchedInbox) Readers(ctx context.Context, ids []domain.ID) ([]notification.Reader, error) {
	s.store.asked++
	return s.Inbox.Readers(ctx, ids)
}

type watchedLogs struct {
	ports.NotificationLogs
	store *watched
}

func (s watchedLogs) Add(ctx context.Context, logs ...notification.Log) error {
	return errors.Join(s.store.fault, s.NotificationLogs.Add(ctx, logs...))
}

func (s *watched) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Inbox, tx.NotificationLogs = watchedInbox{tx.Inbox, s}, watchedLogs{tx.NotificationLogs, s}
		return fn(tx)
	})
}

// watch lets the bell's use cases run on a watched store.
func (b *bell) watch() *watched {
	s := &watched{Store: b.Store}
	d := b.Deps()
	d.Store = s
	b.App = application.New(d)
	return s
}

func TestWhereNobodyElseIsConcernedTheStoreIsNotAsked(t *testing.T) {
	b := newBell(t)
	s := b.watch()
	b.Open(fixture.Customer, ticket.Change{})
	check(t, b.change(fixture.Customer, ticket.Change{Description: domain.To("New")}))
	check(t, b.say(fixture.Agent, ticket.Internal))
	if s.asked != 0 {
		t.Errorf("asked %d times", s.asked)
	}
	check(t, b.change(fixture.Admin, ticket.Change{StatusID: b.status("RESOLVED"), PriorityID: b.priority("HIGH")}))
	if s.asked != 1 {
		t.Errorf("asked %d times for one change", s.asked)
	}
}

func TestAChangeOfWhichNobodyCanBeToldIsNotMade(t *testing.T) {
	b := newBell(t)
	b.watch().fault = errors.New("out of paper")
	if err := b.change(fixture.Admin, toStatus("RESOLVED")(b)); err == nil {
		t.Error("the change was made")
	}
	if err := b.say(fixture.Customer, ticket.Public); err == nil {
		t.Error("the comment was written")
	}
	v := must[ticket.View](t)(b.Tickets.Get(t.Context(), b.Actor(fixture.Admin), b.id))
	if got := b.rings(); v.StatusName != "Open" || got != "" {
		t.Errorf("the status is %s, told %q", v.StatusName, got)
	}
}
