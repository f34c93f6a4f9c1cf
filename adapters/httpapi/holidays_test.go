package httpapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tickt/domain/sla"
	"tickt/test/desk"
)

const holidayFile = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:New Year\\, whole day\r\nDTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Christmas\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Party\r\nDTSTART:20261218T170000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestImportHolidays(t *testing.T) {
	s := newClients(t)
	path := s.create(calendarsPath, office)
	file := func(text string, headers ...string) reply {
		headers = append([]string{"Content-Type", "text/calendar; charset=utf-8"}, headers...)
		return s.ask(desk.Admin, "POST", path+"holidays/import/", text, headers...)
	}
	tag := s.ask(desk.Admin, "GET", path, "").header.Get("ETag")
	r := file(holidayFile, "If-Match", tag).must(http.StatusOK, "Holidays imported successfully.")
	for _, want := range []string{
		`{"imported":2,"unchanged":1,"skippedCount":1,"skipped":[{"line":15,"uid":"3","name":"Party","reason":"not_all_day"}],"calendar":{`,
		`{"date":"2026-12-25","name":"Christmas","yearly":true,"hours":null},` +
			`{"date":"2026-12-26","name":"Christmas","yearly":false,"hours":null},` +
			`{"date":"2027-01-01","name":"New Year, whole day","yearly":true,"hours":null}]`,
	} {
		if !strings.Contains(string(r.Data), want) {
			t.Errorf("got %s\nwant %s", r.Data, want)
		}
	}
	file(holidayFile, "If-Match", tag).must(http.StatusPreconditionFailed, "The data was changed by somebody else meanwhile. Read it again.")

	s.Wait(1e9)
	tag = s.ask(desk.Admin, "GET", path, "").header.Get("ETag")
	body, _ := json.Marshal(map[string]string{"ical": holidayFile})
	again := s.ask(desk.Admin, "POST", path+"holidays/import/", string(body)).must(http.StatusOK, "Holidays imported successfully.")
	if !strings.Contains(string(again.Data), `{"imported":0,"unchanged":3,"skippedCount":1,`) {
		t.Errorf("again: %s", again.Data)
	}
	if now := s.ask(desk.Admin, "GET", path, "").header.Get("ETag"); now != tag {
		t.Error("an import that changes nothing changed the calendar")
	}
}

func TestImportHolidaysRefuses(t *testing.T) {
	s := newClients(t)
	path := s.create(calendarsPath, office) + "holidays/import/"
	send := func(media, body string) reply { return s.ask(desk.Admin, "POST", path, body, "Content-Type", media) }
	send("text/calendar", "BEGIN:VEVENT").must(http.StatusBadRequest, "Line 1: BEGIN:VCALENDAR is expected.")
	send("text/calendar", strings.Replace(holidayFile, "Party", "\xff", 1)).must(http.StatusBadRequest, "Line 17: the text is not UTF-8.")
	send("text/calendar", " ").must(http.StatusBadRequest, "Body can not be blank.")
	for _, media := range []string{"text/html", ""} {
		send(media, holidayFile).must(http.StatusUnsupportedMediaType, "Body must be text/calendar or application/json.")
	}
	send("application/json", `{}`).refuses("ical: iCalendar file cannot be blank.")
	send("application/json", `{"ical":1,"x":2}`).refuses("ical: ical must be a string.", "x: Unknown field 'x'.")
	every := strings.Replace(holidayFile, "RRULE:FREQ=YEARLY", "RRULE:FREQ=DAILY", 1)
	send("text/calendar", every).refuses("holidays: A calendar may have at most 1000 holidays.")
	s.ask(desk.Admin, "POST", calendarPath+string(sla.AlwaysOpenID)+"/holidays/import/", holidayFile, "Content-Type", "text/calendar").
		must(http.StatusConflict, "You cannot modify or delete predefined calendars.")
}
