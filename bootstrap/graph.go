package bootstrap

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"runtime"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"tickt/adapters/bunstore"
	"tickt/adapters/deriver"
	"tickt/adapters/httpapi"
	"tickt/adapters/httpserver"
	"tickt/adapters/icalendar"
	"tickt/adapters/jobs"
	"tickt/adapters/lookalike"
	"tickt/adapters/mail"
	"tickt/adapters/password"
	"tickt/adapters/phone"
	"tickt/adapters/sweeper"
	"tickt/adapters/token"
	"tickt/application"
	"tickt/domain"
	"tickt/ports"
)

// secretKey is the key that signs tokens.
type secretKey []byte

// graph provides every part of the program. fx constructs those that are needed, and stops them in reverse order.
func graph(s Settings, secret []byte, log *zap.Logger) fx.Option {
	return fx.Options(
		fx.Supply(s, secretKey(secret), log),
		fx.WithLogger(func(log *zap.Logger) fxevent.Logger {
			l := &fxevent.ZapLogger{Logger: log}
			l.UseLogLevel(zapcore.DebugLevel)
			l.UseErrorLevel(zapcore.DebugLevel) // errors are returned, and printed by the command
			return l
		}),
		fx.Provide(
			openStore, newHasher, newSigner, newPhones, newMailer, newDeps, application.New,
			newMeters, newRegistry, newServerEnd, newHTTP, newSweeper, newDeriver, jobsDatabase, newJobs, jobs.NewQueue, newWorkers, servers,
		),
	)
}

// now is the ports.Clock of the program: UTC, truncated to microseconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// newID returns a version 7 UUID (RFC 9562 §5.7), which begins with the time, as 32 hexadecimal digits.
func newID() domain.ID {
	id := uuid.Must(uuid.NewV7()) // fails only if the system has no random numbers
	return domain.ID(hex.EncodeToString(id[:]))
}

// newSecret returns 256 random bits in base64url (RFC 4648 §5).
func newSecret() string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// openStore opens the database and closes it when the program stops.
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

// newHasher lets hashing use half of the processors, so that many sign-ins at once leave the rest to other requests.
func newHasher() *password.Hasher { return password.New(runtime.GOMAXPROCS(0) / 2) }

// newSigner accepts tokens that SECRET_KEY_PREVIOUS signed too, so that sessions outlive a change of SECRET_KEY.
func newSigner(s Settings, key secretKey) *token.Signer {
	return token.New(key, now, []byte(s.SecretKeyPrevious))
}

func newPhones(s Settings) (*phone.Parser, error) { return phone.New(s.PhoneRegion) }

func newDeps(
	s Settings, store *bunstore.Store, hasher *password.Hasher, signer *token.Signer, phones *phone.Parser,
	mailer *mail.Mailer, m meters, log *zap.Logger,
) application.Deps {
	d := application.Deps{
		Store: store, Clock: now, NewID: newID, NewSecret: newSecret, Passwords: hasher, Tokens: signer,
		Phones: phones, Addresses: mail.Addresses{}, LookAlikes: lookalike.Names{}, Holidays: icalendar.Reader{}, Zone: s.Zone.Location,
	}
	d.MailSuspended = func(account domain.ID) {
		m.suspensions.Inc()
		log.Warn("mail to an account suspended", zap.String("account", string(account)))
	}
	d.NameConflict = func(c ports.NameConflict) {
		log.Warn("two names are the same; the older one has the key", zap.String("kind", string(c.Kind)), zap.String("id", string(c.ID)),
			zap.String("holder", string(c.Holder)))
	}
	if mailer != nil { // otherwise the interface must be nil
		d.Mailer = countedMailer{mailer, m.mails}
	}
	return d
}

// serverEnd is closed if the HTTP server ends by itself.
type serverEnd chan struct{}

func newServerEnd() serverEnd { return make(serverEnd) }

func newHTTP(
	s Settings, app *application.App, store *bunstore.Store, log *zap.Logger, metrics *prometheus.Registry, ended serverEnd,
) *httpserver.Server {
	api := httpapi.Mount(httpapi.Options{App: app, Zone: s.Zone.Location, PageSize: s.PageSize, Log: log, Metrics: metrics})
	return httpserver.New(httpserver.Options{
		Drain: time.Duration(*s.DrainSeconds) * time.Second, Limits: httpserver.Limits{PerAddress: s.ConnsPerAddr},
		Ended: func(error) { close(ended) },
		Addr:  s.HTTPAddr, Ready: store.Ready, Log: log, Metrics: metrics,
		CORSOrigins: s.CORSOrigins, TrustedProxies: s.TrustedProxies, Version: buildVersion(), NoMetrics: s.hideMetrics(),
	}, append([]httpserver.Mount{api}, httpapi.Pages()...)...)
}

func newSweeper(app *application.App, log *zap.Logger) *sweeper.Sweeper {
	return sweeper.New(sweeper.Options{Sweep: app.ServiceLevels.Sweep, Log: log})
}

func newDeriver(app *application.App, store *bunstore.Store, log *zap.Logger) *deriver.Deriver {
	return deriver.New(deriver.Options{Derive: app.Deriver.Derive, Marked: store.Marked(), Log: log})
}

// workers are the servers that do background work: the sweep, the jobs, and deriving columns again.
type workers []ports.Server

func newWorkers(s *sweeper.Sweeper, j *jobs.Server, d *deriver.Deriver) workers {
	return workers{s, j, d}
}

// servers returns the servers of tickt serve, in the order in which they start. They stop in reverse order.
func servers(
	s Settings, w workers, http *httpserver.Server, metrics *prometheus.Registry, log *zap.Logger,
) (all []ports.Server) {
	if s.Workers {
		all = append(all, w...)
	}
	return append(append(all, metricsServers(s, metrics, log)...), listener{http, "HTTP_ADDR"})
}
