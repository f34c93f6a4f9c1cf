package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tickt/adapters/backup"
	"tickt/adapters/jobs"
	"tickt/migrations"
)

type restoreCommand struct {
	File        string `arg:"" help:"File of tickt backup, of pg_dump in custom format or of an SQLite database, or - for standard input."`
	Yes         bool   `help:"Replace the data of a database that is not empty."`
	SendMail    bool   `help:"Send the mail that was queued when the backup was taken. By default it is held: most of it was sent since."`
	SkipNumbers int    `default:"1000" placeholder:"N" help:"Leave out this many ticket numbers of today, which may have been assigned since."`
}

// Run replaces the database by a backup, migrates and checks it.
func (x restoreCommand) Run(ctx context.Context, c Console) error {
	if x.SkipNumbers < 0 {
		return usageError{errors.New("--skip-numbers: a number is 0 or more")}
	}
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.prepareFolder(); err != nil {
		return err
	}
	path := x.File
	if path == "-" {
		folder := os.TempDir()
		if s.embedded() {
			folder = filepath.Dir(s.databaseFile())
		}
		if path, err = c.spool(folder); err != nil {
			return err
		}
		defer func() { _ = os.Remove(path) }()
	}
	archive, err := backup.Open(ctx, path, c.Environ)
	if err != nil {
		return fmt.Errorf("%s: %w", x.File, err)
	}
	return s.connectError(x.restore(ctx, c, s, archive))
}

func (x restoreCommand) restore(ctx context.Context, c Console, s Settings, archive backup.Archive) error {
	c.describe(x.File, archive)
	if newest := migrations.Newest(); archive.Schema > newest {
		return fmt.Errorf("the backup has version %d of the schema, this program knows only %d: restore it with a newer release",
			archive.Schema, newest)
	}
	found := 0
	target := backup.Target{
		URL: string(s.DatabaseDirectURL), Env: c.Environ, Say: func(text string) { c.printf("%s", text) },
		Prepare: func(ctx context.Context, url string) (err error) {
			if err := c.migrateURL(ctx, url); err != nil {
				return err
			}
			_, found, err = c.checkURL(ctx, url)
			return err
		},
	}
	after := backup.After{Today: now().In(s.Zone.Location).Format("20060102"), Skip: x.SkipNumbers, SendMail: x.SendMail}
	held, err := target.Held(ctx, after.Today)
	if err != nil {
		return err
	}
	if after.LastNumber = held.LastNumber; held.Unreadable == nil && held.Tables > 0 {
		if err := s.migrate(func(m *migrations.Migrator) error { return s.requireIdle(ctx, m) }); err != nil {
			return err
		}
	}
	if held.Tables > 0 && !x.Yes {
		return usageError{fmt.Errorf("the database is not empty, %s: to replace it, add --yes", describeHeld(held))}
	}
	if err := target.Restore(ctx, archive, after); err != nil {
		return err
	}
	c.printf("The backup is restored. All sessions have ended, and new tickets of today leave out %s.", counted(x.SkipNumbers, "number"))
	c.printf("A start needs the SECRET_KEY of the backup's desk; if it is lost, run tickt secret accept.")
	if err := c.printHeld(ctx, s); err != nil {
		return err
	}
	if found > 0 {
		return fmt.Errorf("the backup is restored, but its data have %w", findingsError(found))
	}
	return nil
}

// describe says what is about to be restored.
func (c Console) describe(name string, a backup.Archive) {
	if a.Info != nil {
		c.printf("%s holds %s.", name, describeBackup(*a.Info))
		return
	}
	c.printf("%s has version %d of the schema. It was not written by tickt backup: the numbers of its rows are not compared.", name, a.Schema)
}

func describeHeld(h backup.Held) string {
	if h.Unreadable != nil {
		return "and cannot be read (" + oneLine(h.Unreadable.Error()) + ")"
	}
	return fmt.Sprintf("it holds %s with %s and %s", counted(h.Tables, "table"), counted(h.Tickets, "ticket"), counted(h.Accounts, "account"))
}

// migrateURL migrates the database of a URL.
func (c Console) migrateURL(ctx context.Context, url string) error {
	m, err := migrations.New(url)
	if err != nil {
		return err
	}
	n, err := m.Up(ctx)
	if n > 0 {
		c.printf("%s applied.", counted(n, "migration"))
	}
	return errors.Join(err, m.Close())
}

// printHeld says how many jobs are on hold.
func (c Console) printHeld(ctx context.Context, s Settings) error {
	var q *jobs.Queue
	return c.withParts(ctx, s, nil, func() error {
		n := 0
		err := q.Held(ctx, func(jobs.Held) error { n++; return nil })
		if err == nil && n > 0 {
			c.printf("%s %s held: tickt mail held lists them, tickt mail release sends them, tickt mail drop gives them up.",
				counted(n, "mail"), verb(n, "is", "are"))
		}
		return err
	}, &q)
}

// spool copies standard input to a file in a folder, which only its owner can read.
func (c Console) spool(folder string) (path string, err error) {
	if c.terminal() {
		return "", usageError{errors.New("standard input is a terminal: name a file, or pipe a backup")}
	}
	f, err := os.CreateTemp(folder, ".tickt-restore-*")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, c.In)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}
