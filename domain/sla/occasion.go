package sla

import (
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/text"
)

// Occasion is an event of a file of holidays.
type Occasion struct {
	Line    int // of the file, from 1, at which it begins
	UID     string
	Name    string
	Dates   []Date     // its days, or the first ones if it is yearly
	Yearly  bool       // it recurs every year on these dates
	Skipped SkipReason // "" if it is a holiday
}

// SkipReason is why an occasion is no holiday, as clients name it.
type SkipReason string

// The reasons.
const (
	SkippedCancelled SkipReason = "cancelled"   // its status is CANCELLED
	SkippedTime      SkipReason = "not_all_day" // it has no date, or a time of day
	SkippedName      SkipReason = "name"        // it has no name that a holiday may have
	SkippedRule      SkipReason = "rule"        // its rule cannot be read, or recurs too often to be one of holidays
	SkippedLength    SkipReason = "too_long"    // it lasts for more than a year
	SkippedNever     SkipReason = "no_date"     // it has no date within the window
)

// SkipReasons is every reason.
var SkipReasons = []SkipReason{SkippedCancelled, SkippedTime, SkippedName, SkippedRule, SkippedLength, SkippedNever}

// Window is a range of dates, from From to To.
type Window struct{ From, To Date }

// windowYears is how many years after the current one belong to the window of an import.
const windowYears = 5

// WindowAt returns the window for an import at a time: this year and the next five.
func WindowAt(now time.Time) Window {
	year := now.Year()
	return Window{Date{year, time.January, 1}, Date{year + windowYears, time.December, 31}}
}

// HolidayImport is what an import did.
type HolidayImport struct {
	Calendar  Calendar
	Imported  int // dates that became holidays, or yearly ones
	Unchanged int // dates that were holidays before
	Skipped   []Occasion
}

// Import adds occasions to the holidays of the calendar. A date that is a holiday already stays as it is, except that it
// becomes yearly if the occasion is; so a second import of the same occasions changes nothing. If holidays are added, the
// calendar gets a new version, with the id version. Import fails as Apply does; the calendar is then unchanged.
func (x *Calendar) Import(all []Occasion, version domain.ID, now time.Time) (done HolidayImport, err error) {
	if err := x.MayChange(); err != nil {
		return done, err
	}
	m := merger{all: slices.Clone(x.Holidays), at: map[Date]int{}, yearly: map[Date]bool{}}
	for i, h := range m.all {
		m.know(i, h)
	}
	for _, o := range all {
		var p domain.Problems
		name := p.Text("name", "Holiday name", shortName(o.Name), maxHolidayName, domain.Required)
		if o.Skipped == "" && len(p) > 0 {
			o.Skipped = SkippedName
		}
		if o.Skipped != "" {
			done.Skipped = append(done.Skipped, o)
			continue
		}
		for _, d := range o.Dates {
			if m.add(Holiday{Date: d, Name: name, Yearly: o.Yearly}) {
				done.Imported++
			} else {
				done.Unchanged++
			}
		}
		if len(m.all) > maxHolidays {
			var p domain.Problems
			p.Add("holidays", domain.CodeTooManyHolidays, domain.Params{"limit": maxHolidays})
			return HolidayImport{}, p.Err()
		}
	}
	if done.Imported > 0 {
		sortHolidays(m.all)
		x.Holidays, x.VersionID, x.UpdatedAt = m.all, version, now
	}
	done.Calendar = *x
	return done, nil
}

// shortName returns a name in one line of at most maxHolidayName characters.
func shortName(name string) string {
	clean, _ := text.Line.Clean(strings.Join(strings.Fields(name), " ")) // what it refuses stays
	clean, _ = text.Cut(clean, maxHolidayName)
	return clean
}

// merger adds holidays to those of a calendar.
type merger struct {
	all    []Holiday
	at     map[Date]int  // indexes in all
	yearly map[Date]bool // of the yearly ones; the year is 0
}

func (m *merger) know(i int, h Holiday) {
	m.at[h.Date] = i
	if h.Yearly {
		m.yearly[Date{0, h.Date.Month, h.Date.Day}] = true
	}
}

// add adds a holiday, and reports whether that changed anything.
func (m *merger) add(h Holiday) bool {
	if m.yearly[Date{0, h.Date.Month, h.Date.Day}] {
		return false
	}
	i, taken := m.at[h.Date]
	switch {
	case taken && (!h.Yearly || len(m.all[i].Hours) > 0):
		return false
	case taken:
		m.all[i].Yearly = true
		m.know(i, m.all[i])
	default:
		m.know(len(m.all), h)
		m.all = append(m.all, h)
	}
	return true
}
