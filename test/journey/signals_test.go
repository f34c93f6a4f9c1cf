package journey

import (
	"net/http"
	"syscall"
	"testing"
	"time"
)

// TestServiceDrains covers SIGTERM and SIGHUP: the service is not ready at once, serves on for DRAIN_SECONDS, and then exits.
func TestServiceDrains(t *testing.T) {
	d := newDesk(t).with("DRAIN_SECONDS=1")
	d.setUp(t)
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		s := d.serve(t)
		token := s.login(t).AccessToken
		began := time.Now()
		s.signal(t, signal)
		s.waitUntilNotReady(t)
		s.want(t, http.StatusOK, http.MethodGet, "/api/tickets/", token, "")
		s.waitForExit(t, 10*time.Second)
		if code, took := s.process.ProcessState.ExitCode(), time.Since(began); code != 0 || took < time.Second {
			t.Errorf("%v: exit code %d after %v: %s", signal, code, took, s.logged())
		}
	}
}

func TestSecondSignalEndsTheServiceAtOnce(t *testing.T) {
	d := newDesk(t).with("DRAIN_SECONDS=30")
	d.setUp(t)
	s := d.serve(t)
	s.signal(t, syscall.SIGTERM)
	s.waitUntilNotReady(t)
	s.signal(t, syscall.SIGTERM)
	s.waitForExit(t, 10*time.Second)
}

func (s *service) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := s.process.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

func (s *service) waitUntilNotReady(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		r, err := s.call(t, http.MethodGet, "/readyz", "", "")
		if err != nil {
			t.Fatal(err)
		}
		if r.status == http.StatusServiceUnavailable {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the service stays ready")
		}
	}
}

// waitForExit ends the test if the process does not exit in time.
func (s *service) waitForExit(t *testing.T, within time.Duration) {
	t.Helper()
	select {
	case <-s.exited:
	case <-time.After(within):
		t.Fatalf("the service does not exit within %v", within)
	}
}
