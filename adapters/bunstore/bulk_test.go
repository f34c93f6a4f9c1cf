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
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

// awkward holds every character that COPY or a tsvector gives a meaning.
const awkward = "C:\\temp\\new\t\\N 'quoted' \"double\"\r\n\\. : & | ! * élan\U0001F600 end\\"

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
		Phone:    fmt.Sprintf("+97798400%05d", n), Address: awkward, IsActive: true, CreatedAt: noon, UpdatedAt: noon,
	}
}

func bulkID(n int) domain.ID { return domain.ID(fmt.Sprintf("%032x", n)) }

// bulkGround stores what tickets stand on and gives a ticket with everything set.
func bulkGround(t testing.TB, s *Store) ticket.View {
	t.Helper()
	ctx := t.Context()
	who := bulkAccount(1)
	state := status(bulkID(10), false)
	grade := ticket.Priority{
		ID: bulkID(11), Name: "High", NameKey: "high", Code: "HIGH", Weight: 30, Color: "#000000", CreatedAt: noon,
		UpdatedAt: noon,
	}
	menu := access.Menu{ID: bulkID(12), Name: "Menu", NameKey: "menu", URL: "/menu/", IsActive: true, CreatedAt: noon, UpdatedAt: noon}
	err := s.Update(ctx, func(tx ports.Tx) error {
		return errors.Join(tx.Accounts.Add(ctx, who), tx.Statuses.Add(ctx, state), tx.Priorities.Add(ctx, grade), tx.Menus.Add(ctx, menu))
	})
	if err != nil {
		t.Fatal(err)
	}
	return ticket.View{
		Ticket: ticket.Ticket{
			ID: bulkID(100), Title: awkward, Description: awkward, MenuID: menu.ID, StatusID: state.ID, PriorityID: grade.ID,
			CreatedFor: who.ID, AssignedTo: who.ID, CreatedBy: who.ID, ResponseDeadline: noon.Add(1 * time.Hour), DueDate: noon.Add(2 * time.Hour),
			FirstResponseAt: noon.Add(3 * time.Microsecond), ResolvedAt: noon.Add(4 * time.Hour), SLADueDate: noon.Add(5 * time.Hour),
			SLAByHand: true, SLABreached: true, SLABreachedAt: noon, SLANextAt: noon.Add(6 * time.Hour), DueReminded: noon.Add(2 * time.Hour),
			IsEscalated: true, CustomerSatisfaction: 5, Urgency: ticket.UrgencyBreached,
			UrgencyFrom: noon, UrgencyUntil: ticket.Never, CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon.Add(-time.Minute),
		},
		Names: ticket.Names{
			MenuName: menu.Name, StatusName: state.Name, StatusType: state.StatusType, StatusWeight: state.Weight, PriorityName: grade.Name,
			PriorityWeight: grade.Weight, CreatedForName: who.Username, AssignedToName: who.Username, CreatedByName: who.Username,
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

// promised is a ticket with a ledger that holds every column.
func promised(v ticket.View) ports.Dossier {
	p := sla.Promise{
		PolicyID: bulkID(200), PriorityID: v.PriorityID, Target: time.Hour, DueAt: noon.Add(time.Hour), CalendarID: sla.AlwaysOpenVersion,
		WarnPercent: 80, PauseTypes: []lifecycle.StatusType{lifecycle.Pending, lifecycle.Open}, OnReopen: sla.ReopenRestarts, Escalate: true,
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
				Event: sla.Event{Metric: sla.Resolution, Cycle: 1, Kind: sla.Paused, At: noon, Reason: awkward},
			},
			{TicketID: v.ID, Seq: 3, RecordedAt: noon, Event: sla.Event{
				Metric: sla.Resolution, Cycle: 1, Kind: sla.Retargeted, At: noon, Promise: sla.Promise{CalendarID: sla.AlwaysOpenVersion},
			}},
		},
		Standings: []sla.ClockState{{TicketID: v.ID, Metric: sla.Resolution, Cycle: 1, State: sla.StateRunning, DueAt: noon, DecidedAt: noon}},
	}
}

func TestWhatIsWrittenInBulkReadsBackAsItWas(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		full := bulkGround(t, s)
		bare := full
		bare.Ticket = ticket.Ticket{
			ID: bulkID(101), Title: "The printer burns", Description: "Since noon.", StatusID: full.StatusID, PriorityID: full.PriorityID,
			CreatedBy: full.CreatedBy, UrgencyFrom: noon, UrgencyUntil: ticket.Never, CreatedAt: noon, UpdatedAt: noon,
		}
		bare.MenuName, bare.CreatedForName, bare.AssignedToName = "", "", ""
		if err := s.BulkTickets(ctx, time.UTC, sequence(promised(full), ports.Dossier{View: bare}), nil); err != nil {
			t.Fatal(err)
		}
		err := s.View(ctx, func(tx ports.Tx) error {
			kept, err := tx.Ledgers.Of(ctx, []domain.ID{full.ID, bare.ID})
			if diff := cmp.Diff(map[domain.ID][]sla.Entry{full.ID: promised(full).Entries}, kept); diff != "" {
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
			q := ticket.Query{
				Order: ticket.ByCreated, Now: noon, Size: 10,
				Filter: ticket.Filter{Search: []string{word}, Escalated: &full.IsEscalated},
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

func TestAccountsWrittenInBulkReadBackAsTheyWere(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store) {
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
			for word, want := range map[string]int{"": 2, "élan": 2, "984000008": 0, "9840000008": 1} {
				views, n, err := tx.Accounts.List(ctx, ports.AccountFilter{Search: domain.SearchWords(word)}, ports.Page{Number: 1, Size: 10})
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
			t.Errorf("a user name twice: %v", err)
		}
	})
}

func TestNumbersGivenInBulkGoOnWhereTheDayStands(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		like := bulkGround(t, s)
		if _, err := s.NextNumber(ctx, "20260302"); err != nil {
			t.Fatal(err)
		}
		east := time.FixedZone("east", 12*60*60) // where it is the second of March at noon
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
			t.Errorf("%d tickets are said to be written", n)
		}
		next, err := s.NextNumber(ctx, "20260302")
		if err != nil || next != bulkBatch+2 {
			t.Errorf("the next number is %d, %v, want %d", next, err, bulkBatch+2)
		}
	})
}

func TestAFailureEndsTheBulkAndKeepsNothingOfItsBatch(t *testing.T) {
	broken := errors.New("broken")
	everywhere(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		v := bulkGround(t, s)
		unknown := v
		unknown.ID, unknown.StatusID = bulkID(102), bulkID(99)
		if err := s.BulkTickets(ctx, time.UTC, sequence(ports.Dossier{View: v}, ports.Dossier{View: unknown}), nil); err == nil {
			t.Error("a status that does not exist was taken")
		}
		all := func(yield func(ports.Dossier, error) bool) {
			_ = yield(promised(v), nil) && yield(ports.Dossier{}, broken)
		}
		if err := s.BulkTickets(ctx, time.UTC, all, nil); !errors.Is(err, broken) {
			t.Errorf("a sequence that breaks: %v", err)
		}
		err := s.View(ctx, func(tx ports.Tx) error {
			_, err := tx.Tickets.Get(ctx, v.ID, access.Reach{All: true})
			return err
		})
		if !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("the rest of the batch is there: %v", err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.BulkTickets(ended, time.UTC, sequence(ports.Dossier{View: v}), nil); err == nil {
			t.Error("written after the context ended")
		}
	})
}
