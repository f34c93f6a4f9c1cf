package sla

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tickt/domain"
	"tickt/domain/namekey"
	"tickt/domain/text"
)

// Calendar is when a desk works.
type Calendar struct {
	ID           domain.ID
	Name         string
	NameKey      string // key of Name, unique
	TimeZone     string // a name of the IANA time zone database
	Hours        Week
	Holidays     []Holiday // by date
	VersionID    domain.ID // of its current version
	IsPredefined bool      // made only by seeding, never changed
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// The calendar that is always open, which every store has, and its only version. Clients know AlwaysOpenID.
const (
	AlwaysOpenID      domain.ID = "5b0c7d21f4e84a36b9d2608ae1c97f03"
	AlwaysOpenVersion domain.ID = "9e41d06c7a2b4f58831f5ac4d70be692"
	AlwaysOpenName              = "24/7"
)

// CalendarVersion is what a calendar said at one time. It never changes: a clock keeps the version that it was promised,
// even if the calendar is changed or deleted.
type CalendarVersion struct {
	ID         domain.ID
	CalendarID domain.ID
	Name       string
	TimeZone   string
	Hours      Week
	Holidays   []Holiday
	CreatedAt  time.Time
}

// Version returns the current version of the calendar.
func (x Calendar) Version() CalendarVersion {
	return CalendarVersion{x.VersionID, x.ID, x.Name, x.TimeZone, x.Hours, x.Holidays, x.UpdatedAt}
}

// Schedule returns the schedule of the version. It fails if this program does not know the time zone; Apply rejects such
// zones.
func (x CalendarVersion) Schedule() (*Schedule, error) {
	zone, ok := domain.TimeZone(x.TimeZone)
	if !ok {
		return nil, fmt.Errorf("calendar version %s of %q: unknown time zone %q", x.ID, x.Name, x.TimeZone)
	}
	return NewSchedule(zone, x.Hours, x.Holidays), nil
}

// ErrPredefined is the error of changing or deleting a predefined calendar.
var ErrPredefined = domain.FailFor(domain.ReasonPredefined, "You cannot modify or delete predefined calendars.")

// Limits of a calendar.
const (
	maxCalendarName = 100
	maxHolidayName  = 100
	maxHolidays     = 1000
	maxIntervals    = 24 // of a day
)

// CalendarPatch is what a client sends of a calendar. Hours are pairs of HH:MM by the name of the day; a day that is
// left out has no hours.
type CalendarPatch struct {
	Name     domain.Optional[string]
	TimeZone domain.Optional[string]
	Hours    domain.Optional[map[string][][]string]
	Holidays domain.Optional[[]HolidayDraft]
	Unread   domain.Problems // with fields that could not be read
}

// HolidayDraft is what a client sends of a holiday.
type HolidayDraft struct {
	Date   string // YYYY-MM-DD
	Name   string
	Yearly bool
	Hours  [][]string // pairs of HH:MM; none: the whole day is off
}

// Replacement returns the patch that PUT applies: absent fields return to their defaults, or are reported as missing.
func (c CalendarPatch) Replacement() CalendarPatch {
	c.Name, c.TimeZone = c.Name.OrNull(), c.TimeZone.OrNull()
	c.Hours, c.Holidays = c.Hours.OrNull(), c.Holidays.OrNull()
	return c
}

// NewCalendar returns a new calendar with its first version. The error lists every problem.
func NewCalendar(id, version domain.ID, c CalendarPatch, now time.Time) (Calendar, error) {
	x := Calendar{ID: id, CreatedAt: now}
	err := x.Apply(c.Replacement(), version, now)
	return x, err
}

// AlwaysOpenCalendar returns the calendar that every new store contains: always open, in UTC.
func AlwaysOpenCalendar(now time.Time) Calendar {
	return Calendar{
		ID: AlwaysOpenID, Name: AlwaysOpenName, NameKey: text.Key(AlwaysOpenName), TimeZone: "UTC", Hours: AlwaysOpen(),
		Holidays:  []Holiday{},
		VersionID: AlwaysOpenVersion, IsPredefined: true, CreatedAt: now, UpdatedAt: now,
	}
}

// Apply changes the calendar. If the time zone, the hours or the holidays change, the calendar gets a new version, with the
// id version. Apply fails with ErrPredefined, or with an error that lists every problem; the calendar is then unchanged.
// If nothing changes, UpdatedAt stays.
func (x *Calendar) Apply(c CalendarPatch, version domain.ID, now time.Time) error {
	if err := x.MayChange(); err != nil {
		return err
	}
	p := slices.Clone(c.Unread)
	n := *x
	n.Name = p.ChangedText("name", "Calendar name", c.Name, x.Name, maxCalendarName, domain.Required)
	n.NameKey = namekey.Of(x.NameKey, x.Name, n.Name)
	n.TimeZone = checkZone(&p, c.TimeZone.Or(x.TimeZone))
	if c.Hours.Set {
		n.Hours = readHours(&p, c.Hours.Value)
	}
	if c.Holidays.Set {
		n.Holidays = readHolidays(&p, c.Holidays.Value)
	}
	if err := p.Err(); err != nil {
		return err
	}
	if !domain.Same(n, *x) {
		n.UpdatedAt = now
	}
	if !n.sameHours(*x) {
		n.VersionID = version
	}
	*x = n
	return nil
}

// sameHours reports whether both calendars have the same time zone, hours and holidays.
func (x Calendar) sameHours(y Calendar) bool {
	return x.TimeZone == y.TimeZone && slices.EqualFunc(x.Holidays, y.Holidays, Holiday.Equal) &&
		slices.EqualFunc(x.Hours[:], y.Hours[:], slices.Equal[[]Interval])
}

// MayChange fails with ErrPredefined if the calendar must not be changed or deleted.
func (x Calendar) MayChange() error {
	if x.IsPredefined {
		return ErrPredefined
	}
	return nil
}

func checkZone(p *domain.Problems, name string) string {
	name = p.Text("timeZone", "Time zone", name, 100, domain.Required)
	if p.Has("timeZone") {
		return name
	}
	if _, ok := domain.TimeZone(name); !ok {
		p.Add("timeZone", domain.CodeTimeZone)
	}
	return name
}

func readHours(p *domain.Problems, given map[string][][]string) (w Week) {
	before := len(*p)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(Days[:], name) {
			p.Add("hours."+name, domain.CodeUnknownDay, domain.Params{"day": name, "choices": slices.Concat(Days[time.Monday:], Days[:time.Monday])})
		}
	}
	for day, name := range Days {
		w[day] = readDay(p, "hours."+name, given[name])
	}
	unread := slices.ContainsFunc(*p, func(x domain.Problem) bool { return strings.HasPrefix(x.Field, "hours") })
	if len(*p) == before && !unread && !w.Open() {
		p.Add("hours", domain.CodeNoInterval)
	}
	return w
}

