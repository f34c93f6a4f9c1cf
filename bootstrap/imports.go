package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"tickt/adapters/bunstore"
	"tickt/adapters/django"
	"tickt/application"
	"tickt/application/importing"
	"tickt/domain"
	"tickt/ports"
)

// fromHelp is what the help says of where the original is.
const fromHelp = "The original's database; it is only read. A password that is left out is taken from PGPASSWORD."

type importDjango struct {
	From   Secret `required:"" placeholder:"postgres://…" help:"${from_help}"`
	DryRun bool   `help:"Do everything, keep nothing, and report."`
}

var errCountsDiffer = errors.New("the counts do not agree; the report says where")

// Run takes over what the original kept. Its report goes to the output, whatever became of it.
func (x importDjango) Run(ctx context.Context, c Console) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	var store *bunstore.Store
	var app *application.App
	return c.withParts(ctx, s, nil, func() error { return x.run(ctx, c, store, app) }, &store, &app)
}

func (x importDjango) run(ctx context.Context, c Console, store *bunstore.Store, app *application.App) error {
	report, err := x.importInto(ctx, c, app)
	if err != nil {
		return err
	}
	c.report(report, x.DryRun)
	if !report.Agrees() {
		return errCountsDiffer
	}
	if x.DryRun || report.Written() == 0 {
		return nil
	}
	return store.Analyze(ctx)
}

// importInto reads the original in one transaction and writes in another.
func (x importDjango) importInto(ctx context.Context, c Console, app *application.App) (report importing.Report, err error) {
	var bar *progress
	var table string
	var told int
	tell := func(name string, rows, whole int) {
		if name != table || rows < told { // the next one, or a collision made all of it begin anew
			bar.end()
			bar, table, told = newProgress(c.Err, name, whole), name, 0
		}
		bar.add(rows - told)
		told = rows
	}
	err = django.Read(ctx, string(x.From), func(o ports.Original) error {
		var failed error
		report, failed = app.Imports.Run(ctx, importing.Import{From: o, DryRun: x.DryRun, Progress: tell})
		return failed
	})
	bar.end()
	return report, x.attribute(err)
}

// attribute says which of the two databases a failure is about, where that is not said already.
func (x importDjango) attribute(err error) error {
	var connect *pgconn.ConnectError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, django.ErrURL):
		return usageError{fmt.Errorf("--from: %w", err)}
	case errors.As(err, &connect) && domain.KindOf(err) == domain.Internal: // that of the settings is Unavailable
		return fmt.Errorf("--from: %w", err)
	default:
		return err
	}
}

// report prints what became of every table, and then what is to be known of single rows.
func (c Console) report(r importing.Report, dry bool) {
	c.printf("%-24s %10s %10s %14s %10s", "table", "read", "written", "already there", "skipped")
	for _, t := range r.Tables {
		c.printf("%-24s %10d %10d %14d %10d", t.Name, t.Read, t.Written, t.There, t.Skipped)
	}
	for _, t := range r.Tables {
		if !t.Agrees() {
			c.printf("%s: the table has %d rows, %d were read, and %d are accounted for", t.Name, t.Rows, t.Read, t.Written+t.There+t.Skipped)
		}
		c.remarks(t.Name+", skipped", t.Skips)
		c.remarks(t.Name, t.Notes)
	}
	if len(r.WithoutPassword) > 0 {
		c.printf("accounts: %d without a password, since none was kept as a hash that can be checked; each needs a new one:",
			len(r.WithoutPassword))
		c.printf("    %s", strings.Join(r.WithoutPassword, ", "))
	}
	switch {
	case dry:
		c.printf("Nothing was kept: this was a dry run.")
	case r.Written() == 0:
		c.printf("Nothing was written: there is nothing new.")
	default:
		c.printf("%d rows were written.", r.Written())
	}
}

func (c Console) remarks(about string, all []importing.Remark) {
	for _, m := range all {
		c.printf("%s: %s: %d", about, m.Text, m.Count)
		list := strings.Join(m.Rows, ", ")
		if more := m.Count - len(m.Rows); more > 0 {
			list += fmt.Sprintf(" and %d more", more)
		}
		c.printf("    %s", list)
	}
}
