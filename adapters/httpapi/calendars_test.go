package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"tickt/domain/sla"
	"tickt/test/desk"
)

const (
	calendarsPath = "/api/calendars/"
	calendarPath  = "/api/calendar/"
	office        = `{"name":" Office ","timeZone":"Europe/London","hours":{"mon":[["13:30","24:00"],["09:00","12:30"]],"sun":null},` +
		`"holidays":[{"date":"2026-12-25","name":"Christmas","yearly":true},` +
		`{"date":"2024-02-29","name":"Leap","hours":[["13:00","15:00"],["09:00","12:30"]]}]}`
)

// create posts a body to a list and returns the path of the created resource.
func (s *clients) create(path, body string) (location string) {
	s.t.Helper()
	r := s.ask(desk.Admin, "POST", path, body)
	if r.status != http.StatusCreated {
		s.t.Fatalf("%s: %d %s", path, r.status, r.body)
	}
	return r.header.Get("Location")
}

func TestCalendarRepresentation(t *testing.T) {
	s := newClients(t)
	r := s.ask(desk.Admin, "POST", calendarsPath, office).must(http.StatusCreated, "Calendar created successfully.")
	id := r.object()["referenceId"].(string)
	want := `{"referenceId":"` + id + `","name":"Office","timeZone":"Europe/London",` +
		`"hours":{"mon":[["09:00","12:30"],["13:30","24:00"]],"tue":[],"wed":[],"thu":[],"fri":[],"sat":[],"sun":[]},` +
		`"holidays":[{"date":"2024-02-29","name":"Leap","yearly":false,"hours":[["09:00","12:30"],["13:00","15:00"]]},` +
		`{"date":"2026-12-25","name":"Christmas","yearly":true,"hours":null}],` +
		`"isPredefined":false,"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`
	if string(r.Data) != want {
		t.Errorf("got %s\nwant %s", r.Data, want)
	}
	if location := r.header.Get("Location"); location != calendarPath+id+"/" {
		t.Errorf("it is at %s", location)
	}
	if back := s.ask(desk.Admin, "PUT", calendarPath+id, string(r.Data)).must(http.StatusOK,
		"Calendar updated successfully."); string(back.Data) != want {
		t.Errorf("sent back unchanged, now %s", back.Data)
	}
}

func TestListCalendarsByName(t *testing.T) {
	s := newClients(t)
	s.create(calendarsPath, office)
	s.create(calendarsPath, strings.Replace(office, "Office", "Élan", 1))
	if got := s.ask(desk.Admin, "GET", calendarsPath, "").must(http.StatusOK, "Ok").list("name"); got != "24/7 Office Élan" {
		t.Errorf("got %s", got)
	}
	if got := s.ask(desk.Admin, "GET", calendarsPath+"?pageSize=1&page=2", "").must(http.StatusOK, "Ok").list("name"); got != "Office" {
		t.Errorf("the second page is %s", got)
	}
	s.ask(desk.Admin, "GET", calendarsPath+"?name=x", "").refuses("name: Unknown parameter 'name'.")
}

func TestPatchCalendarKeepsOtherFields(t *testing.T) {
	s := newClients(t)
	path := s.create(calendarsPath, office)
	r := s.ask(desk.Admin, "PATCH", path, `{"hours":{"fri":[["00:00","00:01"]]}}`).must(http.StatusOK, "Calendar updated successfully.")
	if got := r.object(); got["name"] != "Office" || len(got["holidays"].([]any)) != 2 || !strings.Contains(r.body, `"mon":[],`) ||
		!strings.Contains(r.body, `"fri":[["00:00","00:01"]]`) {
		t.Errorf("got %s", r.body)
	}
	r = s.ask(desk.Admin, "PATCH", path, `{"holidays":null}`).must(http.StatusOK, "Calendar updated successfully.")
	if !strings.Contains(r.body, `"holidays":[]`) {
		t.Errorf("got %s", r.body)
	}
	s.ask(desk.Admin, "PUT", path, `{"name":"Desk"}`).refuses("timeZone: Time zone cannot be blank.",
		"hours: Hours must hold at least one interval.")
}

