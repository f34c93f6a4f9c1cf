package journey

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
)

func TestParallelRetriesOnTwoReplicasOpenOneTicket(t *testing.T) {
	const attempts = 20
	first, second := twoReplicas(t)
	token := first.login(t).AccessToken
	var (
		responses [attempts]reply
		wg        sync.WaitGroup
	)
	for i := range responses {
		wg.Go(func() {
			s := []*service{first, second}[i%2]
			var err error
			responses[i], err = s.call(t, http.MethodPost, "/api/tickets/", token, aTicket, "Idempotency-Key", "retry-1")
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()

	var opened ticketRef
	created := 0
	for _, r := range responses {
		switch r.status {
		case http.StatusCreated:
			m := dataOf[ticketRef](t, r)
			if opened.ReferenceID != "" && m != opened {
				t.Errorf("the responses have %+v and %+v", opened, m)
			}
			opened = m
			if r.header.Get("Idempotent-Replayed") == "" {
				created++
			}
		case http.StatusConflict:
			if r.header.Get("Retry-After") == "" {
				t.Error("the response has no Retry-After")
			}
		default:
			t.Errorf("status %d: %s", r.status, r.Response)
		}
	}
	if created != 1 {
		t.Errorf("%d requests opened a ticket, want 1", created)
	}
	list := dataOf[struct{ Count int }](t, second.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", token, ""))
	if list.Count != 1 {
		t.Errorf("there are %d tickets, want 1", list.Count)
	}
}

func TestRetriesAfterCrashOpenEachTicketOnce(t *testing.T) {
	const enough = 15
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		token := s.login(t).AccessToken
		open := func(n int) (reply, error) {
			return s.call(t, http.MethodPost, "/api/tickets/", token, aTicket, "Idempotency-Key", "ticket-"+strconv.Itoa(n))
		}
		var opened []ticketRef
		for { // until the crash, which loses the last response
			r, err := open(len(opened))
			if err != nil {
				break
			}
			if busy(r) {
				continue
			}
			if opened = append(opened, dataOf[ticketRef](t, r)); len(opened) == enough {
				go s.kill()
			}
		}
		<-s.exited

		s = d.serve(t)
		for n := range len(opened) + 1 {
			r, err := open(n)
			if err != nil || r.status != http.StatusCreated {
				t.Fatalf("status %d (%s), %v", r.status, r.Response, err)
			}
			if n < len(opened) && (dataOf[ticketRef](t, r) != opened[n] || r.header.Get("Idempotent-Replayed") != "true") {
				t.Errorf("before the crash %+v, after it %+v", opened[n], dataOf[ticketRef](t, r))
			}
		}
		list := dataOf[struct{ Count int }](t, s.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", token, ""))
		if list.Count != len(opened)+1 {
			t.Errorf("%d tickets, want %d", list.Count, len(opened)+1)
		}
	})
}

func TestOneOfParallelWritersWithTheSameETagWins(t *testing.T) {
	const writers = 10
	first, second := twoReplicas(t)
	token := first.login(t).AccessToken
	opened := first.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", token, aTicket)
	path, tag := opened.header.Get("Location"), opened.header.Get("ETag")
	var (
		status [writers]int
		wg     sync.WaitGroup
	)
	for i := range status {
		wg.Go(func() {
			s := []*service{first, second}[i%2]
			r, err := s.call(t, http.MethodPatch, path, token, `{"title":"Writer `+string(rune('A'+i))+`"}`, "If-Match", tag)
			if err != nil {
				t.Error(err)
			}
			status[i] = r.status
		})
	}
	wg.Wait()
	succeeded := 0
	for _, code := range status {
		switch code {
		case http.StatusOK:
			succeeded++
		case http.StatusPreconditionFailed:
		default:
			t.Errorf("status %d", code)
		}
	}
	if succeeded != 1 {
		t.Errorf("%d writers succeeded, want 1", succeeded)
	}
}
