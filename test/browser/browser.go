// Package browser drives a real Chromium for tests over a pipe, with the DevTools protocol. It opens pages and runs
// scripts in them.
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

// Variable is the environment variable with the Chromium that tests use: a path, or a command in PATH.
const Variable = "TEST_BROWSER"

// patience is the time that a page has for everything that a test does with it.
const patience = time.Minute

// Page is one page of a browser. It must not be used by several goroutines at once.
type Page struct {
	t        testing.TB
	commands *os.File
	messages chan message
	ctx      context.Context
	lastID   int    // id of the last command
	session  string // id of the page's session
	problems []string
}

// message is a response of the browser, or an event, which has no ID.
type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

// Open starts the browser that Variable names, with an empty page. It ends with the test. If Variable is not set, the
// test is skipped; if the browser cannot be started, the test fails.
func Open(t testing.TB) *Page {
	t.Helper()
	name := os.Getenv(Variable)
	if name == "" {
		t.Skip(Variable + " is not set")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	commands, responses := start(ctx, t, name)
	p := &Page{t: t, commands: commands, messages: make(chan message), ctx: ctx}
	go p.listen(responses)

	var target struct{ TargetID string }
	p.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	p.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	p.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.call(domain+".enable", nil, nil)
	}
	return p
}

// start runs the browser, which reads commands from its file descriptor 3 and writes responses and events to 4.
func start(ctx context.Context, t testing.TB, name string) (commands, responses *os.File) {
	t.Helper()
	input, commands, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	responses, output, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := exec.CommandContext(ctx, name, "--headless", "--remote-debugging-pipe", "--user-data-dir="+dir,
		"--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", // for root and small containers
		"--no-first-run", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1") // offline
	c.Env = append(os.Environ(), "TMPDIR="+dir)
	// Discard makes stderr a pipe that all processes of the browser inherit. Wait returns when all of them have ended, so
	// that none still writes to dir when it is removed.
	c.Stderr, c.WaitDelay = io.Discard, 10*time.Second
	c.ExtraFiles = []*os.File{input, output}
	if err := c.Start(); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	_, _ = input.Close(), output.Close()
	t.Cleanup(func() {
		_ = commands.Close() // which ends the browser
		_ = c.Wait()
		_ = responses.Close()
	})
	return commands, responses
}

// listen reads the browser's messages, each of which ends with a zero byte.
func (p *Page) listen(responses *os.File) {
	defer close(p.messages)
	for r := bufio.NewReader(responses); ; {
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
		case <-p.ctx.Done():
			return
		}
	}
}

// call sends a command, waits for its response and decodes the result into result, unless that is nil.
func (p *Page) call(method string, params, result any) {
	p.t.Helper()
	p.lastID++
	command := map[string]any{"id": p.lastID, "method": method}
	if params != nil {
		command["params"] = params
	}
	if p.session != "" {
		command["sessionId"] = p.session
	}
	text, err := json.Marshal(command)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.commands.Write(append(text, 0)); err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	for m := range p.messages {
		p.record(m)
		if m.ID != p.lastID {
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
