// Command withpostgres starts a PostgreSQL server, runs a command with its URL in TEST_DATABASE_URL, and exits with the
// command's exit code. If the variable is already set, it only runs the command. With -durable, the server syncs its data to
// a disk as in production.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"tickt/test/postgres"
)

func main() {
	start, args := postgres.Start, os.Args[1:]
	if len(args) > 0 && args[0] == "-durable" {
		start, args = postgres.StartDurable, args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres [-durable] command [argument …]")
		os.Exit(2)
	}
	code, err := run(start, args[0], args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
	}
	os.Exit(code)
}

// run returns the exit code of the command: 1 if it could not be run, and 128 plus the number of the signal if one ended it.
func run(start func(context.Context) (*postgres.Server, error), name string, args []string) (code int, err error) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ctx := context.Background()
	if os.Getenv(postgres.Variable) == "" {
		server, err := start(ctx)
		if err != nil {
			return 1, err
		}
		defer func() { err = errors.Join(err, server.Stop()) }()
		if err := os.Setenv(postgres.Variable, server.URL); err != nil {
			return 1, err
		}
	}
	child := exec.CommandContext(ctx, name, args...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := child.Start(); err != nil {
		return 1, err
	}
	go func() {
		for s := range signals { // forward them; the child decides how to react
			_ = child.Process.Signal(s)
		}
	}()
	return codeOf(child.Wait())
}

func codeOf(err error) (int, error) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		if err != nil {
			return 1, err
		}
		return 0, nil
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
