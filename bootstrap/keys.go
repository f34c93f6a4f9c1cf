package bootstrap

import (
	"context"

	"go.uber.org/fx"

	"tickt/adapters/token"
	"tickt/application"
	"tickt/domain/account"
)

// checkKeys stops the start if neither SECRET_KEY nor SECRET_KEY_PREVIOUS is a key that the database was used with last.
func checkKeys(life fx.Lifecycle, s Settings, key secretKey, app *application.App) {
	life.Append(fx.StartHook(func(ctx context.Context) error {
		known, err := app.Setup.CheckKeys(ctx, account.KeyChecks{Key: token.Check(key), Previous: token.Check([]byte(s.SecretKeyPrevious))})
		if err == nil && !known {
			return s.unknownKey()
		}
		return err
	}))
}

// unknownKey returns the error of a start with a key that the database was not used with.
func (s *Settings) unknownKey() error {
	problem := "is not the key of this database; set the key of its last start here"
	if s.SecretKey == "" {
		problem = "is not set, and " + s.secretPath() + " is not the key of this database; restore that file, or set its key here"
	}
	return &FailedSetting{"SECRET_KEY", problem + " or in SECRET_KEY_PREVIOUS, or run tickt secret accept, which ends all sessions"}
}

type secretAccept struct{}

// Run makes the key of the settings the only one of the database, and ends all sessions.
func (secretAccept) Run(ctx context.Context, c Console) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.requireDatabase(); err != nil { // before DATA_DIR is created
		return err
	}
	key, err := s.secret()
	if err != nil {
		return err
	}
	var app *application.App
	return c.withParts(ctx, s, key, func() error {
		ended, err := app.Setup.AcceptKey(ctx, token.Check(key))
		if err == nil {
			c.printf("The key is accepted. Sessions ended: %d.", ended)
		}
		return err
	}, &app)
}
