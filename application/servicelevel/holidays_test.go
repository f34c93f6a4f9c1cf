package servicelevel_test

import (
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/sla"
	"tickt/test/desk"
)

const holidayFile = `BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:Founders' Day
DTSTART;VALUE=DATE:20260302
END:VEVENT
END:VCALENDAR
`

func TestImportedHolidaysCountForLaterClocks(t *testing.T) {
	d := desk.New(t)
	always := map[string][][]string{}
	for _, day := range sla.Days {
		always[day] = [][]string{{"00:00", "24:00"}}
	}
	c := addCalendar(d, sla.CalendarPatch{Name: domain.Some("Always"), TimeZone: domain.Some("UTC"), Hours: domain.Some(always)})
	load := func(text string) (sla.HolidayImport, error) {
		return d.Calendars.ImportHolidays(t.Context(), d.Actor(desk.Root), c.ID, []byte(text), nil, nil)
	}
	done := desk.Must(load(holidayFile))(t)
	if done.Imported != 1 || done.Calendar.VersionID == c.VersionID {
		t.Errorf("imported %+v", done)
	}
	stored := desk.Must(d.Calendars.Get(t.Context(), d.Actor(desk.Root), c.ID))(t)
	d.Wait(time.Hour)
	again := desk.Must(load(holidayFile))(t)
	if now := desk.Must(d.Calendars.Get(t.Context(), d.Actor(desk.Root), c.ID))(t); again.Imported != 0 || again.Unchanged != 1 ||
		!now.UpdatedAt.Equal(stored.UpdatedAt) || now.VersionID != stored.VersionID || len(now.Holidays) != 1 {
		t.Errorf("a second import: %+v, stored %+v", again, now)
	}
	_, err := load("nothing")
	desk.Fails(t, err, domain.Invalid, "Line 1: BEGIN:VCALENDAR is expected.")
	_, err = d.Calendars.ImportHolidays(t.Context(), d.Actor(desk.Root), "none", []byte(holidayFile), nil, nil)
	desk.Kind(t, err, domain.NotFound)
	_, err = d.Calendars.ImportHolidays(t.Context(), d.Actor(desk.Agent), c.ID, []byte(holidayFile), nil, nil)
	desk.Kind(t, err, domain.Forbidden)
}
