package bunstore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/ticket"
	"tickt/ports"
)

// withHistory keeps a ticket and two entries of it, and gives the reading of them.
func withHistory(t *testing.T, s *Store) func() []ticket.EntryView {
	t.Helper()
	ctx := t.Context()
	ana := account.Account{
		ID: "ana", Username: "ana", UsernameKey: "ana", Email: "ana@example.org", EmailKey: "ana@example.org",
		Phone: "+4790000000", CreatedAt: noon, UpdatedAt: noon,
	}
	low := ticket.Priority{ID: "low", Name: "low", NameKey: "low", Code: "LOW", CreatedAt: noon, UpdatedAt: noon}
	x := ticket.Ticket{
		ID: "x", Number: "TKT-1", StatusID: "open", PriorityID: "low", CreatedBy: "ana", UrgencyFrom: noon,
		UrgencyUntil: ticket.Never, CreatedAt: noon, UpdatedAt: noon,
	}
	entries := []ticket.Entry{
		{ID: "1", TicketID: "x", At: noon, ActorID: "ana", Via: access.ViaAPI, Kind: ticket.EntryCreated, To: "TKT-1"},
		{ID: "2", TicketID: "x", At: noon, Via: access.ViaJob, Kind: ticket.EntryChanged, Field: "title", From: "a", To: "b"},
	}
	err := s.Update(ctx, func(tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, ana), tx.Statuses.Add(ctx, status("open", true)), tx.Priorities.Add(ctx, low),
			tx.Tickets.Add(ctx, x), tx.History.Add(ctx, entries))
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []ticket.EntryView {
		t.Helper()
		var found []ticket.EntryView
		err := s.View(ctx, func(tx ports.Tx) (err error) {
			found, err = tx.History.List(ctx, "x", true, nil, 10)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

func TestTheDatabaseRefusesToChangeHistory(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store) {
		list := withHistory(t, s)
		before := list()
		if len(before) != 2 || before[0].ID != "2" || before[1].Actor != "ana" {
			t.Fatalf("there is %+v", before)
		}
		for _, change := range []string{
			`UPDATE ticket_history SET to_value = 'c' WHERE id = '2'`,
			`UPDATE ticket_history SET actor_id = NULL`,
			`DELETE FROM ticket_history WHERE id = '1'`,
			`DELETE FROM ticket_history`,
			`INSERT INTO ticket_history (id, ticket_id, at, via, kind, field, from_value, to_value, from_name, to_name, internal) SELECT id, ` +
				`ticket_id, at, via, kind, field, from_value, to_value, from_name, to_name, internal FROM ticket_history WHERE id = '1' ON CONFLICT ` +
				`(id) DO UPDATE SET to_value = 'c'`,
		} {
			refused(t, s, change)
		}
		if s.engine.postgres {
			refused(t, s, `TRUNCATE ticket_history`)
			refused(t, s, `TRUNCATE tickets CASCADE`)
			refused(t, s, `MERGE INTO ticket_history h USING (SELECT 1) one ON h.id = '1' WHEN MATCHED THEN DELETE`)
		} else {
			refused(t, s,
				`REPLACE INTO ticket_history (id, ticket_id, at, actor_id, via, kind, field, from_value, to_value, from_name, to_name, comment_id, `+
					`internal) SELECT id, ticket_id, at, NULL, via, kind, field, '', '', '', '', NULL, FALSE FROM ticket_history`)
		}
		if after := list(); !slices.Equal(after, before) {
			t.Errorf("there is %+v", after)
		}
	})
}

// refused expects that history itself, and nothing else, is in the way of a change.
func refused(t *testing.T, s *Store, change string) {
	t.Helper()
	_, err := s.engine.writes.ExecContext(t.Context(), change)
	if err == nil || !strings.Contains(err.Error(), "ticket_history is only added to") {
		t.Errorf("%s: %v", change, err)
	}
}

func TestIdsOfLostMenusAreOrderedByTime(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store) {
		list, ctx := withHistory(t, s), t.Context()
		var made []domain.ID
		for i, id := range []domain.ID{"m", "n"} {
			at := noon.AddDate(0, 0, i+1)
			err := s.Update(ctx, func(tx ports.Tx) error { return loseMenu(ctx, tx, id, ticket.Cause{Via: access.ViaJob, At: at}) })
			if err != nil {
				t.Fatal(err)
			}
			newest := list()[0]
			if _, ok := domain.ParseID(string(newest.ID)); !ok || !newest.At.Equal(at) {
				t.Errorf("noted %+v", newest)
			}
			made = append(made, newest.ID)
		}
		if made[0] >= made[1] {
			t.Errorf("made %v", made)
		}
	})
}

// loseMenu makes a menu, gives it to the ticket, and takes it away.
func loseMenu(ctx context.Context, tx ports.Tx, id domain.ID, by ticket.Cause) error {
	menu := access.Menu{ID: id, Name: string(id), NameKey: string(id), URL: string(id), CreatedAt: noon, UpdatedAt: noon}
	if err := tx.Menus.Add(ctx, menu); err != nil {
		return err
	}
	v, err := tx.Tickets.Lock(ctx, "x", access.Reach{All: true})
	if err != nil {
		return err
	}
	v.MenuID = id
	return errors.Join(tx.Tickets.Save(ctx, v.Ticket), tx.History.LoseMenu(ctx, id, menu.Name, by), tx.Menus.Remove(ctx, id))
}
