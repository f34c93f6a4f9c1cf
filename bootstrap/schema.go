package bootstrap

import (
	"context"
	"errors"
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
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.requireDatabase(); err != nil {
		return err
	}
	return s.migrate(func(m *migrations.Migrator) error {
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
		if err := s.prepareFile(); err != nil {
			return err
		}
	}
	m, err := migrations.New(string(s.DatabaseDirectURL))
	if err != nil {
		return err
	}
	return errors.Join(s.connectError(do(m)), m.Close())
}

// connectError turns an error of connecting to the database, or of its file, into a FailedSetting.
func (s *Settings) connectError(err error) error {
	var connect *pgconn.ConnectError
	if !errors.As(err, &connect) {
		return s.fileError(err)
	}
	name := s.databaseSetting()
	if s.DatabaseDirectURL != s.DatabaseURL {
		name = "DATABASE_DIRECT_URL"
	}
	return &FailedSetting{name, err.Error()}
}
