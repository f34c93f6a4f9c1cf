package browser

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Visit opens a URL.
func (p *Page) Visit(url string) {
	p.t.Helper()
	var result struct{ ErrorText string }
	p.call("Page.navigate", map[string]any{"url": url}, &result)
	if result.ErrorText != "" {
		p.t.Fatalf("%s: %s", url, result.ErrorText)
	}
}

// Run runs script in the page as the body of an asynchronous function and returns its result as text. The script may
// use `await until(f)`, which waits until f returns a truthy value, `await seen(selector)`, which waits for an element,
// each for 20 seconds at most, and `type(input, text)`, which enters text as a person would.
func (p *Page) Run(script string) string {
	p.t.Helper()
	var done struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	p.call("Runtime.evaluate", map[string]any{
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
	const type = (input, text) => { // the page's framework overrides the setter of the input itself
		Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value").set.call(input, text);
		input.dispatchEvent(new Event("input", {bubbles: true}));
	};
`

// Picture returns a screenshot of the page as a PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	var shot struct{ Data string }
	p.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	picture, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	return picture
}

// Problems returns what the browser has reported so far: errors and warnings on the console, uncaught exceptions,
// violations of the content security policy, and resources that could not be loaded.
func (p *Page) Problems() []string {
	p.t.Helper()
	p.call("Runtime.evaluate", map[string]any{"expression": "0"}, nil) // reads all earlier events
	return p.problems
}

// record adds an event to the problems if it is one.
func (p *Page) record(m message) {
	var params struct {
		Type  string // of console calls
		Entry struct{ Level string }
	}
	_ = json.Unmarshal(m.Params, &params) // other events have none of these fields
	switch {
	case m.Method == "Runtime.exceptionThrown",
		m.Method == "Network.loadingFailed",
		m.Method == "Runtime.consoleAPICalled" && (params.Type == "error" || params.Type == "warning" || params.Type == "assert"),
		m.Method == "Log.entryAdded" && (params.Entry.Level == "error" || params.Entry.Level == "warning"):
		p.problems = append(p.problems, m.Method+" "+string(m.Params))
	}
}
