package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"tickt/domain"
	"tickt/domain/sentence"
)

// The exit codes of every command.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// commands is what can be asked of the program; serve is meant where nothing is.
type commands struct {
	Serve serve `cmd:"" default:"1" help:"Serve the API until SIGTERM; the default."`
	Work  work  `cmd:"" help:"Work jobs until SIGTERM, without the API."`
	Jobs  struct {
		Failed jobsFailed `cmd:"" help:"List the jobs that failed and are not done."`
		Retry  jobsRetry  `cmd:"" help:"Let jobs that failed be tried again at once."`
	} `cmd:"" help:"Look after what is done in the background."`
	Mail struct {
		Test mailTest `cmd:"" help:"Send one mail with the settings."`
	} `cmd:"" help:"Look after mail."`
	Migrate struct {
		Up     migrateUp     `cmd:"" help:"Apply every pending migration."`
		Down   migrateDown   `cmd:"" help:"Take the newest applied migration back."`
		Status migrateStatus `cmd:"" help:"List the migrations."`
	} `cmd:"" help:"Change the schema of the database."`
	Seed            seed            `cmd:"" help:"Add the roles, menus, statuses and priorities that a new desk needs and lacks."`
	CreateSuperuser createSuperuser `cmd:"" name:"createsuperuser" help:"Make a superuser; on a terminal, ask for what is missing."`
	Import          struct {
		Django importDjango `cmd:"" help:"Take over the roles, menus, accounts and tickets of the system before, from its PostgreSQL."`
	} `cmd:"" help:"Take over what another system kept."`
	Version     version     `cmd:"" help:"Say which build this is."`
	Demo        demoData    `cmd:"" hidden:"" help:"Fill the database with made-up data, to try and to measure with."`
	Healthcheck healthcheck `cmd:"" help:"Ask the service that runs at HTTP_ADDR whether it is ready."`
}

// Console is what the program sees of who called it.
type Console struct {
	In       *os.File
	Out, Err io.Writer
	Dir      string   // where .env is looked for
	Environ  []string // "NAME=value" each
}

// usageError is an error of the caller's making: the exit code is 2.
type usageError struct{ error }

// Main runs the program as the process that it is and gives its exit code. The first SIGINT or SIGTERM ends it in
// good order, the second at once.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return Console{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Dir: ".", Environ: os.Environ()}.Run(ctx, args)
}

// Run runs one command until it is done or the context ends, and gives its exit code: 0, 1 where it failed, 2
// where it was called wrongly. What went wrong is one line on Err.
func (c Console) Run(ctx context.Context, args []string) int {
	helped := false
	parser := kong.Must(&commands{},
		kong.Name("tickt"),
		kong.Description("A service desk behind a REST API. Settings come from the environment and from .env; .env.example lists them."),
		kong.Vars{"from_help": fromHelp},
		kong.Writers(c.Out, c.Err),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(c),
	)
	command, err := parser.Parse(args)
	if helped {
		return exitOK
	}
	if err != nil {
		return c.fail(usageError{fmt.Errorf("%w; see tickt --help", err)})
	}
	if err := command.Run(); err != nil {
		return c.fail(err)
	}
	return exitOK
}

// fail says what went wrong and gives the exit code for it.
func (c Console) fail(err error) int {
	fmt.Fprintln(c.Err, "tickt: "+describe(err))
	var m usageError
	if errors.As(err, &m) {
		return exitUsage
	}
	return exitFailed
}

// describe returns what an error says, in one line.
func describe(err error) string {
	text := err.Error()
	var known *domain.Error
	if errors.As(err, &known) && len(known.Problems) > 0 {
		messages := make([]string, len(known.Problems))
		for i, p := range known.Problems {
			messages[i] = sentence.English.Of(p)
		}
		text = strings.Join(messages, " ")
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

func (c Console) settings() (Settings, error) { return Load(c.Dir, c.Environ) }

func (c Console) printf(format string, args ...any) {
	fmt.Fprintf(c.Out, format+"\n", args...)
}
