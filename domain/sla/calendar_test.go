package sla_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sentence"
	"tickt/domain/sla"
)

// problems returns the problems of an error as "field: sentence".
func problems(err error) (out []string) {
	var e *domain.Error
	if errors.As(err, &e) {
		for _, p := range e.Problems {
			out = append(out, p.Field+": "+sentence.English.Of(p))
		}
	}
	return out
}

func officePatch() sla.CalendarPatch {
	return sla.CalendarPatch{
		Name: domain.Some(" Office "), TimeZone: domain.Some("Europe/London"),
		Hours:    domain.Some(map[string][][]string{"mon": {{"13:30", "24:00"}, {"09:00", "12:30"}}}),
		Holidays: domain.Some([]sla.HolidayDraft{{Date: "2026-12-26", Name: "Boxing Day"}, {Date: "2024-02-29", Name: "Leap", Yearly: true}}),
	}
}

func TestNewCalendarSortsHoursAndHolidays(t *testing.T) {
	c, err := sla.NewCalendar("c", "v1", officePatch(), monday)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "Office" || c.NameKey != "office" || c.TimeZone != "Europe/London" || !c.CreatedAt.Equal(monday) ||
		!c.UpdatedAt.Equal(monday) {
		t.Errorf("got %+v", c)
	}
	if want := []sla.Interval{{From: 540, To: 750}, {From: 810, To: 1440}}; !slices.Equal(c.Hours[time.Monday], want) ||
		c.Hours[time.Tuesday] != nil {
		t.Errorf("hours %v", c.Hours)
	}
	if len(c.Holidays) != 2 || c.Holidays[0].Date.String() != "2024-02-29" || !c.Holidays[0].Yearly || c.Holidays[1].Name != "Boxing Day" {
		t.Errorf("holidays %v", c.Holidays)
	}
	// British Summer Time is an hour ahead of UTC.
	if used := scheduleOf(t, c).Between(at("07:00"), at("09:00")); used != time.Hour {
		t.Errorf("from 8:00 to 10:00 on a Monday in London, %v count", used)
	}
}

