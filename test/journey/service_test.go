package journey

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is the time limit for the start of a process and for a request.
const patience = 2 * time.Minute

// service is a running `tickt serve`.
type service struct {
	process *exec.Cmd
	url     string
	exited  chan struct{} // closed when the process has exited
	address chan string   // gets the address on which it listens

	mu  sync.Mutex
	log bytes.Buffer
}

// serve starts the service and waits until its log has the address on which it listens.
func (d desk) serve(t *testing.T) *service {
	t.Helper()
	s := d.launch(t)
	if !s.listens(t) {
		t.Fatalf("serve exited: %s", s.logged())
	}
	return s
}

// launch starts the service.
func (d desk) launch(t *testing.T) *service {
	t.Helper()
	s := &service{process: d.command(t, "serve"), exited: make(chan struct{}), address: make(chan string, 1)}
	stderr, err := s.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	go s.follow(stderr)
	return s
}

// listens waits until the log of the service has the address on which it listens. It returns false if the service exits first.
func (s *service) listens(t *testing.T) bool {
	t.Helper()
	select {
	case a := <-s.address:
		s.url = "http://" + a
		return true
	case <-s.exited:
		return false
	case <-time.After(patience):
		t.Fatalf("serve does not listen: %s", s.logged())
		return false
	}
}

// follow stores the log of the service, sends the address on which it listens, and waits for its exit.
func (s *service) follow(stderr io.Reader) {
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		s.mu.Lock()
		s.log.Write(append(lines.Bytes(), '\n'))
		s.mu.Unlock()
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "http server listens" {
			s.address <- line.Address
		}
	}
	_ = s.process.Wait() // the exit code is in ProcessState
	close(s.exited)
}

func (s *service) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// kill kills the process, like a crash.
func (s *service) kill() {
	_ = s.process.Process.Kill() // fails if it has exited already
	<-s.exited
}

// stop sends SIGTERM to the process, which must exit with code 0 within ten seconds.
func (s *service) stop(t *testing.T) {
	t.Helper()
	s.signal(t, syscall.SIGTERM)
	s.waitForExit(t, 10*time.Second)
	if code := s.process.ProcessState.ExitCode(); code != 0 {
		t.Fatalf("exit code %d: %s", code, s.logged())
	}
}

// reply is a response of the API.
type reply struct {
	status   int
	header   http.Header
	Response string
	Data     json.RawMessage
}

// dataOf decodes the data of a reply.
func dataOf[T any](t *testing.T, r reply) (x T) {
	t.Helper()
	if err := json.Unmarshal(r.Data, &x); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.Response, err)
	}
	return x
}

// client opens a connection for each request, since the connections to a killed service are broken.
var client = &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}

// call sends a request. headers are pairs of name and value. A response of any status is not an error.
func (s *service) call(t *testing.T, method, path, token, body string, headers ...string) (reply, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	r := reply{status: response.StatusCode, header: response.Header}
	return r, json.NewDecoder(response.Body).Decode(&r)
}

// want sends a request and ends the test unless the response has a status.
func (s *service) want(t *testing.T, status int, method, path, token, body string) reply {
	t.Helper()
	r, err := s.call(t, method, path, token, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if r.status != status {
		t.Fatalf("%s %s: status %d (%s), want %d", method, path, r.status, r.Response, status)
	}
	return r
}

// tokens is the data of the response to a sign-in.
type tokens struct{ AccessToken, RefreshToken string }

func (s *service) login(t *testing.T) tokens {
	t.Helper()
	return dataOf[tokens](t, s.want(t, http.StatusOK, http.MethodPost, "/api/auth/login/", "", credentials(password)))
}

func credentials(password string) string {
	return `{"username":"` + username + `","password":"` + password + `"}`
}

// ticketRef identifies a ticket in responses.
type ticketRef struct{ ReferenceID, TicketNumber, Title string }

const aTicket = `{"title":"The printer is on fire","description":"Again."}`
