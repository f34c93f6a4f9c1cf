package main

import (
	"strings"
	"testing"
	"time"
)

func TestReportShowsFailuresAndCountsTheRest(t *testing.T) {
	var out strings.Builder
	r := newReport(&out)
	err := r.read(strings.NewReader(`{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestGood"}
{"Action":"output","Package":"a","Test":"TestGood","Output":"    a_test.go:3: a note\n"}
{"Action":"pass","Package":"a","Test":"TestGood","Elapsed":0.1}
{"Action":"output","Package":"a","Test":"TestBrowser","Output":"=== RUN   TestBrowser\n"}
{"Action":"output","Package":"a","Test":"TestBrowser","Output":"    a_test.go:7: set TEST_BROWSER: to a Chromium\n"}
{"Action":"skip","Package":"a","Test":"TestBrowser","Elapsed":0}
{"Action":"skip","Package":"a","Test":"TestQuiet","Elapsed":0}
{"Action":"pass","Package":"a","Elapsed":1.25}
{"Action":"output","Package":"b","Test":"TestBad","Output":"=== RUN   TestBad\n"}
{"Action":"output","Package":"b","Test":"TestBad","Output":"    b_test.go:9: got 1, want 2\n"}
{"Action":"fail","Package":"b","Test":"TestBad","Elapsed":0}
{"Action":"output","Package":"b","Output":"panic: at the end\n"}
{"Action":"output","Package":"b","Output":"FAIL\tb\t2.0s\n"}
{"Action":"fail","Package":"b","Elapsed":2}
{"Action":"output","Package":"d","Test":"TestHangs","Output":"panic: test timed out after 10m0s\n"}
{"Action":"output","Package":"dd","Test":"TestOther","Output":"of another package\n"}
{"Action":"output","Package":"d","Output":"FAIL\td\t600.0s\n"}
{"Action":"fail","Package":"d","Elapsed":600}
{"ImportPath":"c","Action":"build-output","Output":"c.go:1: syntax error\n"}
{"Action":"output","Package":"c","Output":"FAIL\tc [build failed]\n"}
{"Action":"fail","Package":"c","Elapsed":0}
{"Action":"skip","Package":"no tests","Elapsed":0}
go: a line that is no event`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `ok    a  1.2s
    b_test.go:9: got 1, want 2
panic: at the end
FAIL	b	2.0s
panic: test timed out after 10m0s
FAIL	d	600.0s
c.go:1: syntax error
FAIL	c [build failed]
go: a line that is no event`
	if got := out.String(); got != want {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
	const end = "1m30s: 4 packages, 4 tests, 2 skipped (1: no reason; 1: set TEST_BROWSER: to a Chromium), FAILED: b c d"
	if got := r.summary(90 * time.Second); got != end {
		t.Errorf("the last line is %q, want %q", got, end)
	}
	if got := newReport(&out).summary(time.Second); got != "1s: 0 packages, 0 tests, none skipped" {
		t.Errorf("the last line of nothing is %q", got)
	}
}
