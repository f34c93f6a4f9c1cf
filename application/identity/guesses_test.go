package identity_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/account"
	"tickt/ports"
	"tickt/test/desk"
)

// steps notes in order what a guess of a password costs.
type steps []string

func (s *steps) note(step string) { *s = append(*s, step) }

type stepThrottle struct {
	ports.Throttle
	*steps
}

func (n stepThrottle) Counts(
	ctx context.Context, keys []string, since time.Time, id domain.ID, address string,
) ([]account.Count, account.KnownAddress, error) {
	n.note("counts")
	return n.Throttle.Counts(ctx, keys, since, id, address)
}

func (n stepThrottle) Hit(ctx context.Context, limits []account.Limit, now, since time.Time) ([]account.Count, error) {
	n.note("hit")
	return n.Throttle.Hit(ctx, limits, now, since)
}

type stepAccounts struct {
	ports.Accounts
	*steps
}

func (n stepAccounts) Lock(ctx context.Context, id domain.ID) (account.Account, error) {
	n.note("lock")
	return n.Accounts.Lock(ctx, id)
}

// guesses are the use cases in which somebody may guess a password of anita.
var guesses = map[string]func(t *testing.T, app *application.App, anita access.Actor, password string, from account.Client) error{
	"a sign-in": func(t *testing.T, app *application.App, _ access.Actor, password string, from account.Client) error {
		return desk.Err(app.Sessions.Login(t.Context(), "anita", password, from))
	},
	"a new password": func(t *testing.T, app *application.App, anita access.Actor, password string, from account.Client) error {
		return app.Me.ChangePassword(t.Context(), anita, change(password, otherPassword), from)
	},
	"a new address": func(t *testing.T, app *application.App, anita access.Actor, password string, from account.Client) error {
		c := account.OwnPatch{Email: domain.Some(newAddress), Current: domain.Some(password)}
		return desk.Err(app.Me.Update(t.Context(), anita, c, nil, from))
	},
}

func TestGuessAboveTheLimitCostsTheSameRightOrWrong(t *testing.T) {
	for name, guess := range guesses {
		t.Run(name, func(t *testing.T) {
			cost := func(password string) (seen steps) {
				d := newDeskMidSecond(t, desk.Mailing)
				a := d.AddAccount("Anita")
				anita := d.Actor("anita")
				d.Edit(a.ID, func(a *account.Account) { a.PasswordHash = desk.Outdated + desk.Password })
				passwords := &desk.Passwords{Hashing: func() { seen.note("hash") }}
				passwords.Verifying = func() { // five wrong guesses fail meanwhile
					seen.note("verify")
					failLogins(d, 5, "anita", office)
				}
				app := d.With(desk.Tap(func(tx *ports.Tx) {
					tx.Throttle, tx.Accounts = stepThrottle{tx.Throttle, &seen}, stepAccounts{tx.Accounts, &seen}
				}), func(deps *application.Deps) { deps.Passwords = passwords })
				desk.Says(t, guess(t, app, anita, password, office), domain.Throttled, tooMany)
				return seen
			}
			right, wrong := cost(desk.Password), cost("wrong")
			if want := (steps{"counts", "verify", "counts", "hit"}); !slices.Equal(right, want) || !slices.Equal(wrong, want) {
				t.Errorf("a right guess took the steps %v, a wrong one %v, want %v", right, wrong, want)
			}
		})
	}
}
