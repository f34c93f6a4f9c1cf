package sla_test

import (
	"testing"

	"tickt/domain/lifecycle"
	"tickt/domain/sla"
)

// responseTerms returns terms of a first response within some minutes, with a warning.
func responseTerms(minutes, warnPercent int) sla.Terms {
	return sla.Terms{
		PauseTypes: []lifecycle.StatusType{lifecycle.Pending}, OnReopen: sla.ReopenResumes,
		Targets: []sla.Target{{Metric: sla.FirstResponse, Minutes: minutes, CalendarID: "247", WarnPercent: warnPercent}},
	}
}

// TestForecastOfABreachedClock recomputes a clock of one hour, which began at nine and was breached at ten, at noon. It ran
// all the time, or only until eleven.
func TestForecastOfABreachedClock(t *testing.T) {
	for name, c := range map[string]struct {
		terms           sla.Terms
		running, paused sla.Forecast
	}{
		"the same":           {responseTerms(60, 80), sla.Forecast{}, sla.Forecast{}},
		"another warning":    {responseTerms(60, 50), sla.Forecast{Tickets: 1}, sla.Forecast{Tickets: 1}},
		"longer, still late": {responseTerms(90, 80), sla.Forecast{Tickets: 1, DueTimesMoved: 1}, sla.Forecast{Tickets: 1}},
		"as long as it ran":  {responseTerms(120, 80), sla.Forecast{Tickets: 1, DueTimesMoved: 1}, sla.Forecast{Tickets: 1}},
		"longer than it ran": {responseTerms(121, 80), sla.Forecast{Tickets: 1, DueTimesMoved: 1}, sla.Forecast{Tickets: 1, BreachesRemoved: 1}},
		"longer than to noon": {
			responseTerms(181, 80),
			sla.Forecast{Tickets: 1, DueTimesMoved: 1, BreachesRemoved: 1},
			sla.Forecast{Tickets: 1, BreachesRemoved: 1},
		},
	} {
		for status, want := range map[lifecycle.StatusType]sla.Forecast{lifecycle.Open: c.running, lifecycle.Pending: c.paused} {
			l := sla.NewLedger(nil, schedules)
			l.Begin(responseTerms(60, 80), unanswered(lifecycle.Open), at("09:00"))
			l.RecordDue(at("11:00"))
			if status == lifecycle.Pending {
				l.Moved(lifecycle.Pending, at("11:00"))
			}
			kept := sla.NewLedger(l.Added(), schedules)
			is := unanswered(status)
			is.Periods = []sla.StatusPeriod{{Status: lifecycle.Open, Since: at("09:00")}}
			if status == lifecycle.Pending {
				is.Periods = append(is.Periods, sla.StatusPeriod{Status: lifecycle.Pending, Since: at("11:00")})
			}
			var f sla.Forecast
			f.Add(kept, func() { kept.Recompute(c.terms, is, at("12:00")) }, at("12:00"))
			if f != want {
				t.Errorf("%s, %s: %+v, want %+v", name, status, f, want)
			}
		}
	}
}
