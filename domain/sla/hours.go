package sla

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Minute is a time of day on the wall clock, in minutes since midnight, from 0 to 1440.
type Minute int

// dayEnd is 24:00.
const dayEnd Minute = 24 * 60

// ParseMinute reads HH:MM, from 00:00 to 24:00.
func ParseMinute(text string) (Minute, bool) {
	if len(text) != 5 || text[2] != ':' {
		return 0, false
	}
	for _, i := range [...]int{0, 1, 3, 4} {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
	}
	hour, minute := int(text[0]-'0')*10+int(text[1]-'0'), int(text[3]-'0')*10+int(text[4]-'0')
	m := Minute(hour*60 + minute)
	return m, minute < 60 && m <= dayEnd
}

func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// duration returns the time since midnight.
func (m Minute) duration() time.Duration { return time.Duration(m) * time.Minute }

// Interval is a part of a day on the wall clock, from From until before To.
type Interval struct {
	From Minute
	To   Minute
}

// Week is the hours of each day, by time.Weekday. The intervals of a day are in order and do not overlap.
type Week [7][]Interval

// Days is the names that clients use for the days of a Week.
var Days = [7]string{
	time.Sunday: "sun", time.Monday: "mon", time.Tuesday: "tue", time.Wednesday: "wed", time.Thursday: "thu", time.Friday: "fri",
	time.Saturday: "sat",
}

// AlwaysOpen returns a week with all hours of every day.
func AlwaysOpen() (w Week) {
	for day := range w {
		w[day] = []Interval{{0, dayEnd}}
	}
	return w
}

// IsAlwaysOpen reports whether the hours cover every minute of the week.
func (w Week) IsAlwaysOpen() bool {
	for _, intervals := range w {
		var to Minute
		for _, i := range intervals {
			if i.From != to {
				return false
			}
			to = i.To
		}
		if to != dayEnd {
			return false
		}
	}
	return true
}

// Open reports whether any day has hours.
func (w Week) Open() bool {
	return slices.ContainsFunc(w[:], func(day []Interval) bool { return len(day) > 0 })
}

// Date is a day of the civil calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD, a day that exists.
func ParseDate(text string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, text)
	return DateOf(t), err == nil && !strings.HasPrefix(text, "0000")
}

// DateOf returns the date of t in its own time zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// utc returns the midnight at which the day begins in UTC.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) next() Date { return DateOf(d.utc().AddDate(0, 0, 1)) }

// Holiday is a day whose hours replace those of the week; it has none unless it is a half day. A yearly one repeats in every
// year, also in those before its date; one on 29 February only in leap years. On a day that has a yearly one and another
// one, the other one applies.
type Holiday struct {
	Date   Date
	Name   string
	Yearly bool
	Hours  []Interval // in order, without overlaps; nil if the whole day is off
}

// Equal reports whether two holidays are equal.
func (h Holiday) Equal(g Holiday) bool {
	return h.Date == g.Date && h.Name == g.Name && h.Yearly == g.Yearly && slices.Equal(h.Hours, g.Hours)
}
