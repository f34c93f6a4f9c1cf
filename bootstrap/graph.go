package bootstrap

import (
	"context"
	"encoding/hex"
	"io"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tickt/adapters/bunstore"
	"tickt/adapters/httpapi"
	"tickt/adapters/httpserver"
	"tickt/adapters/jobs"
	"tickt/adapters/mail"
	"tickt/adapters/password"
	"tickt/adapters/phone"
	"tickt/adapters/sweeper"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/domain"
	"tickt/ports"
)

// secretKey signs the tokens.
type secretKey []byte

// graph is every part of the program and what it is made of. fx makes those that something asks for, and ends them
// in the opposite order.
func graph(s Settings, secret []byte, log *zap.Logger) fx.Option {
	return fx.Options(
		fx.Supply(s, secretKey(secret), log),
		fx.WithLogger(func(log *zap.Logger) fxevent.Logger {
			l := &fxevent.ZapLogger{Logger: log}
			l.UseLogLevel(zapcore.DebugLevel)
			l.UseErrorLevel(zapcore.DebugLevel) // errors are returned, and told by the command
			return l
		}),
		fx.Provide(
			openStore, newHasher, newSigner, newPhones, newMailer, newDeps, application.New,
			newRegistry, newHTTP, newSweeper, jobsDatabase, newJobs, jobs.NewQueue, newWorkers, servers,
		),
	)
}

// newLogger writes JSON lines, one an event. Lines of every day wait up to logDelay for others, so that requests do
// not each cost a write; a warning or worse is written at once, with what waits before it. done writes the rest.
func newLogger(s Settings, w io.Writer) (log *zap.Logger, done func()) {
	c := zap.NewProductionEncoderConfig()
	c.TimeKey, c.EncodeTime = "time", zapcore.RFC3339NanoTimeEncoder
	lines := &zapcore.BufferedWriteSyncer{WS: zapcore.AddSync(w), FlushInterval: logDelay}
	core := zapcore.RegisterHooks(zapcore.NewCore(zapcore.NewJSONEncoder(c), lines, s.LogLevel), func(e zapcore.Entry) error {
		if e.Level >= zapcore.WarnLevel {
			_ = lines.Sync() // terminals cannot be synced
		}
		return nil
	})
	return zap.New(core), func() { _ = lines.Stop() }
}

const logDelay = 200 * time.Millisecond

// now is the clock of the program, a ports.Clock.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// newID makes a version 7 UUID (RFC 9562 §5.7), which begins with the time.
func newID() domain.ID {
	id := uuid.Must(uuid.NewV7()) // fails only where the system has no random numbers
	return domain.ID(hex.EncodeToString(id[:]))
}

// openStore opens the database, and closes it when nothing uses it any more.
func openStore(life fx.Lifecycle, s Settings) (*bunstore.Store, error) {
	store, err := bunstore.Open(context.Background(), bunstore.Options{
		URL: string(s.DatabaseURL), Prepared: bool(s.DBPrepared), MaxConns: s.DBMaxConns,
	})
	if err != nil {
		return nil, err
	}
	life.Append(fx.StopHook(store.Close))
	return store, nil
}

// newHasher lets hashing take half of the processors, so that a storm of sign-ins leaves the rest to others.
func newHasher() *password.Hasher { return password.New(runtime.GOMAXPROCS(0) / 2) }

func newSigner(key secretKey) *token.Signer { return token.New(key, now) }

func newPhones(s Settings) (*phone.Parser, error) { return phone.New(s.PhoneRegion) }

func newDeps(
	s Settings, store *bunstore.Store, hasher *password.Hasher, signer *token.Signer, phones *phone.Parser, mailer *mail.Mailer,
) application.Deps {
	d := application.Deps{
		Store: store, Clock: now, NewID: newID, Passwords: hasher, Tokens: signer, Phones: phones, Zone: s.Zone.Location,
	}
	if mailer != nil { // else the interface holds nothing
		d.Mailer = mailer
	}
	return d
}

func newHTTP(
	s Settings, app *application.App, store *bunstore.Store, log *zap.Logger, metrics *prometheus.Registry,
) *httpserver.Server {
	return httpserver.New(httpserver.Options{
		Addr: s.HTTPAddr, Ready: store.Ready, Log: log, Metrics: metrics,
		CORSOrigins: s.CORSOrigins, TrustedProxies: s.TrustedProxies, Version: buildVersion(),
	}, httpapi.Mount(httpapi.Options{App: app, Zone: s.Zone.Location, PageSize: s.PageSize, Log: log}))
}

func newSweeper(app *application.App, log *zap.Logger) *sweeper.Sweeper {
	return sweeper.New(sweeper.Options{Sweep: app.ServiceLevels.Sweep, Log: log})
}

// workers are the ways in of what nobody waits for: the passing of time, and jobs.
type workers []ports.Server

func newWorkers(sweeps *sweeper.Sweeper, works *jobs.Server) workers { return workers{sweeps, works} }

// servers lists the ways in. What is started first is stopped last.
func servers(s Settings, w workers, http *httpserver.Server) []ports.Server {
	if !s.Workers {
		return []ports.Server{http}
	}
	return append(w, http)
}
