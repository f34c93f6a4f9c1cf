package bootstrap

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime/debug"
	"time"

	"go.uber.org/dig"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/application"
	"tickt/migrations"
	"tickt/ports"
)

// stopTimeout is how long what runs may take after SIGTERM; the process is gone a little later.
const stopTimeout = 9 * time.Second

// gcPercent lets the heap grow to three times what lives, which is little, before it is collected (GOGC wins).
const gcPercent = 200

type serve struct{}

// Run serves until the context ends.
func (serve) Run(ctx context.Context, c Console) error {
	return c.serve(ctx, fx.Invoke(seedIfNew), fx.Invoke(runServers))
}

// serve runs parts of the program until the context ends, which is a success whatever was cut short.
func (c Console) serve(ctx context.Context, parts ...fx.Option) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	secret, err := s.secret()
	if err != nil {
		return err
	}
	log, done := newLogger(s, c.Err)
	defer done()
	if err := s.prepareSchema(ctx, log); err != nil {
		return unlessStopped(ctx, err)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	app := fx.New(append(parts, graph(s, secret, log), fx.Invoke(logMailState))...)
	if err := app.Start(ctx); err != nil {
		return unlessStopped(ctx, dig.RootCause(err))
	}
	<-ctx.Done()
	log.Info("stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := app.Stop(stopping); err != nil {
		log.Warn("what ran was cut short", zap.Error(err))
	}
	return nil
}

// prepareSchema migrates, where that is allowed, and refuses a database that is behind.
func (s *Settings) prepareSchema(ctx context.Context, log *zap.Logger) error {
	if !*s.AutoMigrate {
		return s.requireSchema(ctx)
	}
	return s.migrate(func(m *migrations.Migrator) error {
		n, err := m.Up(ctx)
		if n > 0 {
			log.Info("database migrated", zap.Int("migrations", n))
		}
		return err
	})
}

// seedIfNew makes the seeds before anybody is let in.
func seedIfNew(life fx.Lifecycle, app *application.App) {
	life.Append(fx.StartHook(app.Setup.EnsureSeeded))
}

// runServers starts the ways in, in their order, and stops them in the opposite one.
func runServers(life fx.Lifecycle, servers []ports.Server) {
	for _, s := range servers {
		life.Append(fx.Hook{OnStart: func(ctx context.Context) error { return listenError(s.Start(ctx)) }, OnStop: s.Stop})
	}
}

// listenError names the setting where an address cannot be listened on.
func listenError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "listen" {
		return &WrongSetting{"HTTP_ADDR", err.Error()}
	}
	return err
}

// unlessStopped is err, or nil where a signal is the reason for it.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// withApp hands the use cases to a command, on a database whose schema is up to date.
func (c Console) withApp(ctx context.Context, do func(*application.App) error) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	secret, err := s.secret()
	if err != nil {
		return err
	}
	var app *application.App
	return c.withParts(ctx, s, secret, func() error { return do(app) }, &app)
}

// withParts runs fn on a database whose schema is current, with what the graph makes of the targets, which are pointers.
func (c Console) withParts(ctx context.Context, s Settings, secret secretKey, fn func() error, targets ...any) (err error) {
	if err := s.requireSchema(ctx); err != nil {
		return err
	}
	log, done := newLogger(s, c.Err)
	defer done()
	box := fx.New(graph(s, secret, log), fx.Populate(targets...))
	if err := box.Start(ctx); err != nil {
		return dig.RootCause(err)
	}
	defer func() { err = errors.Join(err, box.Stop(context.WithoutCancel(ctx))) }()
	return fn()
}
