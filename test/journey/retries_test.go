package journey

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
)

func TestParallelRetriesOnTwoReplicasOpenOneTicket(t *testing.T) {
	const attempts = 20
	first, second := pair(t)
	token := first.login(t).AccessToken
	var (
		answers [attempts]reply
		wg      sync.WaitGroup
	)
	for i := range answers {
		wg.Go(func() {
			s := []*service{first, second}[i%2]
			var err error
			answers[i], err = s.call(t, http.MethodPost, "/api/tickets/", token, aTicket, "Idempotency-Key", "retry-1")
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()

	var opened made
	fresh := 0
	for _, r := range answers {
		switch r.status {
		case http.StatusCreated:
			m := to[made](t, r)
			if opened.ReferenceID != "" && m != opened {
				t.Errorf("answered %+v and %+v", opened, m)
			}
			opened = m
			if r.header.Get("Idempotent-Replayed") == "" {
				fresh++
			}
		case http.StatusConflict:
			if r.header.Get("Retry-After") == "" {
				t.Error("it does not say when to come back")
			}
		default:
			t.Errorf("status %d: %s", r.status, r.Response)
		}
	}
	if fresh != 1 {
		t.Errorf("%d requests opened a ticket", fresh)
	}
	list := to[struct{ Count int }](t, second.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", token, ""))
	if list.Count != 1 {
		t.Errorf("there are %d tickets", list.Count)
	}
}

func TestWhoRetriesAfterACrashOpensEachTicketOnce(t *testing.T) {
	const enough = 15
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		token := s.login(t).AccessToken
		open := func(n int) (reply, error) {
			return s.call(t, http.MethodPost, "/api/tickets/", token, aTicket, "Idempotency-Key", "ticket-"+strconv.Itoa(n))
		}
		var opened []made
		for { // until the crash, which takes the last answer with it
			r, err := open(len(opened))
			if err != nil {
				break
			}
			if busy(r) {
				continue
			}
			if opened = append(opened, to[made](t, r)); len(opened) == enough {
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
			if n < len(opened) && (to[made](t, r) != opened[n] || r.header.Get("Idempotent-Replayed") != "true") {
				t.Errorf("before the crash %+v, afterwards %+v", opened[n], to[made](t, r))
			}
		}
		list := to[struct{ Count int }](t, s.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", token, ""))
		if list.Count != len(opened)+1 {
			t.Errorf("%d tickets of %d requests", list.Count, len(opened)+1)
		}
	})
}

func TestOfParallelWritersWhoSawTheSameOneWins(t *testing.T) {
	const writers = 10
	first, second := pair(t)
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
	won := 0
	for _, code := range status {
		switch code {
		case http.StatusOK:
			won++
		case http.StatusPreconditionFailed:
		default:
			t.Errorf("status %d", code)
		}
	}
	if won != 1 {
		t.Errorf("%d writers won", won)
	}
}
