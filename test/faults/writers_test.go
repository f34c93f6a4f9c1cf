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

// client opens a connection for each request, since the connections to a killed process are broken.
var client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// endpoint is the URL of a replica, which may change while requests are sent to it.
type endpoint struct{ address atomic.Value }

// request sends a request and returns the data of the response. If the request fails, ok is false.
func (e *endpoint) request(method, path, token, body string) (data json.RawMessage, ok bool) {
	request, err := http.NewRequest(method, e.address.Load().(string)+path, strings.NewReader(body))
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

// signIn waits until the superuser can sign in and returns its access token.
func (e *endpoint) signIn(t *testing.T) (token string) {
	t.Helper()
	waitFor(t, "the superuser can sign in", func() bool {
		data, ok := e.request(http.MethodPost, "/api/auth/login/", "", fmt.Sprintf(`{"username":%q,"password":%q}`, rootName, rootPassword))
		var in struct{ AccessToken string }
		if ok && json.Unmarshal(data, &in) == nil {
			token = in.AccessToken
		}
		return token != ""
	})
	return token
}

// acknowledged holds the changes for which a replica returned success: the ticket of each title, and the ticket of each
// comment.
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

// write starts writers that change the same tickets until stop is closed: they set unique titles, set statuses that pause
// and resume the clocks, and add comments. They ignore failures. wait returns when all writers have ended.
func (bed *testbed) write(endpoints []*endpoint, token string, ids []domain.ID, stop <-chan struct{}) (a *acknowledged, wait func()) {
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
				id, at := ids[(w*7+n*3)%len(ids)], endpoints[(w+n)%len(endpoints)]
				if n%3 == 2 {
					if data, ok := at.request(http.MethodPost, "/api/ticket/"+string(id)+"/comments/", token, `{"body":"Is it out?"}`); ok {
						a.comment(id, data)
					}
					continue
				}
				title := fmt.Sprintf("title-%d-%d.", w, n)
				status := bed.statuses[[]ticket.StatusType{ticket.Open, ticket.Pending}[n/2%2]]
				if _, ok := at.request(http.MethodPatch, "/api/ticket/"+string(id)+"/", token,
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
