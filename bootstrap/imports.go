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

// fromHelp is the help of --from.
const fromHelp = "URL of the original database, which is only read. Without a password in it, PGPASSWORD is used."

type importDjango struct {
	From   Secret `required:"" placeholder:"postgres://…" help:"${from_help}"`
	DryRun bool   `help:"Run the whole import and print the report, but roll everything back."`
}

var errCountsDiffer = errors.New("the counts of rows do not agree; see the report")

// Run imports the data of the original system and prints a report.
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

// importInto reads from the original in one transaction and writes in another. It shows progress on Err.
func (x importDjango) importInto(ctx context.Context, c Console, app *application.App) (report importing.Report, err error) {
	var bar *progress
	var table string
	var reported int
	onProgress := func(name string, rows, total int) {
		if name != table || rows < reported { // the next table, or the transaction was retried
			bar.end()
			bar, table, reported = newProgress(c.Err, name, total), name, 0
		}
		bar.add(rows - reported)
		reported = rows
	}
	err = django.Read(ctx, string(x.From), func(o ports.Original) error {
		var failed error
		report, failed = app.Imports.Run(ctx, importing.Import{From: o, DryRun: x.DryRun, Progress: onProgress})
		return failed
	})
	bar.end()
	return report, x.attribute(err)
}

// attribute adds --from to an error about the database of the original.
func (x importDjango) attribute(err error) error {
	var connect *pgconn.ConnectError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, django.ErrURL):
		return usageError{fmt.Errorf("--from: %w", err)}
	case errors.As(err, &connect) && domain.KindOf(err) == domain.Internal: // for tickt's own database it is Unavailable
		return fmt.Errorf("--from: %w", err)
	default:
		return err
	}
}

// report prints the counts of every table, and then the remarks on single rows.
func (c Console) report(r importing.Report, dry bool) {
	c.printf("%-24s %10s %10s %14s %10s", "table", "read", "written", "already there", "skipped")
	for _, t := range r.Tables {
		c.printf("%-24s %10d %10d %14d %10d", t.Name, t.Read, t.Written, t.There, t.Skipped)
	}
	for _, t := range r.Tables {
		if !t.Agrees() {
			c.printf("%s: the table has %s; read: %d, accounted for: %d", t.Name, counted(t.Rows, "row"), t.Read, t.Written+t.There+t.Skipped)
		}
		c.remarks(t.Name+", skipped", t.Skips)
		c.remarks(t.Name, t.Notes)
	}
	if len(r.WithoutPassword) > 0 {
		c.printf("accounts: %d without a password, because the original stores no usable hash; a new one is needed:",
			len(r.WithoutPassword))
		c.printf("    %s", strings.Join(r.WithoutPassword, ", "))
	}
	switch {
	case dry:
		c.printf("Nothing was kept: this was a dry run.")
	case r.Written() == 0:
		c.printf("Nothing was written: there is nothing new.")
	default:
		c.printf("%s %s written.", counted(r.Written(), "row"), verb(r.Written(), "was", "were"))
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
