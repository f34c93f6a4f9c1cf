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

// patience is how long a process may take to start, and a request to be answered.
const patience = 2 * time.Minute

// service is a running `tickt serve`.
type service struct {
	process *exec.Cmd
	url     string
	exited  chan struct{} // closed when the process is gone

	mu  sync.Mutex
	log bytes.Buffer
}

// serve starts the service and waits until it listens; its own log says where.
func (d desk) serve(t *testing.T) *service {
	t.Helper()
	s := &service{process: d.command(t, "serve"), exited: make(chan struct{})}
	stderr, err := s.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	address := make(chan string, 1)
	go s.follow(stderr, address)
	select {
	case a := <-address:
		s.url = "http://" + a
	case <-s.exited:
		t.Fatalf("serve ended: %s", s.logged())
	case <-time.After(patience):
		t.Fatalf("serve does not listen: %s", s.logged())
	}
	return s
}

// follow keeps the log, and says where the service listens once the log does.
func (s *service) follow(stderr io.Reader, address chan<- string) {
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		s.mu.Lock()
		s.log.Write(append(lines.Bytes(), '\n'))
		s.mu.Unlock()
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "http server listens" {
			address <- line.Address
		}
	}
	_ = s.process.Wait() // its exit code is in the process's state
	close(s.exited)
}

func (s *service) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// kill ends the process as a crash would.
func (s *service) kill() {
	_ = s.process.Process.Kill() // says that it is gone already
	<-s.exited
}

// stop asks the process to end; it must do so within ten seconds, and with 0.
func (s *service) stop(t *testing.T) {
	t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.exited:
	case <-time.After(10 * time.Second):
		t.Fatal("it does not end within ten seconds")
	}
	if code := s.process.ProcessState.ExitCode(); code != 0 {
		t.Fatalf("exit code %d: %s", code, s.logged())
	}
}

// reply is an answer of the API.
type reply struct {
	status   int
	header   http.Header
	Response string
	Data     json.RawMessage
}

// to reads the data of a reply.
func to[T any](t *testing.T, r reply) (x T) {
	t.Helper()
	if err := json.Unmarshal(r.Data, &x); err != nil {
		t.Fatalf("%d %s: %v", r.status, r.Response, err)
	}
	return x
}

// client has no connections left over from a service that was killed.
var client = &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}

// call makes a request; headers are pairs, an error is one of the connection.
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

// want makes a request that must be answered with a status.
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

// tokens are those of a sign-in.
type tokens struct{ AccessToken, RefreshToken string }

func (s *service) login(t *testing.T) tokens {
	t.Helper()
	return to[tokens](t, s.want(t, http.StatusOK, http.MethodPost, "/api/auth/login/", "", credentials(password)))
}

func credentials(password string) string {
	return `{"username":"` + username + `","password":"` + password + `"}`
}

// made is what a ticket is recognised by.
type made struct{ ReferenceID, TicketNumber, Title string }

const aTicket = `{"title":"The printer is on fire","description":"Again."}`
