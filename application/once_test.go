package application_test

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
)

// under returns a request under the key "k".
func under(fingerprint string) *usecase.Once {
	return &usecase.Once{Key: "k", Fingerprint: fingerprint, Answer: named}
}

// named answers a role with its name.
func named(made any) (ports.Reply, error) {
	return ports.Reply{Code: 201, Location: "/there/", Body: []byte(made.(ports.RoleView).Name)}, nil
}

func crew(name string) access.RoleChange { return access.RoleChange{Name: domain.To(name)} }

// roles counts the roles beside the two that every office has.
func (o *office) roles() int {
	o.t.Helper()
	return must[usecase.List[ports.RoleView]](o.t)(o.Roles.List(o.t.Context(), o.root, ports.Page{Number: 1, Size: 1})).Count - 2
}

// replays checks that a request was answered with what was kept.
func replays(t *testing.T, err error, body string) {
	t.Helper()
	var before *usecase.Replayed
	if !errors.As(err, &before) {
		t.Fatalf("answered %v, want what was kept", err)
	}
	if r := before.Reply; r.Code != 201 || r.Location != "/there/" || string(r.Body) != body {
		t.Errorf("kept %+v", r)
	}
}

func TestARequestUnderAKeyIsCarriedOutOnce(t *testing.T) {
	o := newOffice(t)
	made := must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a")))
	if made.Name != "crew" {
		t.Errorf("made %+v", made)
	}
	for range 2 {
		_, err := o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a"))
		replays(t, err, "crew")
	}
	must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("without a key"), nil))
	if n := o.roles(); n != 2 {
		t.Errorf("%d roles were made", n)
	}
}

func TestAKeyStandsForOneRequest(t *testing.T) {
	o := newOffice(t)
	must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a")))
	_, err := o.Roles.Create(t.Context(), o.ann, crew("other"), under("b"))
	fails(t, err, domain.Reused, "The Idempotency-Key was used for another request.")
	if n := o.roles(); n != 1 {
		t.Errorf("%d roles were made", n)
	}
}

func TestAKeyIsForgottenAfterADay(t *testing.T) {
	o := newOffice(t)
	must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a")))
	o.now = o.now.Add(24*time.Hour - time.Microsecond)
	_, err := o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a"))
	replays(t, err, "crew")
	o.now = o.now.Add(time.Microsecond)
	must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("second crew"), under("b")))
	_, err = o.Roles.Create(t.Context(), o.ann, crew("second crew"), under("b"))
	replays(t, err, "second crew")
}

func TestAFailedRequestKeepsNothing(t *testing.T) {
	o := newOffice(t)
	_, err := o.Roles.Create(t.Context(), o.ann, crew("agents"), under("a"))
	fails(t, err, domain.Invalid, "already exists")
	unspeakable := &usecase.Once{Key: "k", Fingerprint: "a", Answer: func(any) (ports.Reply, error) {
		return ports.Reply{}, errors.New("no words for it")
	}}
	if _, err := o.Roles.Create(t.Context(), o.ann, crew("crew"), unspeakable); err == nil || o.roles() != 0 {
		t.Fatalf("answered %v, with %d roles", err, o.roles())
	}
	must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("crew"), under("b")))
}

func TestWhoLostThePermissionIsNotAnsweredAgain(t *testing.T) {
	o := newOffice(t)
	must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a")))
	o.permit(o.admins.ID, access.MayView, access.RolesMenu)
	_, err := o.Roles.Create(t.Context(), o.actor(o.annID), crew("crew"), under("a"))
	fails(t, err, domain.Forbidden, "You do not have the required permission")
}

// taken is a store whose keys are all held by somebody else.
type taken struct{ ports.Store }

type takenReplies struct{ ports.Replies }

func (takenReplies) Claim(context.Context, string, time.Time) (ports.Reply, error) {
	return ports.Reply{}, ports.ErrClaimed
}

func (s taken) Update(ctx context.Context, fn func(ports.Tx) error) error {
	return s.Store.Update(ctx, func(tx ports.Tx) error {
		tx.Replies = takenReplies{tx.Replies}
		return fn(tx)
	})
}

func TestWhileTheFirstRequestRunsTheSecondIsToldToComeBack(t *testing.T) {
	o := newOffice(t)
	o.App = application.New(application.Deps{Store: taken{o.store}, Clock: func() time.Time { return o.now }, NewID: o.id, Zone: time.UTC})
	_, err := o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a"))
	fails(t, err, domain.Conflict, "The request with this Idempotency-Key is still running.")
	var e *domain.Error
	if errors.As(err, &e) && e.RetryAfter <= 0 {
		t.Error("it does not say when to come back")
	}
	if o.roles() != 0 {
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
	g := newGate(t)
	g.hire("root", func(a *account.Account) { a.IsSuperuser = true })
	root := g.actorOf(g.signIn("root").AccessToken)
	c := account.Change{
		Username: domain.To("maya"), Email: domain.To("maya@x.test"), Phone: domain.To("+9779811111111"), Password: domain.To("Blue-Kettle-7"),
	}
	attempt := func(app *application.App) error {
		once := &usecase.Once{Key: "k", Fingerprint: "a", Answer: func(made any) (ports.Reply, error) {
			return ports.Reply{Code: 201, Location: "/there/", Body: []byte(made.(ports.AccountView).Username)}, nil
		}}
		_, err := app.Accounts.Create(t.Context(), root, c, once)
		return err
	}
	first := g.App
	late := application.New(application.Deps{
		Store: &interrupted{Store: g.store, then: func() { check(t, attempt(first)) }}, Clock: func() time.Time { return g.now }, NewID: g.id,
		Passwords: g.locks, Phones: first.Accounts.Phones, Tokens: g.tokens, Zone: time.UTC,
	})
	replays(t, attempt(late), "maya")
}

func TestPurgeForgetsTheRepliesThatNobodyIsGiven(t *testing.T) {
	o := newOffice(t)
	o.update(func(tx ports.Tx) error { // more than two batches
		for n := range 1100 {
			old := ports.Reply{Key: strconv.Itoa(n), CreatedAt: o.now.Add(-usecase.ReplyLifetime - time.Microsecond)}
			if err := tx.Replies.Keep(t.Context(), old); err != nil {
				return err
			}
		}
		return nil
	})
	must[ports.RoleView](t)(o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a")))
	if err := o.Replies.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := o.Roles.Create(t.Context(), o.ann, crew("crew"), under("a"))
	replays(t, err, "crew")
	o.update(func(tx ports.Tx) error {
		left, err := tx.Replies.Purge(t.Context(), o.now.Add(time.Hour), 2000)
		if left != 1 {
			t.Errorf("%d replies were left", left)
		}
		return err
	})
}
