package bootstrap

import (
	"context"
	"errors"
	"net"
	"time"

	"go.uber.org/dig"
	"go.uber.org/fx"
	"go.uber.org/zap"

	"tickt/application"
	"tickt/ports"
)

// stopTimeout is the time after SIGTERM for draining (DRAIN_SECONDS), and for requests and jobs to finish.
const stopTimeout = 45 * time.Second

// maxDrain is the maximum of DRAIN_SECONDS. It leaves time for requests and jobs to finish.
const maxDrain = 30

// errServerEnded is the error of a process whose HTTP server has ended by itself. The log has the cause.
var errServerEnded = errors.New("the HTTP server ended")

type serve struct{}

// Run serves until ctx ends.
func (serve) Run(ctx context.Context, c Console) error {
	return c.serve(ctx, "serve", Settings.listens, fx.Invoke(seedIfNew), fx.Invoke(runServers))
}

// serve runs parts of the program for a command until ctx ends. It then returns nil, even if work had to be interrupted. It fails
// if the HTTP server ends by itself. address returns what the first log line says about where the program can be reached.
func (c Console) serve(ctx context.Context, command string, address func(Settings) []zap.Field, parts ...fx.Option) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	if err := s.requireKey(); err != nil {
		return err
	}
	if err := s.prepareFolder(); err != nil { // before DATA_DIR is created
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
	limitMemory()
	announce := func() {
		log.Info("tickt starts", append(s.startFields(schema), address(s)...)...)
		schema.log(log)
		s.warnOfPlaintext(log)
		s.logMailState(log)
	}
	announced := fx.Invoke(func(life fx.Lifecycle) { life.Append(fx.StartHook(announce)) })
	var serverEnded serverEnd
	app := fx.New(append([]fx.Option{
		graph(s, secret, log), fx.Invoke(checkKeys), announced, fx.Invoke(checkPooler), fx.Populate(&serverEnded),
		fx.Invoke(beat(command)),
	}, parts...)...)
	if err := app.Start(ctx); err != nil {
		return unlessStopped(ctx, s.fileError(dig.RootCause(err)))
	}
	var ended error
	select {
	case <-ctx.Done():
	case <-serverEnded:
		ended = errServerEnded
	}
	log.Info("stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := app.Stop(stopping); err != nil {
		log.Warn("work was interrupted at shutdown", zap.Error(err))
	}
	return ended
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

// listenError turns a failure to listen into a FailedSetting.
func listenError(setting string, err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "listen" {
		return &FailedSetting{setting, err.Error()}
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
	if err := s.requireKey(); err != nil {
		return err
	}
	if err := s.requireDatabase(); err != nil { // before DATA_DIR is created
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
	schema, err := s.requireSchema(ctx)
	if err != nil {
		return err
	}
	log, done := newLogger(s, c.Err)
	defer done()
	schema.log(log)
	parts := fx.New(graph(s, secret, log), fx.Populate(targets...))
	if err := parts.Start(ctx); err != nil {
		return s.fileError(dig.RootCause(err))
	}
	defer func() { err = errors.Join(s.fileError(err), parts.Stop(context.WithoutCancel(ctx))) }()
	return fn()
}
