package sla

import (
	"iter"
	"time"
)

// horizon is how far Schedule.Add looks ahead: fifty years.
const horizon = 50 * 365 * 24 * time.Hour

// Schedule computes business time. Business time is real elapsed time: a point in time counts if the wall clock of the
// zone then shows a time inside the hours of its day: those of the holiday if it is one, otherwise those of the week. So
// the hour that is skipped when daylight-saving time begins does not count, and the hour that is repeated when it ends
// counts twice. A Schedule is safe for concurrent use.
type Schedule struct {
	zone   *time.Location
	week   Week
	days   map[Date]Holiday // the holidays that are not yearly
	yearly map[Date]Holiday // the yearly holidays; the year of the keys is 0
	always bool             // all time counts
}

// NewSchedule returns the Schedule of hours and holidays in a zone.
func NewSchedule(zone *time.Location, week Week, holidays []Holiday) *Schedule {
	s := &Schedule{
		zone: zone, week: week, days: map[Date]Holiday{}, yearly: map[Date]Holiday{},
		always: week.IsAlwaysOpen() && len(holidays) == 0,
	}
	for _, h := range holidays {
		if h.Yearly {
			s.yearly[Date{0, h.Date.Month, h.Date.Day}] = h
		} else {
			s.days[h.Date] = h
		}
	}
	return s
}

var alwaysOpen = NewSchedule(time.UTC, AlwaysOpen(), nil)

// AlwaysOpenSchedule returns the schedule in which all time counts.
func AlwaysOpenSchedule() *Schedule { return alwaysOpen }

// Segment is a part of time, from From until before To, that counts or does not, with the reason.
type Segment struct {
	From   time.Time
	To     time.Time
	Counts bool
	Reason string
}

// The reasons of segments. The name of the holiday follows ReasonHoliday.
const (
	ReasonHours   = "business hours"
	ReasonOutside = "outside hours"
	ReasonHoliday = "holiday: "
)

// Add returns the first time at which that much business time has passed since start. ok is false if that is more than
// fifty years away; at is then not a due time.
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

// Between returns the business time from a to b; 0 if b is not after a.
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

// Explain splits the time from a to b into segments; neighbouring segments have different reasons.
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

// segments yields segments that cover the time from a to b, in order and without gaps. While the offset of the zone is
// constant, the wall clock runs evenly; so it goes from one change of the offset to the next, and between them day by day.
func (s *Schedule) segments(a, b time.Time) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		for at := a; at.Before(b); {
			local := at.In(s.zone)
			_, offset := local.Zone()
			_, end := local.ZoneBounds()
			if !end.IsZero() && !end.After(at) { // ZoneBounds returns such an end on the last day of future leap years
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

// day yields the segments of a day from at until before end, and returns where the last one ends; zero if yield wants no
// more. midnight is the beginning of the day in the current offset.
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
	hours, off := s.week[day.utc().Weekday()], ReasonOutside
	if h, found := s.holiday(day); found {
		hours, off = h.Hours, ReasonHoliday+h.Name
	}
	for _, i := range hours {
		cover(midnight.Add(i.From.duration()), false, off)
		cover(midnight.Add(i.To.duration()), true, ReasonHours)
	}
	cover(midnight.Add(dayEnd.duration()), false, off)
	if !more {
		return time.Time{}
	}
	return at
}

func (s *Schedule) holiday(day Date) (h Holiday, found bool) {
	if h, found = s.days[day]; !found {
		h, found = s.yearly[Date{0, day.Month, day.Day}]
	}
	return h, found
}
