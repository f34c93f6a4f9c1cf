package migrations

import (
	"context"
	"database/sql"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// The tables of the queue are created by the migrations of River (https://riverqueue.com). They count as one of our
// migrations, which stays at the version of River that it was written for: a newer version of River that needs other
// tables gets a migration of its own.
const (
	queueVersion = 7
	queueName    = "00007_queue.go"
	riverVersion = 8  // the newest of River's migrations that is part of queueVersion
	riverNone    = -1 // before River's first migration
)

// queueMigration returns the migration that creates the queue. move migrates the queue to a version of River.
func queueMigration(move func(ctx context.Context, db *sql.DB, version int) error) *goose.Migration {
	to := func(version int) *goose.GoFunc {
		return &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error { return move(ctx, db, version) }}
	}
	m := goose.NewGoMigration(queueVersion, to(riverVersion), to(riverNone))
	m.Source = queueName
	return m
}

func moveSQLiteQueue(ctx context.Context, db *sql.DB, version int) error {
	return moveQueue(ctx, riversqlite.New(db), version)
}

// movePostgresQueue opens a connection of its own, since River's driver needs pgx.
func movePostgresQueue(config *pgxpool.Config) func(context.Context, *sql.DB, int) error {
	return func(ctx context.Context, _ *sql.DB, version int) error {
		pool, err := pgxpool.NewWithConfig(ctx, config)
		if err != nil {
			return err
		}
		defer pool.Close()
		return moveQueue(ctx, riverpgxv5.New(pool), version)
	}
}

// moveQueue applies or reverts River's migrations, each in a transaction of its own. If it is interrupted, it
// continues from there the next time.
func moveQueue[T any](ctx context.Context, driver riverdriver.Driver[T], version int) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	direction := rivermigrate.DirectionUp
	if version == riverNone {
		direction = rivermigrate.DirectionDown
	}
	_, err = m.Migrate(ctx, direction, &rivermigrate.MigrateOpts{TargetVersion: version})
	return err
}
