package bunstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/ticket"
	"tickt/ports"
)

// A skewed database: nearly all rows have one value, a few another one. A plan that suits one of them is wrong for the other.

const (
	skewedTickets = 4000
	oneIn         = 500 // one row of so many has the rare value of a column
)

// chosen are the values with which a statement is tried.
type chosen struct {
	account, role, menu, ticket, comment, log, policy domain.ID
	status                                            ticket.Status
	priority                                          ticket.Priority
	word                                              string
	at                                                time.Time // a time before which there is much, or little
}

func (v chosen) reach(all bool) access.Reach { return access.Reach{All: all, Account: v.account} }

func (v chosen) page(size int) ports.Page { return ports.Page{Number: 1, Size: size} }

// common and rare are values that nearly all rows have, and that few have.
var common, rare = skewedValues(0, "common", noon), skewedValues(1, "quagga", noon.AddDate(-2, 0, 1))

func skewedValues(n int, word string, at time.Time) chosen {
	id := func(kind int) domain.ID { return bulkID(kind + n) }
	name := [...]string{"COMMON", "RARE"}[n]
	return chosen{
		account: id(10), role: id(20), menu: id(30), ticket: id(1000), comment: id(2000), log: id(3000), policy: id(70), word: word, at: at,
		status: ticket.Status{
			ID: id(40), Name: name, NameKey: name, Code: name, StatusType: [...]ticket.StatusType{ticket.Closed, ticket.Open}[n], Weight: n + 1,
			IsDefault: n == 0, CreatedAt: noon, UpdatedAt: noon,
		},
		priority: ticket.Priority{
			ID: id(50), Name: name, NameKey: name, Code: name, Weight: 10 + n, Color: "#000000", IsDefault: n == 0, CreatedAt: noon, UpdatedAt: noon,
		},
	}
}

// of returns the rare value for one n of oneIn, otherwise the common one.
func of[T any](n, from int, value func(chosen) T) T {
	if n%oneIn == from {
		return value(rare)
	}
	return value(common)
}

