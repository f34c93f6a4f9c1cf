package bunstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/domain/lifecycle"
	"tickt/domain/search"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// specialCharacters holds every character that has a meaning in COPY or in a tsvector.
const specialCharacters = "C:\\temp\\new\t\\N 'quoted' \"double\"\r\n\\. : & | ! * élan\U0001F600 end\\"

func sequence[T any](all ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}

func bulkAccount(n int) account.Account {
	name := fmt.Sprintf("Élan.%d", n)
	return account.Account{
		ID: bulkID(n), Username: name, UsernameKey: domain.FoldCase(name), Email: name + "@example.org",
		EmailKey: domain.FoldCase(name + "@example.org"),
		Phone:    fmt.Sprintf("+97798400%05d", n), Address: specialCharacters, IsActive: true,
		Language: account.English, CreatedAt: noon, UpdatedAt: noon,
	}
}

func bulkID(n int) domain.ID { return domain.ID(fmt.Sprintf("%032x", n)) }

// addTicketRefs stores an account, a status, a priority and a menu, and returns a ticket that refers to them and has
// every field set.
func addTicketRefs(t testing.TB, s *Store) ticket.View {
	t.Helper()
	ctx := t.Context()
	owner := bulkAccount(1)
	open := status(bulkID(10), false)
	high := ticket.Priority{
		ID: bulkID(11), Name: "High", NameKey: "high", Code: "HIGH", Weight: 30, Color: "#000000", CreatedAt: noon,
		UpdatedAt: noon,
	}
	menu := access.Menu{ID: bulkID(12), Name: "Menu", NameKey: "menu", URL: "/menu/", IsActive: true, CreatedAt: noon, UpdatedAt: noon}
	err := s.Update(ctx, func(tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, owner), tx.Statuses.Add(ctx, open), tx.Priorities.Add(ctx, high), tx.Menus.Add(ctx, menu))
	})
	if err != nil {
		t.Fatal(err)
	}
	return ticket.View{
		Ticket: ticket.Ticket{
			ID: bulkID(100), Title: specialCharacters, Description: specialCharacters, MenuID: menu.ID, StatusID: open.ID, PriorityID: high.ID,
			CreatedFor: owner.ID, AssignedTo: owner.ID, CreatedBy: owner.ID,
			ResponseDeadline: noon.Add(1 * time.Hour), DueDate: noon.Add(2 * time.Hour),
			FirstResponseAt: noon.Add(3 * time.Microsecond), ResolvedAt: noon.Add(4 * time.Hour), SLADueDate: noon.Add(5 * time.Hour),
			SLAByHand: true, SLABreached: true, SLABreachedAt: noon, SLANextAt: noon.Add(6 * time.Hour), DueReminded: noon.Add(2 * time.Hour),
			IsEscalated: true, CustomerSatisfaction: 5, Urgency: ticket.UrgencyBreached,
			UrgencyFrom: noon, UrgencyUntil: ticket.Never, CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon.Add(-time.Minute),
		},
		Names: ticket.Names{
			MenuName: menu.Name, StatusName: open.Name, StatusType: open.StatusType, StatusWeight: open.Weight, PriorityName: high.Name,
			PriorityWeight: high.Weight, CreatedForName: owner.Username, AssignedToName: owner.Username, CreatedByName: owner.Username,
		},
	}
}

