package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"tickt/domain"
	"tickt/domain/access"
	"tickt/domain/sla"
	"tickt/test/desk"
)

const (
	policiesPath = "/api/sla-policies/"
	policyPath   = "/api/sla-policy/"
)

// namedPolicy returns the body of a policy with a name. more is appended to its members.
func namedPolicy(name, more string) string {
	return `{"name":"` + name + `","targets":[{"metric":"first_response","minutes":240}]` + more + `}`
}

func TestPolicyRepresentation(t *testing.T) {
	s := newClients(t)
	r := s.ask(desk.Admin, "POST", policiesPath, namedPolicy(" Gold ", "")).must(http.StatusCreated, "SLA policy created successfully.")
	id := r.object()["referenceId"].(string)
	want := `{"referenceId":"` + id + `","name":"Gold","position":1,"match":{"priorityIds":[],"menuIds":[]},` +
		`"targets":[{"metric":"first_response","minutes":240,"calendarId":"` + string(sla.AlwaysOpenID) + `","warnPercent":80}],` +
		`"pauseStatusTypes":["pending"],"onReopen":"resume","escalateOnBreach":true,"isActive":true,` +
		`"createdAt":"2026-03-01T12:00:00Z","updatedAt":"2026-03-01T12:00:00Z"}`
	if string(r.Data) != want || r.header.Get("Location") != policyPath+id+"/" {
		t.Errorf("got %s %s\nwant %s", r.header.Get("Location"), r.Data, want)
	}
	if back := s.ask(desk.Admin, "PUT", policyPath+id, string(r.Data)).must(http.StatusOK,
		"SLA policy updated successfully."); string(back.Data) != want {
		t.Errorf("sent back unchanged, now %s", back.Data)
	}
}

func TestListPoliciesByPosition(t *testing.T) {
	s := newClients(t)
	s.create(policiesPath, namedPolicy("a", `,"position":7`))
	s.create(policiesPath, namedPolicy("b", ""))
	s.create(policiesPath, namedPolicy("c", `,"position":null`))
	s.create(policiesPath, namedPolicy("d", `,"position":2`))
	if got := s.ask(desk.Admin, "GET", policiesPath, "").must(http.StatusOK, "Ok").list("name"); got != "d a b c" {
		t.Errorf("got %s", got)
	}
	if got := s.ask(desk.Admin, "GET", policiesPath+"?pageSize=3&page=2", "").must(http.StatusOK, "Ok").list("name"); got != "c" {
		t.Errorf("the second page is %s", got)
	}
}

func TestPatchPolicyKeepsOtherFields(t *testing.T) {
	s := newClients(t)
	menu, high := s.Menu(access.TicketsMenu).ID, s.Priority("HIGH").ID
	path := s.create(policiesPath,
		namedPolicy("Gold",
			fmt.Sprintf(`,"match":{"priorityIds":[%q],"menuIds":[%q,%q]},"pauseStatusTypes":[],"onReopen":"restart"`, high, menu, menu)))
	both := fmt.Sprintf(`"match":{"priorityIds":[%q],"menuIds":[%q]}`, high, menu)
	for _, step := range []struct{ patch, want string }{
		{`{}`, both + `,`},
		{`{"match":{}}`, both},
		{`{"match":{"priorityIds":[]}}`, fmt.Sprintf(`"match":{"priorityIds":[],"menuIds":[%q]}`, menu)},
		{fmt.Sprintf(`{"match":{"priorityIds":[%q]}}`, high), both},
		{`{"match":{"menuIds":null}}`, fmt.Sprintf(`"match":{"priorityIds":[%q],"menuIds":[]}`, high)},
		{`{"match":null}`, `"match":{"priorityIds":[],"menuIds":[]}`},
		{
			`{"targets":[{"metric":"resolution","minutes":1,"warnPercent":99},{"metric":"next_response","minutes":2}]}`,
			`"targets":[{"metric":"resolution","minutes":1,`,
		},
		{`{"isActive":false}`, `"pauseStatusTypes":[],"onReopen":"restart","escalateOnBreach":true,"isActive":false`},
		{`{"pauseStatusTypes":null,"onReopen":null}`, `"pauseStatusTypes":["pending"],"onReopen":"resume"`},
		{`{"position":9}`, `"position":9,`},
		{`{"position":null}`, `"position":9,`},
	} {
		if r := s.ask(desk.Admin, "PATCH", path, step.patch).must(http.StatusOK, "SLA policy updated successfully."); !strings.Contains(r.body,
			step.want) {
			t.Errorf("%s gave %s", step.patch, r.body)
		}
	}
	r := s.ask(desk.Admin, "PUT", path, namedPolicy("Gold", "")).must(http.StatusOK, "SLA policy updated successfully.")
	if !strings.Contains(r.body, `"position":9,"match":{"priorityIds":[],"menuIds":[]},"targets":[{"metric":"first_response"`) ||
		!strings.Contains(r.body, `"isActive":true`) {
		t.Errorf("replaced, it is %s", r.body)
	}
}

