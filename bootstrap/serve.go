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

// stopTimeout is the time for requests and jobs to finish after SIGTERM.
const stopTimeout = 9 * time.Second

// gcPercent lets the heap grow to three times the live heap, which is small, before it is collected. GOGC takes precedence.
const gcPercent = 200

type serve struct{}

// Run serves until ctx ends.
func (serve) Run(ctx context.Context, c Console) error {
	return c.serve(ctx, fx.Invoke(seedIfNew), fx.Invoke(runServers))
}

// serve runs parts of the program until ctx ends. It then returns nil, even if work had to be interrupted.
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
		log.Warn("work was interrupted at shutdown", zap.Error(err))
	}
	return nil
}

// prepareSchema migrates if AUTO_MIGRATE is on. Otherwise it returns an error if migrations are pending.
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

// seedIfNew adds the seeds to a new database before the servers start.
func seedIfNew(life fx.Lifecycle, app *application.App) {
	life.Append(fx.StartHook(app.Setup.EnsureSeeded))
}

// runServers starts the servers in their order and stops them in reverse order.
func runServers(life fx.Lifecycle, servers []ports.Server) {
	for _, s := range servers {
		life.Append(fx.Hook{OnStart: func(ctx context.Context) error { return listenError(s.Start(ctx)) }, OnStop: s.Stop})
	}
}

// listenError turns a failure to listen into a WrongSetting of HTTP_ADDR.
func listenError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "listen" {
		return &WrongSetting{"HTTP_ADDR", err.Error()}
	}
	return err
}

// unlessStopped returns err, or nil if err is only the end of ctx.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// withApp calls do with the use cases. It fails if migrations are pending.
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

// withParts sets the targets, which are pointers, to parts of the graph and calls fn. It fails if migrations are pending.
func (c Console) withParts(ctx context.Context, s Settings, secret secretKey, fn func() error, targets ...any) (err error) {
	if err := s.requireSchema(ctx); err != nil {
		return err
	}
	log, done := newLogger(s, c.Err)
	defer done()
	parts := fx.New(graph(s, secret, log), fx.Populate(targets...))
	if err := parts.Start(ctx); err != nil {
		return dig.RootCause(err)
	}
	defer func() { err = errors.Join(err, parts.Stop(context.WithoutCancel(ctx))) }()
	return fn()
}
