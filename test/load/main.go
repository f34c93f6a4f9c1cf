// Command load measures the built program on a PostgreSQL database that it makes, fills and drops again: beside a
// ceiling, which is a bare handler that sends the same statements and answers the same bytes without sign-in or rules
// (the default), or list order by list order on a small and on a big database (-orders). It needs the server of
// TEST_DATABASE_URL; all that it starts listens on 127.0.0.1 and ends with it.
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
	server      string // of TEST_DATABASE_URL
	binary      string
	tickets     int
	accounts    int
	connections int
	rounds      int
	every       time.Duration // of each round, of each of the two
	only        string
	orders      bool
	small       int
	keep        bool
}

func main() {
	var o options
	ceiling := flag.Bool("ceiling", false, "be the ceiling (the program starts itself so)")
	flag.StringVar(&o.binary, "binary", "", "the built program; by default it is built first")
	flag.IntVar(&o.tickets, "tickets", 0, "tickets in the database; 0 means 100,000, and 1,000,000 with -orders")
	flag.IntVar(&o.accounts, "accounts", 2000, "accounts in the database")
	flag.IntVar(&o.connections, "connections", 16, "requests at a time")
	flag.IntVar(&o.rounds, "rounds", 3, "how often service and ceiling take turns")
	flag.DurationVar(&o.every, "every", 3*time.Second, "how long each turn takes")
	flag.StringVar(&o.only, "only", "", "measure only the rows whose name begins so")
	flag.BoolVar(&o.orders, "orders", false, "measure the list orders instead")
	flag.IntVar(&o.small, "small", 10_000, "tickets in the small database of -orders")
	flag.BoolVar(&o.keep, "keep", false, "leave the folder with the logs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := o.run
	if *ceiling {
		run = serveCeiling
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1) //nolint:gocritic // stop only gives the signals back
	}
}

func (o options) run(ctx context.Context) (err error) {
	if o.server = os.Getenv("TEST_DATABASE_URL"); o.server == "" {
		return errors.New("TEST_DATABASE_URL names no server; run it by make load")
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
	if o.orders {
		return o.runOrders(ctx, folder)
	}
	return o.runTable(ctx, folder)
}
