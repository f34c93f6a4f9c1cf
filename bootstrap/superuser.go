package bootstrap

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"tickt/application"
	"tickt/application/identity"
)

// maxPasswordInput is how much of the standard input is read for a password, in bytes.
const maxPasswordInput = 4096

type createSuperuser struct {
	Username         string `help:"Name to sign in with."`
	Email            string `help:"E-mail address."`
	PhoneNumber      string `help:"Phone number: of PHONE_REGION, or international with +."`
	PasswordStdin    bool   `xor:"password" help:"Read the password from standard input."`
	GeneratePassword bool   `xor:"password" help:"Make a password and print it, this once."`
	IfNone           bool   `help:"Do nothing where a superuser is already there."`
}

// Run makes the superuser. What is missing is asked for on a terminal; anywhere else it is a misuse.
func (x *createSuperuser) Run(ctx context.Context, c Console) error {
	if missing := x.missing(); len(missing) > 0 && !c.terminal() {
		return usageError{fmt.Errorf("without a terminal to ask on, %s must be given", strings.Join(missing, ", "))}
	}
	return c.withApp(ctx, func(app *application.App) error {
		if x.IfNone {
			if there, err := app.Superusers.Any(ctx); err != nil || there {
				return err
			}
		}
		password, err := x.complete(ctx, &c)
		if err != nil {
			return err
		}
		_, err = app.Superusers.Create(ctx, identity.Superuser{
			Username: x.Username, Email: x.Email, Phone: x.PhoneNumber, Password: password,
		})
		if err != nil {
			return err
		}
		c.printf("Superuser %s is made.", x.Username)
		if x.GeneratePassword {
			c.printf("Its password, shown this once: %s", password)
		}
		return nil
	})
}

// missing lists the flags that were not given.
func (x *createSuperuser) missing() (flags []string) {
	for _, f := range []struct {
		name  string
		given bool
	}{
		{"--username", x.Username != ""},
		{"--email", x.Email != ""},
		{"--phone-number", x.PhoneNumber != ""},
		{"--password-stdin", x.PasswordStdin || x.GeneratePassword},
	} {
		if !f.given {
			flags = append(flags, f.name)
		}
	}
	return flags
}

// complete asks for what is missing and gives the password.
func (x *createSuperuser) complete(ctx context.Context, c *Console) (password string, err error) {
	switch {
	case x.PasswordStdin: // first: the standard input is the password and nothing else
		if password, err = c.readPassword(); err != nil {
			return "", err
		}
	case x.GeneratePassword:
		password = rand.Text()
	}
	for _, f := range []struct {
		label string
		value *string
	}{{"Username", &x.Username}, {"Email", &x.Email}, {"Phone number", &x.PhoneNumber}} {
		if *f.value == "" {
			if *f.value, err = c.ask(ctx, f.label); err != nil {
				return "", err
			}
		}
	}
	if x.PasswordStdin || x.GeneratePassword {
		return password, nil
	}
	return c.askPassword(ctx)
}

// readPassword takes the password from standard input; a line break at its end is not part of it.
func (c *Console) readPassword() (string, error) {
	text, err := io.ReadAll(io.LimitReader(c.In, maxPasswordInput))
	if err != nil {
		return "", err
	}
	password := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if password == "" {
		return "", usageError{errors.New("--password-stdin: there is no password on standard input")}
	}
	return password, nil
}