func TestPolicyReportsAllProblems(t *testing.T) {
	s := newClients(t)
	s.create(policiesPath, namedPolicy("Gold", `,"position":3`))
	const types = "open, in_progress, pending, resolved, closed, cancelled"
	unknown := strings.Repeat("f", 32)
	for name, c := range map[string]struct {
		body     string
		problems []string
	}{
		"nothing": {`{}`, []string{"name: Policy name cannot be blank.", "targets: Targets cannot be blank."}},
		"wrong types": {`{"name":1,"position":"1","match":{"priorityIds":"x","menuIds":[1]},"targets":[{"metric":1,"minutes":"1",` +
			`"calendarId":1,"warnPercent":"1"}],"pauseStatusTypes":"open","onReopen":true,"escalateOnBreach":null,"isActive":1}`, []string{
			"name: name must be a string.", "position: position must be a whole number.",
			"match.priorityIds: match.priorityIds must be a list of strings.", "match.menuIds: match.menuIds must be a list of strings.",
			"targets[0].metric: Field 'metric' must be a string for item 1.",
			"targets[0].minutes: Field 'minutes' must be a whole number for item 1.",
			"targets[0].calendarId: Field 'calendarId' must be a string for item 1.",
			"targets[0].warnPercent: Field 'warnPercent' must be a whole number for item 1.",
			"pauseStatusTypes: pauseStatusTypes must be a list of strings.", "onReopen: onReopen must be a string.",
			"escalateOnBreach: escalateOnBreach must be true or false.", "isActive: isActive must be true or false.",
		}},
		"unknown keys": {`{"name":"a","match":{"tags":[]},"targets":[{"metric":"resolution","minutes":1,"colour":"red"}],"x":1}`, []string{
			"x: Unknown field 'x'.", "match.tags: Unknown field 'match.tags'.", "targets[0].colour: Unknown field 'targets[0].colour'.",
		}},
		"unknown and taken values together": {fmt.Sprintf(`{"name":"gOLD","position":3,"match":{"priorityIds":[%[1]q],`+
			`"menuIds":["x"]},"targets":[{"metric":"mood","minutes":0,"calendarId":%[1]q,"warnPercent":100},{"metric":"resolution",`+
			`"minutes":2635201},{"metric":"resolution","minutes":1}],"pauseStatusTypes":["asleep"],"onReopen":"later"}`, unknown), []string{
			"match.priorityIds: Invalid ticket priority.", "match.menuIds: Invalid menu selected.",
			"targets[0].metric: Invalid metric. Please choose one of: first_response, next_response, resolution.",
			"targets[0].minutes: minutes must be from 1 to 2635200.", "targets[0].calendarId: Invalid calendar.",
			"targets[0].warnPercent: warnPercent must be from 1 to 99.", "targets[1].minutes: minutes must be from 1 to 2635200.",
			"targets[2].metric: Each metric may have only one target.",
			"pauseStatusTypes: Invalid status type. Please choose one of: " + types + ".",
			"onReopen: Invalid way to reopen. Please choose one of: resume, restart.",
			"name: SLA policy with name 'gOLD' already exists.", "position: SLA policy with position '3' already exists.",
		}},
		"a position of nothing": {namedPolicy("a", `,"position":0`), []string{"position: position must be from 1 to 1000000."}},
		"a position too far":    {namedPolicy("a", `,"position":1e9`), []string{"position: position must be from 1 to 1000000."}},
		"a position beyond numbers": {
			namedPolicy("a", `,"position":9223372036854775808`),
			[]string{"position: position must be a whole number."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.ask(desk.Admin, "POST", policiesPath, c.body).refuses(c.problems...)
		})
	}
}

