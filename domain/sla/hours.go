package sla

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Minute is a time of day on the wall clock, in minutes from midnight. A day ends at 1440.
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

func (m Minute) after() time.Duration { return time.Duration(m) * time.Minute }

// Interval is a stretch of a day on the wall clock: From belongs to it, To does not.
type Interval struct {
	From Minute
	To   Minute
}

// Week is the hours of each day, by time.Weekday: in order, none overlapping another.
type Week [7][]Interval

// Days names the days of a Week as clients do.
var Days = [7]string{
	time.Sunday: "sun", time.Monday: "mon", time.Tuesday: "tue", time.Wednesday: "wed", time.Thursday: "thu", time.Friday: "fri",
	time.Saturday: "sat",
}

// AlwaysOpen is every hour of every day.
func AlwaysOpen() (w Week) {
	for day := range w {
		w[day] = []Interval{{0, dayEnd}}
	}
	return w
}

// IsAlwaysOpen says whether no minute of the week is left out.
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

// Open says whether there is any hour at all.
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

// DateOf gives the day of a moment in the moment's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// utc gives the day's midnight as if it were in UTC.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) next() Date { return DateOf(d.utc().AddDate(0, 0, 1)) }

// Holiday is a day without hours. A yearly one is every year, from the year of its date on and before; on 29
// February in leap years only.
type Holiday struct {
	Date   Date
	Name   string
	Yearly bool
}
