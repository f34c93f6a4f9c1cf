package bootstrap

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"

	"tickt/migrations"
)

var errPending = errors.New("the database has pending migrations: run tickt migrate up, or set AUTO_MIGRATE=on")

// preparedSchema is the schema of the database when the program starts.
type preparedSchema struct {
	version int64
	applied int                  // migrations, at this start
	unknown []migrations.Unknown // all of which this program is new enough for
}

// log logs what preparing the schema did and found.
func (p preparedSchema) log(log *zap.Logger) {
	if p.applied > 0 {
		log.Info("database migrated", zap.Int("migrations", p.applied))
	}
	if len(p.unknown) > 0 {
		log.Warn("the schema of the database is newer than this program, which may run on it: upgrade this program",
			zap.Int64("schema", p.version), zap.Int64("known", migrations.Newest()), zap.String("version", buildVersion()))
	}
}

// prepareSchema migrates if AUTO_MIGRATE is on and the program knows the schema. Otherwise it fails as requireSchema does.
func (s *Settings) prepareSchema(ctx context.Context) (preparedSchema, error) {
	return s.schema(ctx, bool(*s.AutoMigrate))
}

// requireSchema fails if migrations are pending, or if the schema is one for which the program is too old.
func (s *Settings) requireSchema(ctx context.Context) (preparedSchema, error) {
	return s.schema(ctx, false)
}

func (s *Settings) schema(ctx context.Context, migrate bool) (schema preparedSchema, err error) {
	if !migrate {
		if err := s.requireDatabase(); err != nil {
			return schema, err
		}
	}
	return schema, s.migrate(func(m *migrations.Migrator) (err error) {
		if schema.unknown, err = runsOn(ctx, m); err != nil {
			return err
		}
		if migrate && len(schema.unknown) == 0 {
			if schema.applied, err = m.Up(ctx); err != nil {
				return err
			}
			if schema.unknown, err = runsOn(ctx, m); err != nil { // a newer program may have migrated meanwhile
				return err
			}
		}
		pending, err := m.Pending(ctx)
		if err == nil && pending {
			return errPending
		}
		if err != nil {
			return err
		}
		schema.version, err = m.Version(ctx)
		return err
	})
}

// runsOn returns the applied migrations that this program does not know. It fails if the program is too old for one of them.
func runsOn(ctx context.Context, m *migrations.Migrator) ([]migrations.Unknown, error) {
	unknown, err := m.Unknown(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range unknown {
		if u.Oldest == nil || release().Before(*u.Oldest) {
			return nil, fmt.Errorf("the schema of the database has version %d, which %s; this program has version %s and knows the schema up to %d",
				u.Version, needs(u), release(), migrations.Newest())
		}
	}
	return unknown, nil
}

// needs says which release a migration needs.
func needs(u migrations.Unknown) string {
	if u.Oldest == nil {
		return "does not say which version it needs"
	}
	return fmt.Sprintf("needs version %s or later", u.Oldest)
}
