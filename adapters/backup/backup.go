// Package backup writes the database of a running service to a file, and restores it. A backup is what the standard tools of
// the engine write and read: the file of an SQLite database, or an archive of pg_dump in custom format. It also says what it
// holds: in a table of its own, or in a last line that pg_restore ignores.
package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tickt/migrations"
)

// Info says what a backup holds.
type Info struct {
	Version string         `json:"version"` // of the program that wrote it
	Schema  int64          `json:"schema"`  // the newest migration
	TakenAt time.Time      `json:"takenAt"`
	Rows    map[string]int `json:"rows"` // by table
}

// Source is a database that is backed up.
type Source struct {
	URL     string
	Version string // of this program
	Now     func() time.Time
	Env     []string // the environment of pg_dump, as "NAME=value"
	// Say is called with what is about to be done.
	Say func(string)
	// Check is called with the URL of a copy of an SQLite database before it counts as a backup.
	Check func(ctx context.Context, url string) error
}

// ErrExists is the error of writing a backup to a file that exists.
var ErrExists = errors.New("the file exists already; choose another name, or add --replace")

// File writes a backup to a file with mode 0600. The file appears when it is complete, or not at all; a process that is
// killed leaves a file .NAME.partial-… behind. An existing file is only replaced if replace is set.
func (s Source) File(ctx context.Context, path string, replace bool) (info Info, err error) {
	if _, err := os.Lstat(path); !replace && !errors.Is(err, fs.ErrNotExist) {
		return info, fmt.Errorf("%s: %w", path, errors.Join(err, ErrExists))
	}
	partial, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".partial-*")
	if err != nil {
		return info, err
	}
	defer removeLeft(partial.Name())
	if file, ok := migrations.File(s.URL); ok {
		if err := partial.Close(); err != nil {
			return info, err
		}
		info, err = s.copyFile(ctx, file, partial.Name())
	} else {
		info, err = s.dump(ctx, partial)
		err = errors.Join(err, partial.Close())
	}
	if err != nil {
		return info, err
	}
	return info, publish(partial.Name(), path, replace)
}

// Stream writes a backup to w. A copy of an SQLite database is first made in the folder of the database.
func (s Source) Stream(ctx context.Context, w io.Writer) (info Info, err error) {
	file, ok := migrations.File(s.URL)
	if !ok {
		return s.dump(ctx, w)
	}
	partial, err := os.CreateTemp(filepath.Dir(string(file)), "."+filepath.Base(string(file))+".partial-*")
	if err != nil {
		return info, err
	}
	defer func() {
		err = errors.Join(err, partial.Close())
		removeLeft(partial.Name())
	}()
	if info, err = s.copyFile(ctx, file, partial.Name()); err != nil {
		return info, err
	}
	_, err = io.Copy(w, partial) // SQLite wrote into the same file
	return info, err
}

// publish makes a complete file appear under its name, also after a crash of the machine.
func publish(partial, path string, replace bool) error {
	if err := syncPath(partial); err != nil {
		return err
	}
	if !replace {
		err := os.Link(partial, path)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return errors.Join(err, syncPath(filepath.Dir(path)))
		} // this file system has no links
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

// syncPath writes a file or a folder to the disk.
func syncPath(path string) error {
	f, err := os.Open(path) //nolint:gosec // named by the operator
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
