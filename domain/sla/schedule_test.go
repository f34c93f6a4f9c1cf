package sla_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the test must not depend on the machine's zones

	"pgregory.net/rapid"

	"tickt/domain/sla"
)

// zones switch to daylight-saving time on both sides of the equator, never, by half an hour, and, Apia, skip a day.
var zones = []string{
	"UTC", "America/New_York", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia",
}

// turns are days near which the offset of one of the zones changes.
var turns = []time.Time{
	time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), // New York
	time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC), // London
	time.Date(2026, 4, 4, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC), // Lord Howe
	time.Date(2011, 12, 29, 0, 0, 0, 0, time.UTC), // Apia leaves out the 30th
}

func zone(t interface{ Fatalf(string, ...any) }, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return z
}

// plan is what a Schedule is made of, for the oracle to look at.
type plan struct {
	zone     *time.Location
	week     sla.Week
	holidays []sla.Holiday
}

func (p plan) schedule() *sla.Schedule { return sla.NewSchedule(p.zone, p.week, p.holidays) }

// open is the definition: does the wall clock read a time that counts?
func (p plan) open(at time.Time) bool {
	local := at.In(p.zone)
	date := sla.DateOf(local)
	for _, h := range p.holidays {
		if h.Date == date || h.Yearly && h.Date.Month == date.Month && h.Date.Day == date.Day {
			return false
		}
	}
	minute := sla.Minute(local.Hour()*60 + local.Minute())
	return slices.ContainsFunc(p.week[local.Weekday()], func(i sla.Interval) bool { return i.From <= minute && minute < i.To })
}

// between is the slow oracle: it looks at every minute.
func (p plan) between(a, b time.Time) (n time.Duration) {
	for at := a; at.Before(b); at = at.Add(time.Minute) {
		if p.open(at) {
			n += time.Minute
		}
	}
	return n
}

func plans(t *rapid.T) plan {
	p := plan{zone: zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))}
	for day := range p.week {
		marks := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60), 0, 6, rapid.ID).Draw(t, "marks")
		slices.Sort(marks)
		for i := 0; i+1 < len(marks); i += 2 {
			p.week[day] = append(p.week[day], sla.Interval{From: sla.Minute(marks[i]), To: sla.Minute(marks[i+1])})
		}
	}
	p.week[time.Monday] = []sla.Interval{{From: 540, To: 1020}} // so that every length fits into fifty years
	for range rapid.IntRange(0, 3).Draw(t, "holidays") {
		date := sla.DateOf(moments(t).In(p.zone))
		p.holidays = append(p.holidays, sla.Holiday{Date: date, Name: "Day", Yearly: rapid.Bool().Draw(t, "yearly")})
	}
	return p
}

// moments are whole minutes, mostly near a change of offset.
func moments(t *rapid.T) time.Time {
	turn := rapid.SampledFrom(turns).Draw(t, "turn")
	return turn.Add(time.Duration(rapid.IntRange(-4*24*60, 5*24*60).Draw(t, "minutes")) * time.Minute)
}

func lengths(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(0, int64(60*time.Hour/time.Microsecond)).Draw(t, "length")) * time.Microsecond
}

func TestBetweenIsWhatLookingAtEveryMinuteGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a := plans(t), moments(t)
		b := a.Add(time.Duration(rapid.IntRange(-60, 6*24*60).Draw(t, "span")) * time.Minute)
		if got, want := p.schedule().Between(a, b), p.between(a, b); got != want {
			t.Fatalf("from %s to %s in %s: %v, want %v", a.In(p.zone), b.In(p.zone), p.zone, got, want)
		}
	})
}

func TestAddThenBetweenGivesTheLengthBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a, d := plans(t), moments(t), lengths(t)
		s := p.schedule()
		due, ok := s.Add(a, d)
		if !ok || s.Between(a, due) != d {
			t.Fatalf("%v after %s is %s (%v), between them lie %v", d, a, due, ok, s.Between(a, due))
		}
		if d > 0 && s.Between(a, due.Add(-time.Microsecond)) >= d {
			t.Fatalf("%s is not the first moment", due)
		}
	})
}

