package journey

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

// TestFirstDayOfAFreshDesk lets a supervisor, an agent and a customer do a day's work over HTTP. After it has created their
// accounts, the superuser does nothing.
func TestFirstDayOfAFreshDesk(t *testing.T) {
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		supervisor, agent, customer := s.hire(t, "supervisor"), s.hire(t, "agent"), s.hire(t, "customer")
		for _, token := range []string{supervisor, agent, customer} {
			for _, path := range []string{
				"/api/ticket-status/", "/api/ticket-priority/", "/api/ticket-menus/", "/api/people/?search=the", "/api/tickets/",
				"/api/tickets/dashboard/", "/api/notifications/",
			} {
				s.want(t, http.StatusOK, http.MethodGet, path, token, "")
			}
			for _, path := range []string{"/api/roles/", "/api/menus/", "/api/account/role/mapping/"} {
				s.want(t, http.StatusForbidden, http.MethodGet, path, token, "")
			}
		}
		s.want(t, http.StatusOK, http.MethodGet, "/api/accounts/", supervisor, "")
		s.want(t, http.StatusForbidden, http.MethodGet, "/api/accounts/", agent, "")

		ticket := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", customer, aTicket))
		path := "/api/ticket/" + ticket.ReferenceID + "/"
		s.want(t, http.StatusOK, http.MethodPatch, path, supervisor, fmt.Sprintf(`{"assignedTo":%q}`, s.person(t, supervisor, "the.agent")))
		s.want(t, http.StatusCreated, http.MethodPost, path+"comments/", agent, `{"body":"Which one?"}`)
		s.want(t, http.StatusCreated, http.MethodPost, path+"comments/", customer, `{"body":"The red one."}`)
		s.want(t, http.StatusOK, http.MethodPatch, path, agent, fmt.Sprintf(`{"statusId":%q}`, s.status(t, agent, "RESOLVED")))
		s.want(t, http.StatusOK, http.MethodPatch, path, customer, `{"customerSatisfaction":5}`)
		s.want(t, http.StatusForbidden, http.MethodPatch, path, customer, `{"priorityId":"x"}`)
		s.want(t, http.StatusForbidden, http.MethodDelete, path, agent, "")

		other := dataOf[ticketRef](t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", agent, aTicket))
		s.want(t, http.StatusNotFound, http.MethodGet, "/api/ticket/"+other.ReferenceID+"/", customer, "")
	})
}

// hire creates an account "the.<role>" with a role, and returns its access token.
func (s *service) hire(t *testing.T, role string) string {
	t.Helper()
	root := s.login(t).AccessToken
	roles := dataOf[struct {
		Results []struct{ ReferenceID, Name string }
	}](t, s.want(t, http.StatusOK, http.MethodGet, "/api/roles/", root, ""))
	i := slices.IndexFunc(roles.Results, func(r struct{ ReferenceID, Name string }) bool { return r.Name == role })
	if i < 0 {
		t.Fatalf("there is no role %s", role)
	}
	s.want(t, http.StatusCreated, http.MethodPost, "/api/accounts/", root,
		fmt.Sprintf(`{"username":"the.%s","email":"%[1]s@example.com","phoneNumber":"+97798410000%02[2]d","password":%[3]q,"roleId":%[4]q}`,
			role, len(role), password, roles.Results[i].ReferenceID))
	credentials := fmt.Sprintf(`{"username":"the.%s","password":%q}`, role, password)
	return dataOf[tokens](t, s.want(t, http.StatusOK, http.MethodPost, "/api/auth/login/", "", credentials)).AccessToken
}

// person returns the id of the first account that a search finds.
func (s *service) person(t *testing.T, token, search string) string {
	t.Helper()
	people := s.want(t, http.StatusOK, http.MethodGet, "/api/people/?may=assign&search="+search, token, "")
	found := dataOf[struct{ Results []ticketRef }](t, people)
	if len(found.Results) == 0 {
		t.Fatalf("nobody is called %s", search)
	}
	return found.Results[0].ReferenceID
}

// status returns the id of the status with a code.
func (s *service) status(t *testing.T, token, code string) string {
	t.Helper()
	type status struct{ ReferenceID, Code string }
	all := dataOf[struct{ Results []status }](t, s.want(t, http.StatusOK, http.MethodGet, "/api/ticket-status/", token, "")).Results
	return all[slices.IndexFunc(all, func(x status) bool { return x.Code == code })].ReferenceID
}
