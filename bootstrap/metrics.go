package bootstrap

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tickt/adapters/bunstore"
	"tickt/adapters/deriver"
	"tickt/adapters/jobs"
	"tickt/adapters/password"
	"tickt/adapters/sweeper"
	"tickt/application"
	"tickt/ports"
)

// meters are the metrics that parts of the program count while they work.
type meters struct {
	mails       *prometheus.CounterVec
	suspensions prometheus.Counter
	jobDuration *prometheus.HistogramVec
	jobFailures *prometheus.CounterVec
}

func newMeters() meters {
	return meters{
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tickt_mails_total", Help: "Mails that were handed to the mail server, by result: sent, refused for good, or failed.",
		}, []string{"result"}),
		suspensions: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tickt_mail_suspensions_total", Help: "Accounts to whose address mail was suspended, since the server refused it too often.",
		}),
		jobDuration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tickt_job_duration_seconds", Help: "Duration of an attempt of a job.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800},
		}, []string{"kind"}),
		jobFailures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tickt_job_failures_total", Help: "Attempts of jobs that failed.",
		}, []string{"kind"}),
	}
}

// observeJob counts an attempt of a job.
func (m meters) observeJob(kind string, took time.Duration, failed bool) {
	m.jobDuration.WithLabelValues(kind).Observe(took.Seconds())
	if failed {
		m.jobFailures.WithLabelValues(kind).Inc()
	}
}

// The results of a mail.
const (
	mailSent    = "sent"
	mailRefused = "refused"
	mailFailed  = "failed"
)

// countedMailer counts the mails of a Mailer by result. Mails that a stop interrupted are not counted.
type countedMailer struct {
	ports.Mailer
	mails *prometheus.CounterVec
}

// Send implements ports.Mailer.
func (m countedMailer) Send(ctx context.Context, x ports.Mail) error {
	return m.count(ctx, m.Mailer.Send(ctx, x))
}

// SendAccountMail implements ports.Mailer.
func (m countedMailer) SendAccountMail(ctx context.Context, x ports.AccountMail) error {
	return m.count(ctx, m.Mailer.SendAccountMail(ctx, x))
}

// count counts the result of sending a mail, and returns it.
func (m countedMailer) count(ctx context.Context, err error) error {
	var refused *ports.MailRefused
	switch {
	case err == nil:
		m.mails.WithLabelValues(mailSent).Inc()
	case errors.As(err, &refused):
		m.mails.WithLabelValues(mailRefused).Inc()
	case !errors.Is(ctx.Err(), context.Canceled):
		m.mails.WithLabelValues(mailFailed).Inc()
	}
	return err
}

// newRegistry returns the metrics of the parts that do not register their own.
func newRegistry(
	store *bunstore.Store, hasher *password.Hasher, queue *jobs.Queue, app *application.App, sweeps *sweeper.Sweeper,
	derives *deriver.Deriver, m meters,
) *prometheus.Registry {
	r := prometheus.NewRegistry()
	for _, result := range []string{mailSent, mailRefused, mailFailed} {
		m.mails.WithLabelValues(result)
	}
	for kind := range jobKinds(app) {
		m.jobFailures.WithLabelValues(string(kind))
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "tickt_build_info", Help: "Always 1. The labels tell the version of tickt and of Go.",
		ConstLabels: prometheus.Labels{"version": buildVersion(), "go": runtime.Version()},
	})
	info.Set(1)
	r.MustRegister(info, m.mails, m.suspensions, m.jobDuration, m.jobFailures)
	gauge := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	gauge("tickt_db_connections_open", "Open connections to the database.", func() float64 { return float64(store.Pool().Open) })
	gauge("tickt_db_connections_in_use", "Connections to the database in use.", func() float64 { return float64(store.Pool().InUse) })
	gauge("tickt_db_connections_idle", "Idle connections to the database.", func() float64 { return float64(store.Pool().Idle) })
	gauge("tickt_db_connections_max", "Maximum number of open connections to the database.", func() float64 {
		return float64(store.Pool().Max)
	})
	counter("tickt_db_waits_total", "Number of waits for a connection to the database.", func() float64 {
		return float64(store.Pool().WaitCount)
	})
	counter("tickt_db_wait_seconds_total", "Total time of waits for a connection to the database, in seconds.", func() float64 {
		return store.Pool().WaitDuration.Seconds()
	})
	counter("tickt_sqlite_writer_busy_seconds_total",
		"Time in which changes held the only connection of SQLite that writes, in seconds; 0 on PostgreSQL.", func() float64 {
			return store.Pool().WriterBusy.Seconds()
		})
	gauge("tickt_password_queue", "Passwords waiting to be hashed or checked.", func() float64 { return float64(hasher.Waiting()) })
	counter("tickt_sweep_failures_total", "Number of times that the sweep of this process set a ticket aside.", func() float64 {
		return float64(sweeps.Failures())
	})
	counter("tickt_derive_failures_total", "Number of times that this process failed to derive columns of a row.", func() float64 {
		return float64(derives.Failures())
	})
	r.MustRegister(jobDepth{queue}, rowsLeft{app},
		storeGauge{lagDesc, func(ctx context.Context) (float64, error) {
			lag, err := app.ServiceLevels.Lag(ctx)
			return lag.Seconds(), err
		}},
		storeGauge{setAsideDesc, func(ctx context.Context) (float64, error) {
			n, err := app.ServiceLevels.SetAside(ctx)
			return float64(n), err
		}})
	return r
}

