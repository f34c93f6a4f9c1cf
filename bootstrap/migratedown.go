package bootstrap

import (
	"context"
	"errors"
	"strings"

	"tickt/adapters/heartbeat"
	"tickt/migrations"
)

type migrateDown struct {
	To  *int64 `placeholder:"VERSION" help:"Version of the schema to go back to, 0 for an empty one. Without it, one migration is taken back."`
	Yes bool   `help:"Do not ask for confirmation."`
}

// Run takes migrations back, after it has said which and what is lost. It refuses while a process runs on the database.
func (x migrateDown) Run(ctx context.Context, c Console) error {
	to := int64(-1)
	if x.To != nil {
		if to = *x.To; to < 0 {
			return usageError{errors.New("--to: a version is 0 or more")}
		}
	}
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.requireDatabase(); err != nil {
		return err
	}
	return s.migrate(func(m *migrations.Migrator) error {
		plan, err := m.Reversals(ctx, to)
		if err != nil {
			return err
		}
		if err := s.requireIdle(ctx, m); err != nil {
			return err
		}
		c.printReversals(plan)
		if err := c.confirm(ctx, x.Yes, "Take this back?"); err != nil {
			return err
		}
		if err := s.requireIdle(ctx, m); err != nil { // the answer may have taken long
			return err
		}
		if err := m.Revert(ctx, plan); err != nil {
			return err
		}
		version, err := m.Version(ctx)
		if err == nil {
			c.printf("The schema has version %d.", version)
		}
		return err
	})
}

// requireIdle returns an error if a process runs on the database.
func (s *Settings) requireIdle(ctx context.Context, m *migrations.Migrator) error {
	running, err := heartbeat.Database{DB: m.DB(), Postgres: !s.embedded()}.Running(ctx)
	if err == nil && len(running) > 0 {
		return runningError(running)
	}
	return err
}

// printReversals says which migrations are taken back and what is lost with them.
func (c Console) printReversals(plan []migrations.Reversal) {
	for _, r := range plan {
		c.printf("%s is taken back:", r.Name)
		for _, l := range r.Losses {
			switch {
			case l.Column != "":
				c.printf("    column %s.%s, with %s", l.Table, l.Column, counted(l.Rows, "value"))
			default:
				c.printf("    table %s, with %s", l.Table, counted(l.Rows, "row"))
			}
		}
		if len(r.Losses) == 0 {
			c.printf("    no table and no column goes")
		}
	}
}

// confirm asks a question on a terminal, and returns an error unless the answer is yes. yes is the answer of a flag --yes.
func (c Console) confirm(ctx context.Context, yes bool, question string) error {
	if yes {
		return nil
	}
	if !c.terminal() {
		return usageError{errors.New("nothing was changed: to go on without a terminal, add --yes")}
	}
	answer, err := c.ask(ctx, question+" [y/N]")
	if err != nil {
		return err
	}
	switch strings.ToLower(answer) {
	case "y", "yes":
		return nil
	}
	return errors.New("nothing was changed")
}
