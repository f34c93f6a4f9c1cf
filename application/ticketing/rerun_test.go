package ticketing_test

import (
	"context"
	"errors"
	"testing"

	"tickt/application"
	"tickt/application/ticketing"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
)

// rerunStore is a store that runs every Update twice, as after a serialization failure; the first run is rolled back.
// It records the references for which tickets are locked.
type rerunStore struct {
	ports.Store
	refs []ticket.Refs
}

var errCollision = errors.New("serialization failure")

func (s *rerunStore) Update(ctx context.Context, fn func(ports.Tx) error) error {
	recording := func(tx ports.Tx) error {
		tx.Tickets = lockRecorder{tx.Tickets, &s.refs}
		return fn(tx)
	}
	err := s.Store.Update(ctx, func(tx ports.Tx) error {
		if err := recording(tx); err != nil {
			return err
		}
		return errCollision
	})
	if !errors.Is(err, errCollision) {
		return err
	}
	return s.Store.Update(ctx, recording)
}

type lockRecorder struct {
	ports.Tickets
	refs *[]ticket.Refs
}

func (n lockRecorder) LockFor(ctx context.Context, id domain.ID, reach access.Reach, refs ticket.Refs) (ticket.View, ticket.Found, error) {
	*n.refs = append(*n.refs, refs)
	return n.Tickets.LockFor(ctx, id, reach, refs)
}

type editing = desk.Changing[ticket.View, ticket.Patch]

func TestRerunEditLocksTheSameReferences(t *testing.T) {
	for name, edit := range map[string]func(*ticketing.Tickets) editing{
		"change":  func(s *ticketing.Tickets) editing { return s.Update },
		"replace": func(s *ticketing.Tickets) editing { return s.Replace },
	} {
		t.Run(name, func(t *testing.T) {
			var store *rerunStore
			d := desk.New(t, func(d *application.Deps) {
				store = &rerunStore{Store: d.Store}
				d.Store = store
			})
			before := d.Open(desk.Customer, ticket.Patch{})
			sentBack := ticket.Patch{ // as the requester read it, except for the title
				Title: domain.Some("Smoke"), Description: domain.Some(before.Description),
				StatusID: domain.Some(string(before.StatusID)), PriorityID: domain.Some(string(before.PriorityID)),
			}
			after := desk.Must(edit(d.Tickets)(t.Context(), d.Actor(desk.Customer), before.ID, sentBack, nil))(t)
			if after.Title != "Smoke" || after.StatusID != before.StatusID || after.PriorityID != before.PriorityID {
				t.Errorf("the edit left %+v", after)
			}
			want := ticket.Refs{StatusID: domain.Some(before.StatusID), PriorityID: domain.Some(before.PriorityID)}
			if len(store.refs) != 2 || store.refs[0] != want || store.refs[1] != want {
				t.Errorf("locked for %+v, want twice %+v", store.refs, want)
			}
		})
	}
}
