package bootstrap

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tickt/adapters/bunstore"
	"tickt/adapters/jobs"
	"tickt/adapters/password"
	"tickt/adapters/sweeper"
	"tickt/application"
)

// newRegistry holds what is told of the parts that have no way in of their own.
func newRegistry(
	store *bunstore.Store, hasher *password.Hasher, queue *jobs.Queue, app *application.App, sweeps *sweeper.Sweeper,
) *prometheus.Registry {
	r := prometheus.NewRegistry()
	gauge := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	gauge("tickt_db_connections_open", "Connections to the database.", func() float64 { return float64(store.Pool().Open) })
	gauge("tickt_db_connections_in_use", "Connections to the database that are in use.", func() float64 { return float64(store.Pool().InUse) })
	gauge("tickt_db_connections_idle", "Connections to the database that wait for use.", func() float64 { return float64(store.Pool().Idle) })
	gauge("tickt_db_connections_max", "Connections to the database that may be open at once.", func() float64 {
		return float64(store.Pool().Max)
	})
	counter("tickt_db_waits_total", "Times that somebody waited for a connection.", func() float64 { return float64(store.Pool().WaitCount) })
	counter("tickt_db_wait_seconds_total", "Time that was waited for connections.", func() float64 {
		return store.Pool().WaitDuration.Seconds()
	})
	gauge("tickt_password_queue", "Passwords that wait to be hashed or checked.", func() float64 { return float64(hasher.Waiting()) })
	counter("tickt_sweep_failures_total", "Times that this process failed on a ticket and set it aside.", func() float64 {
		return float64(sweeps.Failures())
	})
	r.MustRegister(jobDepth{queue},
		storeGauge{lagDesc, func(ctx context.Context) (float64, error) {
			late, err := app.ServiceLevels.Lag(ctx)
			return late.Seconds(), err
		}},
		storeGauge{setAsideDesc, func(ctx context.Context) (float64, error) {
			n, err := app.ServiceLevels.SetAside(ctx)
			return float64(n), err
		}})
	return r
}

// collectTimeout is how long the database may take to answer what is measured whenever somebody asks.
const collectTimeout = 2 * time.Second

// storeGauge asks the store for a number whenever it is asked for it. If the store does not answer soon, it reports nothing.
type storeGauge struct {
	desc  *prometheus.Desc
	value func(context.Context) (float64, error)
}

var (
	lagDesc = prometheus.NewDesc("tickt_sla_lag_seconds",
		"How late the oldest warning, breach or other thing is that time has brought and that is not on record yet.", nil, nil)
	setAsideDesc = prometheus.NewDesc("tickt_sweep_set_aside",
		"Tickets that the sweep failed on and tries again later.", nil, nil)
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

// jobDepth counts the jobs whenever it is asked. Where the database does not answer soon it tells nothing.
type jobDepth struct{ queue *jobs.Queue }

var jobsDesc = prometheus.NewDesc("tickt_jobs", "Jobs that are not done, those that were given up included.", []string{"state"}, nil)

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