func TestCalendarProblems(t *testing.T) {
	days := func(hours map[string][][]string) func(*sla.CalendarPatch) {
		return func(c *sla.CalendarPatch) { c.Hours = domain.Some(hours) }
	}
	holidays := func(h ...sla.HolidayDraft) func(*sla.CalendarPatch) {
		return func(c *sla.CalendarPatch) { c.Holidays = domain.Some(h) }
	}
	const pair = `hours.mon: Each interval must be two times, such as ["09:00","17:30"], the second after the first.`
	for name, c := range map[string]struct {
		change func(*sla.CalendarPatch)
		want   string
	}{
		"blank name": {func(c *sla.CalendarPatch) { c.Name = domain.Some(" ") }, "name: Calendar name cannot be blank."},
		"no zone":    {func(c *sla.CalendarPatch) { c.TimeZone = domain.Optional[string]{} }, "timeZone: Time zone cannot be blank."},
		"unknown zone": {
			func(c *sla.CalendarPatch) { c.TimeZone = domain.Some("Mars/Base") },
			"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
		},
		"local zone": {
			func(c *sla.CalendarPatch) { c.TimeZone = domain.Some("Local") },
			"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
		},
		"local zone by its file name": {
			func(c *sla.CalendarPatch) { c.TimeZone = domain.Some("localtime") },
			"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
		},
		"zone that is not in canonical form": {
			func(c *sla.CalendarPatch) { c.TimeZone = domain.Some("Europe//London") },
			"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
		},
		"zone with leap seconds": {
			func(c *sla.CalendarPatch) { c.TimeZone = domain.Some("right/Europe/London") },
			"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
		},
		"path instead of a zone": {
			func(c *sla.CalendarPatch) { c.TimeZone = domain.Some("../../etc/passwd") },
			"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
		},
		"no hours": {
			func(c *sla.CalendarPatch) { c.Hours = domain.Optional[map[string][][]string]{} }, "hours: Hours must hold at least one interval.",
		},
		"no hours on any day": {days(map[string][][]string{"mon": {}}), "hours: Hours must hold at least one interval."},
		"unknown day": {
			days(map[string][][]string{"mon": {{"09:00", "10:00"}}, "monday": {}}),
			"hours.monday: Unknown day 'monday'. Please use mon, tue, wed, thu, fri, sat, sun.",
		},
		"interval with one time":              {days(map[string][][]string{"mon": {{"09:00"}}}), pair},
		"interval that ends before it begins": {days(map[string][][]string{"mon": {{"10:00", "09:00"}}}), pair},
		"time after 24:00":                    {days(map[string][][]string{"mon": {{"10:00", "24:01"}}}), pair},
		"time without a colon":                {days(map[string][][]string{"mon": {{"1000", "1100"}}}), pair},
		"overlapping intervals": {
			days(map[string][][]string{"mon": {{"09:00", "11:00"}, {"10:59", "12:00"}}}), "hours.mon: Intervals of a day must not overlap.",
		},
		"holiday on a day that does not exist": {
			holidays(sla.HolidayDraft{Date: "2026-02-30", Name: "x"}), "holidays[0].date: date must be a day such as 2026-12-25.",
		},
		"holiday without a name": {holidays(sla.HolidayDraft{Date: "2026-02-20"}), "holidays[0].name: Holiday name cannot be blank."},
		"two holidays on one day": {
			holidays(sla.HolidayDraft{Date: "2026-02-20", Name: "x"}, sla.HolidayDraft{Date: "2026-02-20", Name: "y"}),
			"holidays[1].date: There is a holiday on this date already.",
		},
		"unreadable hours and date": {func(c *sla.CalendarPatch) {
			c.Unread.Add("hours.mon", "unreadable")
			c.Unread.Add("holidays[0].date", "unreadable")
			c.Hours, c.Holidays = domain.Some(map[string][][]string{}), domain.Some([]sla.HolidayDraft{{Name: "x"}})
		}, "hours.mon: unreadable; holidays[0].date: unreadable"},
		"unreadable field is reported first, and once": {func(c *sla.CalendarPatch) {
			c.Unread.Add("hours", domain.CodeType, domain.Params{"want": domain.TermAnObject})
			c.Hours, c.Name = domain.Optional[map[string][][]string]{}, domain.Some("")
		}, "hours: hours must be an object.; name: Calendar name cannot be blank."},
	} {
		t.Run(name, func(t *testing.T) {
			patch := officePatch()
			c.change(&patch)
			_, err := sla.NewCalendar("c", "v1", patch, monday)
			if got := strings.Join(problems(err), "; "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPredefinedCalendarIsAlwaysOpenAndCannotBeChanged(t *testing.T) {
	c := sla.AlwaysOpenCalendar(monday)
	if err := c.Apply(sla.CalendarPatch{Name: domain.Some("x")}, "v2", monday); !errors.Is(err, sla.ErrPredefined) || c.Name != "24/7" {
		t.Errorf("got %v, %+v", err, c)
	}
	if due, ok := scheduleOf(t, c).Add(monday, 1000*time.Hour); !ok || !due.Equal(monday.Add(1000*time.Hour)) {
		t.Errorf("due %s", due)
	}
}

func TestApplyKeepsAbsentFieldsOfACalendar(t *testing.T) {
	c, err := sla.NewCalendar("c", "v1", officePatch(), monday)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Apply(sla.CalendarPatch{Name: domain.Some("Desk")}, "v2", at("12:00")); err != nil {
		t.Fatal(err)
	}
	if c.Name != "Desk" || c.TimeZone != "Europe/London" || len(c.Holidays) != 2 || !c.UpdatedAt.Equal(at("12:00")) {
		t.Errorf("got %+v", c)
	}
}

func FuzzParseMinute(f *testing.F) {
	for _, s := range []string{"00:00", "24:00", "24:01", "9:00", "09:60", "ab:cd", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := sla.ParseMinute(text)
		if ok && (m.String() != text || m < 0 || m > 1440) {
			t.Errorf("%q is parsed as %d, %s", text, m, m)
		}
	})
}

func TestCalendarGetsANewVersionIfOtherTimeCounts(t *testing.T) {
	for name, x := range map[string]struct {
		change sla.CalendarPatch
		want   domain.ID
	}{
		"other name":  {sla.CalendarPatch{Name: domain.Some("Desk")}, "v1"},
		"unchanged":   {officePatch(), "v1"},
		"other zone":  {sla.CalendarPatch{TimeZone: domain.Some("UTC")}, "v2"},
		"other hours": {sla.CalendarPatch{Hours: domain.Some(map[string][][]string{"mon": {{"09:00", "12:30"}}})}, "v2"},
		"no holidays": {sla.CalendarPatch{Holidays: domain.Some([]sla.HolidayDraft{})}, "v2"},
		"holiday becomes yearly": {
			sla.CalendarPatch{
				Holidays: domain.Some([]sla.HolidayDraft{
					{Date: "2026-12-26", Name: "Boxing Day", Yearly: true}, {Date: "2024-02-29", Name: "Leap", Yearly: true},
				}),
			},
			"v2",
		},
		"holiday becomes a half day": {
			sla.CalendarPatch{
				Holidays: domain.Some([]sla.HolidayDraft{
					{Date: "2026-12-26", Name: "Boxing Day", Hours: [][]string{{"09:00", "12:00"}}}, {Date: "2024-02-29", Name: "Leap", Yearly: true},
				}),
			},
			"v2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := sla.NewCalendar("c", "v1", officePatch(), monday)
			if err != nil || c.VersionID != "v1" {
				t.Fatalf("the first version is %q, %v", c.VersionID, err)
			}
			if err := c.Apply(x.change, "v2", at("12:00")); err != nil {
				t.Fatal(err)
			}
			if v := c.Version(); v.ID != x.want || v.CalendarID != "c" || v.TimeZone != c.TimeZone {
				t.Errorf("the version is %+v, want %s", v, x.want)
			}
		})
	}
}

// scheduleOf returns the schedule of the current version of a calendar.
func scheduleOf(t *testing.T, c sla.Calendar) *sla.Schedule {
	t.Helper()
	s, err := c.Version().Schedule()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScheduleFailsForAnUnknownTimeZone(t *testing.T) {
	for _, zone := range []string{"", "Local", "Mars/Olympus", "posix/Europe/London"} {
		s, err := sla.CalendarVersion{ID: "v1", Name: "Office", TimeZone: zone, Hours: sla.AlwaysOpen()}.Schedule()
		if s != nil || err == nil || !strings.Contains(err.Error(), "v1") || !strings.Contains(err.Error(), strconv.Quote(zone)) {
			t.Errorf("%q: %v, %v", zone, s, err)
		}
	}
}
