package httpserver

import (
	"slices"
	"sync"
)

// spareConnections are the connections without a place. Few of them may wait for a request: if there are too many, the one that
// has waited longest is closed. So a health check, which sends its request at once, gets its response while others hold
// connections on which they send nothing.
type spareConnections struct {
	max int // how many may wait, and how many may be responded to

	mu      sync.Mutex
	open    int           // all that are not closed yet
	waiting []*connection // in the order in which they came
}

// take takes a connection; false if too many others are being responded to.
func (s *spareConnections) take(c *connection) bool {
	if oldest := s.evict(); oldest != nil {
		_ = oldest.Conn.Close() // ends its read
		oldest.closed()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open >= 2*s.max {
		return false
	}
	s.open++
	s.waiting = append(s.waiting, c)
	return true
}

// evict removes the connection that has waited longest, if as many wait as may; otherwise it returns nil.
func (s *spareConnections) evict() *connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) < s.max {
		return nil
	}
	oldest := s.waiting[0]
	s.waiting = slices.Delete(s.waiting, 0, 1)
	return oldest
}

// arrived ends the waiting of a connection. It reports whether there are many others.
func (s *spareConnections) arrived(c *connection) (crowded bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, c); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
	return s.open > s.max
}

// release releases a connection that was closed.
func (s *spareConnections) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
}
