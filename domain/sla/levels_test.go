package sla

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPeriodIsRoundedToQuartersOfAnHour(t *testing.T) {
	for name, c := range map[string]struct {
		now   string
		zone  string
		today string
		since string
	}{
		"UTC":                         {"2026-03-31T12:07:30.000001Z", "UTC", "2026-03-31T00:00:00Z", "2026-03-01T12:00:00Z"},
		"day begins at a quarter":     {"2026-03-31T18:20:00Z", "Asia/Kathmandu", "2026-03-31T18:15:00Z", "2026-03-01T18:15:00Z"},
		"just before the day ends":    {"2026-03-31T18:14:59Z", "Asia/Kathmandu", "2026-03-30T18:15:00Z", "2026-03-01T18:00:00Z"},
		"day without a midnight":      {"2026-09-06T12:00:00Z", "America/Santiago", "2026-09-06T04:00:00Z", "2026-08-07T12:00:00Z"},
		"at the beginning of the day": {"2026-01-01T05:00:00Z", "America/New_York", "2026-01-01T05:00:00Z", "2025-12-02T05:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			at := func(text string) time.Time {
				parsed, err := time.Parse(time.RFC3339Nano, text)
				if err != nil {
					t.Fatal(err)
				}
				return parsed
			}
			want := Period{Soon: at(c.now).Add(2 * time.Hour), Today: at(c.today), Since: at(c.since)}
			if diff := cmp.Diff(want, PeriodAt(at(c.now), zone)); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestPercentIsTruncatedToATenth(t *testing.T) {
	for name, c := range map[string]struct {
		met, breached int
		want          float64
		ok            bool
	}{
		"nothing decided":   {0, 0, 0, false},
		"all met":           {7, 0, 100, true},
		"all breached":      {0, 7, 0, true},
		"nearly all met":    {99999, 1, 99.9, true},
		"two thirds":        {2, 1, 66.6, true},
		"more than a tenth": {1, 8, 11.1, true},
		"less than a tenth": {1, 1999, 0, true},
		"exactly one tenth": {1, 999, 0.1, true},
		"half":              {5, 5, 50, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := Compliance{Met: c.met, Breached: c.breached}.Percent()
			if got != c.want || ok != c.ok {
				t.Errorf("got %v, %v, want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestLevelsCountEachClockByItsState(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	p := PeriodAt(now, time.UTC)
	clock := func(m Metric, s State, due, decided time.Time) ClockState {
		return ClockState{Metric: m, State: s, DueAt: due, DecidedAt: decided}
	}
	none := time.Time{}
	for name, c := range map[string]struct {
		clock ClockState
		want  func(*Levels)
	}{
		"running, due later": {
			clock(FirstResponse, StateRunning, p.Soon.Add(time.Microsecond), none), func(l *Levels) { l.Running = 1 },
		},
		"running, just due soon": {clock(FirstResponse, StateRunning, p.Soon, none), func(l *Levels) { l.Running, l.DueSoon = 1, 1 }},
		"running, breach not recorded yet": {
			clock(FirstResponse, StateRunning, now.Add(-time.Hour), none), func(l *Levels) { l.Running, l.DueSoon = 1, 1 },
		},
		"running, never due": {clock(FirstResponse, StateRunning, none, none), func(l *Levels) { l.Running = 1 }},
		"paused":             {clock(FirstResponse, StatePaused, none, none), func(*Levels) {}},
		"cancelled":          {clock(FirstResponse, StateCancelled, none, none), func(*Levels) {}},
		"breached at the beginning of the day": {
			clock(NextResponse, StateBreached, none, p.Today), func(l *Levels) { l.BreachedToday, l.Compliance[1].Breached = 1, 1 },
		},
		"breached the day before": {
			clock(NextResponse, StateBreached, none, p.Today.Add(-time.Microsecond)), func(l *Levels) { l.Compliance[1].Breached = 1 },
		},
		"breached as the period begins": {clock(Resolution, StateBreached, none, p.Since), func(l *Levels) { l.Compliance[2].Breached = 1 }},
		"breached before the period":    {clock(Resolution, StateBreached, none, p.Since.Add(-time.Microsecond)), func(*Levels) {}},
		"met today":                     {clock(Resolution, StateMet, none, now), func(l *Levels) { l.Compliance[2].Met = 1 }},
		"met before the period":         {clock(Resolution, StateMet, none, p.Since.Add(-time.Microsecond)), func(*Levels) {}},
		"met, unknown metric":           {clock("silence", StateMet, none, now), func(*Levels) {}},
		"running, unknown metric":       {clock("silence", StateRunning, none, none), func(l *Levels) { l.Running = 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			want := Levels{Compliance: []Compliance{{Metric: FirstResponse}, {Metric: NextResponse}, {Metric: Resolution}}}
			c.want(&want)
			if diff := cmp.Diff(want, LevelsOf([]ClockState{c.clock}, p)); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}
