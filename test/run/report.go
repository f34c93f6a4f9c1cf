package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// event is a line of `go test -json`; see `go doc test2json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build output
	Test       string
	Output     string
	Elapsed    float64 // seconds
}

// report collects the events of a run. It prints what failed, and a line for each package.
type report struct {
	out      io.Writer
	output   map[string]*strings.Builder // of tests and packages that have not ended, by name
	reasons  map[string]int              // why tests were skipped, and how many
	tests    int
	packages int
	failed   []string // packages
}

func newReport(out io.Writer) *report {
	return &report{out: out, output: map[string]*strings.Builder{}, reasons: map[string]int{}}
}

// read reads the output of `go test -json` to its end. Lines that are no events are printed as they are.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) line(line []byte) {
	var e event
	if line[0] != '{' || json.Unmarshal(line, &e) != nil {
		r.printf("%s", line)
		return
	}
	r.add(e)
}

func (r *report) printf(format string, args ...any) { _, _ = fmt.Fprintf(r.out, format, args...) }

func (r *report) add(e event) {
	name := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		r.printf("%s", e.Output)
	case "output":
		if strings.HasPrefix(e.Output, "=== ") { // RUN, PAUSE, CONT and NAME, which -json makes go print
			return
		}
		if r.output[name] == nil {
			r.output[name] = &strings.Builder{}
		}
		r.output[name].WriteString(e.Output)
		return
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(e)
		} else {
			r.endTest(e)
		}
		delete(r.output, name)
	}
}

func (r *report) endTest(e event) {
	r.tests++
	said := r.said(e)
	switch e.Action {
	case "fail":
		r.printf("%s", said)
	case "skip":
		r.reasons[reasonIn(said)]++
	}
}

func (r *report) endPackage(e event) {
	switch e.Action {
	case "skip": // it has no tests
		return
	case "fail":
		r.failed = append(r.failed, e.Package)
		r.printf("%s", r.unended(e.Package))
		r.printf("%s", r.said(e)) // its last line is go's FAIL
	default:
		r.printf("ok    %s  %.1fs\n", e.Package, e.Elapsed)
	}
	r.packages++
}

// unended returns the output of the tests of a package that have not ended, and forgets it: they ran when the process ended, as
// after a time limit, whose report go writes as the output of one of them.
func (r *report) unended(pkg string) string {
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.output)) {
		if test, ok := strings.CutPrefix(name, pkg+" "); ok && test != "" {
			all.WriteString(r.output[name].String())
			delete(r.output, name)
		}
	}
	return all.String()
}

// said returns the output of the test, or of the package outside of tests.
func (r *report) said(e event) string {
	if b := r.output[e.Package+" "+e.Test]; b != nil {
		return b.String()
	}
	return ""
}

// reasonIn returns why a test was skipped: the text behind the place in its last line with one, as in "x_test.go:7: no browser".
func reasonIn(output string) string {
	reason := "no reason"
	for line := range strings.Lines(output) {
		if _, text, ok := strings.Cut(strings.TrimSpace(line), ".go:"); ok {
			if _, text, ok = strings.Cut(text, ": "); ok {
				reason = strings.TrimSpace(text)
			}
		}
	}
	return reason
}

// summary returns the last line: time, packages, tests, what was skipped and why, and what failed.
func (r *report) summary(took time.Duration) string {
	s := fmt.Sprintf("%s: %d packages, %d tests, ", took.Round(time.Second), r.packages, r.tests)
	if len(r.reasons) == 0 {
		s += "none skipped"
	} else {
		var skipped int
		var why []string
		for _, reason := range slices.Sorted(maps.Keys(r.reasons)) {
			skipped += r.reasons[reason]
			why = append(why, fmt.Sprintf("%d: %s", r.reasons[reason], reason))
		}
		s += fmt.Sprintf("%d skipped (%s)", skipped, strings.Join(why, "; "))
	}
	if len(r.failed) > 0 {
		slices.Sort(r.failed)
		s += ", FAILED: " + strings.Join(r.failed, " ")
	}
	return s
}
