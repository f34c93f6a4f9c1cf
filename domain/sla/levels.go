package sla

import (
	"slices"
	"time"
)

// Quarter is a quarter of an hour: what clocks are counted by when they are decided. Every day of every time zone begins
// with one.
const Quarter = 15 * time.Minute

// complianceDays is how many days compliance looks back.
const complianceDays = 30

// Period is the moments that levels are computed by.
type Period struct {
	Soon  time.Time // what runs and is due by then is due soon
	Today time.Time // the beginning of the day
	Since time.Time // when compliance begins
}

// PeriodAt gives the period of a moment; its day is one of the zone. Compliance begins with the quarter of an hour in which
// it was 30 days ago.
func PeriodAt(now time.Time, zone *time.Location) Period {
	return Period{
		Soon:  now.Add(Soon),
		Today: beginningOfDay(now.In(zone)).UTC(),
		Since: now.AddDate(0, 0, -complianceDays).Truncate(Quarter),
	}
}

// beginningOfDay gives midnight, or, on a day that has none since clocks are put forward, its first moment.
func beginningOfDay(t time.Time) time.Time {
	year, month, day := t.Date()
	begins := time.Date(year, month, day, 0, 0, 0, 0, t.Location())
	for begins.Day() != day {
		begins = begins.Add(Quarter)
	}
	return begins
}

// Levels are where the clocks of many tickets stand.
type Levels struct {
	Running       int
	DueSoon       int // of those that run
	BreachedToday int
	Compliance    []Compliance // of each metric, in their order
}

// Compliance is how often a promise was kept.
type Compliance struct {
	Metric   Metric
	Met      int
	Breached int
}

// Percent is how many of a hundred promises were kept, cut to a tenth, so that it is 100 only where all were; ok is
// false where none was decided.
func (c Compliance) Percent() (percent float64, ok bool) {
	decided := c.Met + c.Breached
	if decided == 0 {
		return 0, false
	}
	return float64(c.Met*1000/decided) / 10, true
}

// LevelsOf counts clocks.
func LevelsOf(all []ClockState, p Period) Levels {
	l := Levels{Compliance: make([]Compliance, len(Metrics))}
	for i, m := range Metrics {
		l.Compliance[i].Metric = m
	}
	for _, s := range all {
		l.count(s, p)
	}
	return l
}

func (l *Levels) count(s ClockState, p Period) {
	if s.State == StateRunning {
		l.Running++
		if !s.DueAt.IsZero() && !s.DueAt.After(p.Soon) {
			l.DueSoon++
		}
		return
	}
	if s.State == StateBreached && !s.DecidedAt.Before(p.Today) {
		l.BreachedToday++
	}
	i := slices.Index(Metrics, s.Metric)
	if i < 0 || s.DecidedAt.Before(p.Since) {
		return
	}
	switch s.State {
	case StateMet:
		l.Compliance[i].Met++
	case StateBreached:
		l.Compliance[i].Breached++
	default: // nothing was decided
	}
}
