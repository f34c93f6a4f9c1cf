package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"tickt/adapters/bunstore"
	"tickt/adapters/demo"
	"tickt/adapters/phone"
)

type demoData struct {
	Tickets  int    `default:"1000" help:"Number of tickets."`
	Accounts int    `default:"100" help:"Number of accounts. No one can sign in with them."`
	Yes      bool   `help:"Add the data in production (MODE) too."`
	Seed     uint64 `help:"Seed of the random data; by default, every run has a different one."`
}

// Run adds generated accounts and tickets to a seeded database, which may be in use.
func (x demoData) Run(ctx context.Context, c Console) error {
	if x.Accounts < demo.MinAccounts || x.Tickets < 0 {
		return usageError{fmt.Errorf("at least %d accounts are required, and the number of tickets cannot be negative", demo.MinAccounts)}
	}
	s, err := c.settings()
	if err != nil {
		return err
	}
	if s.production() && !x.Yes {
		return usageError{errors.New("this is production: to add generated accounts and tickets to it, add --yes")}
	}
	if x.Seed == 0 {
		x.Seed = uint64(now().UnixNano()) //nolint:gosec // any number will do
	}
	var store *bunstore.Store
	var phones *phone.Parser
	return c.withParts(ctx, s, nil, func() error {
		refs, err := demo.Prepare(ctx, store, now, newID)
		if err != nil {
			return err
		}
		return x.fill(ctx, c, store, demo.New(x.Seed, now(), refs, phones), s.Zone.Location)
	}, &store, &phones)
}

func (x demoData) fill(ctx context.Context, c Console, store *bunstore.Store, desk *demo.Desk, zone *time.Location) error {
	accounts := newProgress(c.Err, "accounts", x.Accounts)
	if err := store.BulkAccounts(ctx, desk.Accounts(x.Accounts), accounts.add); err != nil {
		return err
	}
	accounts.end()
	tickets := newProgress(c.Err, "tickets", x.Tickets)
	if err := store.BulkTickets(ctx, zone, desk.Tickets(x.Tickets), tickets.add); err != nil {
		return err
	}
	tickets.end()
	if err := store.Analyze(ctx); err != nil {
		return err
	}
	c.printf("%s and %s created.", counted(x.Accounts, "account"), counted(x.Tickets, "ticket"))
	return nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) //nolint:gosec // file descriptors are small
}