// rowsLeft is a metric that counts the rows whose derived columns are out of date at each scrape. If the query fails or times
// out, the metric is missing.
type rowsLeft struct{ app *application.App }

var leftDesc = prometheus.NewDesc("tickt_derive_rows_left",
	"Rows from which columns are still to be derived, by kind.", []string{"kind"}, nil)

// Describe implements prometheus.Collector.
func (rowsLeft) Describe(ch chan<- *prometheus.Desc) { ch <- leftDesc }

// Collect implements prometheus.Collector.
func (m rowsLeft) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTimeout)
	defer cancel()
	left, err := m.app.Deriver.Left(ctx)
	if err != nil {
		return
	}
	for _, l := range left {
		ch <- prometheus.MustNewConstMetric(leftDesc, prometheus.GaugeValue, float64(l.Marked+l.Ahead), string(l.Kind))
	}
}

// collectTimeout limits the queries of a scrape.
const collectTimeout = 2 * time.Second

// storeGauge is a metric that queries the store at each scrape. If the query fails or times out, the metric is missing.
type storeGauge struct {
	desc  *prometheus.Desc
	value func(context.Context) (float64, error)
}

var (
	lagDesc = prometheus.NewDesc("tickt_sla_lag_seconds",
		"How late the oldest time-driven change is that is due but not recorded, in seconds.", nil, nil)
	setAsideDesc = prometheus.NewDesc("tickt_sweep_set_aside",
		"Tickets that the sweep has set aside and will retry.", nil, nil)
)

// Describe implements prometheus.Collector.
func (m storeGauge) Describe(ch chan<- *prometheus.Desc) { ch <- m.desc }

// Collect implements prometheus.Collector.
func (m storeGauge) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTimeout)
	defer cancel()
	if value, err := m.value(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(m.desc, prometheus.GaugeValue, value)
	}
}

// jobDepth is a metric that counts the jobs at each scrape. If the query fails or times out, the metric is missing.
type jobDepth struct{ queue *jobs.Queue }

var jobsDesc = prometheus.NewDesc("tickt_jobs", "Jobs that are not done, by state. Discarded jobs have no attempts left.",
	[]string{"state"}, nil)

// Describe implements prometheus.Collector.
func (jobDepth) Describe(ch chan<- *prometheus.Desc) { ch <- jobsDesc }

// Collect implements prometheus.Collector.
func (d jobDepth) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTimeout)
	defer cancel()
	counted, err := d.queue.Depth(ctx)
	if err != nil {
		return
	}
	for state, n := range counted {
		ch <- prometheus.MustNewConstMetric(jobsDesc, prometheus.GaugeValue, float64(n), state)
	}
}
