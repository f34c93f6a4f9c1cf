// Package browser drives a real Chromium for tests, over the pipe of its DevTools protocol. It knows how to open a page
// and to run a script in it, and nothing of what the page is for.
package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// Variable names the Chromium that tests use: a path, or a command to be found in PATH.
const Variable = "TEST_BROWSER"

// patience is how long a page may take for all that a test asks of it.
const patience = time.Minute

// Page is one page of a browser. It is for one goroutine.
type Page struct {
	t        testing.TB
	orders   *os.File
	messages chan message
	stop     context.Context
	last     int    // order given
	session  string // of the page
	problems []string
}

// message is an answer of the browser, or an event.
type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

// Open starts the browser that Variable names with an empty page; both go when the test ends. Without Variable the test
// is skipped, and where the browser cannot be started it fails.
func Open(t testing.TB) *Page {
	t.Helper()
	name := os.Getenv(Variable)
	if name == "" {
		t.Skip(Variable + " names no browser")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	orders, answers := start(ctx, t, name)
	p := &Page{t: t, orders: orders, messages: make(chan message), stop: ctx}
	go p.listen(answers)

	var target struct{ TargetID string }
	p.order("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	p.order("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	p.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.order(domain+".enable", nil, nil)
	}
	return p
}

// start runs the browser; it reads orders from its descriptor 3 and answers on 4.
func start(ctx context.Context, t testing.TB, name string) (orders, answers *os.File) {
	t.Helper()
	theirs, orders, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, replies, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := exec.CommandContext(ctx, name, "--headless", "--remote-debugging-pipe", "--user-data-dir="+dir,
		"--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", // root, and small containers
		"--no-first-run", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1") // offline
	c.Env = append(os.Environ(), "TMPDIR="+dir)
	c.Stderr, c.WaitDelay = io.Discard, 10*time.Second // Wait waits for every process that holds this pipe: they all write files
	c.ExtraFiles = []*os.File{theirs, replies}
	if err := c.Start(); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	_, _ = theirs.Close(), replies.Close()
	t.Cleanup(func() {
		_ = orders.Close() // the browser ends when nobody gives orders
		_ = c.Wait()
		_ = answers.Close()
	})
	return orders, answers
}

// listen takes the browser's messages, each of which ends with a zero byte.
func (p *Page) listen(answers *os.File) {
	defer close(p.messages)
	for r := bufio.NewReader(answers); ; {
		text, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m) != nil {
			return
		}
		select {
		case p.messages <- m:
		case <-p.stop.Done():
			return
		}
	}
}

// order has the browser do something and reads the result into it, unless that is nil.
func (p *Page) order(method string, params, result any) {
	p.t.Helper()
	p.last++
	order := map[string]any{"id": p.last, "method": method}
	if params != nil {
		order["params"] = params
	}
	if p.session != "" {
		order["sessionId"] = p.session
	}
	text, err := json.Marshal(order)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.orders.Write(append(text, 0)); err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	for m := range p.messages {
		p.note(m)
		if m.ID != p.last {
			continue
		}
		if m.Error != nil {
			p.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				p.t.Fatalf("%s: %v in %s", method, err, m.Result)
			}
		}
		return
	}
	p.t.Fatalf("%s: the browser does not answer", method)
}
