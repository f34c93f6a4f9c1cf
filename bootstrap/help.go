package bootstrap

import (
	"context"

	"github.com/alecthomas/kong"
)

type help struct {
	Command []string `arg:"" optional:"" help:"Command to show the help of; without it, the list of commands."`
}

// helpFailed is the exit code of a help command that has printed its error.
type helpFailed int

func (helpFailed) Error() string { return "no help" }

// Run prints the help of a command, as --help does.
func (x help) Run(ctx context.Context, c Console) error {
	if code := c.Run(ctx, append(x.Command, "--help")); code != exitOK {
		return helpFailed(code)
	}
	return nil
}

// versionFlag prints the version instead of running a command.
type versionFlag bool

// IgnoreDefault lets the flag act without a command, as --help does.
func (versionFlag) IgnoreDefault() {}

// BeforeReset prints the version and ends the parsing.
func (versionFlag) BeforeReset(app *kong.Kong, c Console) error {
	c.printVersion()
	app.Exit(exitOK)
	return nil
}
