package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tickt/adapters/backup"
	"tickt/adapters/bunstore"
	"tickt/domain/audit"
	"tickt/migrations"
)

type backupCommand struct {
	File    string `arg:"" help:"File to write, with mode 0600, or - for standard output."`
	Replace bool   `help:"Replace the file if it exists."`
	NoCheck bool   `help:"Do not check the data, as tickt check does."`
}

// Run writes a backup of the database, which may be in use. It fails if the data have findings; the backup is complete then, too.
func (x backupCommand) Run(ctx context.Context, c Console) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.requireDatabase(); err != nil {
		return err
	}
	stream := x.File == "-"
	if stream {
		if isTerminal(c.Out) {
			return usageError{errors.New("a backup is not text: redirect standard output, or name a file")}
		}
	}
	messages := c
	messages.Out = c.Err
	found := 0
	check := func(ctx context.Context, url string) (err error) {
		if !x.NoCheck {
			_, found, err = messages.checkURL(ctx, url)
		}
		return err
	}
	source := backup.Source{
		URL: string(s.DatabaseDirectURL), Version: buildVersion(), Now: now, Env: c.Environ, Check: check,
		Say: func(text string) { messages.printf("%s", text) },
	}
	var info backup.Info
	if stream {
		info, err = source.Stream(ctx, c.Out)
	} else {
		info, err = source.File(ctx, x.File, x.Replace)
	}
	if err == nil && !s.embedded() { // an archive cannot be checked
		err = check(ctx, string(s.DatabaseURL))
	}
	if err != nil {
		return s.connectError(err)
	}
	messages.printf("%s holds %s.", x.File, describeBackup(info))
	if found > 0 {
		return fmt.Errorf("the backup is complete, but its data have %w", findingsError(found))
	}
	return nil
}

// describeBackup says what a backup holds.
func describeBackup(i backup.Info) string {
	total := 0
	for _, n := range i.Rows {
		total += n
	}
	return fmt.Sprintf("%s and %s of %s, %s in %s, with version %d of the schema, written by tickt %s",
		counted(i.Rows["tickets"], "ticket"), counted(i.Rows["accounts"], "account"), i.TakenAt.Format(time.RFC3339),
		counted(total, "row"), counted(len(i.Rows), "table"), i.Schema, i.Version)
}

// checkURL checks the database of a URL, and prints the findings. A schema of another version is not checked.
func (c Console) checkURL(ctx context.Context, url string) (totals audit.Totals, found int, err error) {
	m, err := migrations.New(url)
	if err != nil {
		return totals, 0, err
	}
	version, err := m.Version(ctx)
	if err := errors.Join(err, m.Close()); err != nil {
		return totals, 0, err
	}
	if newest := migrations.Newest(); version != newest {
		c.printf("The data are not checked: their schema has version %d, this program checks version %d.", version, newest)
		return totals, 0, nil
	}
	store, err := bunstore.Open(ctx, bunstore.Options{URL: url, MaxConns: 2})
	if err != nil {
		return totals, 0, err
	}
	totals, found, err = c.inspect(ctx, store)
	return totals, found, errors.Join(err, store.Close())
}
