package sla_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the test must not depend on the machine's zones

	"pgregory.net/rapid"

	"tickt/domain/sla"
)

// zones have daylight-saving time on both sides of the equator, none, or by half an hour; Apia skipped a day.
var zones = []string{
	"UTC", "America/New_York", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia",
}

// offsetChanges are days near which the offset of one of the zones changes.
var offsetChanges = []time.Time{
	time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), // New York
	time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), // London
	time.Date(2026, 4, 4, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC), // Lord Howe
	time.Date(2011, 12, 29, 0, 0, 0, 0, time.UTC), // Apia skips the 30th
}

func zone(t interface{ Fatalf(string, ...any) }, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return z
}

// plan is what a Schedule is made from, for the slow oracle between.
type plan struct {
	zone     *time.Location
	week     sla.Week
	holidays []sla.Holiday
}

func (p plan) schedule() *sla.Schedule { return sla.NewSchedule(p.zone, p.week, p.holidays) }

// open is the definition of business time: it reports whether the wall clock shows a time that counts.
func (p plan) open(at time.Time) bool {
	local := at.In(p.zone)
	date := sla.DateOf(local)
	hours := p.week[local.Weekday()]
	for _, yearly := range []bool{true, false} { // the latter go before the former
		for _, h := range p.holidays {
			if h.Yearly == yearly && h.Date.Month == date.Month && h.Date.Day == date.Day && (yearly || h.Date.Year == date.Year) {
				hours = h.Hours
			}
		}
	}
	minute := sla.Minute(local.Hour()*60 + local.Minute())
	return slices.ContainsFunc(hours, func(i sla.Interval) bool { return i.From <= minute && minute < i.To })
}

// between is the oracle for Schedule.Between: it checks every minute.
func (p plan) between(a, b time.Time) (n time.Duration) {
	for at := a; at.Before(b); at = at.Add(time.Minute) {
		if p.open(at) {
			n += time.Minute
		}
	}
	return n
}

func drawPlan(t *rapid.T) plan {
	p := plan{zone: zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))}
	for day := range p.week {
		p.week[day] = drawHours(t)
	}
	p.week[time.Monday] = []sla.Interval{{From: 540, To: 1020}} // so that Add always ends within fifty years
	for range rapid.IntRange(0, 3).Draw(t, "holidays") {
		h := sla.Holiday{Date: sla.DateOf(drawTime(t).In(p.zone)), Name: "Day", Yearly: rapid.Bool().Draw(t, "yearly")}
		if rapid.Bool().Draw(t, "half") {
			h.Hours = drawHours(t)
		}
		p.holidays = append(p.holidays, h)
	}
	return p
}

// drawHours returns up to three intervals of a day, which may end at 24:00.
func drawHours(t *rapid.T) (hours []sla.Interval) {
	marks := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60), 0, 6, rapid.ID).Draw(t, "marks")
	slices.Sort(marks)
	for i := 0; i+1 < len(marks); i += 2 {
		hours = append(hours, sla.Interval{From: sla.Minute(marks[i]), To: sla.Minute(marks[i+1])})
	}
	return hours
}

// drawTime returns a time in whole minutes near a change of the offset.
func drawTime(t *rapid.T) time.Time {
	change := rapid.SampledFrom(offsetChanges).Draw(t, "change")
	return change.Add(time.Duration(rapid.IntRange(-4*24*60, 5*24*60).Draw(t, "minutes")) * time.Minute)
}

func drawDuration(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(0, int64(60*time.Hour/time.Microsecond)).Draw(t, "length")) * time.Microsecond
}

func TestBetweenEqualsCountingEveryMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a := drawPlan(t), drawTime(t)
		b := a.Add(time.Duration(rapid.IntRange(-60, 6*24*60).Draw(t, "span")) * time.Minute)
		if got, want := p.schedule().Between(a, b), p.between(a, b); got != want {
			t.Fatalf("from %s to %s in %s: %v, want %v", a.In(p.zone), b.In(p.zone), p.zone, got, want)
		}
	})
}

func TestBetweenInvertsAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a, d := drawPlan(t), drawTime(t), drawDuration(t)
		s := p.schedule()
		due, ok := s.Add(a, d)
		if !ok || s.Between(a, due) != d {
			t.Fatalf("%s plus %v is %s (%v), but %v lie between them", a, d, due, ok, s.Between(a, due))
		}
		if d > 0 && s.Between(a, due.Add(-time.Microsecond)) >= d {
			t.Fatalf("%s is not the first such time", due)
		}
	})
}

func TestAddIsAdditiveAndMonotonic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a, first, second := drawPlan(t), drawTime(t), drawDuration(t), drawDuration(t)
		s := p.schedule()
		middle, _ := s.Add(a, first)
		end, _ := s.Add(middle, second)
		whole, _ := s.Add(a, first+second)
		if !end.Equal(whole) {
			t.Fatalf("adding %v and %v is %s, adding the sum is %s", first, second, end, whole)
		}
		if middle.Before(a) || end.Before(middle) {
			t.Fatalf("%s, %s, %s are out of order", a, middle, end)
		}
		later, _ := s.Add(a.Add(drawDuration(t)), first)
		if later.Before(middle) {
			t.Fatalf("a later start has an earlier due time: %s, before %s", later, middle)
		}
	})
}

func TestBetweenIsAdditive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a := drawPlan(t), drawTime(t)
		b := a.Add(drawDuration(t))
		c := b.Add(drawDuration(t))
		s := p.schedule()
		if s.Between(a, b)+s.Between(b, c) != s.Between(a, c) {
			t.Fatalf("%v + %v is not %v", s.Between(a, b), s.Between(b, c), s.Between(a, c))
		}
	})
}

func TestExplainCoversTheTimeOnceAndCountsLikeBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a := drawPlan(t), drawTime(t)
		b := a.Add(drawDuration(t) + time.Minute)
		at, counted, last := a, time.Duration(0), ""
		for _, x := range p.schedule().Explain(a, b) {
			if !x.From.Equal(at) || !x.To.After(x.From) || x.Reason == last {
				t.Fatalf("%+v does not follow %s, %q", x, at, last)
			}
			if x.Counts != (x.Reason == sla.ReasonHours) {
				t.Fatalf("%+v", x)
			}
			if x.Counts {
				counted += x.To.Sub(x.From)
			}
			at, last = x.To, x.Reason
		}
		if !at.Equal(b) || counted != p.schedule().Between(a, b) {
			t.Fatalf("ends at %s, want %s; counts %v", at, b, counted)
		}
	})
}

// office is open from 9:00 to 17:00 on weekdays, except from 12:30 to 13:30.
func office() (w sla.Week) {
	for day := time.Monday; day <= time.Friday; day++ {
		w[day] = []sla.Interval{{From: 540, To: 750}, {From: 810, To: 1020}}
	}
	return w
}

