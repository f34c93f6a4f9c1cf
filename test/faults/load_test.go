package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tickt/domain"
	"tickt/domain/ticket"
)

// client has no connections left over from a process that was killed.
var client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// replica is where requests are made to: an address that may change while they are made.
type replica struct{ address atomic.Value }

// ask makes a request; ok is false where it was not answered with a success.
func (o *replica) ask(method, path, token, body string) (data json.RawMessage, ok bool) {
	request, err := http.NewRequest(method, o.address.Load().(string)+path, strings.NewReader(body))
	if err != nil {
		return nil, false
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, false
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct{ Data json.RawMessage }
	whole, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest || json.Unmarshal(whole, &answer) != nil {
		return nil, false
	}
	return answer.Data, true
}

// signIn gives an access token of the superuser.
func (o *replica) signIn(t *testing.T) (token string) {
	t.Helper()
	until(t, "somebody can sign in", func() bool {
		data, ok := o.ask(http.MethodPost, "/api/auth/login/", "", fmt.Sprintf(`{"username":%q,"password":%q}`, rootName, rootPassword))
		var in struct{ AccessToken string }
		if ok && json.Unmarshal(data, &in) == nil {
			token = in.AccessToken
		}
		return token != ""
	})
	return token
}

// acknowledged are the changes whose success was answered: titles, by the ticket, and comments.
type acknowledged struct {
	mu       sync.Mutex
	titles   map[string]domain.ID
	comments map[domain.ID]domain.ID
}

func (a *acknowledged) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.titles) + len(a.comments)
}

// write changes tickets until stop is closed, several writers at a time on the same ones: titles that nobody else gives,
// statuses that stop the clocks and let them go on, and comments. What fails is let be.
func (g *ground) write(o []*replica, token string, ids []domain.ID, stop <-chan struct{}) (a *acknowledged, wait func()) {
	const writers = 6
	a = &acknowledged{titles: map[string]domain.ID{}, comments: map[domain.ID]domain.ID{}}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				id, at := ids[(w*7+n*3)%len(ids)], o[(w+n)%len(o)]
				if n%3 == 2 {
					if data, ok := at.ask(http.MethodPost, "/api/ticket/"+string(id)+"/comments/", token, `{"body":"Is it out?"}`); ok {
						a.comment(id, data)
					}
					continue
				}
				title := fmt.Sprintf("title-%d-%d.", w, n)
				status := g.statuses[[]ticket.StatusType{ticket.Open, ticket.Pending}[n/2%2]]
				if _, ok := at.ask(http.MethodPatch, "/api/ticket/"+string(id)+"/", token,
					fmt.Sprintf(`{"title":%q,"statusId":%q}`, title, status.ID)); ok {
					a.mu.Lock()
					a.titles[title] = id
					a.mu.Unlock()
				}
			}
		})
	}
	return a, wg.Wait
}

func (a *acknowledged) comment(of domain.ID, data json.RawMessage) {
	var c struct{ ReferenceID domain.ID }
	if json.Unmarshal(data, &c) == nil {
		a.mu.Lock()
		a.comments[c.ReferenceID] = of
		a.mu.Unlock()
	}
}
