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

// The tables of the queue are River's (https://riverqueue.com), and so is the SQL that makes them. They count as one
// migration among ours, which stays at the version of theirs that it was written for: what a newer River needs is a
// migration of its own.
const (
	queueVersion = 7
	queueName    = "00007_queue.go"
	riverVersion = 8  // the newest of River's own migrations that belongs to queueVersion
	riverNone    = -1 // before the first of them
)

// queueMigration is the migration that makes the queue. move brings the queue of the database to a version of River's.
func queueMigration(move func(ctx context.Context, db *sql.DB, version int) error) *goose.Migration {
	to := func(version int) *goose.GoFunc {
		return &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error { return move(ctx, db, version) }}
	}
	m := goose.NewGoMigration(queueVersion, to(riverVersion), to(riverNone))
	m.Source = queueName
	return m
}

func moveFileQueue(ctx context.Context, db *sql.DB, version int) error {
	return moveQueue(ctx, riversqlite.New(db), version)
}

// movePostgresQueue connects for itself: River's driver knows pgx only.
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

// moveQueue applies River's migrations, or takes them back, each in a transaction of its own. Where it was cut short
// it goes on from there the next time.
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
