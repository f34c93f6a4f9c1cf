// Command withpostgres runs a command while a PostgreSQL server of its own is there, named to it in TEST_DATABASE_URL,
// and ends as the command does. Where the variable is set already, it only runs the command.
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
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres command [argument …]")
		os.Exit(2)
	}
	code, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
	}
	os.Exit(code)
}

// run gives the command's exit code; 1 where it could not be run, 128 and the signal's number where one ended it.
func run(name string, args []string) (code int, err error) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ctx := context.Background()
	if os.Getenv(postgres.Variable) == "" {
		server, err := postgres.Start(ctx)
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
		for s := range signals { // the child decides what they mean
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