func TestAddIsAdditiveAcrossAnySplitAndNeverRunsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a, first, second := plans(t), moments(t), lengths(t), lengths(t)
		s := p.schedule()
		middle, _ := s.Add(a, first)
		end, _ := s.Add(middle, second)
		whole, _ := s.Add(a, first+second)
		if !end.Equal(whole) {
			t.Fatalf("%v and %v lead to %s, together to %s", first, second, end, whole)
		}
		if middle.Before(a) || end.Before(middle) {
			t.Fatalf("%s, %s, %s do not follow each other", a, middle, end)
		}
		later, _ := s.Add(a.Add(lengths(t)), first)
		if later.Before(middle) {
			t.Fatalf("a later start is due earlier: %s before %s", later, middle)
		}
	})
}

func TestBetweenIsAdditiveAcrossAnySplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a := plans(t), moments(t)
		b := a.Add(lengths(t))
		c := b.Add(lengths(t))
		s := p.schedule()
		if s.Between(a, b)+s.Between(b, c) != s.Between(a, c) {
			t.Fatalf("%v and %v are not %v", s.Between(a, b), s.Between(b, c), s.Between(a, c))
		}
	})
}

func TestAnExplanationCoversEveryMomentOnceAndCountsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, a := plans(t), moments(t)
		b := a.Add(lengths(t) + time.Minute)
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

// office is open from nine to five on weekdays, but at noon.
func office() (w sla.Week) {
	for day := time.Monday; day <= time.Friday; day++ {
		w[day] = []sla.Interval{{From: 540, To: 750}, {From: 810, To: 1020}}
	}
	return w
}

func TestDueTimesThatPeopleWouldReckon(t *testing.T) {
	christmas := []sla.Holiday{{Date: sla.Date{Year: 2024, Month: 12, Day: 25}, Name: "Christmas", Yearly: true}}
	for name, c := range map[string]struct {
		zone  string
		week  sla.Week
		start string
		add   time.Duration
		want  string
	}{
		"over lunch":                      {"UTC", office(), "2026-05-04T12:00:00Z", time.Hour, "2026-05-04T14:00:00Z"},
		"to the minute the office closes": {"UTC", office(), "2026-05-04T16:00:00Z", time.Hour, "2026-05-04T17:00:00Z"},
		"over the weekend":                {"UTC", office(), "2026-05-08T16:30:00Z", time.Hour, "2026-05-11T09:30:00Z"},
		"from a Sunday":                   {"UTC", office(), "2026-05-10T03:00:00Z", time.Minute, "2026-05-11T09:01:00Z"},
		"over Christmas of another year":  {"UTC", office(), "2026-12-24T16:30:00Z", time.Hour, "2026-12-28T09:30:00Z"},
		"through the hour that is left out": {
			"America/New_York", sla.AlwaysOpen(), "2026-03-08T01:30:00-05:00", time.Hour, "2026-03-08T03:30:00-04:00",
		},
		"through the hour that comes twice": {
			"America/New_York", sla.AlwaysOpen(), "2026-11-01T00:30:00-04:00", 2 * time.Hour, "2026-11-01T01:30:00-05:00",
		},
		"where summer time is half an hour": {
			"Australia/Lord_Howe", sla.AlwaysOpen(), "2026-10-04T01:45:00+10:30", time.Hour, "2026-10-04T03:15:00+11:00",
		},
		"over a day that a country left out": {
			"Pacific/Apia", sla.AlwaysOpen(), "2011-12-29T23:00:00-10:00", 2 * time.Hour, "2011-12-31T01:00:00+14:00",
		},
		"over the end of a leap year to come": {"Europe/London", office(), "2040-12-31T16:30:00Z", time.Hour, "2041-01-01T09:30:00Z"},
		"nothing, while the office is closed": {"UTC", office(), "2026-05-10T03:00:00Z", 0, "2026-05-10T03:00:00Z"},
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

func TestAScheduleThatNeverOpensHasNoDueTime(t *testing.T) {
	if at, ok := sla.NewSchedule(time.UTC, sla.Week{}, nil).Add(turns[0], time.Minute); ok {
		t.Errorf("got %s", at)
	}
}

func BenchmarkAddAMonthOfOfficeHours(b *testing.B) {
	s := sla.NewSchedule(zone(b, "America/New_York"), office(), nil)
	for b.Loop() {
		if _, ok := s.Add(turns[0], 160*time.Hour); !ok {
			b.Fatal("not due")
		}
	}
}
