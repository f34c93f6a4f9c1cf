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
	"tickt/domain"
)

// maxPasswordInput is the maximum length in bytes of a password on standard input.
const maxPasswordInput = 4096

type createSuperuser struct {
	Username         string `help:"User name."`
	Email            string `help:"E-mail address."`
	PhoneNumber      string `help:"Phone number, national (of PHONE_REGION) or international with +; optional."`
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
		password, err := x.complete(ctx, &c, app.Superusers.Check)
		if err != nil {
			return err
		}
		if _, err = app.Superusers.Create(ctx, x.superuser(password)); err != nil {
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
		{"--password-stdin or --generate-password", x.PasswordStdin || x.GeneratePassword},
	} {
		if !f.given {
			flags = append(flags, f.name)
		}
	}
	return flags
}

func (x *createSuperuser) superuser(password string) identity.Superuser {
	return identity.Superuser{Username: x.Username, Email: x.Email, Phone: strings.TrimSpace(x.PhoneNumber), Password: password}
}

// checkSuperuser returns the problems of a superuser.
type checkSuperuser func(context.Context, identity.Superuser) (domain.Problems, error)

// complete asks for missing values until each is valid, and returns the password. It fails before the first question if a value
// that was given is wrong.
func (x *createSuperuser) complete(ctx context.Context, c *Console, check checkSuperuser) (password string, err error) {
	switch {
	case x.PasswordStdin: // before anything else is read from standard input
		if password, err = c.readPassword(); err != nil {
			return "", err
		}
	case x.GeneratePassword:
		password = rand.Text()
	}
	if len(x.missing()) == 0 {
		return password, nil
	}
	questions := []question{
		{"username", "Username", &x.Username, c.ask},
		{"email", "Email", &x.Email, c.ask},
		{"phoneNumber", "Phone number (optional)", &x.PhoneNumber, c.ask},
		{"password", "Password", &password, c.askPassword},
	}
	if err := x.checkGiven(ctx, questions, &password, check); err != nil {
		return "", err
	}
	for _, q := range questions {
		if *q.answer != "" {
			continue
		}
		if q.field == "password" {
			fmt.Fprintln(c.Err, "With --generate-password, a password is generated instead.")
		}
		err := c.until(ctx, q, func() (domain.Problems, error) { return check(ctx, x.superuser(password)) })
		if err != nil {
			return "", err
		}
	}
	return password, nil
}

// checkGiven fails if one of the values that are not asked for is wrong.
func (x *createSuperuser) checkGiven(ctx context.Context, questions []question, password *string, check checkSuperuser) error {
	problems, err := check(ctx, x.superuser(*password))
	if err != nil {
		return err
	}
	var given domain.Problems
	for _, q := range questions {
		if *q.answer != "" {
			given = append(given, problemsOf(problems, q.field)...)
		}
	}
	return given.Err()
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
