package journey

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// twoReplicas starts two replicas on one PostgreSQL database.
func twoReplicas(t *testing.T) (first, second *service) {
	t.Helper()
	d := onPostgres(t)
	d.setUp(t)
	return d.serve(t), d.serve(t)
}

func TestReplicasNeverUseATicketNumberTwice(t *testing.T) {
	first, second := twoReplicas(t)
	token := first.login(t).AccessToken
	acknowledged := ticketLog{}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s := []*service{first, second}[i%2]
			for range 15 {
				r, err := s.call(t, http.MethodPost, "/api/tickets/", token, aTicket)
				if err != nil || r.status != http.StatusCreated {
					t.Errorf("status %d (%s), %v", r.status, r.Response, err)
					return
				}
				acknowledged.add(t, r)
			}
		})
	}
	wg.Wait()
	if len(acknowledged.tickets) != 8*15 {
		t.Errorf("%d tickets, want %d", len(acknowledged.tickets), 8*15)
	}
}

func TestReplicasShareTheThrottle(t *testing.T) {
	first, second := twoReplicas(t)
	for i := range 5 {
		s := []*service{first, second}[i%2]
		s.want(t, http.StatusUnauthorized, http.MethodPost, "/api/auth/login/", "", credentials("Wrong-horse-9"))
	}
	for _, s := range []*service{first, second} {
		r := s.want(t, http.StatusTooManyRequests, http.MethodPost, "/api/auth/login/", "", credentials(password))
		if r.header.Get("Retry-After") == "" {
			t.Error("the response has no Retry-After")
		}
	}
}

// TestReplicasShareKnownAddresses guesses at a known address on two replicas at once, and unlocks the account.
func TestReplicasShareKnownAddresses(t *testing.T) {
	first, second := twoReplicas(t)
	token := first.login(t).AccessToken
	accounts := first.want(t, http.StatusOK, http.MethodGet, "/api/accounts/", token, "")
	id := dataOf[struct{ Results []ticketRef }](t, accounts).Results[0].ReferenceID
	first.want(t, http.StatusCreated, http.MethodPost, "/api/accounts/", token, fmt.Sprintf(
		`{"username":"other","email":"other@example.com","phoneNumber":"+9779841000077","password":%q,"isSuperuser":true}`, password))
	asOther := fmt.Sprintf(`{"username":"other","password":%q}`, password)
	other := dataOf[tokens](t, first.want(t, http.StatusOK, http.MethodPost, "/api/auth/login/", "", asOther)).AccessToken
	both := []*service{first, second}
	statuses := make([]int, 40)
	var wg sync.WaitGroup
	for client := range 8 { // four at a time on each replica, which is what one address may
		wg.Go(func() {
			for i := client; i < len(statuses); i += 8 {
				r, err := both[client%2].call(t, http.MethodPost, "/api/auth/login/", "", credentials("Wrong-horse-9"))
				if err != nil {
					t.Error(err)
				}
				statuses[i] = r.status
			}
		})
	}
	wg.Wait()
	told := map[int]int{}
	for _, s := range statuses {
		told[s]++
	}
	if told[http.StatusUnauthorized] != 10 || told[http.StatusTooManyRequests] != 30 {
		t.Errorf("got %v, want 10 refused and 30 throttled", told)
	}
	for _, s := range both {
		s.want(t, http.StatusTooManyRequests, http.MethodPost, "/api/auth/login/", "", credentials(password))
	}
	second.want(t, http.StatusConflict, http.MethodPost, "/api/account/unlock/"+id+"/", token, "") // itself
	second.want(t, http.StatusOK, http.MethodPost, "/api/account/unlock/"+id+"/", other, "")
	first.login(t)
	second.login(t)
}

func TestLogoutTakesEffectOnTheOtherReplicaAtOnce(t *testing.T) {
	first, second := twoReplicas(t)
	signedIn := first.login(t)
	second.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", signedIn.AccessToken, "")
	first.want(t, http.StatusOK, http.MethodPost, "/api/auth/logout/", signedIn.AccessToken, `{"refreshToken":"`+signedIn.RefreshToken+`"}`)
	second.want(t, http.StatusUnauthorized, http.MethodGet, "/api/tickets/", signedIn.AccessToken, "")
	second.want(t, http.StatusUnauthorized, http.MethodPost, "/api/auth/refresh/", "", `{"refreshToken":"`+signedIn.RefreshToken+`"}`)
}
