package sla

import (
	"iter"
	"time"
)

// horizon is how far a Schedule looks ahead for time that counts.
const horizon = 50 * 365 * 24 * time.Hour

// Schedule is business time made ready to reckon with. It is counted in real elapsed time: a moment counts where the
// wall clock in the zone then reads a time inside the hours of its day, and that day is no holiday. So an hour that
// the switch to summer time leaves out does not count, and one that the switch back repeats counts twice. A Schedule
// is safe for use by any number of goroutines.
type Schedule struct {
	zone   *time.Location
	week   Week
	days   map[Date]string // names of holidays
	yearly map[Date]string // those of every year, under year 0
	always bool            // every moment counts
}

// NewSchedule makes a Schedule of hours and holidays in a zone.
func NewSchedule(zone *time.Location, week Week, holidays []Holiday) *Schedule {
	s := &Schedule{
		zone: zone, week: week, days: map[Date]string{}, yearly: map[Date]string{},
		always: week.IsAlwaysOpen() && len(holidays) == 0,
	}
	for _, h := range holidays {
		if h.Yearly {
			s.yearly[Date{0, h.Date.Month, h.Date.Day}] = h.Name
		} else {
			s.days[h.Date] = h.Name
		}
	}
	return s
}

var alwaysOpen = NewSchedule(time.UTC, AlwaysOpen(), nil)

// AlwaysOpenSchedule is the one by which every moment counts.
func AlwaysOpenSchedule() *Schedule { return alwaysOpen }

// Segment is a part of time, From to before To, with whether it counts and why.
type Segment struct {
	From   time.Time
	To     time.Time
	Counts bool
	Reason string
}

// The reasons of stretches; that of a holiday has its name behind it.
const (
	ReasonHours   = "business hours"
	ReasonOutside = "outside hours"
	ReasonHoliday = "holiday: "
)

// Add gives the first moment at which so much business time has passed since start. ok is false where that is more
// than fifty years away, and the moment then none.
func (s *Schedule) Add(start time.Time, business time.Duration) (at time.Time, ok bool) {
	if business <= 0 {
		return start, true
	}
	if s.always {
		return start.Add(business), business <= horizon
	}
	for x := range s.segments(start, start.Add(horizon)) {
		if !x.Counts {
			continue
		}
		length := x.To.Sub(x.From)
		if business <= length {
			return x.From.Add(business), true
		}
		business -= length
	}
	return time.Time{}, false
}

// Between gives the business time from a to b; 0 where b is not after a.
func (s *Schedule) Between(a, b time.Time) (business time.Duration) {
	if !b.After(a) {
		return 0
	}
	if s.always {
		return b.Sub(a)
	}
	for x := range s.segments(a, b) {
		if x.Counts {
			business += x.To.Sub(x.From)
		}
	}
	return business
}

// Explain takes the time from a to b apart into stretches, each as long as its reason holds.
func (s *Schedule) Explain(a, b time.Time) []Segment {
	out := []Segment{}
	for x := range s.segments(a, b) {
		if last := len(out) - 1; last >= 0 && out[last].Reason == x.Reason {
			out[last].To = x.To
		} else {
			out = append(out, x)
		}
	}
	return out
}

// segments covers the time from a to b, in order and without a gap. While the zone's offset stays as it is the wall
// clock runs evenly, so it goes from one change of the offset to the next, and there from day to day.
func (s *Schedule) segments(a, b time.Time) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		for at := a; at.Before(b); {
			local := at.In(s.zone)
			_, offset := local.Zone()
			_, end := local.ZoneBounds()
			if !end.IsZero() && !end.After(at) { // so it answers on the last day of leap years to come
				end = at.Truncate(24 * time.Hour).Add(24 * time.Hour)
			}
			if end.IsZero() || end.After(b) {
				end = b
			}
			for day := DateOf(local); at.Before(end); day = day.next() {
				midnight := day.utc().Add(-time.Duration(offset) * time.Second)
				if at = s.day(day, midnight, at, end, yield); at.IsZero() {
					return
				}
			}
		}
	}
}

// day covers what of a day lies from at to before end, and gives where that ends; zero where no more is wanted.
// midnight is the day's in the offset that holds.
func (s *Schedule) day(day Date, midnight, at, end time.Time, yield func(Segment) bool) time.Time {
	more := true
	cover := func(until time.Time, counts bool, reason string) {
		if until.After(end) {
			until = end
		}
		if more && until.After(at) {
			more = yield(Segment{at.UTC(), until.UTC(), counts, reason})
			at = until
		}
	}
	if name, closed := s.holiday(day); closed {
		cover(midnight.Add(dayEnd.after()), false, ReasonHoliday+name)
	} else {
		for _, i := range s.week[day.utc().Weekday()] {
			cover(midnight.Add(i.From.after()), false, ReasonOutside)
			cover(midnight.Add(i.To.after()), true, ReasonHours)
		}
		cover(midnight.Add(dayEnd.after()), false, ReasonOutside)
	}
	if !more {
		return time.Time{}
	}
	return at
}

func (s *Schedule) holiday(day Date) (name string, closed bool) {
	if name, closed = s.days[day]; !closed {
		name, closed = s.yearly[Date{0, day.Month, day.Day}]
	}
	return name, closed
}
