package journey

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
)

// ticketLog records the tickets that were acknowledged, by number. The zero value is ready to use.
type ticketLog struct {
	mu      sync.Mutex
	tickets map[string]ticketRef
}

// add records an acknowledged ticket and returns how many there are. A number that was used before is an error of the test.
func (l *ticketLog) add(t *testing.T, r reply) int {
	var m ticketRef
	if err := json.Unmarshal(r.Data, &m); err != nil || m.TicketNumber == "" {
		t.Errorf("no ticket in the response: %v", err)
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tickets == nil {
		l.tickets = map[string]ticketRef{}
	}
	if _, twice := l.tickets[m.TicketNumber]; twice {
		t.Errorf("%s was used twice", m.TicketNumber)
	}
	l.tickets[m.TicketNumber] = m
	return len(l.tickets)
}

// busy reports whether a service asks the client to retry later, which may happen on a machine under load.
func busy(r reply) bool {
	return r.status == http.StatusServiceUnavailable && r.header.Get("Retry-After") != ""
}

func TestCrashDuringParallelCreatesLosesNoAcknowledgedTicket(t *testing.T) {
	const writers, enough = 8, 40
	onBoth(t, func(t *testing.T, d desk) {
		d.setUp(t)
		s := d.serve(t)
		token := s.login(t).AccessToken
		var acknowledged ticketLog
		crash := make(chan struct{})
		var once sync.Once
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for { // until the crash
					r, err := s.call(t, http.MethodPost, "/api/tickets/", token, aTicket)
					if err != nil {
						return
					}
					if busy(r) {
						continue
					}
					if r.status != http.StatusCreated {
						t.Errorf("status %d: %s", r.status, r.Response)
						once.Do(func() { close(crash) })
						return
					}
					if acknowledged.add(t, r) == enough {
						once.Do(func() { close(crash) })
					}
				}
			})
		}
		<-crash
		s.kill()
		wg.Wait()

		s = d.serve(t)
		for number, m := range acknowledged.tickets {
			read := dataOf[ticketRef](t, s.want(t, http.StatusOK, http.MethodGet, "/api/ticket/"+m.ReferenceID+"/", token, ""))
			if read != m {
				t.Errorf("%s: got %+v, want %+v", number, read, m)
			}
		}
		acknowledged.add(t, s.want(t, http.StatusCreated, http.MethodPost, "/api/tickets/", token, aTicket))
	})
}
