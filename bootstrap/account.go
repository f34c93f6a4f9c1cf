package bootstrap

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tickt/application"
	"tickt/domain"
	"tickt/domain/account"
)

// accountName is the argument of the commands for one account.
type accountName struct {
	Name string `arg:"" help:"User name of the account."`
}

type (
	accountPassword struct {
		accountName
	}
	accountUnlock struct {
		accountName
	}
	accountSessions struct {
		accountName
		Revoke bool `help:"End all sessions of the account instead."`
	}
)

// Run sets the password of an account. It asks for it on a terminal, and otherwise reads it from the first line of the input.
func (x *accountPassword) Run(ctx context.Context, c Console) error {
	return x.with(ctx, c, func(app *application.App, a account.Account) error {
		password, err := c.newPassword(ctx)
		if err != nil {
			return err
		}
		if err := app.Operator.SetPassword(ctx, a, password); err != nil {
			return err
		}
		c.printf("The password of %s is set, and its sessions have ended.", a.Username)
		if !a.IsActive {
			c.printf("The account is deactivated and cannot sign in.")
		}
		return nil
	})
}

// Run lets an account sign in again that failed sign-ins have locked out. It does the same if they have not.
func (x *accountUnlock) Run(ctx context.Context, c Console) error {
	return x.with(ctx, c, func(app *application.App, a account.Account) error {
		if err := app.Operator.Unlock(ctx, a); err != nil {
			return err
		}
		c.printf("No failed sign-in of %s counts any more.", a.Username)
		if !a.IsActive {
			c.printf("The account is deactivated and cannot sign in.")
		}
		return nil
	})
}

// Run prints a line for each session: when it began, when it was last seen, and the address and description of its client. With
// --revoke it ends them.
func (x *accountSessions) Run(ctx context.Context, c Console) error {
	return x.with(ctx, c, func(app *application.App, a account.Account) error {
		if x.Revoke {
			if err := app.Operator.EndSessions(ctx, a); err != nil {
				return err
			}
			c.printf("The sessions of %s have ended.", a.Username)
			return nil
		}
		sessions, err := app.Operator.Sessions(ctx, a)
		for _, s := range sessions {
			c.printf("%s  %s  %s  %s", s.CreatedAt.Format(time.RFC3339), s.RotatedAt.Format(time.RFC3339), dash(s.Address), dash(s.UserAgent))
		}
		return err
	})
}

// with calls do with the account that is named.
func (x accountName) with(ctx context.Context, c Console, do func(*application.App, account.Account) error) error {
	return c.withApp(ctx, func(app *application.App) error {
		a, err := app.Operator.Account(ctx, x.Name)
		if errors.Is(err, domain.ErrNotFound) {
			return fmt.Errorf("there is no account named %q", x.Name)
		}
		if err != nil {
			return err
		}
		return do(app, a)
	})
}

// newPassword asks for a password on a terminal; without one it reads it from the first line of the input.
func (c *Console) newPassword(ctx context.Context) (string, error) {
	if c.terminal() {
		return c.askPassword(ctx, "Password")
	}
	line, err := bufio.NewReader(io.LimitReader(c.In, maxPasswordInput)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	password := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if password == "" {
		return "", usageError{errors.New("no password on standard input")}
	}
	return password, nil
}
