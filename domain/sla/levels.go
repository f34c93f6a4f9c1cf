package sla

import (
	"slices"
	"time"
)

// Quarter is a quarter of an hour, the unit of time in which decided clocks are counted. In every time zone, every day
// begins with a quarter.
const Quarter = 15 * time.Minute

// complianceDays is how many days compliance looks back.
const complianceDays = 30

// Period is the times by which levels are computed.
type Period struct {
	Soon  time.Time // a running clock that is due by then is due soon
	Today time.Time // the beginning of the day
	Since time.Time // the beginning of the time that compliance covers
}

// PeriodAt returns the period at now; its day is the day in zone. Compliance begins 30 days before now, rounded down to a
// Quarter.
func PeriodAt(now time.Time, zone *time.Location) Period {
	return Period{
		Soon:  now.Add(Soon),
		Today: beginningOfDay(now.In(zone)).UTC(),
		Since: now.AddDate(0, 0, -complianceDays).Truncate(Quarter),
	}
}

// beginningOfDay returns midnight, or the first time of a day that has no midnight because of daylight-saving time.
func beginningOfDay(t time.Time) time.Time {
	year, month, day := t.Date()
	begins := time.Date(year, month, day, 0, 0, 0, 0, t.Location())
	for begins.Day() != day {
		begins = begins.Add(Quarter)
	}
	return begins
}

// Levels counts the clocks of many tickets by their state.
type Levels struct {
	Running       int
	DueSoon       int // included in Running
	BreachedToday int
	Compliance    []Compliance // one for each of Metrics, in that order
}

// Compliance counts how many promises of a metric were kept.
type Compliance struct {
	Metric   Metric
	Met      int
	Breached int
}

// Percent returns the percentage of promises that were kept, truncated to a tenth, so that it is 100 only if all were. ok
// is false if none was decided.
func (c Compliance) Percent() (percent float64, ok bool) {
	decided := c.Met + c.Breached
	if decided == 0 {
		return 0, false
	}
	return float64(c.Met*1000/decided) / 10, true
}

// LevelsOf returns the levels of clocks.
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
	default: // undecided
	}
}
