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
	"tickt/ports"
)

// stopTimeout is the time for requests and jobs to finish after SIGTERM.
const stopTimeout = 9 * time.Second

// gcPercent lets the heap grow to three times the live heap, which is small, before it is collected. GOGC takes precedence.
const gcPercent = 200

type serve struct{}

// Run serves until ctx ends.
func (serve) Run(ctx context.Context, c Console) error {
	return c.serve(ctx, "serve", Settings.listens, fx.Invoke(seedIfNew), fx.Invoke(runServers))
}

// serve runs parts of the program for a command until ctx ends. It then returns nil, even if work had to be interrupted. address
// returns what the first log line says about where the program can be reached.
func (c Console) serve(ctx context.Context, command string, address func(Settings) []zap.Field, parts ...fx.Option) error {
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
	schema, err := s.prepareSchema(ctx)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	announce := func() {
		log.Info("tickt starts", append(s.startFields(schema), address(s)...)...)
		schema.log(log)
		s.warnOfPlaintext(log)
		s.logMailState(log)
	}
	announced := fx.Invoke(func(life fx.Lifecycle) { life.Append(fx.StartHook(announce)) })
	app := fx.New(append([]fx.Option{graph(s, secret, log), fx.Invoke(checkKeys), announced, fx.Invoke(beat(command))}, parts...)...)
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

// seedIfNew adds the seeds to a new database before the servers start.
func seedIfNew(life fx.Lifecycle, app *application.App) {
	life.Append(fx.StartHook(app.Setup.EnsureSeeded))
}

// runServers starts the servers in their order and stops them in reverse order.
func runServers(life fx.Lifecycle, servers []ports.Server) {
	for _, s := range servers {
		life.Append(fx.Hook{OnStart: s.Start, OnStop: s.Stop})
	}
}

// listenError turns a failure to listen into a WrongSetting.
func listenError(setting string, err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "listen" {
		return &WrongSetting{setting, err.Error()}
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