func (s *Store) ticket(t *testing.T, id domain.ID) ticket.View {
	t.Helper()
	var v ticket.View
	err := s.View(t.Context(), func(tx ports.Tx) (err error) {
		v, err = tx.Tickets.Get(t.Context(), id, access.Reach{All: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// withLedger returns a ticket with a ledger that uses every column.
func withLedger(v ticket.View) ports.Dossier {
	p := sla.Promise{
		PolicyID: bulkID(200), PolicyGone: true, PriorityID: v.PriorityID, Target: time.Hour, DueAt: noon.Add(time.Hour),
		CalendarID: sla.AlwaysOpenVersion, WarnPercent: 80, PauseTypes: []lifecycle.StatusType{lifecycle.Pending, lifecycle.Open},
		OnReopen: sla.ReopenRestarts, Escalate: true,
	}
	return ports.Dossier{
		View: v,
		Entries: []sla.Entry{
			{
				TicketID: v.ID, Seq: 1, RecordedAt: noon,
				Event: sla.Event{Metric: sla.Resolution, Cycle: 1, Kind: sla.Activated, At: noon, Promise: p},
			},
			{
				TicketID: v.ID, Seq: 2, RecordedAt: noon,
				Event: sla.Event{Metric: sla.Resolution, Cycle: 1, Kind: sla.Paused, At: noon, Reason: specialCharacters},
			},
			{TicketID: v.ID, Seq: 3, RecordedAt: noon, Event: sla.Event{
				Metric: sla.Resolution, Cycle: 1, Kind: sla.Retargeted, At: noon, Promise: sla.Promise{CalendarID: sla.AlwaysOpenVersion},
			}},
		},
		ClockStates: []sla.ClockState{{TicketID: v.ID, Metric: sla.Resolution, Cycle: 1, State: sla.StateRunning, DueAt: noon, DecidedAt: noon}},
	}
}

func TestBulkTicketsRoundTrip(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		full := addTicketRefs(t, s)
		bare := full
		bare.Ticket = ticket.Ticket{
			ID: bulkID(101), Title: "The printer burns", Description: "Since noon.", StatusID: full.StatusID, PriorityID: full.PriorityID,
			CreatedBy: full.CreatedBy, UrgencyFrom: noon, UrgencyUntil: ticket.Never, CreatedAt: noon, UpdatedAt: noon,
		}
		bare.MenuName, bare.CreatedForName, bare.AssignedToName = "", "", ""
		if err := s.BulkTickets(ctx, time.UTC, sequence(withLedger(full), ports.Dossier{View: bare}), nil); err != nil {
			t.Fatal(err)
		}
		err := s.View(ctx, func(tx ports.Tx) error {
			kept, err := tx.Ledgers.Of(ctx, []domain.ID{full.ID, bare.ID})
			if diff := cmp.Diff(map[domain.ID][]sla.Entry{full.ID: withLedger(full).Entries}, kept); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []ticket.View{full, bare} {
			want = want.Numbered(fmt.Sprintf("TKT-20260301-%04d", i+1))
			if diff := cmp.Diff(want, s.ticket(t, want.ID)); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		}
		for _, word := range []string{"quoted", "temp", "élan", "end", "20260301"} {
			wanted, _ := search.Parse(word)
			q := ticket.Query{
				Order: ticket.ByCreated, Now: noon, Size: 10,
				Filter: ticket.Filter{Search: &wanted, Escalated: &full.IsEscalated},
			}
			err := s.View(ctx, func(tx ports.Tx) error {
				page, err := tx.Tickets.List(ctx, access.Reach{All: true}, q)
				if err == nil && len(page.Tickets) != 1 {
					t.Errorf("%q finds %d tickets, want 1", word, len(page.Tickets))
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

func TestBulkAccountsRoundTrip(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		want := bulkAccount(7)
		if err := s.BulkAccounts(ctx, sequence(want, bulkAccount(8)), nil); err != nil {
			t.Fatal(err)
		}
		err := s.View(ctx, func(tx ports.Tx) error {
			got, err := tx.Accounts.Get(ctx, want.ID)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
			for word, want := range map[string]int{"?": 0, "élan": 2, "984000008": 0, "9840000008": 1} {
				wanted, _ := search.Parse(word)
				views, n, err := tx.Accounts.List(ctx, ports.AccountFilter{Search: &wanted}, ports.Page{Number: 1, Size: 10})
				if err != nil || n != want || len(views) != want {
					t.Errorf("%q finds %d accounts, %d in all, %v; want %d", word, len(views), n, err, want)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		namesake := want
		namesake.ID, namesake.Email, namesake.EmailKey, namesake.Phone = bulkID(9), "another@example.org", "another@example.org", "+9779840099999"
		var taken *ports.Taken
		if err := s.BulkAccounts(ctx, sequence(namesake), nil); !errors.As(err, &taken) || taken.Field != "username" {
			t.Errorf("a duplicate user name: %v", err)
		}
	})
}

func TestBulkTicketsContinueNumbersOfTheDay(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		like := addTicketRefs(t, s)
		if _, err := s.NextNumber(ctx, "20260302"); err != nil {
			t.Fatal(err)
		}
		east := time.FixedZone("east", 12*60*60) // noon is midnight of 2 March there
		var written atomic.Int64
		all := func(yield func(ports.Dossier, error) bool) {
			for i := range 2*bulkBatch + 1 {
				v := like
				v.ID, v.CreatedAt = bulkID(1000+i), noon.Add(time.Duration(i%2-1)*time.Minute)
				if !yield(ports.Dossier{View: v}, nil) {
					return
				}
			}
		}
		if err := s.BulkTickets(ctx, east, all, func(n int) { written.Add(int64(n)) }); err != nil {
			t.Fatal(err)
		}
		if n := written.Load(); n != 2*bulkBatch+1 {
			t.Errorf("%d tickets reported as written, want %d", n, 2*bulkBatch+1)
		}
		next, err := s.NextNumber(ctx, "20260302")
		if err != nil || next != bulkBatch+2 {
			t.Errorf("the next number is %d, %v, want %d", next, err, bulkBatch+2)
		}
	})
}

func TestFailedBatchIsRolledBack(t *testing.T) {
	broken := errors.New("broken")
	onEachDatabase(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		v := addTicketRefs(t, s)
		unknown := v
		unknown.ID, unknown.StatusID = bulkID(102), bulkID(99)
		if err := s.BulkTickets(ctx, time.UTC, sequence(ports.Dossier{View: v}, ports.Dossier{View: unknown}), nil); err == nil {
			t.Error("an unknown status was accepted")
		}
		all := func(yield func(ports.Dossier, error) bool) {
			_ = yield(withLedger(v), nil) && yield(ports.Dossier{}, broken)
		}
		if err := s.BulkTickets(ctx, time.UTC, all, nil); !errors.Is(err, broken) {
			t.Errorf("a failing sequence: got %v", err)
		}
		err := s.View(ctx, func(tx ports.Tx) error {
			_, err := tx.Tickets.Get(ctx, v.ID, access.Reach{All: true})
			return err
		})
		if !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("the failed batch was kept: %v", err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.BulkTickets(ended, time.UTC, sequence(ports.Dossier{View: v}), nil); err == nil {
			t.Error("tickets were written after the context had ended")
		}
	})
}
