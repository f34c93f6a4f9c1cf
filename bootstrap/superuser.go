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

// maxPasswordInput is the maximum length in bytes of a password on standard input.
const maxPasswordInput = 4096

type createSuperuser struct {
	Username         string `help:"User name."`
	Email            string `help:"E-mail address."`
	PhoneNumber      string `help:"Phone number, national (of PHONE_REGION) or international with +."`
	PasswordStdin    bool   `xor:"password" help:"Read the password from standard input."`
	GeneratePassword bool   `xor:"password" help:"Generate a password and print it once."`
	IfNone           bool   `help:"Do nothing if there is a superuser already."`
}

// Run creates a superuser. It asks for missing values on a terminal; without one they are a usage error.
func (x *createSuperuser) Run(ctx context.Context, c Console) error {
	if missing := x.missing(); len(missing) > 0 && !c.terminal() {
		return usageError{fmt.Errorf("without a terminal, these flags are required: %s", strings.Join(missing, ", "))}
	}
	return c.withApp(ctx, func(app *application.App) error {
		if x.IfNone {
			if exists, err := app.Superusers.Any(ctx); err != nil || exists {
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
		c.printf("Superuser %s created.", x.Username)
		if x.GeneratePassword {
			c.printf("Password, shown only once: %s", password)
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

// complete asks for missing values and returns the password.
func (x *createSuperuser) complete(ctx context.Context, c *Console) (password string, err error) {
	switch {
	case x.PasswordStdin: // before anything else is read from standard input
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

// readPassword reads the password from standard input, without a line break at the end.
func (c *Console) readPassword() (string, error) {
	text, err := io.ReadAll(io.LimitReader(c.In, maxPasswordInput))
	if err != nil {
		return "", err
	}
	password := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if password == "" {
		return "", usageError{errors.New("--password-stdin: no password on standard input")}
	}
	return password, nil
}