func TestCalendarReportsAllProblems(t *testing.T) {
	s := newClients(t)
	s.create(calendarsPath, office)
	for name, c := range map[string]struct {
		body     string
		problems []string
	}{
		"nothing": {
			`{}`,
			[]string{
				"name: Calendar name cannot be blank.", "timeZone: Time zone cannot be blank.",
				"hours: Hours must hold at least one interval.",
			},
		},
		"wrong types": {`{"name":1,"timeZone":[],"hours":{"mon":"09:00"},` +
			`"holidays":[{"date":1,"name":"a","yearly":"no","hours":"no"}]}`, []string{
			"name: name must be a string.", "timeZone: timeZone must be a string.",
			`hours.mon: hours.mon must be a list of pairs of times, such as [["09:00","17:30"]].`,
			"holidays[0].date: Field 'date' must be a string for item 1.", "holidays[0].yearly: Field 'yearly' must be a boolean value for item 1.",
			`holidays[0].hours: Field 'hours' must be a list of pairs of times, such as [["09:00","17:30"]] for item 1.`,
		}},
		"unknown keys": {`{"name":"a","timeZone":"UTC","hours":{"mon":[["09:00","10:00"]],"monday":[]},"holidays":[{"date":"2026-01-01",` +
			`"name":"b","colour":1}]}`, []string{
			"hours.monday: Unknown field 'hours.monday'.", "holidays[0].colour: Unknown field 'holidays[0].colour'.",
		}},
		"taken name and other problems": {`{"name":"oFFICE","timeZone":"Europe/Atlantis","hours":{"mon":[["09:00","10:00"],["09:59","11:00"]],` +
			`"tue":[["10:00","24:01"]]},"holidays":[{"date":"2025-02-29"},{"date":"2026-01-01","name":"a"},` +
			`{"date":"2026-01-01","name":"b","hours":[["09:00","12:00"],["11:00","13:00"]]},` +
			`{"date":"2026-01-02","name":"c","hours":[["12:00","09:00"]]}]}`, []string{
			"timeZone: Invalid time zone. Please choose a name of the IANA time zone database, such as Europe/London.",
			"hours.mon: Intervals of a day must not overlap.",
			`hours.tue: Each interval must be two times, such as ["09:00","17:30"], the second after the first.`,
			"holidays[0].name: Holiday name cannot be blank.", "holidays[0].date: date must be a day such as 2026-12-25.",
			"holidays[2].date: There is a holiday on this date already.", "holidays[2].hours: Intervals of a day must not overlap.",
			`holidays[3].hours: Each interval must be two times, such as ["09:00","17:30"], the second after the first.`,
			"name: Calendar with name 'oFFICE' already exists.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.ask(desk.Admin, "POST", calendarsPath, c.body).refuses(c.problems...)
		})
	}
}

func TestPredefinedCalendarCannotChange(t *testing.T) {
	s := newClients(t)
	path := calendarPath + string(sla.AlwaysOpenID)
	s.ask(desk.Root, "GET", path, "").must(http.StatusOK, "Ok")
	for method, body := range map[string]string{"PATCH": `{"name":"x"}`, "PUT": office, "DELETE": ""} {
		s.ask(desk.Root, method, path, body).must(http.StatusConflict, "You cannot modify or delete predefined calendars.")
	}
}

func TestCalendarInUseCannotBeDeleted(t *testing.T) {
	s := newClients(t)
	calendar := s.create(calendarsPath, office)
	id := strings.TrimSuffix(strings.TrimPrefix(calendar, calendarPath), "/")
	policy := s.create(policiesPath, `{"name":"Gold","targets":[{"metric":"resolution","minutes":60,"calendarId":"`+id+`"}]}`)
	s.ask(desk.Admin, "DELETE", calendar, "").must(http.StatusConflict, "Calendar is in use by SLA policies.")
	s.ask(desk.Admin, "DELETE", policy, "").must(http.StatusOK, "SLA policy deleted successfully.")
	s.ask(desk.Admin, "DELETE", calendar, "").must(http.StatusOK, "Calendar deleted successfully.")
	s.ask(desk.Admin, "GET", calendar, "").must(http.StatusNotFound, "Data not found.")
}
