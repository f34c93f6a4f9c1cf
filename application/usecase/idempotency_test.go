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

// keys is a desk on which roles are made under keys.
type keys struct {
	*desk.Desk
	clerk  access.Actor
	before int // how many roles there were
}

func newKeys(t *testing.T) *keys {
	t.Helper()
	k := &keys{Desk: desk.New(t)}
	k.clerk = k.Actor(desk.Clerk)
	k.before = k.roles()
	return k
}

// under is a request under the key "k", that is answered with the name of a role.
func under(fingerprint string) *usecase.Idempotency {
	return desk.Once("k", fingerprint, func(made ports.RoleView) string { return made.Name })
}

// create creates a role as the clerk.
func (k *keys) create(name string, once *usecase.Idempotency) (ports.RoleView, error) {
	k.T.Helper()
	return k.Roles.Create(k.T.Context(), k.clerk, access.RolePatch{Name: domain.Some(name)}, once)
}

// roles counts the roles beside those that the desk began with.
func (k *keys) roles() int {
	k.T.Helper()
	page := ports.Page{Number: 1, Size: 1}
	return desk.Must(k.Roles.List(k.T.Context(), k.Actor(desk.Root), page))(k.T).Count - k.before
}

func TestARequestUnderAKeyIsCarriedOutOnce(t *testing.T) {
	k := newKeys(t)
	made := desk.Must(k.create("crew", under("a")))(t)
	if made.Name != "crew" {
		t.Errorf("made %+v", made)
	}
	for range 2 {
		desk.Replays(t, desk.Err(k.create("crew", under("a"))), "crew")
	}
	desk.Must(k.create("without a key", nil))(t)
	if n := k.roles(); n != 2 {
		t.Errorf("%d roles were made", n)
	}
}

func TestAKeyStandsForOneRequest(t *testing.T) {
	k := newKeys(t)
	desk.Must(k.create("crew", under("a")))(t)
	desk.Fails(t, desk.Err(k.create("other", under("b"))), domain.Reused, "The Idempotency-Key was used for another request.")
	if n := k.roles(); n != 1 {
		t.Errorf("%d roles were made", n)
	}
}

func TestAKeyIsForgottenAfterADay(t *testing.T) {
	k := newKeys(t)
	desk.Must(k.create("crew", under("a")))(t)
	k.Wait(24*time.Hour - time.Microsecond)
	desk.Replays(t, desk.Err(k.create("crew", under("a"))), "crew")
	k.Wait(time.Microsecond)
	desk.Must(k.create("second crew", under("b")))(t)
	desk.Replays(t, desk.Err(k.create("second crew", under("b"))), "second crew")
}

func TestAFailedRequestKeepsNothing(t *testing.T) {
	k := newKeys(t)
	desk.Fails(t, desk.Err(k.create(desk.Temps, under("a"))), domain.Invalid, "already exists")
	unspeakable := &usecase.Idempotency{Key: "k", Fingerprint: "a", Answer: func(any) (ports.IdempotencyRecord, error) {
		return ports.IdempotencyRecord{}, errors.New("no words for it")
	}}
	if _, err := k.create("crew", unspeakable); err == nil || k.roles() != 0 {
		t.Fatalf("answered %v, with %d roles", err, k.roles())
	}
	desk.Must(k.create("crew", under("b")))(t)
}

func TestWhoLostThePermissionIsNotAnsweredAgain(t *testing.T) {
	k := newKeys(t)
	desk.Must(k.create("crew", under("a")))(t)
	k.Permit(desk.Clerks, access.MayView, access.RolesMenu)
	k.clerk = k.Actor(desk.Clerk)
	desk.Fails(t, desk.Err(k.create("crew", under("a"))), domain.Forbidden, "You do not have the required permission")
}

// takenReplies are those of a store whose keys are all held by somebody else.
type takenReplies struct{ ports.IdempotencyRecords }

func (takenReplies) Claim(context.Context, string, time.Time) (ports.IdempotencyRecord, error) {
	return ports.IdempotencyRecord{}, ports.ErrClaimed
}

func TestWhileTheFirstRequestRunsTheSecondIsToldToComeBack(t *testing.T) {
	k := newKeys(t)
	k.App = k.With(desk.Tap(func(tx *ports.Tx) { tx.IdempotencyRecords = takenReplies{tx.IdempotencyRecords} }))
	_, err := k.create("crew", under("a"))
	desk.Fails(t, err, domain.Conflict, "The request with this Idempotency-Key is still running.")
	var e *domain.Error
	if errors.As(err, &e) && e.RetryAfter <= 0 {
		t.Error("it does not say when to come back")
	}
	if k.roles() != 0 {
		t.Error("a role was made")
	}
}

// interrupted is a store on which something happens right after the first look at it.
type interrupted struct {
	ports.Store
	then func()
}

func (s *interrupted) View(ctx context.Context, fn func(ports.Tx) error) error {
	err := s.Store.View(ctx, fn)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return err
}

func TestARetryIsNotRefusedForWhatTheFirstRequestMadeMeanwhile(t *testing.T) {
	d := desk.New(t)
	root := d.Actor(desk.Root)
	c := account.Patch{
		Username: domain.Some("maya"), Email: domain.Some("maya@desk.test"), Phone: domain.Some("+9779811111111"),
		Password: domain.Some("Blue-Kettle-7"),
	}
	attempt := func(app *application.App) error {
		once := desk.Once("k", "a", func(made ports.AccountView) string { return made.Username })
		return desk.Err(app.Accounts.Create(t.Context(), root, c, once))
	}
	late := d.With(func(deps *application.Deps) {
		deps.Store = &interrupted{Store: deps.Store, then: func() { desk.Check(t, attempt(d.App)) }}
	})
	desk.Replays(t, attempt(late), "maya")
}

func TestPurgeForgetsTheRepliesThatNobodyIsGiven(t *testing.T) {
	k := newKeys(t)
	k.Update(func(ctx context.Context, tx ports.Tx) error { // more than two batches
		for n := range 1100 {
			old := ports.IdempotencyRecord{Key: strconv.Itoa(n), CreatedAt: k.Now().Add(-usecase.IdempotencyLifetime - time.Microsecond)}
			if err := tx.IdempotencyRecords.Save(ctx, old); err != nil {
				return err
			}
		}
		return nil
	})
	desk.Must(k.create("crew", under("a")))(t)
	desk.Check(t, k.IdempotencyRecords.Purge(t.Context()))
	desk.Replays(t, desk.Err(k.create("crew", under("a"))), "crew")
	k.Update(func(ctx context.Context, tx ports.Tx) error {
		left, err := tx.IdempotencyRecords.Purge(ctx, k.Now().Add(time.Hour), 2000)
		if left != 1 {
			t.Errorf("%d replies were left", left)
		}
		return err
	})
}
