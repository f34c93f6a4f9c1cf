package usecase_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"tickt/application"
	"tickt/application/usecase"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// keyedDesk is a desk on which a clerk creates roles under idempotency keys.
type keyedDesk struct {
	*desk.Desk
	clerk  access.Actor
	before int // the number of roles at the start
}

func newKeyedDesk(t *testing.T) *keyedDesk {
	t.Helper()
	k := &keyedDesk{Desk: desk.New(t)}
	k.clerk = k.Actor(desk.Clerk)
	k.before = k.roles()
	return k
}

// requestWith returns a request under the key "k" that is answered with the name of the role.
func requestWith(fingerprint string) *usecase.Idempotency {
	return desk.Once("k", fingerprint, func(created ports.RoleView) string { return created.Name })
}

// create creates a role as the clerk.
func (k *keyedDesk) create(name string, once *usecase.Idempotency) (ports.RoleView, error) {
	k.T.Helper()
	return k.Roles.Create(k.T.Context(), k.clerk, access.RolePatch{Name: domain.Some(name)}, once)
}

// roles returns the number of roles that were created since the start.
func (k *keyedDesk) roles() int {
	k.T.Helper()
	page := ports.Page{Number: 1, Size: 1}
	return desk.Must(k.Roles.List(k.T.Context(), k.Actor(desk.Root), page))(k.T).Count - k.before
}

func TestRepeatedRequestIsCarriedOutOnce(t *testing.T) {
	k := newKeyedDesk(t)
	made := desk.Must(k.create("crew", requestWith("a")))(t)
	if made.Name != "crew" {
		t.Errorf("created %+v", made)
	}
	for range 2 {
		desk.Replays(t, desk.Err(k.create("crew", requestWith("a"))), "crew")
	}
	desk.Must(k.create("without a key", nil))(t)
	if n := k.roles(); n != 2 {
		t.Errorf("%d roles were created", n)
	}
}

func TestKeyCannotBeUsedForAnotherRequest(t *testing.T) {
	k := newKeyedDesk(t)
	desk.Must(k.create("crew", requestWith("a")))(t)
	desk.Fails(t, desk.Err(k.create("other", requestWith("b"))), domain.Reused, "The Idempotency-Key was used for another request.")
	if n := k.roles(); n != 1 {
		t.Errorf("%d roles were created", n)
	}
}

func TestKeyExpiresAfterADay(t *testing.T) {
	k := newKeyedDesk(t)
	desk.Must(k.create("crew", requestWith("a")))(t)
	k.Wait(24*time.Hour - time.Microsecond)
	desk.Replays(t, desk.Err(k.create("crew", requestWith("a"))), "crew")
	k.Wait(time.Microsecond)
	desk.Must(k.create("second crew", requestWith("b")))(t)
	desk.Replays(t, desk.Err(k.create("second crew", requestWith("b"))), "second crew")
}

func TestFailedRequestStoresNothing(t *testing.T) {
	k := newKeyedDesk(t)
	desk.Fails(t, desk.Err(k.create(desk.Temps, requestWith("a"))), domain.Invalid, "already exists")
	unanswerable := &usecase.Idempotency{Key: "k", Fingerprint: "a", Answer: func(any) (ports.IdempotencyRecord, error) {
		return ports.IdempotencyRecord{}, errors.New("cannot be encoded")
	}}
	if _, err := k.create("crew", unanswerable); err == nil || k.roles() != 0 {
		t.Fatalf("error %v, %d roles created", err, k.roles())
	}
	desk.Must(k.create("crew", requestWith("b")))(t)
}

func TestReplayNeedsThePermission(t *testing.T) {
	k := newKeyedDesk(t)
	desk.Must(k.create("crew", requestWith("a")))(t)
	k.Permit(desk.Clerks, access.MayView, access.RolesMenu)
	k.clerk = k.Actor(desk.Clerk)
	desk.Fails(t, desk.Err(k.create("crew", requestWith("a"))), domain.Forbidden, "You do not have the required permission")
}

// claimedRecords are idempotency records whose keys are all claimed by another transaction.
type claimedRecords struct{ ports.IdempotencyRecords }

func (claimedRecords) Claim(context.Context, string, time.Time) (ports.IdempotencyRecord, error) {
	return ports.IdempotencyRecord{}, ports.ErrClaimed
}

func TestRequestThatIsStillRunningIsAConflict(t *testing.T) {
	k := newKeyedDesk(t)
	k.App = k.With(desk.Tap(func(tx *ports.Tx) { tx.IdempotencyRecords = claimedRecords{tx.IdempotencyRecords} }))
	_, err := k.create("crew", requestWith("a"))
	desk.Fails(t, err, domain.Conflict, "The request with this Idempotency-Key is still running.")
	var e *domain.Error
	if errors.As(err, &e) && (e.RetryAfter <= 0 || e.Code() != domain.ReasonRetryInProgress) {
		t.Errorf("retry after %v, %s", e.RetryAfter, e.Code())
	}
	if k.roles() != 0 {
		t.Error("a role was created")
	}
}

// interruptedStore calls then after the first View.
type interruptedStore struct {
	ports.Store
	then func()
}

func (s *interruptedStore) View(ctx context.Context, fn func(ports.Tx) error) error {
	err := s.Store.View(ctx, fn)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return err
}

func TestRetryIsNotRefusedAsADuplicateOfTheFirstRequest(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	c := account.Patch{
		Username: domain.Some("maya"), Email: domain.Some("maya@desk.test"), Phone: domain.Some("+9779811111111"),
		Password: domain.Some("Blue-Kettle-7"),
	}
	attempt := func(app *application.App) error {
		once := desk.Once("k", "a", func(created ports.AccountView) string { return created.Username })
		return desk.Err(app.Accounts.Create(t.Context(), root, c, once))
	}
	late := d.With(func(deps *application.Deps) {
		deps.Store = &interruptedStore{Store: deps.Store, then: func() { desk.Check(t, attempt(d.App)) }}
	})
	desk.Replays(t, attempt(late), "maya")
}

func TestPurgeRemovesExpiredRecords(t *testing.T) {
	k := newKeyedDesk(t)
	k.Update(func(ctx context.Context, tx ports.Tx) error { // more than two batches
		for n := range 1100 {
			old := ports.IdempotencyRecord{Key: strconv.Itoa(n), CreatedAt: k.Now().Add(-usecase.IdempotencyLifetime - time.Microsecond)}
			if err := tx.IdempotencyRecords.Save(ctx, old); err != nil {
				return err
			}
		}
		return nil
	})
	desk.Must(k.create("crew", requestWith("a")))(t)
	desk.Check(t, k.IdempotencyRecords.Purge(t.Context()))
	desk.Replays(t, desk.Err(k.create("crew", requestWith("a"))), "crew")
	k.Update(func(ctx context.Context, tx ports.Tx) error {
		left, err := tx.IdempotencyRecords.Purge(ctx, k.Now().Add(time.Hour), 2000)
		if left != 1 {
			t.Errorf("%d records are left, want 1", left)
		}
		return err
	})
}