func readDay(p *domain.Problems, field string, pairs [][]string) (out []Interval) {
	if p.Has(field) {
		return nil
	}
	if len(pairs) > maxIntervals {
		p.Add(field, domain.CodeTooManyIntervals, domain.Params{"limit": maxIntervals})
		return nil
	}
	for _, pair := range pairs {
		i, ok := readInterval(pair)
		if !ok {
			p.Add(field, domain.CodeInterval)
			return nil
		}
		out = append(out, i)
	}
	slices.SortFunc(out, func(a, b Interval) int { return int(a.From - b.From) })
	for n := 1; n < len(out); n++ {
		if out[n].From < out[n-1].To {
			p.Add(field, domain.CodeOverlap)
			return nil
		}
	}
	return out
}

func readInterval(pair []string) (i Interval, ok bool) {
	if len(pair) != 2 {
		return i, false
	}
	from, fromOK := ParseMinute(pair[0])
	to, toOK := ParseMinute(pair[1])
	return Interval{from, to}, fromOK && toOK && from < to
}

func readHolidays(p *domain.Problems, given []HolidayDraft) []Holiday {
	out := make([]Holiday, 0, len(given))
	if len(given) > maxHolidays {
		p.Add("holidays", domain.CodeTooManyHolidays, domain.Params{"limit": maxHolidays})
		return out
	}
	seen := map[Date]bool{}
	for n, d := range given {
		field := fmt.Sprintf("holidays[%d]", n)
		date, ok := ParseDate(d.Date)
		name := p.Text(field+".name", "Holiday name", d.Name, maxHolidayName, domain.Required)
		switch {
		case p.Has(field + ".date"):
		case !ok:
			p.Add(field+".date", domain.CodeDate)
		case seen[date]:
			p.Add(field+".date", domain.CodeDateTwice)
		}
		seen[date] = seen[date] || ok
		out = append(out, Holiday{Date: date, Name: name, Yearly: d.Yearly, Hours: readDay(p, field+".hours", d.Hours)})
	}
	sortHolidays(out)
	return out
}

// sortHolidays sorts holidays by date.
func sortHolidays(all []Holiday) {
	slices.SortStableFunc(all, func(a, b Holiday) int { return a.Date.utc().Compare(b.Date.utc()) })
}

// SetKey sets the key of the name to one that was derived again.
func (x *Calendar) SetKey(key string) { x.NameKey = key }
