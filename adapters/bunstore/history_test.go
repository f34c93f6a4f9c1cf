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

// addHistory stores a ticket with two history entries, and returns a function that reads them.
func addHistory(t *testing.T, s *Store) func() []ticket.EntryView {
	t.Helper()
	ctx := t.Context()
	ana := account.Account{
		ID: "ana", Username: "ana", UsernameKey: "ana", Email: "ana@example.org", EmailKey: "ana@example.org",
		Phone: "+4790000000", Language: account.English, CreatedAt: noon, UpdatedAt: noon,
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

func TestDatabaseRefusesToChangeHistory(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		list := addHistory(t, s)
		before := list()
		if len(before) != 2 || before[0].ID != "2" || before[1].Actor != "ana" {
			t.Fatalf("got entries %+v", before)
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
			expectAppendOnly(t, s, change)
		}
		if s.engine.postgres {
			expectAppendOnly(t, s, `TRUNCATE ticket_history`)
			expectAppendOnly(t, s, `TRUNCATE tickets CASCADE`)
			expectAppendOnly(t, s, `MERGE INTO ticket_history h USING (SELECT 1) one ON h.id = '1' WHEN MATCHED THEN DELETE`)
		} else {
			expectAppendOnly(t, s,
				`REPLACE INTO ticket_history (id, ticket_id, at, actor_id, via, kind, field, from_value, to_value, from_name, to_name, comment_id, `+
					`internal) SELECT id, ticket_id, at, NULL, via, kind, field, '', '', '', '', NULL, FALSE FROM ticket_history`)
		}
		if after := list(); !slices.Equal(after, before) {
			t.Errorf("entries changed to %+v", after)
		}
	})
}

// expectAppendOnly expects that the triggers of ticket_history refuse a change, rather than a foreign key.
func expectAppendOnly(t *testing.T, s *Store, change string) {
	t.Helper()
	_, err := s.engine.writes.ExecContext(t.Context(), change)
	if err == nil || !strings.Contains(err.Error(), "ticket_history is only added to") {
		t.Errorf("%s: %v", change, err)
	}
}

func TestEntryIDsOfLostMenusAreOrderedByTime(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		list, ctx := addHistory(t, s), t.Context()
		var made []domain.ID
		for i, id := range []domain.ID{"m", "n"} {
			at := noon.AddDate(0, 0, i+1)
			err := s.Update(ctx, func(tx ports.Tx) error { return loseMenu(ctx, tx, id, ticket.Cause{Via: access.ViaJob, At: at}) })
			if err != nil {
				t.Fatal(err)
			}
			newest := list()[0]
			if _, ok := domain.ParseID(string(newest.ID)); !ok || !newest.At.Equal(at) {
				t.Errorf("got entry %+v", newest)
			}
			made = append(made, newest.ID)
		}
		if made[0] >= made[1] {
			t.Errorf("ids %v are not ascending", made)
		}
	})
}

// loseMenu creates a menu, sets it on the ticket, and removes it.
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