// skewed returns a store on a skewed database, and the database's URL.
func skewed(t testing.TB, url string) *Store {
	t.Helper()
	s := openStore(t, Options{URL: url, Prepared: true})
	ctx := t.Context()
	err := s.Update(ctx, func(tx ports.Tx) error {
		var all []error
		for _, v := range []chosen{common, rare} {
			a := bulkAccount(len(all))
			a.ID, a.Username, a.UsernameKey = v.account, string(v.account), string(v.account)
			all = append(all,
				tx.Roles.Add(ctx, access.Role{ID: v.role, Name: v.status.Name, TicketScope: access.ScopeOwn, CreatedAt: noon, UpdatedAt: noon}),
				tx.Accounts.Add(ctx, a), tx.Statuses.Add(ctx, v.status), tx.Priorities.Add(ctx, v.priority),
				tx.Menus.Add(ctx, access.Menu{
					ID: v.menu, Name: v.word, NameKey: v.word, URL: "/" + v.word + "/", IsActive: true, CreatedAt: noon, UpdatedAt: noon,
				}))
		}
		return errors.Join(all...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.BulkTickets(ctx, time.UTC, skewedSequence(skewedTickets), nil); err != nil {
		t.Fatal(err)
	}
	for _, text := range skewedRows {
		if _, err := s.engine.pool.Exec(ctx, text); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	if err := s.Update(ctx, func(tx ports.Tx) error { return tx.Dashboard.Compact(ctx) }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.engine.pool.Exec(ctx, `VACUUM (ANALYZE)`); err != nil {
		t.Fatal(err)
	}
	return s
}

// skewedSequence returns tickets, oldest first, spread over two years. Those that are over, have a common word and belong to one
// account, menu and priority are many.
func skewedSequence(n int) iter.Seq2[ports.Dossier, error] {
	return func(yield func(ports.Dossier, error) bool) {
		for i := range n {
			status := of(i, 0, func(v chosen) ticket.Status { return v.status })
			priority := of(i, 1, func(v chosen) ticket.Priority { return v.priority })
			account := func(v chosen) domain.ID { return v.account }
			at := noon.Add(-time.Duration(n-i) * 2 * 365 * 24 * time.Hour / time.Duration(n))
			x := ticket.Ticket{
				ID: bulkID(1000 + i), Title: "The " + of(i, 2, func(v chosen) string { return v.word }) + " printer burns",
				Description: fmt.Sprint("Order ", i), StatusID: status.ID, PriorityID: priority.ID,
				MenuID:    of(i, 3, func(v chosen) domain.ID { return v.menu }),
				CreatedBy: of(i, 4, account), CreatedFor: of(i, 5, account), AssignedTo: of(i, 6, account), UrgencyFrom: at,
				UrgencyUntil: ticket.Never, CreatedAt: at, UpdatedAt: at, DueDate: at.Add(time.Hour), ResponseDeadline: at.Add(time.Hour),
				FirstResponseAt: at.Add(time.Minute), SLABreached: i%oneIn == 7, IsEscalated: i%oneIn == 8,
			}
			if i%oneIn == 9 {
				x.AssignedTo = ""
			}
			if i%oneIn == 10 {
				x.UrgencyUntil, x.AutoCloseAt = at.Add(time.Hour), at.Add(time.Hour)
			}
			names := ticket.Names{
				StatusType: status.StatusType, StatusWeight: status.Weight, PriorityWeight: priority.Weight, CreatedByName: string(x.CreatedBy),
			}
			if !yield(ports.Dossier{View: ticket.View{Ticket: x, Names: names}}, nil) {
				return
			}
		}
	}
}

// skewedRows insert what belongs to the tickets and accounts, in which either is the common id, and the rare one in one row of oneIn.
var skewedRows = func() []string {
	id := func(from int, n string) string { return fmt.Sprintf(`lpad(to_hex(%d + %s), 32, '0')`, from, n) }
	either := func(from int) string { return id(from, fmt.Sprintf(`CASE WHEN n %% %d = 0 THEN 1 ELSE 0 END`, oneIn)) }
	series := fmt.Sprintf(` FROM generate_series(0, %d - 1) n`, skewedTickets)
	at := fmt.Sprintf(`TIMESTAMPTZ '2026-03-01 12:00:00Z' - (%d - n) * INTERVAL '730 days' / %d`, skewedTickets, skewedTickets)
	return []string{
		`INSERT INTO accounts (id, username, username_key, email, email_key, phone, password_hash, address, role_id, is_active, is_staff,
 is_superuser, search, created_at, updated_at) SELECT ` + id(100_000, "n") + `, 'person' || n, 'person' || n, n || '@example.org',
 n || '@example.org',
 '+977985' || lpad(n::text, 7, '0'), '', '', ` + either(20) + `, n % 7 <> 3, false, false,
 array_to_tsvector(ARRAY['person' || n, CASE WHEN n % 500 = 0 THEN 'quagga' ELSE 'common' END]), ` + at + `, ` + at + series,
		`INSERT INTO notification_logs (id, type, recipient_id, sender_id, ticket_id, title, message, is_read, is_sent, created_at, updated_at,
 delivery_state, attempts, resends, mail_only) SELECT ` + id(3000, "n") + `, 
 CASE WHEN n % 500 = 1 THEN 'sla_breached' ELSE 'ticket_updated' END,
 ` + either(10) + `, ` + either(10) + `, ` + id(1000, "n") + `, 't', 'm', n % 500 > 20, n % 500 > 20, ` + at + `, ` + at + `,
 'sent', 1, 0, false` + series,
		`INSERT INTO ticket_history (id, ticket_id, at, actor_id, via, kind, field, from_value, to_value, from_name, to_name, internal)
 SELECT ` + id(4000, "n") + `, ` + either(1000) + `, ` + at + `, ` + either(10) + `, 'api', 'change',
 CASE WHEN n % 500 = 0 THEN 'title' ELSE 'status'
 END, 'a', 'b', '', '', false` + series,
		`INSERT INTO ticket_comments (id, ticket_id, body, visibility, author_id, created_at) SELECT ` + id(2000, "n") + `, ` + either(1000) + `,
 'It still does.', CASE WHEN n % 500 = 1 THEN 'internal' ELSE 'public' END, ` + either(10) + `, ` + at + series,
		`INSERT INTO sla_policies (id, name, name_key, position, pause_types, on_reopen, escalate_on_breach, is_active, created_at, updated_at)
 SELECT ` + id(70, "n") + `, n, n, n, 'pending', 'resume', true, true, now(), now() FROM generate_series(0, 1) n`,
		`INSERT INTO sla_clocks (ticket_id, metric, cycle, state, due_at, decided_at, policy_id) SELECT ` + id(1000, "n") + `, 'resolution', 1,
 CASE WHEN n % 500 = 0 THEN 'running' ELSE 'met' END, CASE WHEN n % 500 = 0 THEN ` + at + ` END, ` + at + `, ` + either(70) + series,
		`INSERT INTO sla_events (ticket_id, seq, metric, cycle, kind, at, recorded_at, reason, policy_id, target_seconds, due_at, edition_id,
 warn_percent, pause_types, on_reopen, escalate) SELECT ` + id(1000, "n") + `, 1, 'resolution', 1, 'activate', ` + at + `, ` + at + `, '',
 ` + either(70) + `, 3600, ` + at + `, (SELECT edition_id FROM calendars LIMIT 1), 80, '', 'resume', true` + series,
		`INSERT INTO sessions (id, account_id, refresh_id, rotated_at, created_at, expires_at, revoked_at) SELECT ` + id(5000, "n") + `,
 ` + either(10) + `, ` + id(5000, "n") + `, ` + at + `, ` + at + `, ` + at + `, CASE WHEN n % 500 > 20 THEN ` + at + ` END` + series,
		`INSERT INTO throttle (key, n, start, group_key) SELECT 'k' || n, 1, ` + at + `,
 CASE WHEN n % 500 = 0 THEN 'quagga' ELSE 'common' END` + series,
		`INSERT INTO known_addresses (account_id, address, signed_in_at) SELECT ` + either(10) + `, 'a' || n, ` + at + series,
		`INSERT INTO replies (key, fingerprint, status, location, body, created_at) SELECT 'k' || n, '', 200, '', '', ` + at + series,
		`INSERT INTO account_permissions (id, account_id, menu_id, actions, assigned_at, created_at, updated_at) SELECT ` + id(6000, "n") + `,
 ` + id(100_000, "n") + `, ` + either(30) + `, 15, ` + at + `, ` + at + `, ` + at + series,
		`INSERT INTO account_mails (id, kind, account_id, username_key, email_key, address, credentials, created_at, expires_at) SELECT
 ` + id(7000, "n") + `, 'reset', ` + either(10) + `, 'k' || n, 'k' || n, '', '', ` + at + `, ` + at + series,
		`INSERT INTO derived_due (kind, id) SELECT CASE WHEN n % 500 = 0 THEN 'quagga' ELSE 'common' END, ` + id(1000, "n") + series,
		`INSERT INTO derived_walks (kind, rule, position, done) VALUES ('common', 1, '', FALSE), ('quagga', 1, '', FALSE)`,
		`INSERT INTO operations (id, account_id, state, progress, total, tickets, due_times_moved, breaches_added, breaches_removed, created_at,
 updated_at) SELECT ` + id(8000, "n") + `, ` + either(10) + `, 'done', 0, 0, 0, 0, 0, 0, ` + at + `, ` + at + series,
	}
}()

// do runs fn in an Update that is rolled back.
func do(ctx context.Context, s *Store, fn func(conn) error) error {
	done := errors.New("done")
	err := s.transact(ctx, func(c conn) error {
		if err := fn(c); err != nil {
			return err
		}
		return done
	})
	if errors.Is(err, done) {
		return nil
	}
	return err
}
