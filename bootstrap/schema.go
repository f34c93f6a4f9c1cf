package bootstrap

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"tickt/migrations"
)

type (
	migrateUp     struct{}
	migrateStatus struct{}
)

func (migrateUp) Run(ctx context.Context, c Console) error {
	return c.migrate(func(m *migrations.Migrator) error {
		n, err := m.Up(ctx)
		if err == nil {
			c.printf("%s applied.", counted(n, "migration"))
		}
		return err
	})
}

func (migrateStatus) Run(ctx context.Context, c Console) error {
	return c.migrate(func(m *migrations.Migrator) error {
		states, err := m.Status(ctx)
		for _, s := range states {
			at := "pending"
			if s.Applied {
				at = s.AppliedAt.Format(time.RFC3339)
			}
			c.printf("%-20s  %s", at, s.Name)
		}
		if err != nil {
			return err
		}
		unknown, err := m.Unknown(ctx)
		for _, u := range unknown {
			c.printf("%-20s  %05d is not known to this program; %s", u.AppliedAt.Format(time.RFC3339), u.Version, needs(u))
		}
		return err
	})
}

// migrate calls do with the migrator of the database of the settings.
func (c Console) migrate(do func(*migrations.Migrator) error) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	return s.migrate(do)
}

func (s *Settings) migrate(do func(*migrations.Migrator) error) error {
	if s.embedded() {
		if err := s.checkEmbedded(); err != nil {
			return err
		}
		if err := s.makeDataDir(); err != nil {
			return err
		}
		makePrivate(strings.TrimPrefix(string(s.DatabaseURL), fileScheme))
	}
	m, err := migrations.New(string(s.DatabaseDirectURL))
	if err != nil {
		return err
	}
	return errors.Join(s.connectError(do(m)), m.Close())
}

// makePrivate creates the file of a new database for its owner only. SQLite creates the files beside it with the same mode. Errors are
// left to opening the database.
func makePrivate(path string) {
	if file, err := os.OpenFile(path, os.O_CREATE, 0o600); err == nil { //nolint:gosec // the path is a setting
		_ = file.Close()
	}
}

// connectError turns a failed connection to the database into a FailedSetting.
func (s *Settings) connectError(err error) error {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return err
	}
	name := s.databaseSetting()
	if s.DatabaseDirectURL != s.DatabaseURL {
		name = "DATABASE_DIRECT_URL"
	}
	return &FailedSetting{name, err.Error()}
}
