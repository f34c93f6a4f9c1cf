package browser

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Visit opens a URL.
func (p *Page) Visit(url string) {
	p.t.Helper()
	var left struct{ ErrorText string }
	p.order("Page.navigate", map[string]any{"url": url}, &left)
	if left.ErrorText != "" {
		p.t.Fatalf("%s: %s", url, left.ErrorText)
	}
}

// Run runs the body of an asynchronous function in the page and gives the text that it returns. In it `await until(f)`
// waits for f to give something and `await seen(selector)` for an element, 20 s at most; `type(input, text)` types as a
// person would.
func (p *Page) Run(script string) string {
	p.t.Helper()
	var done struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	p.order("Runtime.evaluate", map[string]any{
		"expression":   "(async () => {" + tools + script + "})()",
		"awaitPromise": true, "returnByValue": true, "userGesture": true,
	}, &done)
	if done.ExceptionDetails != nil {
		p.t.Fatalf("script failed: %s", done.ExceptionDetails)
	}
	return fmt.Sprint(done.Result.Value)
}

const tools = `
	const until = (holds) => new Promise((found, missed) => {
		const end = performance.now() + 20000;
		const look = () => {
			const answer = holds();
			if (answer) found(answer);
			else if (performance.now() > end) missed(holds + " on: " + document.body.innerText);
			else requestAnimationFrame(look);
		};
		look();
	});
	const seen = (selector) => until(() => document.querySelector(selector));
	const type = (input, text) => { // past the setter that the page's framework watches
		Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value").set.call(input, text);
		input.dispatchEvent(new Event("input", {bubbles: true}));
	};
`

// Picture gives what the page looks like, as a PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	var shot struct{ Data string }
	p.order("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	picture, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	return picture
}

// Problems are what the browser complained of so far: errors and warnings of the console, exceptions that nobody caught,
// violations of the page's policy, and resources that could not be loaded.
func (p *Page) Problems() []string {
	p.t.Helper()
	p.order("Runtime.evaluate", map[string]any{"expression": "0"}, nil) // what came before it has been noted then
	return p.problems
}

// note keeps an event that is a problem.
func (p *Page) note(m message) {
	var about struct {
		Type  string // of console calls
		Entry struct{ Level string }
	}
	_ = json.Unmarshal(m.Params, &about) // events of other shapes are none
	switch {
	case m.Method == "Runtime.exceptionThrown",
		m.Method == "Network.loadingFailed",
		m.Method == "Runtime.consoleAPICalled" && (about.Type == "error" || about.Type == "warning" || about.Type == "assert"),
		m.Method == "Log.entryAdded" && (about.Entry.Level == "error" || about.Entry.Level == "warning"):
		p.problems = append(p.problems, m.Method+" "+string(m.Params))
	}
}
