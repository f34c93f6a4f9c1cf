// Command load measures the built program on a PostgreSQL database that it creates, fills and drops. By default it
// compares the program with a ceiling: a bare handler that runs the same statements and returns the same bytes, without
// authentication and rules. With -orders it compares each order of the ticket list on a small and on a big database; with
// -search it measures searches, their index and comments. It needs the server in TEST_DATABASE_URL, but for -sqlite. Its
// processes listen on 127.0.0.1 and end with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type options struct {
	server      string // from TEST_DATABASE_URL
	binary      string
	tickets     int
	accounts    int
	connections int
	rounds      int
	every       time.Duration // the duration of a turn
	only        string
	orders      bool
	small       int
	keep        bool
	search      bool
	sqlite      bool
	database    string
}

func main() {
	var o options
	ceiling := flag.Bool("ceiling", false, "run as the ceiling (used internally)")
	flag.StringVar(&o.binary, "binary", "", "the path of the program; by default it is built")
	flag.IntVar(&o.tickets, "tickets", 0, "tickets in the database; 0 means 100,000, and 1,000,000 with -orders or -search")
	flag.IntVar(&o.accounts, "accounts", 2000, "accounts in the database")
	flag.IntVar(&o.connections, "connections", 16, "parallel connections")
	flag.IntVar(&o.rounds, "rounds", 3, "turns of the service and of the ceiling")
	flag.DurationVar(&o.every, "every", 3*time.Second, "the duration of a turn")
	flag.StringVar(&o.only, "only", "", "measure only the rows whose names have this prefix")
	flag.BoolVar(&o.orders, "orders", false, "measure the orders of the ticket list instead")
	flag.IntVar(&o.small, "small", 10_000, "tickets in the small database with -orders")
	flag.BoolVar(&o.search, "search", false, "measure searches instead")
	flag.BoolVar(&o.sqlite, "sqlite", false, "with -search: measure SQLite, by default with 100,000 tickets")
	flag.StringVar(&o.database, "database", "", "with -search: the name of a database that is kept, and used again by later runs")
	flag.BoolVar(&o.keep, "keep", false, "keep the folder with the logs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := o.run
	if *ceiling {
		run = serveCeiling
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1) //nolint:gocritic // stop only restores the signals
	}
}

func (o options) run(ctx context.Context) (err error) {
	if o.server = os.Getenv("TEST_DATABASE_URL"); o.server == "" && !o.sqlite {
		return errors.New("TEST_DATABASE_URL is not set; use make load")
	}
	folder, err := os.MkdirTemp("", "tickt-load-")
	if err != nil {
		return err
	}
	defer func() {
		if o.keep {
			fmt.Println("The logs are in", folder)
			return
		}
		err = errors.Join(err, os.RemoveAll(folder))
	}()
	if o.binary == "" {
		if o.binary, err = build(ctx, folder); err != nil {
			return err
		}
	}
	if o.search {
		return o.runSearch(ctx, folder)
	}
	if o.orders {
		return o.runOrders(ctx, folder)
	}
	return o.runTable(ctx, folder)
}