func TestConcurrentPoliciesGetDifferentPositions(t *testing.T) {
	s := newClients(t)
	const n = 12
	var wg sync.WaitGroup
	places, bearer := make([]int, n), "Bearer "+s.Token(desk.Admin)
	for i := range n {
		wg.Go(func() {
			r := s.ask("", "POST", policiesPath, namedPolicy(fmt.Sprint("policy ", i), ""), "Authorization", bearer).must(
				http.StatusCreated, "SLA policy created successfully.")
			places[i] = int(r.object()["position"].(float64))
		})
	}
	wg.Wait()
	slices.Sort(places)
	for i, place := range places {
		if place != i+1 {
			t.Fatalf("places %v", places)
		}
	}
}

func TestResourcesMatchedByPolicyCannotBeDeleted(t *testing.T) {
	s := newClients(t)
	priority := s.create("/api/ticket-priority/", `{"name":"Someday","code":"SOME"}`)
	menu := s.create("/api/menus/", `{"menuName":"Shelf","menuUrl":"/shelf/"}`)
	last := func(path string) string {
		return path[strings.LastIndex(strings.TrimSuffix(path, "/"), "/")+1 : len(path)-1]
	}
	policy := s.create(policiesPath,
		namedPolicy("Gold", fmt.Sprintf(`,"match":{"priorityIds":[%q],"menuIds":[%q]}`, last(priority), last(menu))))
	s.ask(desk.Root, "DELETE", priority, "").must(http.StatusConflict, "Ticket priority is in use by SLA policies.")
	s.ask(desk.Root, "DELETE", menu, "").must(http.StatusConflict, "Menu has sub menus or permissions on it, or SLA policies name it.")
	s.ask(desk.Root, "DELETE", policy, "").must(http.StatusOK, "SLA policy deleted successfully.")
	s.ask(desk.Root, "DELETE", priority, "").must(http.StatusOK, "Ticket priority deleted successfully.")
	s.ask(desk.Root, "DELETE", menu, "").must(http.StatusOK, "Menu deleted successfully.")
}

func TestPolicyInUseIsAConflictWithTheNumberOfClocks(t *testing.T) {
	s := newClients(t)
	path := s.create(policiesPath, `{"name":"Gold","targets":[{"metric":"first_response","minutes":240},`+
		`{"metric":"resolution","minutes":480}]}`)
	s.create("/api/tickets/", `{"title":"Smoke","description":"Everywhere."}`)
	r := s.ask(desk.Admin, "DELETE", path, "")
	r.must(http.StatusConflict, "2 clocks run by this SLA policy. Deactivate it and recompute it first.")
	if !strings.Contains(r.body, `"code":"in_use"`) {
		t.Error(r.body)
	}
	s.ask(desk.Admin, "PATCH", path, `{"isActive":false}`).must(http.StatusOK, "SLA policy updated successfully.")
	desk.Check(t, s.Policies.Apply(t.Context(), sla.Source{PolicyID: domain.ID(strings.Trim(strings.TrimPrefix(path, policyPath), "/"))}))
	s.ask(desk.Admin, "DELETE", path, "").must(http.StatusOK, "SLA policy deleted successfully.")
}
