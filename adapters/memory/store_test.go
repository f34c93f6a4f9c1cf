package memory

import (
	"context"
	"errors"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
)

func TestViewMayNeitherWriteNorLock(t *testing.T) {
	ctx := t.Context()
	for name, call := range map[string]func(ports.Tx) error{
		"Add":    func(tx ports.Tx) error { return tx.Roles.Add(ctx, access.Role{ID: "r", Name: "r"}) },
		"Remove": func(tx ports.Tx) error { return tx.Roles.Remove(ctx, "r") },
		"Lock": func(tx ports.Tx) error {
			_, err := tx.Accounts.Lock(ctx, "a")
			return err
		},
		"LockDefault": func(tx ports.Tx) error {
			_, err := tx.Statuses.LockDefault(ctx)
			return err
		},
		"LockSuperusers": func(tx ports.Tx) error {
			_, err := tx.Accounts.LockSuperusers(ctx)
			return err
		},
		"Lock of many": func(tx ports.Tx) error {
			_, err := tx.AccountRoles.Lock(ctx, nil)
			return err
		},
		"Claim": func(tx ports.Tx) error {
			_, err := tx.IdempotencyRecords.Claim(ctx, "key", time.Time{})
			return err
		},
		"Save":         func(tx ports.Tx) error { return tx.IdempotencyRecords.Save(ctx, ports.IdempotencyRecord{}) },
		"SetKeyChecks": func(tx ports.Tx) error { return tx.Setup.SetKeyChecks(ctx, nil) },
		"RevokeAll": func(tx ports.Tx) error {
			_, err := tx.Sessions.RevokeAll(ctx, time.Time{})
			return err
		},
		"RevokeOf": func(tx ports.Tx) error { return tx.Sessions.RevokeOf(ctx, "a", "", time.Time{}) },
		"Lock of a comment": func(tx ports.Tx) error {
			_, err := tx.Comments.Lock(ctx, "t", "c", true)
			return err
		},
		"Lock of a log": func(tx ports.Tx) error {
			_, err := tx.Inbox.Lock(ctx, ports.Reader{}, "l")
			return err
		},
		"ReadAll": func(tx ports.Tx) error {
			_, err := tx.Inbox.ReadAll(ctx, ports.Reader{}, time.Time{})
			return err
		},
		"Jobs":    func(tx ports.Tx) error { return tx.Jobs.Add(ctx, ports.Job{}) },
		"History": func(tx ports.Tx) error { return tx.History.Add(ctx, []ticket.Entry{{ID: "e"}}) },
		"Lock of a calendar": func(tx ports.Tx) error {
			_, err := tx.Calendars.Lock(ctx, sla.AlwaysOpenID)
			return err
		},
		"LockPositions": func(tx ports.Tx) error {
			_, err := tx.Policies.LockPositions(ctx)
			return err
		},
		"LockAll": func(tx ports.Tx) error {
			_, err := tx.Menus.LockAll(ctx)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := New().View(ctx, call); !errors.Is(err, errReadOnly) {
				t.Errorf("want %v, got %v", errReadOnly, err)
			}
		})
	}
}

func TestWaitingEndsWithContext(t *testing.T) {
	s := New()
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(t.Context(), func(ports.Tx) error {
		cancel()
		return s.View(ctx, func(ports.Tx) error { return nil })
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("want %v, got %v", context.Canceled, err)
	}
}

func TestPanicReleasesTheStore(t *testing.T) {
	s := New()
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(t.Context(), func(ports.Tx) error { panic("no") })
	}()
	if err := s.Update(t.Context(), func(ports.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}

// A unique value that an Update frees and another row takes must be restored.
func TestUndoRestoresUniqueValues(t *testing.T) {
	s, ctx := New(), t.Context()
	role := func(id domain.ID, name string) access.Role { return access.Role{ID: id, Name: name, NameKey: name} }
	a, b := role("a", "first"), role("b", "second")
	if err := s.Update(ctx, func(tx ports.Tx) error { return errors.Join(tx.Roles.Add(ctx, a), tx.Roles.Add(ctx, b)) }); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	err := s.Update(ctx, func(tx ports.Tx) error {
		if err := errors.Join(tx.Roles.Remove(ctx, "a"), tx.Roles.Save(ctx, role("b", "first")),
			tx.Roles.Add(ctx, role("c", "second"))); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Fatal(err)
	}
	for id, name := range map[domain.ID]string{"a": "first", "b": "second"} {
		if got := s.data.roles.rows[id].Name; got != name {
			t.Errorf("role %s is called %q", id, got)
		}
		if holder := s.data.roles.unique[0].holder[name]; holder != id {
			t.Errorf("%q belongs to %q", name, holder)
		}
	}
	if len(s.data.roles.rows) != 2 || len(s.data.roles.unique[0].holder) != 2 {
		t.Errorf("rows %v, names %v", s.data.roles.rows, s.data.roles.unique[0].holder)
	}
}

func TestWorkRunsJobsInOrderUntilOneFails(t *testing.T) {
	ctx, s := t.Context(), New()
	add := func(all ...ports.Job) error {
		return s.Update(ctx, func(tx ports.Tx) error { return tx.Jobs.Add(ctx, all...) })
	}
	if err := add(ports.Job{ID: "a"}, ports.Job{ID: "b"}); err != nil {
		t.Fatal(err)
	}
	did, busy := "", errors.New("busy")
	do := func(_ context.Context, j ports.Job) error {
		switch {
		case j.ID == "b" && busy != nil:
			return busy
		case j.ID == "a":
			if err := add(ports.Job{ID: "c"}); err != nil {
				return err
			}
		}
		did += string(j.ID)
		return nil
	}
	if n, err := s.Work(ctx, do); n != 1 || !errors.Is(err, busy) || did != "a" {
		t.Errorf("did %d, %q, %v", n, did, err)
	}
	busy = nil
	if n, err := s.Work(ctx, do); n != 2 || err != nil || did != "abc" {
		t.Errorf("did %d, %q, %v", n, did, err)
	}
	if left, err := s.Waiting(ctx); len(left) != 0 || err != nil {
		t.Errorf("left %v, %v", left, err)
	}
}