func TestAddExamples(t *testing.T) {
	christmas := []sla.Holiday{{Date: sla.Date{Year: 2024, Month: 12, Day: 25}, Name: "Christmas", Yearly: true}}
	christmas = append(christmas, sla.Holiday{
		Date: sla.Date{Year: 2026, Month: 12, Day: 31}, Name: "New Year's Eve", Hours: []sla.Interval{{From: 540, To: 720}},
	}, sla.Holiday{
		Date: sla.Date{Year: 2024, Month: 2, Day: 29}, Name: "Leap", Yearly: true, Hours: []sla.Interval{{From: 1380, To: 1440}},
	})
	for name, c := range map[string]struct {
		zone  string
		week  sla.Week
		start string
		add   time.Duration
		want  string
	}{
		"across lunch":            {"UTC", office(), "2026-05-04T12:00:00Z", time.Hour, "2026-05-04T14:00:00Z"},
		"until closing time":      {"UTC", office(), "2026-05-04T16:00:00Z", time.Hour, "2026-05-04T17:00:00Z"},
		"across a weekend":        {"UTC", office(), "2026-05-08T16:30:00Z", time.Hour, "2026-05-11T09:30:00Z"},
		"from a Sunday":           {"UTC", office(), "2026-05-10T03:00:00Z", time.Minute, "2026-05-11T09:01:00Z"},
		"across a yearly holiday": {"UTC", office(), "2026-12-24T16:30:00Z", time.Hour, "2026-12-28T09:30:00Z"},
		"across a half day":       {"UTC", office(), "2026-12-31T11:30:00Z", time.Hour, "2027-01-01T09:30:00Z"},
		"to the end of a half day": {
			"UTC", office(), "2028-02-29T09:00:00Z", time.Hour, "2028-03-01T00:00:00Z",
		},
		"in a year without the half day": {"UTC", office(), "2027-02-28T23:00:00Z", time.Hour, "2027-03-01T10:00:00Z"},
		"across the hour that is skipped": {
			"America/New_York", sla.AlwaysOpen(), "2026-03-08T01:30:00-05:00", time.Hour, "2026-03-08T03:30:00-04:00",
		},
		"across the hour that is repeated": {
			"America/New_York", sla.AlwaysOpen(), "2026-11-01T00:30:00-04:00", 2 * time.Hour, "2026-11-01T01:30:00-05:00",
		},
		"daylight-saving time of half an hour": {
			"Australia/Lord_Howe", sla.AlwaysOpen(), "2026-10-04T01:45:00+10:30", time.Hour, "2026-10-04T03:15:00+11:00",
		},
		"across a day that a country skipped": {
			"Pacific/Apia", sla.AlwaysOpen(), "2011-12-29T23:00:00-10:00", 2 * time.Hour, "2011-12-31T01:00:00+14:00",
		},
		"across the end of a future leap year": {"Europe/London", office(), "2040-12-31T16:30:00Z", time.Hour, "2041-01-01T09:30:00Z"},
		"zero, while the office is closed":     {"UTC", office(), "2026-05-10T03:00:00Z", 0, "2026-05-10T03:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			start, err := time.Parse(time.RFC3339, c.start)
			if err != nil {
				t.Fatal(err)
			}
			want, err := time.Parse(time.RFC3339, c.want)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := sla.NewSchedule(zone(t, c.zone), c.week, christmas).Add(start, c.add)
			if !ok || !got.Equal(want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestAddFailsIfTheScheduleNeverOpens(t *testing.T) {
	if at, ok := sla.NewSchedule(time.UTC, sla.Week{}, nil).Add(offsetChanges[0], time.Minute); ok {
		t.Errorf("got %s", at)
	}
}

func BenchmarkAddAMonthOfOfficeHours(b *testing.B) {
	s := sla.NewSchedule(zone(b, "America/New_York"), office(), nil)
	for b.Loop() {
		if _, ok := s.Add(offsetChanges[0], 160*time.Hour); !ok {
			b.Fatal("not due")
		}
	}
}

func TestHalfDayReplacesTheHoursOfTheWeek(t *testing.T) {
	eve := sla.Holiday{
		Date: sla.Date{Year: 2026, Month: 12, Day: 24}, Name: "Christmas Eve", Yearly: true, Hours: []sla.Interval{{From: 480, To: 600}},
	}
	at := func(hour int) time.Time { return time.Date(2026, 12, 24, hour, 0, 0, 0, time.UTC) }
	got := sla.NewSchedule(time.UTC, office(), []sla.Holiday{eve}).Explain(at(7), at(18))
	want := []sla.Segment{
		{From: at(7), To: at(8), Reason: "holiday: Christmas Eve"},
		{From: at(8), To: at(10), Counts: true, Reason: "business hours"},
		{From: at(10), To: at(18), Reason: "holiday: Christmas Eve"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
