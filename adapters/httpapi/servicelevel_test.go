package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/domain/ticket"
	"tickt/ports"
	"tickt/test/desk"
	"tickt/test/stores"
)

// levels is the JSON form of a ticket's service level, with the fields that the tests read.
type levels struct {
	Policy   *string
	PolicyID *string
	Clocks   []struct {
		Metric, State, Calendar, CalendarID             string
		Cycle                                           int
		StartedAt                                       time.Time
		DueAt, PausedAt, FulfilledAt, WarnedAt          *time.Time
		BreachedAt                                      *time.Time
		TargetSeconds, ElapsedSeconds, RemainingSeconds int64
	}
	Events  []struct{ Metric, Kind string }
	Explain []struct {
		Metric, Reason string
		From, To       time.Time
		Seconds        int64
		Counts         bool
	}
	ExplainTruncated bool
}

func (s *clients) levels(as string, v ticket.View) (l levels) {
	s.t.Helper()
	r := s.ask(as, "GET", ticketPath(v)+"sla/", "").must(http.StatusOK, "Ok")
	var body struct{ Data levels }
	if err := json.Unmarshal([]byte(r.body), &body); err != nil {
		s.t.Fatal(err)
	}
	return body.Data
}

// story formats each clock: its state, the used time in minutes, and its due time in minutes after noon.
func (l levels) story() string {
	var out []string
	for _, c := range l.Clocks {
		text := fmt.Sprintf("%s/%d %s %d of %d", c.Metric, c.Cycle, c.State, c.ElapsedSeconds/60, c.TargetSeconds/60)
		if c.DueAt != nil {
			text += fmt.Sprintf(" due %d", int(c.DueAt.Sub(desk.Noon).Minutes()))
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// office creates a policy of one hour for each response and three for the resolution, with hours from 13:00 to 17:00.
func (s *clients) office() (policy string) {
	s.t.Helper()
	calendar := s.ask(desk.Root, "POST", "/api/calendars/",
		`{"name":"Office","timeZone":"UTC","hours":{"sun":[["13:00","17:00"]],"mon":[["13:00","17:00"]]},"holidays":[{"date":"2026-03-02",`+
			`"name":"Founders' Day"}]}`).
		must(http.StatusCreated, "Calendar created successfully.")
	target := func(metric string, minutes int) string {
		return fmt.Sprintf(`{"metric":%q,"minutes":%d,"calendarId":%q}`, metric, minutes, calendar.object()["referenceId"])
	}
	body := fmt.Sprintf(`{"name":"Office","targets":[%s,%s,%s]}`, target("first_response", 60), target("next_response", 60),
		target("resolution", 180))
	return s.ask(desk.Root, "POST", "/api/sla-policies/", body).must(http.StatusCreated,
		"SLA policy created successfully.").object()["referenceId"].(string)
}

func (s *clients) moves(v ticket.View, code string) {
	s.t.Helper()
	s.ask(desk.Agent, "PATCH", ticketPath(v), fmt.Sprintf(`{"statusId":%q}`, s.Status(code).ID)).must(http.StatusOK,
		"Ticket updated successfully.")
}

func TestServiceLevelIsExplained(t *testing.T) {
	s := newClients(t)
	policy := s.office()
	v := s.Open(desk.Customer, ticket.Patch{}) // at noon, an hour before the office opens
	s.Wait(90 * time.Minute)
	if got, want := s.levels(desk.Customer, v).story(),
		"first_response/1 running 30 of 60 due 120, resolution/1 running 30 of 180 due 240"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.comment(desk.Agent, v, "Which printer?")
	s.moves(v, "PENDING")
	s.Wait(time.Hour)
	s.comment(desk.Customer, v, "The red one.")
	s.moves(v, "IN_PROGRESS")
	s.Wait(30 * time.Minute)
	l := s.levels(desk.Agent, v)
	if got, want := l.story(),
		"first_response/1 met 30 of 60, next_response/1 running 30 of 60 due 210, resolution/1 running 60 of 180 due 300"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if l.Policy == nil || *l.Policy != "Office" || *l.PolicyID != policy || l.Clocks[0].Calendar != "Office" {
		t.Errorf("policy %v %v, clock %+v", l.Policy, l.PolicyID, l.Clocks[0])
	}
	var explained []string
	for _, x := range l.Explain {
		if x.Metric == "resolution" {
			explained = append(explained,
				fmt.Sprintf("%d-%d %v %s", int(x.From.Sub(desk.Noon).Minutes()), int(x.To.Sub(desk.Noon).Minutes()), x.Counts, x.Reason))
		}
	}
	if got, want := strings.Join(explained, ", "),
		"0-60 false outside hours, 60-90 true business hours, 90-150 false paused: pending, 150-180 true business hours"; got != want {
		t.Errorf("explained as %s\nwant         %s", got, want)
	}
	s.Wait(24 * time.Hour) // over the holiday
	l = s.levels(desk.Agent, v)
	if last := l.Explain[len(l.Explain)-1]; last.Reason != "holiday: Founders' Day" || last.Counts {
		t.Errorf("the last segment is %+v", last)
	}
}

func TestCountedSecondsAddUpToElapsed(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	for range 60 {
		s.Wait(1900 * time.Millisecond)
		s.moves(v, "PENDING")
		s.Wait(1700 * time.Millisecond)
		s.moves(v, "IN_PROGRESS")
	}
	l := s.levels(desk.Agent, v)
	sums := map[bool]int64{}
	for _, x := range l.Explain {
		sums[x.Counts] += x.Seconds
		if d := x.To.Sub(x.From) - time.Duration(x.Seconds)*time.Second; d.Abs() >= time.Second {
			t.Errorf("%v to %v are %d seconds", x.From, x.To, x.Seconds)
		}
	}
	if c := l.Clocks[0]; len(l.Clocks) != 1 || len(l.Explain) != 120 || c.ElapsedSeconds != 114 || sums[true] != 114 || sums[false] != 102 ||
		l.ExplainTruncated {
		t.Errorf("%d segments: %d seconds count, %d do not; clocks %+v", len(l.Explain), sums[true], sums[false], l.Clocks)
	}
}

func TestExplainKeepsNewestSegments(t *testing.T) {
	s := newClients(t)
	s.office()
	v := s.Open(desk.Customer, ticket.Patch{})
	ends := func() (last map[string]time.Time, all levels) {
		last, all = map[string]time.Time{}, s.levels(desk.Agent, v)
		for _, x := range all.Explain {
			if before, ok := last[x.Metric]; ok && !before.Equal(x.From) {
				t.Errorf("%s has a gap from %v to %v", x.Metric, before, x.From)
			}
			last[x.Metric] = x.To
		}
		return last, all
	}
	if _, all := ends(); all.ExplainTruncated {
		t.Error("the explanation of a new ticket is truncated")
	}
	s.Wait(5 * 365 * 24 * time.Hour)
	last, all := ends()
	if len(all.Explain) != 1000 || !all.ExplainTruncated {
		t.Errorf("%d segments, truncated: %v", len(all.Explain), all.ExplainTruncated)
	}
	for _, metric := range []string{"first_response", "resolution"} {
		if !last[metric].Equal(s.Now()) {
			t.Errorf("%s is explained until %v", metric, last[metric])
		}
	}
}

func TestServiceLevelRequiresVisibleTicket(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	path := ticketPath(v) + "sla/"
	s.ask("", "GET", path, "").must(http.StatusUnauthorized, "Authentication credentials were not provided.")
	s.ask(desk.Nobody, "GET", path, "").must(http.StatusForbidden, "You do not have the required permission to access this resource.")
	s.ask(desk.Visitor, "GET", path, "").must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Agent, "GET", "/api/ticket/"+strings.Repeat("f", 32)+"/sla/", "").must(http.StatusNotFound, "Data not found.")
	if got, want := s.levels(desk.Customer, v).story(), "first_response/1 running 0 of 1440 due 1440"; got != want {
		t.Errorf("without a policy: %s, want %s", got, want)
	}
	quiet := s.Open(desk.Customer, ticket.Patch{PriorityID: domain.Some(string(s.Priority("LOW").ID))})
	s.moves(quiet, "CANCELLED")
	if l := s.levels(desk.Customer, quiet); l.Policy != nil || l.Clocks[0].State != "cancelled" {
		t.Errorf("got %+v", l)
	}
}

func TestRecomputeAppliesPolicyToOpenTickets(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	done := s.Open(desk.Customer, ticket.Patch{})
	s.moves(done, "RESOLVED")
	policy := s.office()
	path := "/api/sla-policy/" + policy + "/recompute/"
	s.Wait(150 * time.Minute) // an hour and a half of business time
	const kept = "first_response/1 running 150 of 1440 due 1440"
	forecast := func(want string) {
		t.Helper()
		r := s.ask(desk.Root, "POST", path+"?dry_run=true", "").must(http.StatusOK, "Ok")
		if !strings.HasSuffix(r.body, `"data":`+want+`}`) {
			t.Errorf("forecast %s, want %s", r.body, want)
		}
	}
	for range 2 {
		forecast(`{"tickets":1,"dueTimesMoved":2,"breachesAdded":1,"breachesRemoved":0}`)
	}
	s.ask(desk.Root, "POST", path, "").must(http.StatusOK, "SLA policy is being applied to open tickets.")
	if got := s.levels(desk.Agent, v).story(); got != kept {
		t.Errorf("before the workers run: %s", got)
	}
	for range 2 { // a second time changes nothing
		if err := s.Policies.Apply(t.Context(), sla.Source{PolicyID: domain.ID(policy)}); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := s.levels(desk.Agent, v).story(),
		"first_response/1 breached 90 of 60 due 150, resolution/1 running 90 of 180 due 240"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.levels(desk.Agent, done).story(); got != "first_response/1 met 0 of 1440" {
		t.Errorf("resolved ticket: %s", got)
	}
	forecast(`{"tickets":0,"dueTimesMoved":0,"breachesAdded":0,"breachesRemoved":0}`)
	s.ask(desk.Root, "POST", path+"?dry_run=maybe", "").refuses("dry_run: dry_run must be true or false.")
	s.ask(desk.Root, "POST", path+"?wet_run=true", "").refuses("wet_run: Unknown parameter 'wet_run'.")
	s.ask(desk.Root, "POST", "/api/sla-policy/"+strings.Repeat("f", 32)+"/recompute/", "").must(http.StatusNotFound, "Data not found.")
}

// TestRecomputeAppliesHoursOfAPriority covers a priority whose hours changed. Tickets under a policy are no concern of it.
func TestRecomputeAppliesHoursOfAPriority(t *testing.T) {
	s := newClients(t)
	v, other := s.Open(desk.Customer, ticket.Patch{}), s.Open(desk.Customer, ticket.Patch{PriorityID: s.PriorityTo("HIGH")})
	priority := s.PriorityTo("MEDIUM").Value
	s.Wait(2 * time.Hour)
	hours := func(body string) {
		t.Helper()
		s.ask(desk.Root, "PATCH", "/api/ticket-priority/"+priority+"/", body).must(http.StatusOK, "Ticket priority updated successfully.")
	}
	hours(`{"slaHours":1}`)
	path, before := "/api/ticket-priority/"+priority+"/recompute/", s.levels(desk.Agent, other).story()
	r := s.ask(desk.Root, "POST", path+"?dry_run=true", "").must(http.StatusOK, "Ok")
	if !strings.HasSuffix(r.body, `"data":{"tickets":1,"dueTimesMoved":1,"breachesAdded":1,"breachesRemoved":0}}`) {
		t.Errorf("forecast %s", r.body)
	}
	s.ask(desk.Root, "POST", path, "").must(http.StatusOK, "Ticket priority is being applied to open tickets.")
	if got, want := s.levels(desk.Agent, v).story(), "first_response/1 running 120 of 1440 due 1440"; got != want {
		t.Errorf("before the workers run: got  %s\nwant %s", got, want)
	}
	stores.Work(t, s.Store, func(ctx context.Context, job ports.Job) error {
		if job.Kind != ports.RecomputePriorityJob {
			return nil
		}
		return s.Policies.Apply(ctx, sla.Source{PriorityID: job.ID})
	})
	if got, want := s.levels(desk.Agent, v).story(), "first_response/1 breached 120 of 60 due 120"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.levels(desk.Agent, other).story(); got != before {
		t.Errorf("a ticket of another priority: got  %s\nwant %s", got, before)
	}
	policy := s.office() // matches every ticket
	for _, from := range []sla.Source{{PolicyID: domain.ID(policy)}, {PriorityID: domain.ID(priority)}} {
		if err := s.Policies.Apply(t.Context(), from); err != nil {
			t.Fatal(err)
		}
	}
	hours(`{"slaHours":2}`)
	r = s.ask(desk.Root, "POST", path+"?dry_run=true", "").must(http.StatusOK, "Ok")
	if !strings.HasSuffix(r.body, `"data":{"tickets":0,"dueTimesMoved":0,"breachesAdded":0,"breachesRemoved":0}}`) {
		t.Errorf("forecast under a policy: %s", r.body)
	}
	s.ask(desk.Root, "POST", "/api/ticket-priority/"+strings.Repeat("f", 32)+"/recompute/", "").must(http.StatusNotFound, "Data not found.")
}

func TestRecomputeRequiresAllTickets(t *testing.T) {
	s := newClients(t)
	s.Assign(desk.Customer, access.PoliciesMenu, access.MayEverything)
	for _, path := range []string{
		"/api/sla-policy/" + s.office() + "/recompute/", "/api/ticket-priority/" + s.PriorityTo("MEDIUM").Value + "/recompute/",
	} {
		for _, query := range []string{"", "?dry_run=true"} {
			for _, name := range []string{desk.Agent, desk.Customer} {
				s.ask(name, "POST", path+query, "").must(http.StatusForbidden, domain.ErrForbidden.Message)
			}
		}
		s.ask(desk.Admin, "POST", path+"?dry_run=true", "").must(http.StatusOK, "Ok")
	}
}

func TestVoidBreach(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	path := ticketPath(v) + "sla/void/"
	const body = `{"metric":"first_response","cycle":1,"reason":"A mistake."}`
	s.ask(desk.Agent, "POST", path, body).must(http.StatusForbidden, domain.ErrForbidden.Message)
	s.ask(desk.Root, "POST", "/api/ticket/"+strings.Repeat("f", 32)+"/sla/void/", `{"cycle":0}`).must(http.StatusNotFound, "Data not found.")
	s.ask(desk.Root, "POST", path, body).must(http.StatusConflict, "The clock is not breached.")
	s.ask(desk.Root, "POST", path, `{"metric":"first_response","cycle":2,"reason":"A mistake."}`).
		refuses("cycle: The ticket has no clock with this metric and cycle.")
	s.ask(desk.Root, "POST", path, `{"metric":"speed","cycle":"1","clock":1}`).refuses(
		"cycle: cycle must be a whole number.", "clock: Unknown field 'clock'.",
		"metric: Invalid metric. Please choose one of: first_response, next_response, resolution.", "reason: Reason cannot be blank.")
	s.Wait(25 * time.Hour)
	r := s.ask(desk.Admin, "POST", path, body).must(http.StatusOK, "The breach is void.")
	for _, part := range []string{
		`"breachedAt":null,"voidedAt":"`, `"kind":"breach"`,
		`"reason":"A mistake.","cause":"request","actorId":"` + string(s.ID(desk.Admin)) + `"`,
	} {
		if !strings.Contains(r.body, part) {
			t.Errorf("%s is not in %s", part, r.body)
		}
	}
	s.ask(desk.Root, "POST", path, body).must(http.StatusConflict, "The breach is void already.")
	history := s.ask(desk.Customer, "GET", ticketPath(v)+"history/", "").body
	if !strings.Contains(history, `"kind":"sla_voided","field":"first_response","from":"`) {
		t.Errorf("history %s", history)
	}
}

func TestRetractedAnswerIsInTheLedger(t *testing.T) {
	s := newClients(t)
	v := s.Open(desk.Customer, ticket.Patch{})
	s.Wait(10 * time.Minute)
	said := desk.Must(s.Comments.Write(t.Context(), s.Actor(desk.Agent), v.ID, desk.Public("."), nil))(t)
	s.Wait(time.Minute)
	s.ask(desk.Agent, "DELETE", ticketPath(v)+"comment/"+string(said.ID)+"/", "").must(http.StatusOK, "Comment deleted successfully.")
	r := s.ask(desk.Customer, "GET", ticketPath(v)+"sla/", "").must(http.StatusOK, "Ok")
	for _, part := range []string{
		`"state":"running","startedAt":"2026-03-01T12:00:00Z","dueAt":"2026-03-02T12:00:00Z"`,
		`"kind":"fulfil","at":"2026-03-01T12:10:00Z","recordedAt":"2026-03-01T12:10:00Z","targetSeconds":null,"dueAt":null,` +
			`"reason":null,"cause":null,"actorId":null,"commentId":"` + string(said.ID) + `"}`,
		`{"metric":"first_response","cycle":1,"kind":"retract","at":"2026-03-01T12:11:00Z","recordedAt":"2026-03-01T12:11:00Z",` +
			`"targetSeconds":null,"dueAt":null,"reason":null,"cause":null,"actorId":null,"commentId":"` + string(said.ID) + `"}]`,
		`"explain":[{"metric":"first_response","cycle":1,"from":"2026-03-01T12:00:00Z","to":"2026-03-01T12:11:00Z","seconds":660,` +
			`"counts":true,"reason":"business hours"}]`,
	} {
		if !strings.Contains(r.body, part) {
			t.Errorf("%s is not in %s", part, r.body)
		}
	}
	if got := s.ask(desk.Customer, "GET", ticketPath(v), "").body; !strings.Contains(got, `"firstResponseAt":null`) {
		t.Errorf("the ticket is %s", got)
	}
}

// noLedgers fails to read the ledgers of tickets.
type noLedgers struct{ ports.Ledgers }

func (noLedgers) Of(context.Context, []domain.ID) (map[domain.ID][]sla.Entry, error) {
	return nil, errors.New("the ledger has a gap")
}

func TestForecastLogsFailingTickets(t *testing.T) {
	damaged := false
	s := newClients(t, desk.Tap(func(tx *ports.Tx) {
		if damaged {
			tx.Ledgers = noLedgers{tx.Ledgers}
		}
	}))
	v, policy := s.Open(desk.Customer, ticket.Patch{}), s.office()
	damaged = true
	r := s.ask(desk.Root, "POST", "/api/sla-policy/"+policy+"/recompute/?dry_run=true", "", "X-Request-ID", "r-1").must(http.StatusOK, "Ok")
	if want := `"data":{"tickets":0,"dueTimesMoved":0,"breachesAdded":0,"breachesRemoved":0}}`; !strings.HasSuffix(r.body, want) {
		t.Errorf("forecast %s", r.body)
	}
	line := s.log.Line(t, "forecast leaves out a ticket that failed")
	cause, _ := line["error"].(string)
	if line["request_id"] != "r-1" || line["policy"] != policy || !strings.Contains(cause, v.Number) || !strings.Contains(cause, "gap") {
		t.Errorf("logged %v", line)
	}
}
