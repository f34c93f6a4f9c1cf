package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
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
	exitUsage  = 2 // trying again without another value does not help
)

// commands are the commands of the program. serve is the default.
type commands struct {
	ShowVersion versionFlag `name:"version" short:"v" help:"Print the version of this build."`

	Serve serve `cmd:"" default:"1" help:"Serve the API until SIGTERM, with workers unless WORKERS=off. This is the default command."`
	Work  work  `cmd:"" help:"Run workers (jobs and the SLA sweep) until SIGTERM, without the API."`
	Jobs  struct {
		Failed jobsFailed `cmd:"" help:"List the failed jobs with their errors."`
		Retry  jobsRetry  `cmd:"" help:"Retry failed jobs at once."`
	} `cmd:"" help:"List and retry failed background jobs."`
	Mail struct {
		Test    mailTest    `cmd:"" help:"Send a test mail with the current settings."`
		Held    mailHeld    `cmd:"" help:"List the mail that restoring a backup has put on hold."`
		Release mailRelease `cmd:"" help:"Send the mail that is on hold."`
		Drop    mailDrop    `cmd:"" help:"Give up the mail that is on hold."`
	} `cmd:"" help:"Test the mail settings, and decide on mail that is on hold."`
	Migrate struct {
		Up     migrateUp     `cmd:"" help:"Apply every pending migration."`
		Down   migrateDown   `cmd:"" help:"Take back the newest applied migration, or with --to several, with their data."`
		Status migrateStatus `cmd:"" help:"List all migrations with the time at which they were applied."`
	} `cmd:"" help:"Migrate the database schema."`
	Secret struct {
		Accept secretAccept `cmd:"" help:"Make the current key the only one of the database, and end all sessions."`
	} `cmd:"" help:"Replace the key that signs tokens after the former one was lost."`
	Backup          backupCommand   `cmd:"" help:"Write a backup of the database, which may be in use."`
	Restore         restoreCommand  `cmd:"" help:"Replace the database by a backup. No process may run on it."`
	Check           check           `cmd:"" help:"Check the whole database, which may be in use: counts, references, ledgers, histories."`
	Seed            seed            `cmd:"" help:"Add the default roles, menus, statuses and priorities that are missing."`
	CreateSuperuser createSuperuser `cmd:"" name:"createsuperuser" help:"Create a superuser. On a terminal, ask for missing values."`
	Account         struct {
		Password accountPassword `cmd:"" help:"Set the password of an account and end its sessions."`
		Unlock   accountUnlock   `cmd:"" help:"Let an account sign in again that failed sign-ins have locked out."`
		Sessions accountSessions `cmd:"" help:"List the sessions of an account, or end them."`
	} `cmd:"" help:"Help an account to sign in again."`
	Import struct {
		Django importDjango `cmd:"" help:"Import accounts, roles, menus and tickets from the PostgreSQL database of the original Django system."`
	} `cmd:"" help:"Import data from another system."`
	Help        help        `cmd:"" help:"Show the commands, or the help of one."`
	Version     version     `cmd:"" help:"Print the version of this build."`
	Demo        demoData    `cmd:"" help:"Add generated accounts and tickets, for trials and measurements. In production only with --yes."`
	Healthcheck healthcheck `cmd:"" help:"Check whether the service at HTTP_ADDR, or tickt work at WORK_ADDR, is ready."`
}

// Console is the environment in which a command runs.
type Console struct {
	In       *os.File
	Out, Err io.Writer
	Dir      string   // the directory of .env
	Environ  []string // as "NAME=value"
}

// usageError is an error in how a command was called. The exit code is 2.
type usageError struct{ error }

// Main runs the program with the environment of the process and returns its exit code. The first SIGINT, SIGTERM or SIGHUP
// shuts it down in good order, the second one ends it at once.
func Main(args []string) int {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	received := make(chan os.Signal, 2) // so that a second one is not lost while the first is handled
	signal.Notify(received, signals...)
	go func() {
		<-received
		stop()
		<-received
		os.Exit(exitFailed)
	}()
	return Console{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Dir: ".", Environ: os.Environ()}.Run(ctx, args)
}

// Run runs one command until it is done or ctx ends, and returns its exit code: 0 on success, 1 on failure, 2 on a wrong value
// (see isUsage). It prints an error as one line to Err.
func (c Console) Run(ctx context.Context, args []string) int {
	helped := false
	parser := kong.Must(&commands{},
		kong.Name("tickt"),
		kong.Description("tickt is a ticket-management service with a REST API.\n\n"+
			"Settings are read from the environment and from the file .env; .env.example lists them."),
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

// fail prints an error and returns its exit code.
func (c Console) fail(err error) int {
	var printed helpFailed
	if errors.As(err, &printed) {
		return int(printed)
	}
	fmt.Fprintln(c.Err, "tickt: "+describe(err))
	if isUsage(err) {
		return exitUsage
	}
	return exitFailed
}

// storedProblems are the problems of values that are in order, but do not fit what is stored.
var storedProblems = map[domain.Code]bool{domain.CodeTaken: true, domain.CodeTakenBy: true}

// isUsage reports whether an error is that of a wrong value: of a flag, an argument, an answer, a setting, or a wrong combination
// of them. A user name that is taken is a failure.
func isUsage(err error) bool {
	var usage usageError
	var setting *WrongSetting
	if errors.As(err, &usage) || errors.As(err, &setting) {
		return true
	}
	var known *domain.Error
	return errors.As(err, &known) && known.Kind == domain.Invalid && len(known.Problems) > 0 &&
		!slices.ContainsFunc(known.Problems, func(p domain.Problem) bool { return storedProblems[p.Code] })
}

// describe returns the text of an error in one line.
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
