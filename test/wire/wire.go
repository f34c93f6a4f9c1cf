// Package wire tests HTTP servers over TCP: it sends requests, also as raw bytes, and captures the log.
package wire

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tickt/domain"
)

// Client sends requests to the server at Address, a host:port. If it cannot send or read, the test fails at once.
type Client struct {
	T       testing.TB
	Address string
}

// Answer is a response that was read completely.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Ask sends one request on a new connection. headers are pairs of name and value.
func (c Client) Ask(method, path, body string, headers ...string) Answer {
	c.T.Helper()
	request, err := http.NewRequest(method, "http://"+c.Address+path, strings.NewReader(body))
	if err != nil {
		c.T.Fatal(err)
	}
	request.Close = true
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := (&http.Transport{}).RoundTrip(request)
	if err != nil {
		c.T.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.T.Fatal(err)
	}
	return Answer{response.StatusCode, response.Header, string(text)}
}

// Raw sends bytes and returns everything that the server sends until it closes the connection.
func (c Client) Raw(sent string) string {
	c.T.Helper()
	conn, err := net.Dial("tcp", c.Address)
	if err != nil {
		c.T.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(conn, sent); err != nil {
		c.T.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil { // the connection stayed open, or was reset, by which other clients might lose the response
		c.T.Error(err)
	}
	return string(got)
}

// Failed checks that got is a failure in the envelope of the contract, with the same request id as in its header.
func (c Client) Failed(got Answer, status int, code domain.Reason, sentence string) {
	c.T.Helper()
	id := got.Header.Get("X-Request-ID")
	want := `{"ResponseCode":"1","response":"` + sentence + `","code":"` + string(code) + `","requestId":"` + id + `"}`
	if got.Status != status || got.Body != want {
		c.T.Errorf("got %d %s\nwant %d %s", got.Status, got.Body, status, want)
	}
	if ct := got.Header.Get("Content-Type"); ct != "application/json" {
		c.T.Errorf("content type %q", ct)
	}
	if id == "" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
		c.T.Errorf("headers are missing: %v", got.Header)
	}
}
